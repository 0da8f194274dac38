"""The tables: films, people, servers, what was shown, and what people did about it.

Every change here needs a migration in `storage/migrations/versions`; a test compares the two.
Snowflakes (ids that Discord gives) are BIGINT, moments are UTC (`storage/types.py`).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
    true,
)

from storage.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts only an INTEGER primary key up by itself.
_Counter = BigInteger().with_variant(Integer, "sqlite")

# The catalogue -----------------------------------------------------------------------------------

films = Table(
    "films",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("original_title", Text),
    Column("aliases", JSON, nullable=False),
    Column("year", Integer),
    Column("runtime", Integer),  # minutes
    Column("countries", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("directors", JSON, nullable=False),
    Column("cast", JSON, nullable=False),
    Column("genres", JSON, nullable=False),
    Column("audience", Text),  # everyone, teens, adults
    Column("adult", Boolean, nullable=False, default=False),
    Column("poster", Text),  # URL
    Column("source", Text, nullable=False),  # the list or data set that its facts come from
    Column("added_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),
    sqlite_autoincrement=True,  # an id is never used twice
)

tags = Table(
    "tags",
    metadata,
    Column("slug", Text, primary_key=True),
    Column("facet", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("synonyms", JSON, nullable=False),
    Column("phrase", Text, nullable=False, server_default=""),  # "~" stands for the films
)

film_tags = Table(
    "film_tags",
    metadata,
    Column("film_id", ForeignKey("films.id"), primary_key=True),
    Column("tag_slug", ForeignKey("tags.slug"), primary_key=True),
    Column("weight", Integer, nullable=False),  # 1 touches, 2 fits, 3 defines
)

external_ids = Table(
    "external_ids",
    metadata,
    Column("source", Text, primary_key=True),  # movielens, imdb, tmdb
    Column("external_id", Text, primary_key=True),
    Column("film_id", ForeignKey("films.id"), nullable=False, index=True),
)

# People ------------------------------------------------------------------------------------------

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("shapes_others", Boolean, nullable=False, default=True, server_default=true()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

taste_consents = Table(  # "show my taste here": members who may be named in a server
    "taste_consents",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
)

film_marks = Table(
    "film_marks",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("film_id", ForeignKey("films.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("kind IN ('seen', 'declined', 'later', 'unseen')", name="kind"),
)

preferences = Table(  # what a person chose about their picks; without a row the default applies
    "preferences",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    # zone: an IANA name; dial: one of its words; clock: off; quiet: on; never: a genre;
    # when: a part of the day. Only never and when have several values.
    Column("value", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint(
        "kind IN ('zone', 'dial', 'clock', 'quiet', 'never', 'when')",
        name="kind",
    ),
)

answers = Table(
    "answers",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("question", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # a film's id, or the key of a taste
    Column("screen", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint(
        # shelf: a taste of the quiz. zone: only in rows older than revision 0007.
        "question IN ('shelf', 'zone', 'loved', 'disliked', 'shown', 'liked', 'fine', "
        "'unseen', 'more')",
        name="question",
    ),
)

# Servers -----------------------------------------------------------------------------------------

guilds = Table(
    "guilds",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", Text),
    Column("family_safe", Boolean, nullable=False, default=True),
    Column("updated_at", UtcDateTime, nullable=False),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("guild_id", ForeignKey("guilds.id"), nullable=False, index=True),
    Column("channel_id", BigInteger),  # null: to the manager, as a direct message
    Column("theme", Text, nullable=False),
    Column("staff_id", BigInteger),  # whose favourites
    Column("language", Text),  # of the films
    Column("post_time", Text, nullable=False),  # HH:MM, local
    Column("days", Text, nullable=False),  # weekdays as digits, 0 Monday
    Column("paused", Boolean, nullable=False, default=False),
    Column("disabled_reason", Text),
    Column("manager_id", BigInteger),  # who set it up: told when it stops by itself
    Column("next_at", UtcDateTime, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint("theme IN ('auto', 'trending', 'staff', 'wild', 'digest')", name="theme"),
    sqlite_autoincrement=True,  # an id is never used twice: old buttons never reach a new schedule
)

posts = Table(
    "posts",
    metadata,
    Column("schedule_id", ForeignKey("schedules.id"), primary_key=True),
    Column("local_date", Text, primary_key=True),  # YYYY-MM-DD, where the server is
    Column("guild_id", BigInteger, nullable=False, index=True),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("message_id", BigInteger),
    Column("outcome", Text),
)

# What was shown ----------------------------------------------------------------------------------

_SURFACE = "surface IN ('recommend', 'similar', 'trending', 'post', 'quiz')"

impressions = Table(
    "impressions",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("shown_at", UtcDateTime, nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger),
    Column("surface", Text, nullable=False),
    Column("film_id", ForeignKey("films.id"), nullable=False),
    Column("position", Integer, nullable=False),  # 0 is the headline
    Column("reason", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("message_id", BigInteger, index=True),
    Column("shelf", Text),
    Column("daypart", Text),  # local, as recommender.context names it
    Column("day_kind", Text),
    Column("mood", Text),  # the tag's slug
    Column("grouped", Boolean, nullable=False, default=False, server_default=false()),
    Column("wild", Boolean, nullable=False, default=False, server_default=false()),
    Column("score", Float),  # the person's own, in spreads of the best films' scores
    Column("arm", Text),  # "experiment=arm", where one could matter
    Column("team", Integer),  # of two interleaved rankings, which one chose the film: 0 or 1
    CheckConstraint(_SURFACE, name="surface"),
    Index(None, "person_id", "shown_at"),
    Index(None, "guild_id", "surface"),
    Index(None, "shown_at"),
    sqlite_autoincrement=True,
)

cards = Table(
    "cards",
    metadata,
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("person_id", ForeignKey("people.id"), index=True),  # who asked for it
    Column("film_id", ForeignKey("films.id"), nullable=False),
    Column("surface", Text, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False, index=True),
    Column("deleted_at", UtcDateTime),
    Column("reconcile", Boolean, nullable=False, default=True),
    Column("seeded", Boolean, nullable=False, default=False),
    CheckConstraint(_SURFACE, name="surface"),
)

# What people did about it ------------------------------------------------------------------------

_SOURCE = "source IN ('reaction', 'button', 'command', 'quiz', 'import')"
_STARS = "stars BETWEEN 0.5 AND 5"

rating_events = Table(  # append-only: every act, in the order in which we heard of it
    "rating_events",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("film_id", ForeignKey("films.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("guild_id", BigInteger),
    Column("emoji", Text),  # as Discord sent it
    Column("stars", Float),
    Column("at", UtcDateTime, nullable=False),
    Column("origin", Text, nullable=False, default="live"),
    CheckConstraint(_SOURCE, name="source"),
    CheckConstraint("action IN ('set', 'withdraw', 'freeze')", name="action"),
    CheckConstraint("origin IN ('live', 'reconciled')", name="origin"),
    CheckConstraint(_STARS, name="stars"),
    sqlite_autoincrement=True,  # an id is never used twice, so ids always tell the order of acts
)

standing_acts = Table(  # the acts that still stand: what the log comes to
    "standing_acts",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("film_id", ForeignKey("films.id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("message_id", BigInteger, primary_key=True, default=0),
    Column("emoji", Text, primary_key=True, default=""),
    Column("event_id", ForeignKey("rating_events.id"), nullable=False, index=True),
    Column("guild_id", BigInteger),
    Column("stars", Float),  # null: a reaction (the scale says), or an explicit un-rating
    Column("at", UtcDateTime, nullable=False),
    Column("frozen_at", UtcDateTime),  # a moderator cleared it; it keeps counting
    CheckConstraint(_SOURCE, name="source"),
    CheckConstraint(_STARS, name="stars"),
    Index(None, "message_id"),
)

ratings = Table(  # derived from standing_acts and the scale
    "ratings",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("film_id", ForeignKey("films.id"), primary_key=True, index=True),
    Column("stars", Float, nullable=False),
    Column("source", Text, nullable=False),
    Column("event_id", ForeignKey("rating_events.id"), nullable=False, index=True),
    Column("guild_id", BigInteger),
    Column("at", UtcDateTime, nullable=False, index=True),
    CheckConstraint(_SOURCE, name="source"),
    CheckConstraint(_STARS, name="stars"),
)

card_acts = Table(  # append-only: what was done about a film shown that rates nothing
    "card_acts",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("film_id", ForeignKey("films.id"), nullable=False),
    Column("message_id", BigInteger),
    Column("kind", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    CheckConstraint(
        "kind IN ('opened', 'another', 'seen', 'later', 'refused', 'watched')", name="kind"
    ),
)

# Experiments -------------------------------------------------------------------------------------

exposures = Table(  # when an experiment first could matter to somebody
    "exposures",
    metadata,
    Column("experiment", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("unit_id", BigInteger, primary_key=True, autoincrement=False),
    Column("arm", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    CheckConstraint("unit IN ('person', 'server')", name="unit"),
)

# Matinee itself ----------------------------------------------------------------------------------

model_versions = Table(
    "model_versions",
    metadata,
    Column("version", Text, primary_key=True),
    Column("path", Text, nullable=False),  # relative to the data folder
    Column("fingerprint", Text, nullable=False),  # of the data that it was fitted on
    Column("trained_at", UtcDateTime, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("is_live", Boolean, nullable=False, default=False),
    Column("promoted_at", UtcDateTime),  # when it was last made live; null: never
)

settings_kv = Table(
    "settings_kv",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

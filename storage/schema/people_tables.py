"""Tables of people: what they chose, answered and marked."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    false,
    true,
)

from storage.schema.base import metadata
from storage.types import UtcDateTime

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("shapes_others", Boolean, nullable=False, default=True, server_default=true()),
    # True if ratings from other places count for others too, as far as the person's ratings do.
    Column("shares_imports", Boolean, nullable=False, default=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
Index("ix_people_kept_out", people.c.id, sqlite_where=people.c.shapes_others.is_(False))
Index("ix_people_sharing", people.c.id, sqlite_where=people.c.shares_imports.is_(True))

taste_consents = Table(  # "show my taste here": members whose taste a server may see
    "taste_consents",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    # others may see their profile and compare tastes with them
    Column("comparable", Boolean, nullable=False, default=False, server_default=false()),
    Index(None, "guild_id", "at"),
)

film_marks = Table(
    "film_marks",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("film_id", ForeignKey("films.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    # True if the mark came with a film history from another place.
    Column("imported", Boolean, nullable=False, default=False, server_default=false()),
    CheckConstraint("kind IN ('seen', 'declined', 'later', 'unseen')", name="kind"),
)

preferences = Table(  # what a person chose about their picks; without a row the default applies
    "preferences",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    # `storage/people/preferences.py` lists the values of each kind. Only "never", "never_tag"
    # and "when" have several values.
    Column("value", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint(
        "kind IN ('zone', 'dial', 'clock', 'quiet', 'language', 'never', 'never_tag', 'when')",
        name="kind",
    ),
)
Index(
    "ix_preferences_language",
    preferences.c.person_id,
    preferences.c.value,
    sqlite_where=preferences.c.kind == "language",
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
        "'unseen', 'more', 'tempting', 'unwanted')",
        name="question",
    ),
)

"""Tables of feedback: what was shown, and what people did about it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    false,
    true,
)

from storage.schema.base import COUNTER, metadata
from storage.types import UtcDateTime

# What was shown -----------------------------------------------------------------------------------

_SURFACES = "'recommend', 'similar', 'trending', 'post', 'quiz'"

impressions = Table(
    "impressions",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
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
    Column("message_id", BigInteger),
    Column("delivered", Boolean, nullable=False, default=True, server_default=true()),
    Column("shelf", Text),
    Column("daypart", Text),  # local; one of DAYPARTS in recommender/context/clock.py
    Column("day_kind", Text),
    Column("mood", Text),  # that the person asked for: its key, or its tag's slug
    Column("grouped", Boolean, nullable=False, default=False, server_default=false()),
    Column("wild", Boolean, nullable=False, default=False, server_default=false()),
    Column("score", Float),  # in standard deviations of the person's best films' scores
    Column("chance", Float),  # with which the request showed the film; null: not known
    Column("arm", Text),  # "experiment=arm"; null: the request counts for no experiment
    Column("team", Integer),  # which of two interleaved rankings chose the film: 0 or 1
    CheckConstraint(f"surface IN ({_SURFACES})", name="surface"),
    Index(None, "person_id", "shown_at"),
    Index(None, "shown_at"),
    sqlite_autoincrement=True,
)
# Most impressions are a person's, have no arm and are no wild card, so these indexes are small.
Index(
    "ix_impressions_message_id",
    impressions.c.message_id,
    sqlite_where=impressions.c.message_id.is_not(None),
)
Index(
    "ix_impressions_posted",
    impressions.c.guild_id,
    impressions.c.film_id,
    impressions.c.shown_at,
    sqlite_where=impressions.c.person_id.is_(None),
)
Index(
    "ix_impressions_unposted",
    impressions.c.shown_at,
    sqlite_where=impressions.c.message_id.is_(None) & impressions.c.private.is_(False),
)
Index(
    "ix_impressions_wild",
    impressions.c.shown_at,
    impressions.c.film_id,
    sqlite_where=impressions.c.wild.is_(True),
)
Index(
    "ix_impressions_arm",
    impressions.c.arm,
    impressions.c.shown_at,
    sqlite_where=impressions.c.arm.is_not(None),
)

cards = Table(
    "cards",
    metadata,
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("person_id", ForeignKey("people.id"), index=True),  # asked for it; null: a server's post
    Column("film_id", ForeignKey("films.id"), nullable=False),
    Column("surface", Text, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False, index=True),
    Column("deleted_at", UtcDateTime),
    Column("reconcile", Boolean, nullable=False, default=True),
    Column("seeded", Boolean, nullable=False, default=False),
    Column("scale_id", ForeignKey("rating_scales.id")),  # that its legend shows; null: the usual
    # film: the page of a film that somebody named, which is no pick
    CheckConstraint(f"surface IN ({_SURFACES}, 'film')", name="surface"),
)

Index("ix_cards_scale_id", cards.c.scale_id, sqlite_where=cards.c.scale_id.is_not(None))

# What people did about it -------------------------------------------------------------------------

_SOURCE = "source IN ('reaction', 'button', 'command', 'quiz', 'import')"
_STARS = "stars BETWEEN 0.5 AND 5"

rating_events = Table(  # append-only: all events, in the order of arrival
    "rating_events",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
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
    sqlite_autoincrement=True,  # ids are never reused, so they are in the order of the events
)
Index(
    "ix_rating_events_message_id",
    rating_events.c.message_id,
    sqlite_where=rating_events.c.message_id.is_not(None),
)

standing_events = Table(  # the events of the log that nobody took back
    "standing_acts",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("film_id", ForeignKey("films.id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("message_id", BigInteger, primary_key=True, default=0),
    Column("emoji", Text, primary_key=True, default=""),
    Column("event_id", ForeignKey("rating_events.id"), nullable=False, index=True),
    Column("guild_id", BigInteger),
    # null: a reaction to a card with the usual scale, whose emoji decides, or "no rating"
    Column("stars", Float),
    Column("at", UtcDateTime, nullable=False),
    Column("frozen_at", UtcDateTime),  # when a moderator cleared it; it still counts
    CheckConstraint(_SOURCE, name="source"),
    CheckConstraint(_STARS, name="stars"),
    Index(None, "message_id"),
    Index(None, "at"),
)

ratings = Table(  # derived from standing_events and the scale
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
    Index(None, "guild_id", "at"),
)

card_events = Table(  # append-only: what people did about shown films other than rating them
    "card_acts",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("film_id", ForeignKey("films.id"), nullable=False),
    Column("message_id", BigInteger),
    Column("kind", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    CheckConstraint(
        "kind IN ('opened', 'another', 'seen', 'later', 'refused', 'watched')", name="kind"
    ),
)

# Experiments --------------------------------------------------------------------------------------

exposures = Table(  # when an experiment's arm first answered a unit
    "exposures",
    metadata,
    Column("experiment", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("unit_id", BigInteger, primary_key=True, autoincrement=False),
    Column("arm", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    CheckConstraint("unit IN ('person', 'server')", name="unit"),
    Index(None, "unit_id"),
)

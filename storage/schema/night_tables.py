"""Tables of movie nights: what was planned, who came, and who was asked whether they count."""

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
)

from storage.schema.base import COUNTER, metadata
from storage.types import UtcDateTime

nights = Table(
    "nights",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("planner_id", BigInteger, index=True),  # null: erased
    Column("voice_id", BigInteger),  # the voice channel; null: none was named
    Column("adult_ok", Boolean, nullable=False, server_default=false()),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),  # null: no film was chosen yet
    Column("state", Text, nullable=False),
    Column("film_id", ForeignKey("films.id")),
    Column("chosen_by", Text),
    Column("poll_until", UtcDateTime),
    Column("event_id", BigInteger),
    # False once nothing is left to do about the night, such as sending its card.
    Column("pending", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "guild_id", "starts_at"),
    CheckConstraint(
        "state IN ('planned', 'polled', 'decided', 'scheduled', 'showing', 'done', 'cancelled')",
        name="state",
    ),
    CheckConstraint(
        "chosen_by IN ('votes', 'tie', 'no-votes', 'poll-gone', 'planner')", name="chosen_by"
    ),
    sqlite_autoincrement=True,  # ids are never reused, so old buttons never reach a new night
)
Index("ix_nights_pending", nights.c.id, sqlite_where=nights.c.pending.is_(True))

night_films = Table(  # the shortlist of a night, best first
    "night_films",
    metadata,
    Column("night_id", ForeignKey("nights.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("film_id", ForeignKey("films.id"), nullable=False),
    Column("reason", Text, nullable=False),  # why it is on the shortlist
    Column("votes", Integer),  # null: the poll has not ended
)

night_members = Table(  # who was invited to a night, and who came
    "night_members",
    metadata,
    Column("night_id", ForeignKey("nights.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("invited", Boolean, nullable=False),
    Column("came", Text),  # how the bot knows that they came; null: they did not
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("came IN ('voice', 'said')", name="came"),
)

night_presences = Table(  # from when until when somebody was in the voice channel of a night
    "night_presences",
    metadata,
    Column("night_id", ForeignKey("nights.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("until", UtcDateTime, nullable=False),  # when they were last seen there
    Column("open", Boolean, nullable=False),  # False once they have left
)

night_messages = Table(  # the messages of a night, each claimed before it is sent
    "night_messages",
    metadata,
    Column("night_id", ForeignKey("nights.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("message_id", BigInteger),  # null: it is not known whether the message came
    Column("outcome", Text),  # why it was given up; null: it was not
    CheckConstraint("kind IN ('list', 'poll', 'winner', 'event', 'card')", name="kind"),
)

night_questions = Table(  # whom the bot asked whether they count in a server's movie nights
    "night_questions",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    # 0 for whoever does not want to be asked in any server.
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("night_id", BigInteger),
    Column("answer", Text),  # null: they have not answered
    Column("claimed", Boolean, nullable=False),  # True once the question was about to be sent
    Column("at", UtcDateTime, nullable=False),
    Index(None, "guild_id"),
    CheckConstraint("answer IN ('yes', 'no', 'never')", name="answer"),
)
Index(
    "ix_night_questions_waiting",
    night_questions.c.person_id,
    sqlite_where=night_questions.c.claimed.is_(False),
)

"""Tables of film histories that people bring in: what waits for them, and what undoing needs."""

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
    Table,
    Text,
    false,
)

from storage.schema.base import COUNTER, metadata
from storage.types import UtcDateTime

_STARS = "stars BETWEEN 0.5 AND 5"

imports = Table(  # one for each file that a person brought in; one that was undone is deleted
    "imports",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    # No foreign key: before something is applied, the person may have no profile.
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("source", Text, nullable=False),  # whose format the file has
    Column("file", Text, nullable=False),  # its name
    Column("told", JSON, nullable=False),  # what reading it found: counts, scales, remarks
    Column("done_to", Integer, nullable=False, default=0, server_default="0"),  # a film's id
    Column("made_profile", Boolean, nullable=False, default=False, server_default=false()),
    CheckConstraint(
        "state IN ('reading', 'waiting', 'applying', 'applied', 'undoing')", name="state"
    ),
    sqlite_autoincrement=True,  # an id is never reused, so an old button reaches no other file
)

import_films = Table(  # the films of a file that were recognised, and what applying them changed
    "import_films",
    metadata,
    Column("import_id", ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("film_id", ForeignKey("films.id"), primary_key=True),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("stars", Float),
    Column("from_like", Boolean, nullable=False),  # the file has a like in place of stars
    Column("rated_on", UtcDateTime),  # days are midnights UTC
    Column("seen", Boolean, nullable=False),
    Column("seen_on", UtcDateTime),
    Column("wanted", Boolean, nullable=False),
    Column("added_on", UtcDateTime),
    Column("event_id", BigInteger),  # the rating event that was made
    Column("former_event_id", BigInteger),  # of an earlier import, which it replaced
    Column("former_stars", Float),
    Column("former_at", UtcDateTime),
    Column("marked_seen", Boolean, nullable=False, default=False, server_default=false()),
    Column("marked_later", Boolean, nullable=False, default=False, server_default=false()),
    CheckConstraint(_STARS, name="stars"),
)
Index(
    "ix_import_films_former_event_id",
    import_films.c.former_event_id,
    sqlite_where=import_films.c.former_event_id.is_not(None),
)

import_questions = Table(  # rows of a file whose film was not recognised
    "import_questions",
    metadata,
    Column("import_id", ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Integer),
    Column("directors", Text, nullable=False),  # names with commas between them
    Column("imdb", Text),
    Column("stars", Float),
    Column("from_like", Boolean, nullable=False),
    Column("rated_on", UtcDateTime),
    Column("seen", Boolean, nullable=False),
    Column("seen_on", UtcDateTime),
    Column("wanted", Boolean, nullable=False),
    Column("added_on", UtcDateTime),
    Column("likely_id", ForeignKey("films.id")),  # the one film with the title; the year is unknown
    Column("chosen_id", ForeignKey("films.id")),  # the film that the person chose
    Column("skipped", Boolean, nullable=False, default=False, server_default=false()),
    CheckConstraint(_STARS, name="stars"),
)

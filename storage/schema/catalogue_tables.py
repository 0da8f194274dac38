"""Tables of the catalogue: films, the vocabulary of tags, and ids in other data sets."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, Text

from storage.schema.base import COUNTER, metadata
from storage.types import UtcDateTime

films = Table(
    "films",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
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
    Column("source", Text, nullable=False),  # the list or data set that gave the facts
    Column("added_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),
    # What IMDb's tables add: more titles of a film of any source, and the votes of its own films.
    Column("more_titles", JSON, nullable=False, server_default="[]"),
    Column("votes", Integer),
    sqlite_autoincrement=True,  # an id is never reused
)

tags = Table(
    "tags",
    metadata,
    Column("slug", Text, primary_key=True),
    Column("facet", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("synonyms", JSON, nullable=False),
    # How the tag reads in the name of a shelf; "~" marks the place of the word for the films.
    Column("phrase", Text, nullable=False, server_default=""),
)

film_tags = Table(
    "film_tags",
    metadata,
    Column("film_id", ForeignKey("films.id"), primary_key=True),
    Column("tag_slug", ForeignKey("tags.slug"), primary_key=True),
    Column("weight", Integer, nullable=False),  # 1 touches the film, 2 fits it, 3 defines it
)

external_ids = Table(
    "external_ids",
    metadata,
    Column("source", Text, primary_key=True),  # movielens, imdb, tmdb
    Column("external_id", Text, primary_key=True),
    Column("film_id", ForeignKey("films.id"), nullable=False, index=True),
)

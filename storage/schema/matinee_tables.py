"""Tables of Matinee itself: model versions, and small facts by key."""

from sqlalchemy import JSON, Boolean, Column, Table, Text

from storage.schema.base import metadata
from storage.types import UtcDateTime

model_versions = Table(
    "model_versions",
    metadata,
    Column("version", Text, primary_key=True),
    Column("path", Text, nullable=False),  # the folder's name in the folder of models
    Column("fingerprint", Text, nullable=False),  # hash of the data behind the model
    Column("trained_at", UtcDateTime, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("is_live", Boolean, nullable=False, default=False),
    Column("promoted_at", UtcDateTime),  # when it last became live; null: never
)

settings_kv = Table(
    "settings_kv",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

"""The tables of the database, in one module for each folder of `storage/` that reads them.

Every change here needs a migration in `storage/migrations/versions`; a test compares the two.
Snowflakes (ids that Discord gives) are BIGINT, and times are UTC (`storage/types.py`).
"""

from storage.schema.base import metadata
from storage.schema.catalogue_tables import external_ids, film_tags, films, tags
from storage.schema.cluster_tables import identifies, leases, processes
from storage.schema.feedback_tables import (
    card_events,
    cards,
    exposures,
    impressions,
    rating_events,
    ratings,
    standing_events,
)
from storage.schema.import_tables import import_films, import_questions, imports
from storage.schema.matinee_tables import model_versions, settings_kv
from storage.schema.night_tables import (
    night_films,
    night_members,
    night_messages,
    night_presences,
    night_questions,
    nights,
)
from storage.schema.people_tables import answers, film_marks, people, preferences, taste_consents
from storage.schema.server_tables import (
    guilds,
    left_servers,
    manager_messages,
    posts,
    rating_scales,
    schedules,
)

__all__ = [
    "answers",
    "card_events",
    "cards",
    "exposures",
    "external_ids",
    "film_marks",
    "film_tags",
    "films",
    "guilds",
    "identifies",
    "import_films",
    "import_questions",
    "imports",
    "impressions",
    "leases",
    "left_servers",
    "manager_messages",
    "metadata",
    "model_versions",
    "night_films",
    "night_members",
    "night_messages",
    "night_presences",
    "night_questions",
    "nights",
    "people",
    "posts",
    "preferences",
    "processes",
    "rating_events",
    "rating_scales",
    "ratings",
    "schedules",
    "settings_kv",
    "standing_events",
    "tags",
    "taste_consents",
]

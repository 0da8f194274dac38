"""Migration 0019 lets servers choose the emoji that rate, and goes back."""

from pathlib import Path

import pytest

from storage.database import revisions
from tests.storage.samples import ANN

pytestmark = pytest.mark.sqlite

BEFORE = "0015"
AT = "2026-03-10 20:00:00.000000"
FILM = (
    "INSERT INTO films (id, key, title, aliases, countries, languages, directors, cast, genres, "
    "adult, source, added_at) VALUES (1, 'm', 'M', '[]', '[]', '[]', '[]', '[]', '[]', 0, "
    "'starter', ?)"
)
CARD = (
    "INSERT INTO cards (message_id, channel_id, guild_id, film_id, surface, posted_at, reconcile,"
    " seeded) VALUES (?, 1, 7, 1, 'recommend', ?, 1, 0)"
)
EVENT = (
    "INSERT INTO rating_events (id, person_id, film_id, source, action, message_id, emoji, at,"
    " origin) VALUES (?, ?, 1, 'reaction', 'set', ?, ?, ?, 'live')"
)
STANDING = (
    "INSERT INTO standing_acts (person_id, film_id, source, message_id, emoji, event_id, stars, at)"
    " VALUES (?, 1, 'reaction', ?, ?, ?, ?, ?)"
)
RATING = (
    "INSERT INTO ratings (person_id, film_id, stars, source, event_id, at)"
    " VALUES (?, 1, 5, 'reaction', ?, ?)"
)


def test_up_and_down_again_keeps_all_else(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, BEFORE)
        conn.exec_driver_sql(FILM, (AT,))
        conn.exec_driver_sql(
            "INSERT INTO people (id, created_at, updated_at) VALUES (?, ?, ?)", (ANN, AT, AT)
        )
        conn.exec_driver_sql(
            "INSERT INTO guilds (id, family_safe, updated_at) VALUES (7, 1, ?)", (AT,)
        )
        conn.exec_driver_sql(CARD, (5, AT))
        for number, emoji in enumerate(("👍", "<a:dance:12345678901234567>"), 1):
            conn.exec_driver_sql(EVENT, (number, ANN, 5, emoji, AT))
            conn.exec_driver_sql(STANDING, (ANN, 5, emoji, number, None, AT))
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
        assert revisions.differences(conn) == []
        conn.exec_driver_sql(
            "INSERT INTO rating_scales (id, guild_id, steps, created_at)"
            " VALUES (3, 7, '[[\"🔥\", 5]]', ?)",
            (AT,),
        )
        conn.exec_driver_sql("UPDATE guilds SET scale_id = 3")
        conn.exec_driver_sql(CARD, (6, AT))
        conn.exec_driver_sql("UPDATE cards SET scale_id = 3 WHERE message_id = 6")
        conn.exec_driver_sql(EVENT, (3, ANN, 6, "🔥", AT))
        conn.exec_driver_sql(STANDING, (ANN, 6, "🔥", 3, 5.0, AT))
        conn.exec_driver_sql(RATING, (ANN, 3, AT))
        stored = conn.exec_driver_sql("SELECT emoji FROM standing_acts ORDER BY event_id")
        assert stored.scalars().all() == ["👍", "<:emoji:12345678901234567>", "🔥"]
    with revisions.connection(path) as conn:
        revisions.downgrade(conn, BEFORE)
        left = conn.exec_driver_sql("SELECT event_id FROM standing_acts ORDER BY 1")
        assert left.scalars().all() == [1, 2]
        assert conn.exec_driver_sql("SELECT * FROM ratings").all() == []
        assert conn.exec_driver_sql("SELECT message_id FROM cards").scalars().all() == [5, 6]
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
        assert revisions.differences(conn) == []

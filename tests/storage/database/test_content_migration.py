"""Migration 0015 lets people and servers leave out content, and goes back."""

import sqlite3
from pathlib import Path

import pytest

from storage.database import revisions
from tests.storage.samples import ANN

pytestmark = pytest.mark.sqlite

BEFORE = "0013"
AT = "2026-03-10 20:00:00.000000"
PREFERENCE = "INSERT INTO preferences VALUES (?, ?, ?, ?)"
CARD = (
    "INSERT INTO cards (message_id, channel_id, film_id, surface, posted_at, reconcile, seeded)"
    " VALUES (?, 1, 1, ?, ?, 1, 0)"
)


def test_up_and_down_again_keeps_all_else(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, BEFORE)
        conn.exec_driver_sql(
            "INSERT INTO films (id, key, title, aliases, countries, languages, directors, cast, "
            "genres, adult, source, added_at) "
            "VALUES (1, 'm', 'M', '[]', '[]', '[]', '[]', '[]', '[]', 0, 'starter', ?)", (AT,)
        )  # fmt: skip
        conn.exec_driver_sql(
            "INSERT INTO people (id, created_at, updated_at) VALUES (?, ?, ?)", (ANN, AT, AT)
        )
        conn.exec_driver_sql(PREFERENCE, (ANN, "never", "Horror", AT))
        conn.exec_driver_sql(CARD, (5, "similar", AT))
        conn.exec_driver_sql(
            "INSERT INTO guilds (id, family_safe, updated_at) VALUES (7, 1, ?)", (AT,)
        )
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
        assert revisions.differences(conn) == []
        assert conn.exec_driver_sql("SELECT never_tags FROM guilds").scalars().all() == ["[]"]
        conn.exec_driver_sql(PREFERENCE, (ANN, "never_tag", "gore", AT))
        conn.exec_driver_sql(CARD, (6, "film", AT))
        with pytest.raises(Exception, match="CHECK constraint failed"):
            conn.exec_driver_sql(CARD, (7, "nosuch", AT))
    with revisions.connection(path) as conn:
        revisions.downgrade(conn, BEFORE)
        kinds = conn.exec_driver_sql("SELECT kind, value FROM preferences").all()
        cards = conn.exec_driver_sql("SELECT message_id, surface FROM cards ORDER BY 1").all()
    assert [tuple(row) for row in kinds] == [("never", "Horror")]
    assert [tuple(row) for row in cards] == [(5, "similar"), (6, "recommend")]
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
        assert revisions.differences(conn) == []
    with sqlite3.connect(path) as conn:
        indexes = {row[0] for row in conn.execute("SELECT name FROM sqlite_master")}
    assert {"ix_cards_person_id", "ix_cards_posted_at"} <= indexes

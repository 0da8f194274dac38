"""Migration 0008 adds the chance of each impression, and its way back takes only that."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import revisions

pytestmark = pytest.mark.sqlite

SHOWN = "2026-03-10 20:00:00.000000"


def rows(path: Path, columns: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(f"SELECT {columns} FROM impressions ORDER BY id").fetchall()


def test_older_impressions_have_no_chance_and_lose_nothing_on_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, "0007")
        conn.exec_driver_sql(
            "INSERT INTO films (id, key, title, aliases, countries, languages, directors, cast, "
            "genres, adult, source, added_at) "
            f"VALUES (1, 'm', 'M', '[]', '[]', '[]', '[]', '[]', '[]', 0, 'starter', '{SHOWN}')"
        )
        conn.exec_driver_sql(
            "INSERT INTO impressions (id, shown_at, surface, film_id, position, reason, "
            "model_version, private, grouped, wild, score) "
            f"VALUES (7, '{SHOWN}', 'post', 1, 0, 'popular', 'v', 0, 0, 1, 0.5)"
        )
    before = rows(path, "*")
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
    assert rows(path, "id, wild, score, chance") == [(7, 1, 0.5, None)]
    with revisions.connection(path) as conn:
        conn.exec_driver_sql("UPDATE impressions SET chance = 0.25")
        revisions.downgrade(conn, "0007")
    assert rows(path, "*") == before

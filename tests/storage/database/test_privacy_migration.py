"""Migration 0010 makes servers family-safe and takes names out of reasons."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import revisions

pytestmark = pytest.mark.sqlite

SHOWN = "2026-03-10 20:00:00.000000"
REASONS = {
    "suits you both, Zaphyrine above all · tense": "suits you both · tense",
    "a middle ground for you two, A, b · c above all": "a middle ground for you two",
    "suits all of you · tense": "suits all of you · tense",
}


@pytest.mark.parametrize("before", REASONS)
def test_names_go_and_servers_are_family_safe(tmp_path: Path, before: str) -> None:
    path = tmp_path / "old.sqlite3"
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, "0009")
        conn.exec_driver_sql(
            "INSERT INTO films (id, key, title, aliases, countries, languages, directors, cast, "
            "genres, adult, source, added_at) "
            f"VALUES (1, 'm', 'M', '[]', '[]', '[]', '[]', '[]', '[]', 0, 'starter', '{SHOWN}')"
        )
        conn.exec_driver_sql(
            "INSERT INTO impressions (shown_at, surface, film_id, position, reason, model_version, "
            "private, grouped, wild) VALUES (?, 'recommend', 1, 0, ?, 'v', 0, 1, 0)",
            (SHOWN, before),
        )
        conn.exec_driver_sql(
            "INSERT INTO guilds (id, family_safe, updated_at) VALUES (7, 0, ?)", (SHOWN,)
        )
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("SELECT reason FROM impressions").fetchall() == [(REASONS[before],)]
        assert conn.execute("SELECT family_safe FROM guilds").fetchall() == [(1,)]

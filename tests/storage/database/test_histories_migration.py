"""Migration 0016 brings the tables of film histories, and goes back with all else as it was."""

from pathlib import Path

import pytest

from storage.database import revisions
from tests.storage.samples import ANN

pytestmark = pytest.mark.sqlite

BEFORE = "0015"
AT = "2026-03-10 20:00:00.000000"


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
        conn.exec_driver_sql("INSERT INTO film_marks VALUES (?, 1, 'seen', ?)", (ANN, AT))
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
        assert revisions.differences(conn) == []
        assert conn.exec_driver_sql("SELECT shares_imports FROM people").scalars().all() == [0]
        assert conn.exec_driver_sql("SELECT imported FROM film_marks").scalars().all() == [0]
        conn.exec_driver_sql(
            "INSERT INTO imports (person_id, at, state, source, file, told)"
            " VALUES (?, ?, 'waiting', 'plain', 'a.csv', '{}')",
            (ANN, AT),
        )
    with revisions.connection(path) as conn:
        revisions.downgrade(conn, BEFORE)
        marks = conn.exec_driver_sql("SELECT * FROM film_marks").all()
        tables = conn.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    assert [tuple(row) for row in marks] == [(ANN, 1, "seen", AT)]
    assert not [name for name in tables if name.startswith(("import", "ix_import"))]
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
        assert revisions.differences(conn) == []

"""Migration 0018 asks people whether tastes may be compared, and goes back."""

from pathlib import Path

import pytest

from storage.database import revisions
from tests.storage.samples import ANN

pytestmark = pytest.mark.sqlite

BEFORE = "0017"
AT = "2026-03-10 20:00:00.000000"


def test_who_agreed_before_is_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with revisions.connection(path) as conn:
        revisions.upgrade(conn, BEFORE)
        conn.exec_driver_sql(
            "INSERT INTO people (id, created_at, updated_at) VALUES (?, ?, ?)", (ANN, AT, AT)
        )
        conn.exec_driver_sql("INSERT INTO taste_consents VALUES (?, 7, ?)", (ANN, AT))
    with revisions.connection(path) as conn:
        revisions.upgrade(conn)
        assert revisions.differences(conn) == []
        assert conn.exec_driver_sql("SELECT comparable FROM taste_consents").scalars().all() == [0]
    with revisions.connection(path) as conn:
        revisions.downgrade(conn, BEFORE)
        rows = conn.exec_driver_sql("SELECT * FROM taste_consents").all()
    assert [tuple(row) for row in rows] == [(ANN, 7, AT)]

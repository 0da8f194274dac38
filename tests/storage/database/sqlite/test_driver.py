"""The driver: statements, their rows and counts, and errors after which it still works."""

import sqlite3
from pathlib import Path

import pytest

from storage.database.sqlite import driver

pytestmark = pytest.mark.sqlite


async def test_statements_rows_and_counts(tmp_path: Path) -> None:
    (tmp_path / "any.sqlite3").touch()
    connection = await driver.connect(tmp_path / "any.sqlite3", timeout=1.0)
    try:
        cursor = connection.cursor()
        await cursor.execute("CREATE TABLE film (id INTEGER PRIMARY KEY, title TEXT)")
        assert cursor.description is None
        await cursor.executemany("INSERT INTO film (title) VALUES (?)", [("Up",), ("Alien",)])
        assert cursor.rowcount == 2
        await cursor.execute("INSERT INTO film (title) VALUES (?)", ("Heat",))
        assert cursor.lastrowid == 3
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await cursor.execute("SELECT * FROM films")
        await cursor.execute("SELECT id, title FROM film ORDER BY id")
        assert [column[0] for column in cursor.description] == ["id", "title"]
        assert await cursor.fetchall() == [(1, "Up"), (2, "Alien"), (3, "Heat")]
        await connection.rollback()
        await cursor.execute("SELECT * FROM film")
        assert await cursor.fetchall() == []
        await cursor.close()
    finally:
        await connection.close()


async def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await driver.connect(tmp_path / "nowhere" / "any.sqlite3", timeout=1.0)
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await driver.connect(tmp_path / "any.sqlite3", timeout=1.0)
    assert not (tmp_path / "any.sqlite3").exists(), "no file is made where one is missing"

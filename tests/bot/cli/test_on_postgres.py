"""The commands on a PostgreSQL database: what they find, and what they leave to its programs."""

from pathlib import Path

import pytest

from tests import postgres
from tests.bot.command import matinee

pytestmark = pytest.mark.postgresql


def test_doctor_examines_the_database_on_its_server(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    found = matinee(tmp_path, "doctor", "--offline", COLUMNS="400")  # no line is wrapped
    told = " ".join(found.out.split())
    assert "I can connect to " in told
    assert " and read it." in told
    assert postgres.name_of(tmp_path / "data") in told
    assert "so I don't back it up" in told


def test_copies_are_left_to_the_programs_of_the_server(tmp_path: Path) -> None:
    name = postgres.name_of(tmp_path / "data")
    told = matinee(tmp_path, "backup").sentence
    assert f"pg_dump --format=custom --file={name}.dump {name}" in told
    told = matinee(tmp_path, "restore", tmp_path / "a.sqlite3").sentence
    assert f"pg_restore --clean --if-exists --dbname={name}" in told


def test_a_server_that_is_away_is_named_without_the_password(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    away = f"postgresql+asyncpg://matinee:secret@/films?host={tmp_path}"
    found = matinee(tmp_path, "doctor", "--offline", MATINEE_DATABASE_URL=away, COLUMNS="400")
    assert found.code == 1
    said = " ".join(found.out.split())
    assert "I can't reach the database server of postgresql+asyncpg://matinee@/films" in said
    assert "Run `matinee doctor` to find out" not in said
    told = matinee(tmp_path, "report", MATINEE_DATABASE_URL=away).sentence
    assert told.startswith("I can't reach the database server of postgresql+asyncpg://matinee@/fi")
    assert "secret" not in found.out + found.err + told

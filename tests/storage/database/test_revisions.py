"""Migrations run up, down and up again, and lead to the tables of `storage/schema/`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from storage.database import revisions
from storage.schema import metadata

pytestmark = pytest.mark.sqlite


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as conn:
        found = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in found if not name.startswith(("sqlite_", "alembic_"))}


def test_up_down_and_up_again_without_a_difference(tmp_path: Path) -> None:
    path = tmp_path / "round.sqlite3"
    for _ in range(2):
        with revisions.connection(path) as conn:
            revisions.upgrade(conn)
        with revisions.connection(path) as conn:
            assert revisions.current(conn) == revisions.head()
            assert revisions.differences(conn) == []
        assert tables(path) == set(metadata.tables)
        with revisions.connection(path) as conn:
            revisions.downgrade(conn)
        with revisions.connection(path) as conn:
            assert revisions.current(conn) is None
        assert tables(path) == set()


def test_a_difference_is_noticed(tmp_path: Path) -> None:
    with revisions.connection(tmp_path / "changed.sqlite3") as conn:
        revisions.upgrade(conn)
        conn.exec_driver_sql("ALTER TABLE people ADD COLUMN shoe_size INTEGER")
        conn.exec_driver_sql("DROP INDEX ix_ratings_at")
        found = revisions.differences(conn)
    assert {difference[0] for difference in found} == {"remove_column", "add_index"}


def test_the_migrations_make_the_constraints_that_the_schema_names(tmp_path: Path) -> None:
    """Compares checks and the names of foreign keys, which Alembic does not."""
    with revisions.connection(tmp_path / "named.sqlite3") as conn:
        revisions.upgrade(conn)
        inspector = inspect(conn)
        for table in metadata.sorted_tables:
            made = {check["name"] for check in inspector.get_check_constraints(table.name)}
            made |= {key["name"] for key in inspector.get_foreign_keys(table.name)}
            made |= {key["name"] for key in inspector.get_unique_constraints(table.name)}
            # SQLite has no name for a primary key that counts up.
            made.add(inspector.get_pk_constraint(table.name)["name"] or table.primary_key.name)
            assert made == {constraint.name for constraint in table.constraints}


def test_revisions_are_numbered_in_one_line() -> None:
    assert revisions.is_known(revisions.head())
    assert not revisions.is_known("9999")
    files = sorted(path.name for path in (revisions.MIGRATIONS / "versions").glob("0*.py"))
    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    assert revisions.head() == files[-1][:4]


def test_a_migration_that_breaks_a_reference_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite3"

    def break_it() -> None:
        with revisions.connection(path) as conn:
            revisions.upgrade(conn)
            conn.exec_driver_sql("INSERT INTO film_tags VALUES (1, 'warm', 1)")

    with pytest.raises(RuntimeError, match="absent rows"):
        break_it()
    assert tables(path) == set()

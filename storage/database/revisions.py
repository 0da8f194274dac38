"""Versions of the schema: which one a database has, and Alembic's commands to move between them.

Everything here is synchronous and works inside one write transaction, so a migration that fails
half-way leaves the file as it was. To write a migration: change `storage/schema.py`, then call
`write("what changed")`, then read what it wrote.
"""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.pool import NullPool

from storage.schema import metadata

MIGRATIONS = Path(__file__).parent.parent / "migrations"
BUSY_SECONDS = 10.0

# Alembic keeps the running migration in a module, so two at once would mix.
_one_at_a_time = threading.Lock()


@contextmanager
def connection(path: Path) -> Iterator[Connection]:
    """One write transaction on the database at `path` (created if absent), for migrations only.

    Foreign keys are off meanwhile, as copying a table needs, and are checked before the commit.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves, so that DDL is in the transaction

    @event.listens_for(engine, "begin")
    def on_begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as conn:
            yield conn
            broken = conn.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise RuntimeError(f"a migration left {broken[0]} pointing at absent rows")
    finally:
        engine.dispose()


def head(migrations: Path = MIGRATIONS) -> str:
    """The newest revision that this version of Matinee knows."""
    revision = _scripts(migrations).get_current_head()
    if revision is None:
        raise RuntimeError(f"no migrations in {migrations}")
    return revision


def known(revision: str, migrations: Path = MIGRATIONS) -> bool:
    """Whether this version of Matinee has the migration `revision`."""
    return any(script.revision == revision for script in _scripts(migrations).walk_revisions())


def current(conn: Connection) -> str | None:
    """The revision that the database is at, or None before the first."""
    return MigrationContext.configure(conn).get_current_revision()


def upgrade(conn: Connection, revision: str = "head", migrations: Path = MIGRATIONS) -> None:
    """Run the migrations up to `revision`."""
    _run(conn, migrations, lambda config: command.upgrade(config, revision))


def downgrade(conn: Connection, revision: str = "base", migrations: Path = MIGRATIONS) -> None:
    """Undo the migrations down to `revision`."""
    _run(conn, migrations, lambda config: command.downgrade(config, revision))


def differences(conn: Connection) -> list[Any]:
    """What Alembic would still change to make the database match `storage/schema.py`."""
    context = MigrationContext.configure(conn, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def write(message: str, migrations: Path = MIGRATIONS) -> None:
    """Add a migration file that takes the newest revision to what `storage/schema.py` says."""
    with (
        tempfile.TemporaryDirectory() as folder,
        connection(Path(folder) / "draft.sqlite3") as conn,
    ):
        upgrade(conn, migrations=migrations)
        number = f"{len(list(_scripts(migrations).walk_revisions())) + 1:04d}"

        def revise(config: Config) -> None:
            command.revision(config, message, autogenerate=True, rev_id=number)

        _run(conn, migrations, revise)


def _run(conn: Connection, migrations: Path, action: Callable[[Config], None]) -> None:
    config = _config(migrations)
    config.attributes["connection"] = conn
    with _one_at_a_time:
        action(config)


def _scripts(migrations: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(migrations))


def _config(migrations: Path) -> Config:
    config = Config()
    # ConfigParser reads % as the start of a placeholder.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config

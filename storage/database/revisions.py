"""Revisions of the schema: which one a database has, and how to move between them (Alembic).

Everything here is synchronous and works inside one write transaction, so a migration that fails
leaves the file unchanged. To write a migration, change `storage/schema/`, call
`write("what changed")`, and check the file that it wrote.

Alembic is large, and most starts find nothing to migrate. So it is imported where it is used; which
revision a database has, and which one is the newest, is found out without it.
"""

import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, create_engine, event, inspect
from sqlalchemy.pool import NullPool

from storage.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent.parent / "migrations"
BUSY_SECONDS = 30.0  # how long to wait for another program's lock

# Alembic keeps the running migration in a global variable, so only one may run at a time.
_one_at_a_time = threading.Lock()


@contextmanager
def connection(path: Path) -> Iterator[Connection]:
    """Opens a write transaction on the database at `path`, for migrations only.

    The file is created if it is absent. Foreign keys are not enforced inside, because migrations
    copy tables; all of these keys are checked before the commit. Raises RuntimeError if a foreign
    key is broken.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,  # what is stored about people stays out of errors
    )

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we send BEGIN ourselves, so that DDL is in the transaction

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
    """Returns the newest revision of the schema that this version of Matinee knows.

    migrations: the folder of Alembic's migrations.
    """
    before = _revisions(migrations)
    heads = before.keys() - before.values()
    if len(heads) != 1:
        raise RuntimeError(f"{migrations} has {len(heads)} newest migrations instead of one")
    return heads.pop()


def is_known(revision: str, migrations: Path = MIGRATIONS) -> bool:
    """Returns True if this version of Matinee has the migration `revision`."""
    return revision in _revisions(migrations)


def current(conn: Connection) -> str | None:
    """Returns the revision that the database's schema has; None for an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def _revisions(migrations: Path) -> dict[str, str | None]:
    """Returns the revision of each migration in the folder -> the revision before it."""
    found: dict[str, str | None] = {}
    for path in (migrations / "versions").glob("[0-9]*.py"):
        values = dict(_REVISION.findall(path.read_text(encoding="utf-8")))
        found[values["revision"]] = values.get("down_revision")
    return found


_REVISION = re.compile(r"""^(revision|down_revision) = ["'](\w+)["']""", re.M)


def upgrade(conn: Connection, revision: str = "head", migrations: Path = MIGRATIONS) -> None:
    """Run the migrations up to `revision`."""
    from alembic import command

    _run(conn, migrations, lambda config: command.upgrade(config, revision))


def downgrade(conn: Connection, revision: str = "base", migrations: Path = MIGRATIONS) -> None:
    """Undo the migrations down to `revision`."""
    from alembic import command

    _run(conn, migrations, lambda config: command.downgrade(config, revision))


def differences(conn: Connection) -> list[Any]:
    """Returns the changes that Alembic would make so that the database matches
    `storage/schema/`.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(conn, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def write(message: str, migrations: Path = MIGRATIONS) -> None:
    """Write a migration from the newest revision to the tables that `storage/schema/` describes.

    message: what changed, for the name and the heading of the file.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        connection(Path(folder) / "draft.sqlite3") as conn,
    ):
        upgrade(conn, migrations=migrations)
        number = f"{len(_revisions(migrations)) + 1:04d}"

        def revise(config: "Config") -> None:
            from alembic import command

            command.revision(config, message, autogenerate=True, rev_id=number)

        _run(conn, migrations, revise)


def _run(conn: Connection, migrations: Path, action: "Callable[[Config], None]") -> None:
    config = _config(migrations)
    config.attributes["connection"] = conn
    with _one_at_a_time:
        action(config)


def _config(migrations: Path) -> "Config":
    from alembic.config import Config

    config = Config()
    # ConfigParser reads % as the start of a placeholder.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config

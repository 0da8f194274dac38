"""The script that Alembic runs for every command. It runs the migrations in a given transaction.

`storage/database/revisions.py` opens the connection, and puts it into the attributes of Alembic's
configuration, where this script finds it.
"""

from typing import Any, Literal

from alembic import context

from storage.schema import metadata
from storage.types import UtcDateTime


def _spelled(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Returns how a new migration spells a column type; False leaves the spelling to Alembic.

    Matinee's column types (`storage/types.py`) are spelled as SQLAlchemy's, so that old migrations
    need no import from Matinee and keep working when a class moves.
    """
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes tables by copying them
    render_item=_spelled,
    compare_type=True,
)
context.run_migrations()

"""The script that Alembic runs for every command. It runs the migrations in a given transaction.

`storage/database/revisions.py` opens the connection and puts it into the attributes of the
configuration.
"""

from typing import Any, Literal

from alembic import context

from storage.schema import metadata
from storage.types import UtcDateTime


def _spelled(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Returns SQLAlchemy's type for our own column type; False leaves the choice to Alembic.

    Migrations then keep working when our own column types move.
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

"""What Alembic runs for every command: the migrations, inside the transaction it is handed.

`storage/database/revisions.py` opens the connection and puts it into the attributes of the
configuration.
"""

from typing import Any, Literal

from alembic import context

from storage.schema import metadata
from storage.types import UtcDateTime


def _spelled(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations keep working when our own column types move, so they name SQLAlchemy's."""
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

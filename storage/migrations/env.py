"""The script that Alembic runs for every command. It runs the migrations in a given transaction.

`storage/database/revisions.py` opens the connection, and puts it into the attributes of Alembic's
configuration, where this script finds it.
"""

from typing import Any, Literal

from alembic import context

from storage.schema import metadata
from storage.types import UtcDateTime


def _spelled(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Returns the code for a column type in a new migration; False to let Alembic write it.

    For Matinee's own column types (`storage/types.py`), it is the code of the SQLAlchemy type on
    which they are based. Old migrations therefore import nothing from Matinee, and keep working
    when a class moves.

    kind: what Alembic asks the code for.
    item: the column's type.
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

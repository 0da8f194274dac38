"""Sorts texts by the codes of their letters on every database.

SQLite does so by itself. A PostgreSQL database may sort as people do in some country, and then
hyphens and capitals count for little. What depends on an order of texts would then depend on who
set up the server.
"""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class CodeOrder(FunctionElement[str]):
    """A column of texts for `order_by`: `CodeOrder(tags.c.slug)`."""

    name = "code_order"
    type = Text()
    inherit_cache = True


@compiles(CodeOrder)
def _plain(element: CodeOrder, compiler: Any, **options: Any) -> str:
    """Returns the column itself."""
    (column,) = element.clauses
    return str(compiler.process(column, **options))


_C = ' COLLATE "C"'


@compiles(CodeOrder, "postgresql")
def _collated(element: CodeOrder, compiler: Any, **options: Any) -> str:
    """Returns the column with PostgreSQL's collation of codes."""
    return _plain(element, compiler, **options) + _C

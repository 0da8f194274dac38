"""Conditions of indexes that hold only some rows of a table, for both kinds of database."""

import re
from typing import Any

import sqlalchemy as sa


def only_where(condition: str | None) -> dict[str, Any]:
    """Returns the arguments with which `op.create_index` makes an index of some rows only.

    condition: the condition in the words of SQLite, such as "wild IS 1"; None for all rows.
    """
    if condition is None:
        return {}
    truths = re.sub(r"\bIS 1\b", "IS TRUE", condition)
    truths = re.sub(r"\bIS 0\b", "IS FALSE", truths)
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(truths)}

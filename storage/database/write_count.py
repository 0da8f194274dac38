"""Counts what a task writes. After an error, the task can then say whether anything was stored."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class WriteCount:
    """How many write transactions were committed since the count began.

    Attributes:
        commits: the number.
    """

    commits: int = 0


WRITES: ContextVar[WriteCount | None] = ContextVar("writes", default=None)
"""The count that the running task and the tasks that it starts add to; None for no count."""

"""Errors in the logs of processes, and which of them follow from a kill or a pause."""

import re
from collections.abc import Iterator

_BEGIN = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ ([A-Z]+) ")

DONE_LATER = (
    "tried again",
    "tries again",
    "begins again",
    "recorded later",
    "looked for later",
    "reactions not written, try",
    "failed: server-unreachable",  # of a command; the person reads that they should try again
)
"""Parts of messages after which nothing is lost."""

TRANSACTION_ENDED = re.compile(
    r"storage\.errors\.DatabaseUnreachable: .*"
    r"(another operation \(2\) is in progress|connection was closed|terminating connection)"
    r"|failed: server-unreachable"
)
"""The cause: the server ended a transaction in which a stopped process did nothing for too long."""


def errors(log: str) -> list[str]:
    """Returns the errors of a log: each its message, and the last line of its traceback."""
    return [
        " <- ".join(dict.fromkeys((lines[0], lines[-1])))
        for lines in _entries(log)
        if (level := _BEGIN.match(lines[0])) and level[1] in ("ERROR", "CRITICAL")
    ]


def is_expected(error: str) -> bool:
    """True for an error that a process may log because it was stopped in a transaction."""
    return bool(TRANSACTION_ENDED.search(error)) and any(part in error for part in DONE_LATER)


def _entries(log: str) -> Iterator[list[str]]:
    """Yields the lines of each entry of a log."""
    entry: list[str] = []
    for line in log.splitlines():
        if _BEGIN.match(line) and entry:
            yield entry
            entry = []
        if line.strip():
            entry.append(line)
    if entry:
        yield entry

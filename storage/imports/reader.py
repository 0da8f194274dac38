"""Reads a file with somebody's film history."""

from storage.imports.history import LIMITS, History, HistoryLimits, UnreadableHistory


def read_history(name: str, data: bytes, *, limits: HistoryLimits = LIMITS) -> History:
    """Returns the film history in a file.

    The format is recognised by the columns, or by the names of the files inside a zip. Where
    Letterboxd gives several files one heading, the file's name decides.

    name: the file's name, with or without folders.
    data: the file's content.
    limits: how large it may be.

    Raises UnreadableHistory if the file is no history, is too large or is damaged.
    """
    raise UnreadableHistory("history-format-unknown", file=name)

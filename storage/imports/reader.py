"""Reads a file with somebody's film history.

Formats are recognised by the names of columns, never by their order and never by rows. Where files
share a heading, the file's name decides; if it says nothing, the reader says so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from storage.imports.archives import MEGABYTE, ZIP, HistoryZip, own_files
from storage.imports.counting import ReadingCounts
from storage.imports.decoding import decode
from storage.imports.formats import criticker, imdb, letterboxd, netflix, others, plain, trakt
from storage.imports.history import (
    LIMITS,
    History,
    HistoryLimits,
    HistoryRow,
    Source,
    UnreadableHistory,
)
from storage.imports.merging import merge
from storage.imports.tables import HistoryTable

_JSON = re.compile(r'[\[{]\s*(?:["\[{\]}\d-]|true\b|false\b|null\b|$)')
"""How JSON begins. Columns can have brackets too, as in "[title],[year]"."""

_Read = Callable[[HistoryTable, ReadingCounts], list[HistoryRow]]
_TABLES: tuple[tuple[Source, Callable[[HistoryTable], bool], _Read], ...] = (
    ("letterboxd", letterboxd.is_export, letterboxd.read_export),
    ("imdb", imdb.is_imdb, imdb.read_imdb),
    ("tmdb", others.is_tmdb, others.read_tmdb),
    ("simkl", others.is_simkl, others.read_simkl),
    ("movielens", others.is_movielens, others.read_movielens),
    ("criticker", criticker.is_criticker, criticker.read_criticker),
    ("netflix", netflix.is_full, netflix.read_full),
    ("netflix", netflix.is_short, netflix.read_short),
    ("movary", others.is_movary, others.read_movary),
    ("trakt", trakt.is_trakt_csv, trakt.read_trakt_csv),
    ("letterboxd", plain.is_letterboxd_import, plain.read_plain),
    ("plain", plain.is_plain, plain.read_plain),
)
"""Whose format a table has, how it is recognised, and how it is read; the first that fits."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file whose format is known, before its rows are read.

    Attributes:
        source: whose format it has.
        table: the table; None for files that are no tables.
        read: returns its rows.
    """

    source: Source
    table: HistoryTable | None
    read: Callable[[ReadingCounts], list[HistoryRow]]


def read_history(name: str, data: bytes, *, limits: HistoryLimits = LIMITS) -> History:
    """Returns the film history in a file.

    The format is recognised by the columns, or by the names of the files inside a zip. Where
    several files of a service have one heading, the file's name decides.

    name: the file's name, with or without folders.
    data: the file's content.
    limits: how large it may be.

    Raises UnreadableHistory if the file is no history, is too large or is damaged.
    """
    if len(data) > limits.size:
        raise UnreadableHistory("history-too-large", file=name, megabytes=limits.size // MEGABYTE)
    counts = ReadingCounts(limits)
    files = _in_zip(name, data, counts) if data.startswith(ZIP) else [_opened(name, data, counts)]
    sources = sorted({file.source for file in files})
    if len(sources) > 1:
        raise UnreadableHistory("history-of-several", file=name)
    rows = _rows(files, counts)
    merged = merge(rows, counts)
    skipped = {reason: count for reason, count in counts.skipped.items() if count}
    if not merged and not skipped:
        raise UnreadableHistory("history-without-films", file=name)
    if not merged and "listed" in skipped:
        raise UnreadableHistory("history-which-list", file=name)
    return History(
        sources[0], merged, skipped, counts.examples(), counts.remarks(), read_rows=counts.rows
    )


def _rows(files: list[_Opened], counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the rows of all files. Diaries come last, because their rows have no ids of films.

    The ratings of a diary may be older than those in the file of ratings, so only that counts.
    """
    diaries = [file for file in files if file.table is not None and _is_diary(file)]
    rest = [file for file in files if file not in diaries]
    with_ratings = any(
        file.table is not None
        and letterboxd.is_export(file.table)
        and file.table.has("rating")
        and file.table.size
        for file in rest
    )
    rows = [row for file in rest for row in file.read(counts)]
    for file in diaries:
        if with_ratings and file.table is not None:
            rows += letterboxd.read_export(file.table, counts, ratings=False)
        else:
            rows += file.read(counts)
    return rows


def _is_diary(file: _Opened) -> bool:
    table = file.table
    return table is not None and letterboxd.is_export(table) and letterboxd.is_diary(table)


def _in_zip(name: str, data: bytes, counts: ReadingCounts) -> list[_Opened]:
    """Returns the files of a zip that a format fits.

    Exports hold many other tables. Beside the files of a service, tables that look like a plain
    history are passed over.

    Raises UnreadableHistory if there are no such files, with the reason if there is one file.
    """
    archive = HistoryZip(name, data, counts.limits)
    names = list(own_files(archive.names))
    files: list[_Opened] = []
    reasons: list[UnreadableHistory] = []
    for inside in names:
        if inside.casefold().endswith(".json") and not trakt.is_film_file(inside):
            continue
        content = archive.read(inside)
        if "lists" in inside.casefold().split("/")[:-1] and _is_list(content):
            counts.lists += 1
            continue
        try:
            files.append(_opened(inside, content, counts))
        except UnreadableHistory as error:
            if error.key not in _PASSED_OVER:
                raise
            reasons.append(error)
            if error.key != "history-empty":
                counts.unknown_files.append(inside)
    if any(file.source != "plain" for file in files):
        counts.unknown_files += [
            file.table.file for file in files if file.source == "plain" and file.table
        ]
        files = [file for file in files if file.source != "plain"]
    if files:
        return files
    if len(reasons) == 1:
        raise reasons[0]
    raise UnreadableHistory("history-zip-nothing", file=name)


_PASSED_OVER = frozenset(
    (
        "history-empty",
        "history-format-unknown",
        "history-json-unknown",
        "history-xml-unknown",
        "history-not-films",
        "history-not-text",
        "history-is-page",
    )
)
"""Keys of the errors for which a file of a zip is passed over, if others can be read."""


def _is_list(data: bytes) -> bool:
    return letterboxd.is_marked_list(data[:100].decode("ascii", "replace").lstrip("\ufffd"))


def _opened(file: str, data: bytes, counts: ReadingCounts) -> _Opened:
    """Returns a file whose format was recognised. Raises UnreadableHistory if none fits."""
    if data.startswith(ZIP):  # inside another zip, under a wrong name
        HistoryZip(file, data, counts.limits)
        raise UnreadableHistory("history-is-archive", file=file)
    text, lost = decode(file, data)
    if lost:
        counts.lost_letters.append(file)
    start = text[:200].lstrip("\ufeff \t\r\n")
    if _JSON.match(start):
        return _json(file, text, counts)
    if start[:1] == "<":
        xml = criticker.read_xml(file, text, counts)  # at once: its elements tell its format
        return _Opened("criticker", None, lambda _: xml)
    if letterboxd.is_marked_list(start):
        return _list(HistoryTable(file, text, counts, start="position"))
    table = HistoryTable(file, text, counts)
    if set(table.columns) == letterboxd.LIST_COLUMNS:
        return _list(HistoryTable(file, text, counts, start="position"))
    for source, fits, read in _TABLES:
        if fits(table):
            return _Opened(source, table, partial(read, table))
    raise UnreadableHistory("history-format-unknown", file=file, columns=table.shown_columns())


def _list(table: HistoryTable) -> _Opened:
    return _Opened("letterboxd", table, partial(letterboxd.read_list, table))


def _json(file: str, text: str, counts: ReadingCounts) -> _Opened:
    """Returns a JSON file of Trakt's. Its rows are read at once, since its keys tell its format."""
    rows = trakt.read_json(file, text, counts)
    if rows is None:
        raise UnreadableHistory("history-json-unknown", file=file)
    return _Opened("trakt", None, lambda _: rows)

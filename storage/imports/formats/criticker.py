"""Criticker: the XML of recent ratings, and the CSV.

Scores go from 0 to 100, but people also use 0 to 10 or 0 to 5. The scale is the smallest of these
on which all scores of the file fit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from storage.imports.counting import SCALES, ReadingCounts, guess_best
from storage.imports.dates import HistoryDates
from storage.imports.history import HistoryRow, OnScale, UnreadableHistory
from storage.imports.tables import HistoryTable
from storage.imports.values import clean, imdb_id, named_year, number, year

_DEPTH = 20
_CHUNK = 1 << 20
_FIELDS = frozenset(("filmname", "imdbid", "rating", "reviewdate"))


def is_criticker(table: HistoryTable) -> bool:
    """True if the table is an export of Criticker."""
    return table.has("score", "filmname")


def read_criticker(table: HistoryTable, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of a CSV."""
    best = _best(table.column("score"), counts)
    rows = []
    names = ("filmname", "year", "imdbid", "score")
    for line, (name, given_year, imdb, score) in table.rows(counts, *names):
        row = _row(table.file, line, name, imdb, counts.rated(score, best, zero=True))
        rows.append(replace(row, year=year(given_year) or row.year))
    return rows


def read_xml(file: str, text: str, counts: ReadingCounts) -> list[HistoryRow]:
    """Returns the films of an XML file.

    Raises UnreadableHistory if it is no XML of Criticker's, is damaged, or declares entities.
    """
    films = _films(file, text, counts)
    best = _best((film.get("rating", "") for film in films), counts)
    dates = HistoryDates(film.get("reviewdate", "") for film in films)
    rows = []
    for place, film in enumerate(films, 1):
        rating = counts.rated(film.get("rating", ""), best, zero=True)
        row = _row(file, place, film.get("filmname", ""), film.get("imdbid", ""), rating)
        day = dates.day(film.get("reviewdate", "")) if rating else None
        rows.append(replace(row, rated_on=day) if day else row)
    counts.unclear_dates += dates.unclear
    return rows


def _row(file: str, line: int, name: str, imdb: str, rating: OnScale | None) -> HistoryRow:
    title, named = named_year(name)
    return HistoryRow(
        file,
        line,
        title,
        named,
        imdb=imdb_id(imdb, bare=True),
        stars=rating.stars if rating else None,
        given=rating,
        seen=True,
    )


def _best(scores: Iterable[str], counts: ReadingCounts) -> int:
    values = [number(score) for score in scores]
    best = guess_best(values)
    if best != SCALES[-1] and any(value is not None for value in values):
        counts.guessed.add(best)
    return best


@dataclass(slots=True)
class _FilmReader:
    """Collects the films of an XML file while it is parsed.

    Attributes:
        file: name of the file.
        counts: where rows are counted.
        films: (films,) the fields of each film, by element.
        path: the elements that are open.
        text: parts of the text of the open field.
    """

    file: str
    counts: ReadingCounts
    films: list[dict[str, str]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def start(self, name: str, _: object) -> None:
        name = name.casefold()
        if not self.path and name != "recentratings":
            raise UnreadableHistory("history-xml-unknown", file=self.file, element=name[:40])
        self.path.append(name)
        if len(self.path) > _DEPTH:
            raise UnreadableHistory("history-xml-unknown", file=self.file, element=name[:40])
        if len(self.path) == 2 and name == "film":
            self.counts.row(self.file)
            self.films.append({})
        self.text.clear()

    def end(self, name: str) -> None:
        if len(self.path) == 3 and self.path[1] == "film" and self.path[2] in _FIELDS:
            self.films[-1][self.path[2]] = clean("".join(self.text))
        self.path.pop()
        self.text.clear()

    def data(self, text: str) -> None:
        if len(self.path) == 3:
            self.text.append(text)


def _films(file: str, text: str, counts: ReadingCounts) -> list[dict[str, str]]:
    """Returns the fields of every film, by element."""
    reader = _FilmReader(file, counts)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data

    def refuse(*_: object) -> None:
        raise UnreadableHistory("history-xml-entities", file=file)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    data = text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace")
    try:
        for start in range(0, len(data), _CHUNK):
            parser.Parse(data[start : start + _CHUNK], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableHistory("history-xml-damaged", file=file, line=error.lineno) from None
    return reader.films

"""A file that holds what was read of IMDb's tables, until it is merged into the catalogue.

The tables are too large for memory. Each table is one step. What a finished step read stays if the
process is killed, and the next import of the same tables goes on after it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.database import private
from storage.database.sqlite.failures import not_writable

MAX_AKAS = 100  # other titles that are read of each film
_TABLES = {
    "titles": "CREATE TABLE titles (number INTEGER PRIMARY KEY, behind INTEGER,"
    " title TEXT, original TEXT, year INTEGER, runtime INTEGER, genres TEXT, adult INTEGER)",
    "akas": "CREATE TABLE akas (number INTEGER, place INTEGER, title TEXT)",
    "crew": "CREATE TABLE crew (number INTEGER PRIMARY KEY, people TEXT)",
}
"""The table of each step. `behind` is minus the votes, so that it ascends from the best
known films.
"""

_INDEXES = {
    "titles": "CREATE INDEX best_known ON titles (behind, number)",
    "akas": "CREATE INDEX of_film ON akas (number, place)",
}
"""The index that is made when a step is finished."""


@dataclass(frozen=True, slots=True)
class ImdbFilm:
    """A film of IMDb's tables.

    Attributes:
        imdb: its id at IMDb.
        votes: how many people rated it there.
        title: the title that people know it by.
        original_title: the title in its own language; None if it is the same.
        more_titles: other titles, those to keep first in front.
        year: year of the first showing; None if unknown.
        runtime: minutes; None if unknown.
        genres: genres by their names in the catalogue.
        adult: True for pornography.
        people: the ids of its directors at IMDb.
    """

    imdb: str
    votes: int
    title: str
    original_title: str | None
    more_titles: tuple[str, ...]
    year: int | None
    runtime: int | None
    genres: tuple[str, ...]
    adult: bool
    people: tuple[str, ...]


class Scratch:
    """The open file. Use `open_scratch`."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def is_done(self, step: str) -> bool:
        """True if an earlier import finished this step ("titles", "akas" or "crew")."""
        found = self._conn.execute("SELECT 1 FROM done WHERE step = ?", (step,)).fetchone()
        return found is not None

    def begin(self, step: str) -> None:
        """Forget what a killed import read in this step."""
        with self._conn:
            self._conn.execute(f"DROP TABLE IF EXISTS {step}")
            self._conn.execute(_TABLES[step])

    def add(self, step: str, rows: Sequence[Sequence[object]]) -> None:
        """Keep rows of a step. If a film has several rows in title.basics or title.crew, the first
        is kept.
        """
        if rows:
            places = ", ".join("?" * len(rows[0]))
            with self._conn:
                statement = f"INSERT OR IGNORE INTO {step} VALUES ({places})"
                self._conn.executemany(statement, rows)

    def finish(self, step: str) -> None:
        """Note that a step is finished."""
        with self._conn:
            if step in _INDEXES:
                self._conn.execute(_INDEXES[step])
            self._conn.execute("INSERT INTO done VALUES (?)", (step,))

    def numbers(self) -> Iterator[int]:
        """Yields the numbers of all films, ascending."""
        return (number for (number,) in self._conn.execute("SELECT number FROM titles ORDER BY 1"))

    def count(self) -> int:
        """Returns the number of films."""
        return int(self._conn.execute("SELECT count(*) FROM titles").fetchone()[0])

    def films(self, most: int) -> Iterator[list[ImdbFilm]]:
        """Yields the films, the best known first, in lists of at most this length."""
        last = (-(1 << 62), -1)
        while True:
            rows = self._conn.execute(
                "SELECT titles.*, crew.people FROM titles LEFT JOIN crew USING (number)"
                " WHERE (behind, number) > (?, ?) ORDER BY behind, number LIMIT ?",
                (*last, most),
            ).fetchall()
            if not rows:
                return
            last = (rows[-1][1], rows[-1][0])
            yield [self._film(*row) for row in rows]

    def _film(
        self,
        number: int,
        behind: int,
        title: str,
        original: str,
        year: int | None,
        runtime: int | None,
        genres: str,
        adult: int,
        people: str | None,
    ) -> ImdbFilm:
        more = self._conn.execute(
            "SELECT title FROM akas WHERE number = ? ORDER BY place LIMIT ?", (number, MAX_AKAS)
        )
        return ImdbFilm(
            imdb=f"tt{number:07}",
            votes=-behind,
            title=title,
            original_title=original if original != title else None,
            more_titles=tuple(other for (other,) in more),
            year=year,
            runtime=runtime,
            genres=tuple(filter(None, genres.split("|"))),
            adult=bool(adult),
            people=tuple(people.split(",")) if people else (),
        )


@contextmanager
def open_scratch(path: Path, mark: str) -> Iterator[Scratch]:
    """Opens the file `path`, or makes it.

    mark: says which tables are read, and which of their films. If the file was made for another
        mark, or is damaged, it is made again.

    Raises DatabaseNotWritable if the file cannot be made.
    """
    try:
        private.make_folder(path.parent)
        if not _is_usable(path, mark):
            remove(path)
            private.make_file(path)
        with closing(sqlite3.connect(path, check_same_thread=False)) as conn:
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA synchronous = OFF")  # after a power cut it is made again
            _prepare(conn, mark)
            yield Scratch(conn)
    except (OSError, sqlite3.Error) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise not_writable(path, cause) from error


def remove(path: Path) -> None:
    """Delete the file, if there is one."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _is_usable(path: Path, mark: str) -> bool:
    """True if the file is whole and was made for the same mark."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path)) as conn:
            found = conn.execute("SELECT mark FROM made_for").fetchone()
            whole: Iterable[tuple[str]] = conn.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error:
        return False
    return found == (mark,) and [*whole] == [("ok",)]


def _prepare(conn: sqlite3.Connection, mark: str) -> None:
    with conn:
        conn.execute("CREATE TABLE IF NOT EXISTS done (step TEXT PRIMARY KEY)")
        conn.execute("CREATE TABLE IF NOT EXISTS made_for (mark TEXT)")
        if conn.execute("SELECT 1 FROM made_for").fetchone() is None:
            conn.execute("INSERT INTO made_for VALUES (?)", (mark,))
        for statement in _TABLES.values():
            conn.execute(statement.replace("TABLE", "TABLE IF NOT EXISTS", 1))

"""Merges the films of IMDb's tables into the catalogue, a few at a time.

A film that the catalogue has already gets its id at IMDb and more titles, and keeps everything
else. All other films are added. They can be named and rated, and are not picked before they have
ratings or tags (`Film.only_named`). Merging the same films again writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalogue.csv_rows import GENRES, MAX_GENRES
from storage.catalogue.entry import problem
from storage.catalogue.film_rows import (
    LIST_COLUMNS,
    Film,
    MergeCount,
    link,
    named,
    select_films,
    write,
)
from storage.catalogue.imdb.only_named import IMDB
from storage.catalogue.imdb.scratch import ImdbFilm
from storage.catalogue.matching import Contenders, Named, match
from storage.catalogue.titles import normalise_title
from storage.schema import external_ids, films

MAX_MORE_TITLES = 10  # further titles that a film of the catalogue gets
MAX_NAMED_TITLES = 3  # and a new one: each title of a hundred thousand films costs memory
MAX_RUNTIME_APART = 15  # minutes between two runtimes of one film
_FACTS = ("title", "original_title", "year", "runtime", "adult", "votes")
_LISTS = ("directors", "genres", "more_titles")


class Matcher:
    """Finds which films of IMDb's tables the catalogue has.

    First call `add` with all films of the tables, the best known first, then `found`.

    stored: the films of the catalogue.
    linked: film id by id at IMDb, for all stored ids.
    """

    def __init__(self, stored: Sequence[Film], linked: Mapping[str, int]) -> None:
        taken = set(linked.values())
        self._linked = linked
        self._free = {
            film.id: film
            for film in stored
            if film.id not in taken and film.source != IMDB and film.retired_at is None
        }
        self._by_id = {film.id: film for film in stored}
        self._contenders = Contenders(map(named, self._free.values()))
        self._wanted: list[ImdbFilm] = []
        self._directors: dict[str, str] = {}

    def add(self, rows: Sequence[ImdbFilm]) -> None:
        """Notes the films that may be films of the catalogue, and who directed those that are."""
        for row in rows:
            film = self._by_id.get(self._linked.get(row.imdb, 0))
            if film is not None:
                self._learn(row, film)
            elif row.imdb not in self._linked and self._contenders.has(_named(0, row)):
                self._wanted.append(row)

    def found(self) -> dict[str, int]:
        """Returns the id of the stored film by the id at IMDb, for films that match by title and
        year and not by id.

        A film's own titles come first: a better known film may have one of them in another country.
        If the years differ, the runtimes must be alike: another film may have the same title.
        """
        found: dict[str, int] = {}
        for name in (_named_as_it_is, _named):
            wanted = [name(at, row) for at, row in enumerate(self._wanted) if row.imdb not in found]
            taken = set(found.values())
            free = [named(film) for film in self._free.values() if film.id not in taken]
            for at, film_id in match(wanted, free).items():
                row, film = self._wanted[at], self._free[film_id]
                if row.year == film.year or _as_long(row, film):
                    found[row.imdb] = film_id
                    self._learn(row, film)
        return found

    @property
    def directors(self) -> Mapping[str, str]:
        """The names of directors by their ids at IMDb, as far as the catalogue's films tell."""
        return self._directors

    def _learn(self, row: ImdbFilm, film: Film) -> None:
        """Notes the name of a film's director, if the catalogue and IMDb both name just one."""
        if film.source != IMDB and len(row.people) == 1 and len(film.directors) == 1:
            name = film.directors[0]  # of several spellings always the same
            self._directors[row.people[0]] = min(name, self._directors.get(row.people[0], name))


async def read_matcher(conn: AsyncConnection) -> Matcher:
    """Returns a matcher for the films that are stored now, without those of IMDb's tables."""
    rows = await conn.execute(select(external_ids).where(external_ids.c.source == IMDB))
    linked = {row.external_id: row.film_id for row in rows}
    return Matcher(await select_films(conn, films.c.source != IMDB), linked)


async def merge_imdb(
    conn: AsyncConnection,
    rows: Sequence[ImdbFilm],
    found: Mapping[str, int],
    directors: Mapping[str, str],
    now: datetime,
) -> MergeCount:
    """Store some films of IMDb's tables; returns what changed. Films with a title or year that no
    message can show are left out, and counted as unchanged.

    found: the id of the stored film by the id at IMDb, for films that have no such id yet.
    directors: the names of directors by their ids at IMDb.
    now: the present time, with a zone.
    """
    fit = [row for row in rows if problem(row.title, row.year) is None]
    ids = [row.imdb for row in fit]
    links = select(external_ids).where(
        external_ids.c.source == IMDB, external_ids.c.external_id.in_(ids)
    )
    linked = {row.external_id: row.film_id for row in await conn.execute(links)}
    fresh = [row for row in fit if row.imdb not in linked]
    known = await _ids_by_key(conn, map(_key, fresh))
    ours = {
        row.imdb: film_id
        for row in fit
        if (film_id := linked.get(row.imdb) or found.get(row.imdb) or known.get(_key(row)))
    }
    where = films.c.id.in_(set(ours.values()))
    stored = {film.id: film for film in await select_films(conn, where)} if ours else {}
    new = [row for row in fit if row.imdb not in ours]
    await write(conn, films, [_new_film(row, directors, now) for row in new])
    added = await _ids_by_key(conn, map(_key, new))
    ours |= {row.imdb: added[_key(row)] for row in new}
    await link(conn, [(IMDB, row.imdb, ours[row.imdb]) for row in fresh])
    changed = 0
    for row in fit:
        film = stored.get(ours[row.imdb])
        if film is None:
            continue
        values = _changes(row, film, directors)
        if values:
            await conn.execute(update(films).where(films.c.id == film.id).values(values))
        changed += bool(values) or row.imdb not in linked
    return MergeCount(len(new), changed, len(rows) - len(new) - changed)


async def _ids_by_key(conn: AsyncConnection, keys: Iterable[str]) -> dict[str, int]:
    rows = await conn.execute(select(films.c.key, films.c.id).where(films.c.key.in_(list(keys))))
    return {row.key: row.id for row in rows}


def _key(row: ImdbFilm) -> str:
    return f"{IMDB}:{row.imdb}"


def _named(at: int, row: ImdbFilm) -> Named:
    titles = (row.title, row.original_title or row.title, *row.more_titles)
    return Named(at, titles, row.year, row.imdb)


def _named_as_it_is(at: int, row: ImdbFilm) -> Named:
    """Returns a film without the titles that it has in other countries."""
    return Named(at, (row.title, row.original_title or row.title), row.year, row.imdb)


def _as_long(row: ImdbFilm, film: Film) -> bool:
    if row.runtime is None or film.runtime is None:
        return True
    return abs(row.runtime - film.runtime) <= MAX_RUNTIME_APART


def _new_film(row: ImdbFilm, directors: Mapping[str, str], now: datetime) -> dict[str, Any]:
    blank: dict[str, Any] = {name: [] for name in LIST_COLUMNS}
    key = {"key": _key(row), "source": IMDB, "added_at": now}
    return blank | _facts(row, directors) | key


def _facts(row: ImdbFilm, directors: Mapping[str, str]) -> dict[str, Any]:
    """Returns the columns of a film that IMDb's tables fill."""
    original = row.original_title
    if original is not None and problem(original, None) is not None:
        original = None
    return {
        "title": row.title,
        "original_title": original,
        "year": row.year,
        "runtime": row.runtime,
        "adult": row.adult,
        "votes": row.votes,
        "directors": [directors[each] for each in row.people if each in directors],
        "genres": [genre for genre in row.genres if genre in GENRES][:MAX_GENRES],
        "more_titles": _others(row.more_titles, (row.title, original or ""), MAX_NAMED_TITLES),
    }


def _changes(row: ImdbFilm, film: Film, directors: Mapping[str, str]) -> dict[str, Any]:
    """Returns the columns of a stored film that differ, with their new values.

    What the tables of an earlier import said stays if those of this one do not say it.
    """
    if film.source != IMDB:
        titles = (film.title, film.original_title or "", *film.aliases)
        others = (row.title, row.original_title or "", *row.more_titles)
        new: dict[str, Any] = {"more_titles": _others(others, titles, MAX_MORE_TITLES)}
        if film.more_titles and not row.more_titles:
            new = {}
    else:
        said = {"votes": row.votes, "directors": row.people, "more_titles": row.more_titles}
        silent = {name for name, value in said.items() if not value}
        facts = _facts(row, directors).items()
        new = {name: value for name, value in facts if name not in silent}
    old: dict[str, Any] = {name: getattr(film, name) for name in _FACTS}
    old |= {name: list(getattr(film, name)) for name in _LISTS}
    return {name: value for name, value in new.items() if old[name] != value}


def _others(titles: Sequence[str], known: Sequence[str], most: int) -> list[str]:
    """Returns the first titles that a message can show and that differ from those known.

    most: how many titles are kept at most.
    """
    seen = {normalise_title(title) for title in known}
    kept: list[str] = []
    for title in titles:
        key = normalise_title(title)
        if key and key not in seen and problem(title, None) is None:
            seen.add(key)
            kept.append(title)
            if len(kept) == most:
                break
    return kept

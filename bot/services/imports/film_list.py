"""Imports an operator's own list of films, completely or not at all.

It can also show what an import would change. A list is identified by the name of its file. If a
file is imported again, only what differs is changed.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.observability.events import ImportEnded, tell
from bot.services.app import App
from storage.catalogue import films
from storage.catalogue.csv_rows import CatalogueFile
from storage.catalogue.films import Film
from storage.catalogue.loader import load_catalogue
from storage.database.engine import Transaction
from storage.database.rehearsal import rehearsal

REPORTED_FIELDS = (
    "title",
    "original_title",
    "aliases",
    "year",
    "runtime",
    "countries",
    "languages",
    "directors",
    "cast",
    "genres",
    "audience",
    "adult",
    "tags",
    "poster",
    "source",
)
"""The fields of a film whose changes are reported."""


@dataclass(frozen=True)
class FilmChange:
    """A film that an import changes.

    Attributes:
        name: title and year.
        columns: for each column that differs, the cell before and after.
    """

    name: str
    columns: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class FilmListImport:
    """What an import changed, or what it would change.

    Attributes:
        source: the list's name in the catalogue, "list:" and the name of its file.
        added: names of the films that are new.
        changed: the films that change.
        unchanged: how many films do not change.
        left: names of films that are not imported because another list has them.
        tags: slugs (permanent keys) of the tags that are new.
    """

    source: str
    added: tuple[str, ...]
    changed: tuple[FilmChange, ...]
    unchanged: int
    left: tuple[str, ...]
    tags: tuple[str, ...]


class _RollBack(Exception):
    """Raised to undo an import that is only a trial: it rolls the transaction back."""


def read(films_file: Path, tags_file: Path | None = None) -> CatalogueFile:
    """Returns an operator's list of films after checking it.

    Its tags must be in the vocabulary of the starter catalogue (the films that come with Matinee)
    or in `tags_file`.

    Raises CatalogueError with file and line for the first thing that is wrong.
    """
    return load_catalogue(films_file, more_tags=tags_file)


async def import_list(app: App, listed: CatalogueFile, *, rehearse: bool) -> FilmListImport:
    """Imports the list in one transaction; returns what changes.

    listed: the list, as `read` returns it.
    rehearse: True to change nothing: the transaction is rolled back at the end.
    """
    result: FilmListImport | None = None
    began = time.monotonic()
    try:
        async with app.db.write() as conn:
            if rehearse:
                async with rehearsal(conn):
                    result = await _merge(app, conn, listed)
                raise _RollBack
            result = await _merge(app, conn, listed)
    except _RollBack:
        pass
    assert result is not None
    if not rehearse:
        added, changed = len(result.added), len(result.changed)
        seconds = time.monotonic() - began
        tell(ImportEnded(result.source, len(listed.films), added, changed, 0, 0, seconds))
    return result


async def _merge(app: App, conn: Transaction, listed: CatalogueFile) -> FilmListImport:
    """Merges the list into the catalogue; returns what changed."""
    source = source_of(listed.films_name)
    before = {film.id: film for film in await films.all_films(conn)}
    words = {tag.slug for tag in await films.all_tags(conn)}
    new_tags = [tag for tag in listed.tags if tag.slug not in words]
    await films.merge(conn, listed.films, source=source, now=app.clock(), tags=new_tags)
    after = await films.all_films(conn)
    result = _compare(source, listed, before, {film.id: film for film in after})
    return replace(result, tags=tuple(tag.slug for tag in new_tags))


def source_of(name: str) -> str:
    """Returns the name of a list in the catalogue: "list:" and its file's name in plain letters."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")
    return f"list:{stem or 'mine'}"


def _compare(
    source: str, listed: CatalogueFile, before: Mapping[int, Film], after: Mapping[int, Film]
) -> FilmListImport:
    owner = {film.key: film for film in after.values()}
    ours = [owner[row.key] for row in listed.films if row.key in owner]
    left = [film for film in ours if film.source != source]
    added = [film for film in ours if film.id not in before]
    changed = [
        FilmChange(_name(film), columns)
        for film in ours
        if film.id in before and (columns := _differing(before[film.id], film))
    ]
    return FilmListImport(
        source=source,
        added=tuple(_name(film) for film in added),
        changed=tuple(changed),
        unchanged=len(ours) - len(left) - len(added) - len(changed),
        left=tuple(_name(film) for film in left),
        tags=(),
    )


def _differing(before: Film, after: Film) -> dict[str, tuple[str, str]]:
    pairs = (
        (name, _cell(getattr(before, name)), _cell(getattr(after, name)))
        for name in REPORTED_FIELDS
    )
    return {name: (old, new) for name, old, new in pairs if old != new}


def _cell(value: object) -> str:
    """Returns a value as it is written in a CSV cell of a film list."""
    if isinstance(value, tuple):
        return "|".join(
            sorted(f"{part[0]}:{part[1]}" for part in value)
            if value and isinstance(value[0], tuple)
            else value
        )
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _name(film: Film) -> str:
    return f"{film.title} ({film.year})" if film.year else film.title

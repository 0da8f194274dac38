"""An operator's own list into the catalogue: all of it or nothing, and a rehearsal of it.

A list is known by its file's name: the same file again changes what differs and keeps the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storage.catalogue import films
from storage.catalogue.csv_rows import CatalogueFile
from storage.catalogue.films import Film
from storage.catalogue.loader import load_catalogue

if TYPE_CHECKING:
    from bot.services.app import App

FACTS = (
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
"""What can change of a film, as it is told."""


@dataclass(frozen=True)
class FilmChange:
    """A film that an import changes: its name, and the columns that differ, before and after."""

    name: str
    columns: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Enlisted:
    """What an import does: names of films that are new, films that change, how many stay, names of
    films left alone because another list has them, and slugs of tags that are new."""

    source: str
    added: tuple[str, ...]
    changed: tuple[FilmChange, ...]
    unchanged: int
    left: tuple[str, ...]
    tags: tuple[str, ...]


class _Rehearsed(Exception):
    """Takes a rehearsal back."""


def read(films_file: Path, tags_file: Path | None = None) -> CatalogueFile:
    """The list, its tags out of our vocabulary and `tags_file`. Raises CatalogueError with file and
    line for the first thing that is wrong."""
    return load_catalogue(films_file, more_tags=tags_file)


async def enlist(app: "App", given: CatalogueFile, *, rehearse: bool) -> Enlisted:
    """Bring the list in, in one transaction; or do all of it and take it back."""
    done: Enlisted | None = None
    try:
        async with app.db.write() as conn:
            source = source_of(given.films_name)
            before = {film.id: film for film in await films.all_films(conn)}
            words = {tag.slug for tag in await films.all_tags(conn)}
            new_tags = [tag for tag in given.tags if tag.slug not in words]
            await films.merge(conn, given.films, source=source, now=app.clock(), tags=new_tags)
            after = await films.all_films(conn)
            done = _told(source, given, before, {film.id: film for film in after})
            done = replace(done, tags=tuple(tag.slug for tag in new_tags))
            if rehearse:
                raise _Rehearsed
    except _Rehearsed:
        pass
    assert done is not None
    return done


def source_of(name: str) -> str:
    """The list's own name: its file's, in plain letters, so that it is no other list's."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")
    return f"list:{stem or 'mine'}"


def _told(
    source: str, given: CatalogueFile, before: Mapping[int, Film], after: Mapping[int, Film]
) -> Enlisted:
    owner = {film.key: film for film in after.values()}
    mine = [owner[row.key] for row in given.films if row.key in owner]
    left = [film for film in mine if film.source != source]
    added = [film for film in mine if film.id not in before]
    changed = [
        FilmChange(_name(film), columns)
        for film in mine
        if film.id in before and (columns := _differing(before[film.id], film))
    ]
    return Enlisted(
        source=source,
        added=tuple(_name(film) for film in added),
        changed=tuple(changed),
        unchanged=len(mine) - len(left) - len(added) - len(changed),
        left=tuple(_name(film) for film in left),
        tags=(),
    )


def _differing(before: Film, after: Film) -> dict[str, tuple[str, str]]:
    pairs = ((name, _cell(getattr(before, name)), _cell(getattr(after, name))) for name in FACTS)
    return {name: (old, new) for name, old, new in pairs if old != new}


def _cell(value: object) -> str:
    """A value as it stands in a list's cell."""
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

"""Imports a MovieLens folder: films into the catalogue, ratings into the corpus.

The corpus is a file outside of the database, with ratings by people who do not use the bot. Films
are matched by external id, then by title and year. Films without a match are added with their
genres. Such a film gets the tags that MovieLens users typed for it, if these are names or synonyms
in the vocabulary. Importing another data set replaces the corpus. Importing the same one twice
changes nothing.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.observability.events import ImportEnded, tell
from bot.services.app import App
from recommender.datasets.corpus import prepared_corpus
from recommender.datasets.movielens import (
    GENRE_NAMES,
    STARS,
    MovieLens,
    background_ratings,
    read_movielens,
)
from recommender.datasets.movielens_films import MovieLensFilm, imdb_id
from recommender.errors import DatasetError
from storage import harms, keyvalue
from storage.catalogue import films
from storage.catalogue.external import ExternalMerge
from storage.catalogue.films import ExternalFilm, Tag
from storage.catalogue.titles import normalise_title
from storage.database.engine import Transaction
from storage.database.rehearsal import rehearsal

SHARED_IDS = "movielens"
OWN_IDS = "ml-100k"
IMDB_NUMBERS = "imdb-numbers"
"""The data set names under which the catalogue stores a data set's film ids.

All MovieLens data sets number the films alike, except ml-100k, which has ids of its own. In other
data sets of the same layouts, such as MovieTweetings, the ids are numbers of IMDb. The catalogue
stores these also as ids at IMDb."""
IGNORED_GENRES = ("IMAX",)
ADULT_GENRE = "Adult"  # IMDb's genre of pornography
MIN_FITTING_TAGGERS, MIN_DEFINING_TAGGERS = 3, 8
"""How many people must have typed a tag for a film so that the tag gets weight 2, and weight 3.

With fewer people it gets weight 1."""
MAX_TAGS_PER_FILM = 20
_TERMS = re.compile("^usage licen[sc]e.*", re.I | re.M | re.S)


@dataclass(frozen=True)
class MovieLensImport:
    """What an import did.

    Attributes:
        films: number of films in the data set.
        added: number of films that were new to the catalogue.
        changed: number of films of the catalogue that were changed.
        matched: number of films that were in the catalogue already.
        ratings: number of imported ratings.
        people: number of people who made these ratings.
    """

    films: int
    added: int
    changed: int
    matched: int
    ratings: int
    people: int


@dataclass(frozen=True)
class Licence:
    """What a data set says about its use.

    Attributes:
        own: the text of its file LICENSE; empty without one.
        terms: the terms in its README; empty without any.
        readme: the README's path; None without one.
    """

    own: str = ""
    terms: str = ""
    readme: Path | None = None


async def import_folder(app: App, folder: Path, scale: int = STARS) -> MovieLensImport:
    """Imports a data set. Raises DatasetError, naming file and line, before anything is written.

    scale: the highest rating of the folder, 5 or 10.
    """
    return await import_data(app, await read(folder, scale))


async def read(folder: Path, scale: int = STARS) -> MovieLens:
    """Returns the data of a folder after checking them.

    The name of the returned data set says which film ids it uses: SHARED_IDS for those of most
    MovieLens data sets, OWN_IDS for those of ml-100k, IMDB_NUMBERS for numbers of IMDb.

    scale: the highest rating of the folder, 5 or 10.

    Raises DatasetError, naming file and line.
    """
    data = await asyncio.to_thread(read_movielens, folder, scale)
    if data.films and all(film.imdb == imdb_id(film.id) for film in data.films):
        return replace(data, name=IMDB_NUMBERS)
    files = (folder / name for name in ("ratings.csv", "ratings.dat"))
    shares_ids = any([await asyncio.to_thread(path.is_file) for path in files])
    return replace(data, name=SHARED_IDS if shares_ids else OWN_IDS)


async def import_data(app: App, data: MovieLens) -> MovieLensImport:
    """Adds the films to the catalogue, and replaces the imported ratings by those of `data`.

    Either both are done or neither. The file of ratings needs the ids of new films, and writing it
    takes too long for a transaction. Therefore the films are first merged in a transaction that is
    rolled back. When the file is ready, they are merged for good.

    Raises DatasetError if no rating would be left or if the file cannot be written, and
    CatalogueError if a film may not enter the catalogue. Nothing is changed then.
    """
    began = time.monotonic()
    _check_ratings(data)
    planned = await _planned(app, data)
    ours = {int(external): film_id for external, film_id in planned.film_ids.items()}
    corpus = background_ratings(data, ours)
    with contextlib.ExitStack() as stack:
        prepared = prepared_corpus(app.settings.corpus, corpus)
        await asyncio.to_thread(stack.enter_context, prepared)
        async with app.db.write() as conn:
            merged = await _merge(app, conn, data)
            if merged.film_ids != planned.film_ids:
                raise DatasetError("catalogue-changed-meanwhile")
    done = MovieLensImport(
        films=len(data.films),
        added=merged.count.added,
        changed=merged.count.changed,
        matched=len(data.films) - merged.count.added,
        ratings=len(corpus),
        people=len(corpus.people),
    )
    tell(
        ImportEnded(
            source=data.name,
            films=done.films,
            added=done.added,
            changed=done.changed,
            ratings=done.ratings,
            people=done.people,
            seconds=time.monotonic() - began,
        )
    )
    return done


class _Undo(Exception):
    """Raised to roll a transaction back."""


async def _planned(app: App, data: MovieLens) -> ExternalMerge:
    """Returns the result that `_merge` would have, without changing anything."""
    found: list[ExternalMerge] = []
    with contextlib.suppress(_Undo):
        async with app.db.write() as conn:
            async with rehearsal(conn):
                found.append(await _merge(app, conn, data))
            raise _Undo
    return found[0]


async def _merge(app: App, conn: Transaction, data: MovieLens) -> ExternalMerge:
    """Merges the films of a data set into the catalogue; returns what changed."""
    words = _words(await films.all_tags(conn))
    rows = [external_film(data.name, film, words) for film in data.films]
    merged = await films.merge_external(conn, rows, app.clock())
    if await keyvalue.get_value(conn, harms.SEPARATED_KEY) is None:
        await keyvalue.set_value(conn, harms.SEPARATED_KEY, app.clock().isoformat())
    return merged


def _check_ratings(data: MovieLens) -> None:
    """Raises DatasetError if the data set has no films, or no ratings of its films."""
    if not data.films:
        raise DatasetError("import-without-films")
    if not len(data.stars):
        raise DatasetError("import-without-ratings")
    if not np.isin(data.film, [film.id for film in data.films]).any():
        raise DatasetError("import-of-other-films", n=len(data.stars))


def licence(folder: Path) -> Licence:
    """Returns what a data set says about its use."""
    own = folder / "LICENSE"
    if own.is_file():
        return Licence(own=own.read_text(encoding="utf-8", errors="replace").strip())
    for name in ("README.txt", "README", "README.html"):
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found = _TERMS.search(text)
            return Licence(terms=_first_section(found.group()) if found else "", readme=path)
    return Licence()


def _first_section(text: str) -> str:
    """Returns the beginning of a text, up to the second underlined heading."""
    lines = text.splitlines()
    for at in range(2, len(lines) - 1):
        if re.fullmatch(r"[=-]{3,}", lines[at + 1].strip()):
            return "\n".join(lines[:at]).rstrip()
    return "\n".join(lines).rstrip()


def _words(tags: Sequence[Tag]) -> Mapping[str, str]:
    """Returns the slug (permanent key) of the tag for each normalised name or synonym of a tag."""
    words: dict[str, str] = {}
    for tag in tags:
        for spelling in (tag.slug, tag.name, *tag.synonyms):
            words.setdefault(_spelling(spelling), tag.slug)
    return words


def _spelling(text: str) -> str:
    return normalise_title(text.replace("-", " ").replace("_", " "))


def external_film(source: str, film: MovieLensFilm, words: Mapping[str, str]) -> ExternalFilm:
    """Returns a film of a data set in the form in which it is merged into the catalogue.

    source: name of the data set.
    words: the slug (permanent key) of the tag for each name or synonym of a tag. Tags that users
        typed are kept only if they are in it.
    """
    counts: dict[str, int] = {}
    for text, count in film.tags:
        slug = words.get(_spelling(text))
        if slug is not None:
            counts[slug] = counts.get(slug, 0) + count
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_TAGS_PER_FILM]
    return ExternalFilm(
        external_source=source,
        external_id=str(film.id),
        title=film.title,
        year=film.year,
        aliases=film.aliases,
        genres=tuple(
            GENRE_NAMES.get(name, name) for name in film.genres if name not in IGNORED_GENRES
        ),
        tags=tuple(
            (slug, 1 + (count >= MIN_FITTING_TAGGERS) + (count >= MIN_DEFINING_TAGGERS))
            for slug, count in best
        ),
        imdb=film.imdb,
        tmdb=film.tmdb,
        adult=ADULT_GENRE in film.genres,
    )

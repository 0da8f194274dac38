"""Bringing a MovieLens folder in: films into the catalogue, ratings into the background corpus.

Films are matched by external id, then by title and year; the rest is added with its genres and
with those of its free tags that the vocabulary knows, by name or synonym. The corpus is a file of
its own, not in SQLite; importing another data set replaces it. Twice changes nothing.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.datasets.corpus import write_corpus
from recommender.datasets.movielens import (
    GENRE_NAMES,
    MovieLens,
    background_ratings,
    read_movielens,
)
from recommender.datasets.movielens_films import MovieLensFilm
from storage.catalogue import films
from storage.catalogue.films import ExternalFilm, Tag
from storage.catalogue.titles import normalise_title

if TYPE_CHECKING:
    from bot.services.app import App

SHARED_IDS = "movielens"
OWN_IDS = "ml-100k"
"""ml-100k numbers its films by itself; the other data sets number them alike."""
NO_GENRES = ("IMAX",)
FITS, DEFINES = 3, 8
"""So many people gave a film a tag: it fits, it defines; fewer, it touches."""
MOST_TAGS = 20


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    films: int
    added: int
    changed: int
    matched: int
    ratings: int
    people: int


async def movielens(app: "App", folder: Path) -> Imported:
    """Import one folder. Raises DatasetError naming file and line, before anything is written."""
    return await bring(app, await read(folder))


async def read(folder: Path) -> MovieLens:
    """A whole folder, checked; its name says whose film ids it uses. Raises DatasetError naming
    file and line."""
    data = await asyncio.to_thread(read_movielens, folder)
    shared = (folder / name for name in ("ratings.csv", "ratings.dat"))
    alike = any([await asyncio.to_thread(path.is_file) for path in shared])
    return replace(data, name=SHARED_IDS if alike else OWN_IDS)


async def bring(app: "App", data: MovieLens) -> Imported:
    """Its films into the catalogue, its ratings in the corpus' place."""
    async with app.db.write() as conn:
        words = _words(await films.all_tags(conn))
        merged = await films.merge_external(
            conn, [_external(data, film, words) for film in data.films], app.clock()
        )
    ours = {int(external): film_id for external, film_id in merged.film_ids.items()}
    corpus = background_ratings(data, ours)
    await asyncio.to_thread(write_corpus, app.settings.corpus, corpus)
    return Imported(
        films=len(data.films),
        added=merged.count.added,
        changed=merged.count.changed,
        matched=len(data.films) - merged.count.added,
        ratings=len(corpus),
        people=len(corpus.people),
    )


def licence(folder: Path) -> str:
    """The data's own licence terms where its README gives them, and what they come to."""
    ours = (
        "MovieLens data belongs to GroupLens (University of Minnesota). In short: research and "
        "private use; no redistribution and no commercial use without their permission; name "
        "them where you publish. Matinee keeps it in your data folder and passes it to nobody."
    )
    for name in ("README.txt", "README", "README.html"):
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found = re.search(r"^usage licen[sc]e.*", text, re.I | re.M | re.S)
            terms = _first_section(found.group()) if found else f"The terms stand in {path}."
            return f"{ours}\n\n{terms}"
    return f"{ours}\nThis folder holds no README; read the terms where you got the data."


def _first_section(text: str) -> str:
    """The heading, its underline and what follows up to the next underlined heading."""
    lines = text.splitlines()
    for at in range(2, len(lines) - 1):
        if re.fullmatch(r"[=-]{3,}", lines[at + 1].strip()):
            return "\n".join(lines[:at]).rstrip()
    return "\n".join(lines).rstrip()


def _words(tags: Sequence[Tag]) -> Mapping[str, str]:
    """Every spelling that means a tag -> its slug."""
    words: dict[str, str] = {}
    for tag in tags:
        for spelling in (tag.slug, tag.name, *tag.synonyms):
            words.setdefault(_spelling(spelling), tag.slug)
    return words


def _spelling(text: str) -> str:
    return normalise_title(text.replace("-", " ").replace("_", " "))


def _external(data: MovieLens, film: MovieLensFilm, words: Mapping[str, str]) -> ExternalFilm:
    counts: dict[str, int] = {}
    for text, count in film.tags:
        slug = words.get(_spelling(text))
        if slug is not None:
            counts[slug] = counts.get(slug, 0) + count
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_TAGS]
    return ExternalFilm(
        external_source=data.name,
        external_id=str(film.id),
        title=film.title,
        year=film.year,
        genres=tuple(GENRE_NAMES.get(name, name) for name in film.genres if name not in NO_GENRES),
        tags=tuple((slug, 1 + (count >= FITS) + (count >= DEFINES)) for slug, count in best),
        imdb=film.imdb,
        tmdb=film.tmdb,
    )

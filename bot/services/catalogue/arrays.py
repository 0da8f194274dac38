"""Turns stored films, ratings and requests into the recommender's arrays.

Films become a `Catalogue`, ratings become `Interactions`, and the facts about a request become a
`Query`. The database has ids and names where the recommender has row and column numbers. Only this
module turns ids into numbers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from bot.services.catalogue import moods
from bot.services.catalogue.tastes import KIND_TAGS, Kind, Taste
from bot.services.localtime import LocalHour
from recommender.data import (
    ADULTS,
    EVERYONE,
    TEENS,
    UNKNOWN_AUDIENCE,
    Catalogue,
    FactBlock,
    Interactions,
    Query,
    Vocabulary,
    interactions,
)
from recommender.numeric.arrays import Ints, Sparse
from storage.catalogue.films import Film, Tag
from storage.feedback.ratings import RatingRow

OTHERS = 0.5  # strength of a language, country or actor that is not the leading one
_AUDIENCE = {"everyone": EVERYONE, "teens": TEENS, "adults": ADULTS}


@dataclass(frozen=True)
class Facts:
    """The facts that a query is made of, in ids and names.

    Attributes:
        ratings: the person's stars, 0.5 to 5, by film id.
        unnamed: ids of the rated films that reasons must not name.
        tastes: the tastes that the person chose in the quiz.
        unseen: ids of films that the person said they have not seen.
        wanted, unwanted: ids of films that look good to the person, and ids of films that they say
            are not for them.
        excluded: ids of films that must not be shown.
        genre: the genre that films must have; None for any.
        never: genres that films must not have.
        never_tags: slugs of tags that films must not have.
        mood: the mood that films must have, by the key of a mood button or the slug of a mood tag;
            None for any.
        language: the code of the language that films must be in; None for any.
        years: the first and the last year of release; None for any.
        max_runtime: the longest runtime, minutes; None for any.
        local: the local hour and weekday for which films are recommended; None if the time does not
            matter.
        family_safe: True if only films that are fit for families may be shown.
        adult_ok: True if films for adults may be shown.
        adventurousness: from 0, popular films only, to 1, little known films.
        person: the id of the person whose learned effects of time and mood apply; None for no
            person's.
        server: the id of the server whose learned effects of time and mood apply; None for no
            server's.
        editorial: True if scores change by the hand-written rules for the time of day, such as a
            bonus for comedies in the morning (`recommender/context/editorial.py`).
    """

    ratings: Mapping[int, float] = field(default_factory=dict)
    unnamed: Collection[int] = ()
    tastes: Sequence[Taste] = ()
    unseen: Collection[int] = ()
    wanted: Collection[int] = ()
    unwanted: Collection[int] = ()
    excluded: Collection[int] = ()
    genre: str | None = None
    never: Collection[str] = ()
    never_tags: Collection[str] = ()
    mood: str | None = None
    language: str | None = None
    years: tuple[float, float] | None = None
    max_runtime: int | None = None
    local: LocalHour | None = None
    family_safe: bool = False
    adult_ok: bool = False
    adventurousness: float = 0.5
    person: int | None = None
    server: int | None = None
    editorial: bool = True


def catalogue(films: Sequence[Film], tags: Iterable[Tag]) -> Catalogue:
    """Returns films as arrays, with one row for each film that may be picked, in the given order.

    Films that are only named have no row, so no model ranks them and nothing asks about them. A
    missing year or runtime is NaN.

    tags: the vocabulary of tags.
    """
    films = [film for film in films if not film.only_named]
    genre_names = tuple(sorted({genre for film in films for genre in film.genres}))
    vocabulary = sorted(tags, key=lambda tag: tag.slug)
    tag_names = tuple(tag.slug for tag in vocabulary)
    genre_column = {name: column for column, name in enumerate(genre_names)}
    tag_column = {name: column for column, name in enumerate(tag_names)}
    return Catalogue(
        films=Vocabulary([film.id for film in films]),
        titles=tuple(film.title for film in films),
        years=_or_nan(film.year for film in films),
        runtimes=_or_nan(film.runtime for film in films),
        genres=_matrix(
            [[(genre_column[genre], 1.0) for genre in film.genres] for film in films],
            len(genre_names),
        ),
        genre_names=genre_names,
        tags=_matrix(
            [[(tag_column[slug], float(weight)) for slug, weight in film.tags] for film in films],
            len(tag_names),
        ),
        tag_names=tag_names,
        tag_facets=tuple(tag.facet for tag in vocabulary),
        audience=np.array(
            [_AUDIENCE.get(film.audience or "", UNKNOWN_AUDIENCE) for film in films], np.int8
        ),
        adult=np.array([film.adult for film in films], np.bool_),
        facts=(
            _facts("language", [film.languages for film in films]),
            _facts("country", [film.countries for film in films]),
            _facts("director", [film.directors for film in films], others=1.0),
            _facts("cast", [film.cast for film in films]),
        ),
    )


def _facts(name: str, values: Sequence[Sequence[str]], others: float = OTHERS) -> FactBlock:
    """Returns the facts of one kind, such as directors, as arrays.

    name: the kind of facts.
    values: for each film, its values; the leading one comes first.
    others: the number in the matrix for a film's further values; it is 1 for the leading value.
    """
    names = tuple(sorted({value for each in values for value in each}))
    column = {value: at for at, value in enumerate(names)}
    rows = [
        [(column[value], others if at else 1.0) for at, value in enumerate(each)] for each in values
    ]
    return FactBlock(name, names, _matrix(rows, len(names)))


def ratings(rows: Sequence[RatingRow], films: Vocabulary | None = None) -> Interactions:
    """Returns `rows` of ratings as arrays of people, films, stars and times (Unix seconds).

    films: the vocabulary that turns film ids into row numbers; None to make one of the rated films.
    """
    return interactions(
        np.array([row.person_id for row in rows], np.int64),
        np.array([row.film_id for row in rows], np.int64),
        np.array([row.stars for row in rows], np.float32),
        np.array([row.at.timestamp() for row in rows], np.float64),
        films=films,
    )


def query(world: Catalogue, facts: Facts) -> Query:
    """Returns the facts as a query, in row and column numbers of the catalogue `world`.

    Films, genres and tags that `world` lacks are left out.
    """
    rated = list(facts.ratings.items())
    genres, tags = world.genre_names, world.tag_names
    return Query(
        films=world.films.rows(np.array([film for film, _ in rated], np.int64)),
        stars=np.array([stars for _, stars in rated], np.float64),
        liked_tags=_columns(tags, {tag for taste in facts.tastes for tag in taste.tags}),
        chosen=tuple(kind_films(world, kind) for taste in facts.tastes for kind in taste.kinds),
        unseen=world.films.rows(np.array(sorted(facts.unseen), np.int64)),
        wanted=world.films.rows(np.array(sorted(facts.wanted), np.int64)),
        unwanted=world.films.rows(np.array(sorted(facts.unwanted), np.int64)),
        excluded=world.films.rows(np.array(sorted(facts.excluded), np.int64)),
        genres=_columns(genres, [facts.genre] if facts.genre else []),
        never=_columns(genres, facts.never),
        never_tags=_columns(tags, facts.never_tags),
        mood=_columns(tags, moods.tags_of(facts.mood) if facts.mood else []),
        languages=_language_columns(world, facts.language),
        years=facts.years,
        max_runtime=facts.max_runtime,
        hour=facts.local.hour if facts.local else None,
        weekday=facts.local.weekday if facts.local else None,
        family_safe=facts.family_safe,
        allow_adult=facts.adult_ok,
        adventurousness=facts.adventurousness,
        person=facts.person,
        server=facts.server,
        mood_number=moods.mood_number(facts.mood) if facts.mood else -1,
        editorial=facts.editorial,
    )


def taste_films(world: Catalogue, taste: Taste) -> Ints:
    """Returns the row numbers of the films of a taste (one of the ten that the quiz offers)."""
    return np.unique(np.concatenate([kind_films(world, kind) for kind in taste.kinds]))


def kind_films(world: Catalogue, kind: Kind) -> Ints:
    """Returns the row numbers of the films that meet the conditions of `kind`."""
    found = np.ones(len(world), np.bool_)
    if kind.genres:
        found &= _counts(world.genres, world.genre_names, kind.genres) > 0
    if kind.languages:
        spoken = world.fact("language")
        if spoken is None:
            return np.zeros(0, np.int64)
        first = spoken.matrix.copy()
        first.data = (first.data == 1.0).astype(np.float32)
        found &= _counts(first, spoken.values, kind.languages) > 0
    if kind.tags:
        least = min(KIND_TAGS, len(kind.tags))
        found &= _counts(world.tags, world.tag_names, kind.tags) >= least
    return np.flatnonzero(found)


def _counts(matrix: Sparse, names: Sequence[str], wanted: Collection[str]) -> np.ndarray:
    """Returns (films,) how many of the names in `wanted` each film has.

    matrix: (films, names) not 0 if the film has the name.
    names: the name of each column.
    wanted: the names to count.
    """
    chosen = np.array([name in wanted for name in names], np.bool_)
    has = chosen[matrix.indices] & (matrix.data > 0)
    before = np.append(0, np.cumsum(has))
    return np.asarray(before[matrix.indptr[1:]] - before[matrix.indptr[:-1]])


def _language_columns(world: Catalogue, language: str | None) -> np.ndarray:
    """Returns the column of a language among the facts of the films; empty for None."""
    spoken = world.fact("language")
    return _columns(spoken.values if spoken else (), [language] if language else [])


def _columns(names: Sequence[str], wanted: Collection[str]) -> np.ndarray:
    """Returns the columns of the wanted names, in the order in which they are wanted.

    names: the name of each column.
    """
    if not wanted:
        return np.zeros(0, np.int64)
    columns = {name: column for column, name in enumerate(names)}
    return np.array([columns[name] for name in wanted if name in columns], np.int64)


def _or_nan(values: Iterable[int | None]) -> np.ndarray:
    return np.array([np.nan if value is None else float(value) for value in values], np.float64)


def _matrix(rows: Sequence[Sequence[tuple[int, float]]], columns: int) -> Sparse:
    counts = np.cumsum([0, *(len(row) for row in rows)])
    column = np.array([at for row in rows for at, _ in row], np.int64)
    values = np.array([value for row in rows for _, value in row], np.float32)
    return sp.csr_array((values, column, counts), shape=(len(rows), columns), dtype=np.float32)

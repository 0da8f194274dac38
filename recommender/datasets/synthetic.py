"""Generates synthetic ratings of any size that resemble real ones, for benchmarks and experiments.

Films and people have `RANK` hidden traits. How much a person likes a film is the scalar product of
the traits of both. The fame of films follows Mandelbrot's power law, (rank + offset)^-exponent. How
many films a person watches is about log-normal. People encounter films in proportion to fame and
watch mostly those that they like (successive sampling, by an exponential race). Their stars grow
with the same liking. Genres follow the traits of films.

The same seed gives the same data on any number of cores.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Vocabulary
from recommender.numeric.arrays import Sparse, sparse

RANK = 20
ENCOUNTERS_PER_WATCH = 5.0  # encounters for each film watched; people meet famous films repeatedly
MIN_WATCHED = 20  # about how many films the least active people watch
BLOCK_ENCOUNTERS = 1 << 21  # number of encounters computed at once
GENRES = (
    *("Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family"),
    *("Fantasy", "History", "Horror", "Music", "Mystery", "Romance", "Science-Fiction"),
    *("Thriller", "War", "Western"),
)
SYLLABLES = tuple(f"{a}{b}" for a in "bdfglmnprst" for b in "aeiou")


@dataclass(frozen=True)
class Shape:
    """Size and shape of a synthetic data set.

    Attributes:
        people: number of people.
        films: number of films.
        ratings: number of ratings.
        exponent: exponent of the power law of fame, above 1.
        offset: offset of the power law: about this many of the best-known films are equally famous.
        activity_spread: standard deviation of the logarithm of how much people watch.
        liking_strength: how strongly people's liking decides what they watch; 0 for not at all.
        noise: standard deviation of the random part of stars.
    """

    people: int
    films: int
    ratings: int
    exponent: float = 2.0
    offset: float = 100.0
    activity_spread: float = 0.9
    liking_strength: float = 1.0
    noise: float = 0.7


@dataclass(frozen=True, eq=False)
class SyntheticWorld:
    """A synthetic data set with the traits that it was made from.

    Attributes:
        stars: (people, films) half stars from 0.5 to 5.
        catalogue: the films.
        people: (people, RANK) traits of people.
        films: (films, RANK) traits of films; their scalar product with a person's traits is how
            much the person likes the film.
    """

    stars: Sparse
    catalogue: Catalogue
    people: npt.NDArray[np.float32]
    films: npt.NDArray[np.float32]


def world(shape: Shape, rng: np.random.Generator) -> SyntheticWorld:
    """Returns a synthetic data set with exactly the given number of ratings.

    Time and memory grow with the ratings: 25 million take about two minutes and 2 GiB. Raises
    ValueError if there are too few films or people for that number of ratings.
    """
    scale = np.float32(RANK**-0.25)  # gives liking a standard deviation of about one
    people = rng.standard_normal((shape.people, RANK), np.float32) * scale
    films = rng.standard_normal((shape.films, RANK), np.float32) * scale
    met = _encounters(shape, rng)
    counts = np.array([len(each) for each in met], np.int64)
    if counts.sum() < shape.ratings:
        raise ValueError("So many ratings need more films or people; make one of them larger.")
    watched = _shares(counts, shape.ratings)
    quality = rng.normal(0.0, 0.4, shape.films).astype(np.float32)
    mood = rng.normal(3.3, 0.35, shape.people).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(watched)])
    chosen = np.empty(shape.ratings, np.int32)
    stars = np.empty(shape.ratings, np.float32)
    for first, last in _blocks(counts):
        person = np.repeat(np.arange(first, last), counts[first:last])
        film = np.concatenate(met[first:last])
        liking = np.einsum("ij,ij->i", people[person], films[film])
        race = rng.standard_exponential(len(film), np.float32) * np.exp(
            -shape.liking_strength * liking
        )
        order = np.argsort(person + race / (1.0 + race.astype(np.float64)))
        begins = np.concatenate([[0], np.cumsum(counts[first:last])])[:-1]
        place = np.arange(len(film)) - np.repeat(begins, counts[first:last])
        seen = order[place < np.repeat(watched[first:last], counts[first:last])]
        part = slice(int(starts[first]), int(starts[last]))
        chosen[part] = film[seen]
        wants = mood[person[seen]] + quality[film[seen]] + 0.6 * liking[seen]
        wants += rng.standard_normal(len(seen), np.float32) * shape.noise
        stars[part] = np.clip(np.round(wants * 2) / 2, 0.5, 5.0)
    matrix = sparse((stars, chosen, starts), (shape.people, shape.films))
    return SyntheticWorld(matrix, catalogue_of(films, rng), people, films)


def _encounters(shape: Shape, rng: np.random.Generator) -> list[npt.NDArray[np.int32]]:
    """Returns for each person the rows of the films that they encounter, ascending and unique.

    A person watches some of the films that they encounter.
    """
    by_fame = rng.permutation(shape.films)
    activity = rng.lognormal(0.0, shape.activity_spread, shape.people)
    spare = max(shape.ratings / shape.people - MIN_WATCHED, 0.0)
    wanted = ENCOUNTERS_PER_WATCH * (MIN_WATCHED + activity * spare / activity.mean())
    draws = np.minimum(np.ceil(wanted), 4.0 * shape.films).astype(np.int64)
    offset, power = shape.offset, shape.exponent - 1.0
    reach = 1.0 - (1.0 + shape.films / offset) ** -power
    met: list[npt.NDArray[np.int32]] = []
    for first, last in _blocks(draws):
        person = np.repeat(np.arange(last - first), draws[first:last])
        chance = 1.0 - reach * rng.random(len(person))  # inverts the distribution of the power law
        rank = (offset * (chance ** (-1.0 / power) - 1.0)).astype(np.int64)
        film = by_fame[np.minimum(rank, shape.films - 1)]
        pairs = np.sort(person * shape.films + film)
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        edges = np.searchsorted(pairs, np.arange(1, last - first) * shape.films)
        met += np.split((pairs % shape.films).astype(np.int32), edges)
    return met


def _shares(counts: npt.NDArray[np.int64], total: int) -> npt.NDArray[np.int64]:
    """Returns (people,) whole numbers in proportion to `counts` that add up to `total`.

    They are the numbers of films that people watch. counts: (people,) how many films each person
    encounters. No number is larger than its count.
    """
    reached = np.cumsum(counts)
    ends = reached * total // max(1, int(counts.sum()))
    return np.diff(ends, prepend=0)


def _blocks(counts: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Returns (first, last + 1) for blocks of successive people.

    counts: (people,) how many encounters with films each person has. The counts of each block add
    up to about `BLOCK_ENCOUNTERS`.
    """
    number = np.cumsum(counts) // BLOCK_ENCOUNTERS
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(counts)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def catalogue_of(traits: npt.NDArray[np.float32], rng: np.random.Generator) -> Catalogue:
    """Returns a catalogue of films with the given (films, RANK) traits.

    Each genre has a direction among the traits, and a film has the one to three genres whose
    directions fit it best. Titles are made of words that other titles use too. There are no tags.
    """
    count = len(traits)
    directions = rng.standard_normal((RANK, len(GENRES)), np.float32)
    order = np.argsort(-(traits @ directions), axis=1, kind="stable")
    genre_counts = rng.integers(1, 4, count)
    film = np.repeat(np.arange(count), genre_counts)
    starts = np.cumsum(genre_counts) - genre_counts
    place = np.arange(len(film)) - np.repeat(starts, genre_counts)
    cells = (np.ones(len(film), np.float32), (film, order[film, place]))
    words = ["".join(rng.choice(SYLLABLES, 3)) for _ in range(1000)]
    titles = tuple(f"{words[a]} {words[b]}".title() for a, b in rng.integers(0, 1000, (count, 2)))
    return Catalogue(
        films=Vocabulary(np.arange(1, count + 1)),
        titles=titles,
        years=np.floor(2020.0 - rng.exponential(15.0, count)).clip(1920),
        runtimes=np.round(rng.normal(105.0, 18.0, count)).clip(60),
        genres=sparse(cells, (count, len(GENRES))),
        genre_names=GENRES,
        tags=sparse((count, 0)),
        tag_names=(),
        tag_facets=(),
        audience=np.full(count, -1, np.int8),
        adult=np.zeros(count, np.bool_),
    )

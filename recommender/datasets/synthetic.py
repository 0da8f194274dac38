"""Made-up ratings with structure, of any size: for benchmarks and for trying things out.

Films and people have `RANK` hidden traits. How well known films are follows a power law
(Mandelbrot's: (rank + offset)^-exponent), and how much people watch a log-normal law. People come
across films by fame; of those they watch what they are drawn to (successive sampling, an
exponential race), and their stars grow with the same liking. Genres follow the traits.

One seed, one world: the same numbers whatever the machine's number of cores.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue, Vocabulary
from recommender.numeric.arrays import Sparse, sparse

RANK = 20
MET = 5.0  # chances to come across a film for each one watched; famous ones come again
LEAST = 20  # films that even the laziest watch, about
BLOCK = 1 << 21  # films come across that are worked on at once
GENRES = (
    *("Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family"),
    *("Fantasy", "History", "Horror", "Music", "Mystery", "Romance", "Science-Fiction"),
    *("Thriller", "War", "Western"),
)
SYLLABLES = tuple(f"{a}{b}" for a in "bdfglmnprst" for b in "aeiou")


@dataclass(frozen=True)
class Shape:
    """people, films, ratings: how many. exponent (above 1) of the power law of fame and its
    offset, so many films are about equally famous; busy: spread of the logarithm of how much people
    watch; drawn: how strongly liking decides what is watched; noise: spread of stars that nothing
    explains."""

    people: int
    films: int
    ratings: int
    exponent: float = 2.0
    offset: float = 100.0
    busy: float = 0.9
    drawn: float = 1.0
    noise: float = 0.7


@dataclass(frozen=True, eq=False)
class SyntheticWorld:
    """stars: (people, films), half stars from 0.5 to 5; catalogue of the same films; liking: what
    the stars grew from: people (people, RANK), films (films, RANK), whose product is the liking."""

    stars: Sparse
    catalogue: Catalogue
    people: npt.NDArray[np.float32]
    films: npt.NDArray[np.float32]


def world(shape: Shape, rng: np.random.Generator) -> SyntheticWorld:
    """A world of exactly the ratings asked for. Time and memory grow with the ratings: for 25
    million about two minutes and 2 GiB. Raises ValueError where the films are too few for them."""
    scale = np.float32(RANK**-0.25)  # so that liking has a spread of about one
    people = rng.standard_normal((shape.people, RANK), np.float32) * scale
    films = rng.standard_normal((shape.films, RANK), np.float32) * scale
    met = _met(shape, rng)
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
        race = rng.standard_exponential(len(film), np.float32) * np.exp(-shape.drawn * liking)
        order = np.argsort(person + race / (1.0 + race.astype(np.float64)))
        begins = np.concatenate([[0], np.cumsum(counts[first:last])])[:-1]
        place = np.arange(len(film)) - np.repeat(begins, counts[first:last])
        mine = order[place < np.repeat(watched[first:last], counts[first:last])]
        part = slice(int(starts[first]), int(starts[last]))
        chosen[part] = film[mine]
        wants = mood[person[mine]] + quality[film[mine]] + 0.6 * liking[mine]
        wants += rng.standard_normal(len(mine), np.float32) * shape.noise
        stars[part] = np.clip(np.round(wants * 2) / 2, 0.5, 5.0)
    matrix = sparse((stars, chosen, starts), (shape.people, shape.films))
    return SyntheticWorld(matrix, catalogue_of(films, rng), people, films)


def _met(shape: Shape, rng: np.random.Generator) -> list[npt.NDArray[np.int32]]:
    """The films each person comes across, in row order, each once."""
    by_fame = rng.permutation(shape.films)
    busy = rng.lognormal(0.0, shape.busy, shape.people)
    spare = max(shape.ratings / shape.people - LEAST, 0.0)
    wanted = MET * (LEAST + busy * spare / busy.mean())
    draws = np.minimum(np.ceil(wanted), 4.0 * shape.films).astype(np.int64)
    offset, power = shape.offset, shape.exponent - 1.0
    reach = 1.0 - (1.0 + shape.films / offset) ** -power
    met: list[npt.NDArray[np.int32]] = []
    for first, last in _blocks(draws):
        person = np.repeat(np.arange(last - first), draws[first:last])
        chance = 1.0 - reach * rng.random(len(person))  # the power law's distribution, inverted
        rank = (offset * (chance ** (-1.0 / power) - 1.0)).astype(np.int64)
        film = by_fame[np.minimum(rank, shape.films - 1)]
        pairs = np.sort(person * shape.films + film)
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        edges = np.searchsorted(pairs, np.arange(1, last - first) * shape.films)
        met += np.split((pairs % shape.films).astype(np.int32), edges)
    return met


def _shares(counts: npt.NDArray[np.int64], total: int) -> npt.NDArray[np.int64]:
    """(people,) whole numbers in proportion to `counts`, at most those, that add up to `total`."""
    reached = np.cumsum(counts)
    ends = reached * total // max(1, int(counts.sum()))
    return np.diff(ends, prepend=0)


def _blocks(counts: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Runs of people whose counts add up to about BLOCK."""
    number = np.cumsum(counts) // BLOCK
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(counts)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def catalogue_of(traits: npt.NDArray[np.float32], rng: np.random.Generator) -> Catalogue:
    """A catalogue whose genres are regions of the traits: each genre has a direction, and a film
    the one to three that it goes along with most. Titles are words that others share; no tags."""
    count = len(traits)
    directions = rng.standard_normal((RANK, len(GENRES)), np.float32)
    order = np.argsort(-(traits @ directions), axis=1, kind="stable")
    several = rng.integers(1, 4, count)
    film = np.repeat(np.arange(count), several)
    place = np.arange(len(film)) - np.repeat(np.cumsum(several) - several, several)
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

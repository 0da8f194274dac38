"""What a model may see, what is known of the people it answers, and what it is asked to find.

`reference` and `ratings_at_random` draw with NumPy's older generator, so that a seed gives the
splits that published figures were measured on, row for row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions
from recommender.errors import DataError
from recommender.numeric.arrays import Sparse, sparse

RELEVANT_STARS = 4.0  # stars from which a held-out film counts as relevant
SHARE = 0.2  # of a person's ratings held out
LEAST = 20  # ratings below which nothing of a person's is held out
NEW = 0.2  # share of the people nobody has seen, where people are new
DRAWS = 10  # cold-start draws there are


@dataclass(frozen=True, eq=False)
class Split:
    """train: what models are fitted on; given: what is known of each person when they ask; test:
    what they went on to rate. All three over the same people and films."""

    name: str
    seed: int
    train: Interactions
    given: Interactions
    test: Interactions

    def relevant(self) -> Sparse:
        """(people, films) 1 where a held-out film was liked."""
        return matrix(part(self.test, self.test.stars >= RELEVANT_STARS), ones=True)


@dataclass(frozen=True, eq=False)
class Fold:
    """Ratings to learn from and ratings to predict, over the same people and films."""

    name: str
    train: Interactions
    test: Interactions


@dataclass(frozen=True, eq=False)
class Newcomer:
    """A person never seen in training: what they can answer, and what is kept for the test."""

    pool: npt.NDArray[np.int64]
    pool_stars: npt.NDArray[np.float32]
    test: npt.NDArray[np.int64]
    test_stars: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ColdStart:
    """train: everybody else's ratings, (their people, films)."""

    train: Sparse
    people: tuple[Newcomer, ...]


def part(ratings: Interactions, keep: npt.NDArray[Any]) -> Interactions:
    """Some of the ratings, by mask or by index, over the same people and films."""
    return Interactions(
        ratings.people,
        ratings.films,
        ratings.person[keep],
        ratings.film[keep],
        ratings.stars[keep],
        ratings.when[keep],
    )


def matrix(ratings: Interactions, ones: bool = False) -> Sparse:
    """Ratings without repeats as (people, films): stars, or ones."""
    values = np.ones(len(ratings), np.float32) if ones else ratings.stars
    shape = (len(ratings.people), len(ratings.films))
    return sparse((values, (ratings.person, ratings.film)), shape)


def hold_out(
    person: npt.NDArray[Any], share: float, seed: int, least: int = LEAST
) -> npt.NDArray[np.bool_]:
    """(n,) whether a rating is held out: the share of each person's own ratings, at random, where
    they have at least `least`."""
    draw = np.random.RandomState(seed).rand(len(person))
    return _first(person, draw, share, least)


def reference(ratings: Interactions, seed: int = 42) -> Split:
    """A fifth of each person's ratings held out at random; the rest is what models and people
    show."""
    ratings = _usable(ratings)
    held = hold_out(ratings.person, SHARE, seed)
    train = part(ratings, ~held)
    return Split("reference", seed, train, train, part(ratings, held))


def temporal(
    ratings: Interactions,
    seed: int = 42,
    *,
    now: float | None = None,
    share: float = SHARE,
    least: int = LEAST,
) -> Split:
    """Models see the first four fifths of the ratings in time, or those before `now`, Unix seconds.
    Whoever rates later shows all but the last fifth of their own ratings, where they have at least
    `least`; of that fifth, what came after the models' time is the test. So nothing is predicted
    from what came later. share: the fifth. Raises DataError without times."""
    ratings = _usable(ratings)
    if np.isnan(ratings.when).any():
        raise DataError("The temporal split needs the time of every rating; choose another split.")
    late = _first(ratings.person, -ratings.when, share, least)
    after = ratings.when >= (np.quantile(ratings.when, 1 - share) if now is None else now)
    return Split(
        "temporal",
        seed,
        part(ratings, ~after),
        part(ratings, ~late),
        part(ratings, late & after),
    )


def newest(ratings: Interactions, share: float = SHARE, least: int = LEAST) -> Split:
    """The newest share of each person's own ratings held out, where they have at least `least`; the
    rest is what models and people show. Raises DataError without times."""
    ratings = _usable(ratings)
    if np.isnan(ratings.when).any():
        raise DataError("The newest ratings need the time of every rating; choose another split.")
    held = _first(ratings.person, -ratings.when, share, least)
    train = part(ratings, ~held)
    return Split("newest", 0, train, train, part(ratings, held))


def new_people(ratings: Interactions, seed: int = 42) -> Split:
    """Strong generalisation: models never see a fifth of the people, who show four fifths of their
    ratings and are tested on the rest."""
    ratings = _usable(ratings)
    order = np.random.RandomState(seed).permutation(len(ratings.people))
    new = np.zeros(len(ratings.people), bool)
    new[order[: max(1, round(NEW * len(order)))]] = True
    theirs = new[ratings.person]
    held = hold_out(ratings.person, SHARE, seed, least=5)
    return Split(
        "new-people",
        seed,
        part(ratings, ~theirs),
        part(ratings, theirs & ~held),
        part(ratings, theirs & held),
    )


SPLITS = {"reference": reference, "temporal": temporal, "new-people": new_people}


def ratings_at_random(ratings: Interactions, seeds: tuple[int, ...] = (0, 1, 2)) -> Iterator[Fold]:
    """For each seed a tenth of all ratings to predict, the rest to learn from."""
    ratings = _usable(ratings)
    for seed in seeds:
        order = np.random.RandomState(seed).permutation(len(ratings))
        n = len(order) // 10
        yield Fold(str(seed), part(ratings, order[n:]), part(ratings, order[:n]))


def coldstart(ratings: Interactions, draws: int = DRAWS) -> Iterator[ColdStart]:
    """Up to ten draws of a tenth of the people as newcomers; of each one's ratings three tenths
    are the test and the rest can be answered."""
    stars = matrix(_usable(ratings))
    people = stars.shape[0]
    order = np.random.RandomState(7).permutation(people)
    size = people // DRAWS
    for draw in range(min(draws, DRAWS)):
        new = np.sort(order[draw * size : (draw + 1) * size])
        others = np.setdiff1d(np.arange(people), new)
        rng = np.random.RandomState(100 + draw)
        yield ColdStart(
            sparse(stars[others]), tuple(_newcomer(stars, int(person), rng) for person in new)
        )


def revealed(given: Interactions, most: int, seed: int) -> Interactions:
    """At most so many of each person's ratings, at random; fewer are contained in more."""
    rng = np.random.default_rng(seed)
    rank = _rank(given.person, rng.random(len(given)))
    return part(given, rank < most)


def few(count: npt.NDArray[Any], at_most: int = 5) -> npt.NDArray[np.bool_]:
    """(films,) those with so few ratings in training; none at all is few too."""
    return np.asarray(count <= at_most)


def _newcomer(stars: Sparse, person: int, rng: np.random.RandomState) -> Newcomer:
    start, stop = int(stars.indptr[person]), int(stars.indptr[person + 1])
    films = stars.indices[start:stop].astype(np.int64)
    theirs = stars.data[start:stop]
    order = rng.permutation(stop - start)
    tested = round(0.3 * (stop - start))
    pool, test = order[tested:], order[:tested]
    return Newcomer(films[pool], theirs[pool], films[test], theirs[test])


def _usable(ratings: Interactions) -> Interactions:
    """One rating a pair; DataError where there are none."""
    if not len(ratings):
        raise DataError("There are no ratings to evaluate on; give a data set that has some.")
    return ratings.newest()


def _rank(person: npt.NDArray[Any], key: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """(n,) place of each rating among its person's, by ascending key; ties in the order given."""
    order = np.lexsort((key, person))
    sorted_by = person[order]
    new = np.ones(len(order), bool)
    new[1:] = sorted_by[1:] != sorted_by[:-1]
    starts = np.flatnonzero(new)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - starts[np.cumsum(new) - 1]
    return rank


def _first(
    person: npt.NDArray[Any], key: npt.NDArray[Any], share: float, least: int
) -> npt.NDArray[np.bool_]:
    """(n,) whether a rating is among the first share of its person's, by ascending key."""
    if not len(person):
        return np.zeros(0, bool)
    count = np.bincount(person)[person]
    held: npt.NDArray[np.bool_] = (_rank(person, key) < np.round(share * count)) & (count >= least)
    return held

"""Splits ratings for an evaluation into three parts: for training, for queries, and for the test.

Models are fitted on the first part. The second part is the ratings in a person's query. The third
part has the films that a good ranking should place first. `reference` and `ratings_at_random` draw
with NumPy's older generator, so that a seed gives exactly the splits that the published figures
were measured on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions
from recommender.errors import DataError
from recommender.numeric.arrays import Array32, Bools, Ints, Rows, Sparse, sparse

RELEVANT_STARS = 4.0  # stars from which a held-out film counts as relevant
HELD_OUT_SHARE = 0.2  # share of each person's ratings that is held out
MIN_RATINGS = 20  # nothing is held out of a person with fewer ratings
NEW_PEOPLE_SHARE = 0.2  # share of the people whom models never see, in `new_people`
MIN_NEW_PERSON_RATINGS = 5  # nothing is held out of a new person with fewer ratings
MAX_DRAWS = 10  # most draws of newcomers, each a tenth of the people
NEWCOMER_TEST_SHARE = 0.3  # share of a newcomer's ratings that is held out
FEW_RATINGS = 5  # a film with at most this many training ratings counts as rarely rated


@dataclass(frozen=True, eq=False)
class Split:
    """Ratings split for an evaluation; all three parts have the same people and films.

    Attributes:
        name: the kind of split.
        seed: the seed of the draw.
        train: the ratings that models are fitted on.
        given: the ratings that the query of each person contains.
        test: the held-out ratings, whose liked films a ranking should find.
    """

    name: str
    seed: int
    train: Interactions
    given: Interactions
    test: Interactions

    def relevant(self) -> Sparse:
        """(people, films) 1 for each test rating of at least `RELEVANT_STARS`."""
        return matrix(part(self.test, self.test.stars >= RELEVANT_STARS), ones=True)


@dataclass(frozen=True, eq=False)
class Fold:
    """Ratings to learn from and ratings to predict, over the same people and films.

    Attributes:
        name: the fold's name, such as "u1", or the seed of a random fold.
        train: the ratings to learn from.
        test: the ratings to predict.
    """

    name: str
    train: Interactions
    test: Interactions


@dataclass(frozen=True, eq=False)
class Newcomer:
    """A simulated newcomer: a person whose ratings no model was fitted on.

    Attributes:
        pool: (n,) rows of the rated films that a quiz may ask the person about.
        pool_stars: (n,) the person's stars for these films.
        test: (m,) rows of the rated films that are held out.
        test_stars: (m,) the person's stars for the held-out films.
    """

    pool: Rows
    pool_stars: Array32
    test: Rows
    test_stars: Array32


@dataclass(frozen=True, eq=False)
class ColdStart:
    """One random choice of people who play newcomers, and the ratings of all others.

    Attributes:
        train: (other people, films) the stars of everybody who is not a newcomer.
        people: the newcomers.
    """

    train: Sparse
    people: tuple[Newcomer, ...]


def part(ratings: Interactions, keep: npt.NDArray[Any]) -> Interactions:
    """Returns some of the ratings, over the same people and films. keep: a mask (n,) or indices."""
    return Interactions(
        ratings.people,
        ratings.films,
        ratings.person[keep],
        ratings.film[keep],
        ratings.stars[keep],
        ratings.when[keep],
    )


def matrix(ratings: Interactions, ones: bool = False) -> Sparse:
    """Returns ratings as a (people, films) matrix of stars, or of ones if `ones` is True.

    No person may have two ratings of one film.
    """
    values = np.ones(len(ratings), np.float32) if ones else ratings.stars
    shape = (len(ratings.people), len(ratings.films))
    return sparse((values, (ratings.person, ratings.film)), shape)


def hold_out(person: npt.NDArray[Any], share: float, seed: int, least: int = MIN_RATINGS) -> Bools:
    """Returns (n,) True for the ratings that are held out.

    person: (n,) row of the person who made each rating. share: the random share of each person's
    ratings that is held out, 0 to 1. seed: seed of the draw. least: if a person has fewer ratings
    than this, none of them is held out.
    """
    draw = np.random.RandomState(seed).rand(len(person))
    return _first(person, draw, share, least)


def reference(ratings: Interactions, seed: int = 42) -> Split:
    """Returns a split that tests on a random fifth of each person's ratings.

    Models learn from the other four fifths, which are also the ratings in each person's query.
    """
    ratings = _usable(ratings)
    held = hold_out(ratings.person, HELD_OUT_SHARE, seed)
    train = part(ratings, ~held)
    return Split("reference", seed, train, train, part(ratings, held))


def temporal(
    ratings: Interactions,
    seed: int = 42,
    *,
    now: float | None = None,
    share: float = HELD_OUT_SHARE,
    least: int = MIN_RATINGS,
) -> Split:
    """Returns a split that tests on people's last ratings, made after those that models learn from.

    Models learn from the first four fifths of all ratings in time, or from the ratings before
    `now`, Unix seconds. A person's query contains their own ratings without the last fifth. The
    test is that part of the last fifth that is newer than all ratings that models learn from. No
    rating is therefore predicted from later ratings.

    share: the share to use instead of a fifth. least: fewest ratings of a person who is tested.
    Raises DataError if a rating has no time.
    """
    ratings = _usable(ratings)
    if np.isnan(ratings.when).any():
        raise DataError("temporal-split-without-times")
    late = _first(ratings.person, -ratings.when, share, least)
    after = ratings.when >= (np.quantile(ratings.when, 1 - share) if now is None else now)
    return Split(
        "temporal",
        seed,
        part(ratings, ~after),
        part(ratings, ~late),
        part(ratings, late & after),
    )


def newest(ratings: Interactions, share: float = HELD_OUT_SHARE, least: int = MIN_RATINGS) -> Split:
    """Returns a split that tests on the newest share of each person's ratings.

    Models learn from the other ratings, which are also the ratings in each person's query. share:
    the share to test on, 0 to 1. least: fewest ratings of a person who is tested. Raises DataError
    if a rating has no time.
    """
    ratings = _usable(ratings)
    if np.isnan(ratings.when).any():
        raise DataError("newest-without-times")
    held = _first(ratings.person, -ratings.when, share, least)
    train = part(ratings, ~held)
    return Split("newest", 0, train, train, part(ratings, held))


def new_people(ratings: Interactions, seed: int = 42) -> Split:
    """Returns a split that tests on a fifth of the people, whom models never see.

    The query of such a person contains four fifths of their ratings. The test is whether the model
    finds the films that they liked in the other fifth (strong generalisation).
    """
    ratings = _usable(ratings)
    order = np.random.RandomState(seed).permutation(len(ratings.people))
    new = np.zeros(len(ratings.people), bool)
    new[order[: max(1, round(NEW_PEOPLE_SHARE * len(order)))]] = True
    by_new = new[ratings.person]
    held = hold_out(ratings.person, HELD_OUT_SHARE, seed, MIN_NEW_PERSON_RATINGS)
    return Split(
        "new-people",
        seed,
        part(ratings, ~by_new),
        part(ratings, by_new & ~held),
        part(ratings, by_new & held),
    )


SPLITS = {"reference": reference, "temporal": temporal, "new-people": new_people}


def ratings_at_random(ratings: Interactions, seeds: tuple[int, ...] = (0, 1, 2)) -> Iterator[Fold]:
    """Yields one fold for each seed. In each fold, a random tenth of all ratings is to be
    predicted."""
    ratings = _usable(ratings)
    for seed in seeds:
        order = np.random.RandomState(seed).permutation(len(ratings))
        n = len(order) // 10
        yield Fold(str(seed), part(ratings, order[n:]), part(ratings, order[:n]))


def coldstart(ratings: Interactions, draws: int = MAX_DRAWS) -> Iterator[ColdStart]:
    """Yields up to ten draws, each with another tenth of the people as newcomers.

    Three tenths of each newcomer's ratings are held out. When asked about another film that they
    rated, newcomers answer with their stars."""
    stars = matrix(_usable(ratings))
    people = stars.shape[0]
    order = np.random.RandomState(7).permutation(people)
    size = people // MAX_DRAWS
    for draw in range(min(draws, MAX_DRAWS)):
        new = np.sort(order[draw * size : (draw + 1) * size])
        others = np.setdiff1d(np.arange(people), new)
        rng = np.random.RandomState(100 + draw)
        yield ColdStart(
            sparse(stars[others]), tuple(_newcomer(stars, int(person), rng) for person in new)
        )


def reveal(given: Interactions, most: int, seed: int) -> Interactions:
    """Returns at most `most` random ratings of each person.

    A larger `most` with the same seed adds ratings and removes none."""
    rng = np.random.default_rng(seed)
    rank = _rank(given.person, rng.random(len(given)))
    return part(given, rank < most)


def has_few_ratings(count: Ints, at_most: int = FEW_RATINGS) -> Bools:
    """Returns (films,) True for films with at most `at_most` training ratings.

    count: (films,) number of training ratings of each film."""
    return np.asarray(count <= at_most)


def _newcomer(stars: Sparse, person: int, rng: np.random.RandomState) -> Newcomer:
    start, stop = int(stars.indptr[person]), int(stars.indptr[person + 1])
    films = stars.indices[start:stop].astype(np.int64)
    values = stars.data[start:stop]
    order = rng.permutation(stop - start)
    tested = round(NEWCOMER_TEST_SHARE * (stop - start))
    pool, test = order[tested:], order[:tested]
    return Newcomer(films[pool], values[pool], films[test], values[test])


def _usable(ratings: Interactions) -> Interactions:
    """Returns the newest rating of each person and film. Raises DataError without ratings."""
    if not len(ratings):
        raise DataError("nothing-to-evaluate")
    return ratings.newest()


def _rank(person: npt.NDArray[Any], key: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Returns (n,) the place of each rating among all ratings of its person, from 0, by ascending
    key.

    person: (n,) row of each rating's person. key: (n,) the values to sort by. Equal keys keep the
    order in which they are given."""
    order = np.lexsort((key, person))
    sorted_by = person[order]
    new = np.ones(len(order), bool)
    new[1:] = sorted_by[1:] != sorted_by[:-1]
    starts = np.flatnonzero(new)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - starts[np.cumsum(new) - 1]
    return rank


def _first(person: npt.NDArray[Any], key: npt.NDArray[Any], share: float, least: int) -> Bools:
    """Returns (n,) True for the first ratings of each person, in the order of ascending key.

    person: (n,) row of each rating's person. key: (n,) the values to sort by. share: which share of
    a person's ratings comes first, 0 to 1. least: the result is False for all ratings of a person
    with fewer ratings than this."""
    if not len(person):
        return np.zeros(0, bool)
    count = np.bincount(person)[person]
    held: Bools = (_rank(person, key) < np.round(share * count)) & (count >= least)
    return held

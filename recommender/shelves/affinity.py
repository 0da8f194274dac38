"""Shelf affinity: how much a person likes each shelf, by collaborative filtering over shelves.

A shelf is a named list of films, such as "Bleak films set in space". The utility matrix is people ×
shelves. A cell is the share of the person's ratings that are of a liked film on that shelf. The
true row of a person is uncertain, since one rating says little. How much a rating says, and which
shelves are liked by the same people, is learned from everybody:

    row = everybody's mean + personal part,   personal part ~ N(0, B)
    a rating's likes = row + noise,           noise ~ N(0, W)

B is the covariance between people and W the covariance within a person, both pooled over all
ratings (Bühlmann's credibility, with a vector instead of a number). After n ratings of mean y the
best estimate of the row is mean + B (B + W/n)⁻¹ (y − mean). After one rating, this estimate is
nearly everybody's mean; after a hundred, it is nearly the person's own mean. A liked film on one
shelf also raises other shelves that the same people like.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.linalg as la

from recommender.data import MIN_PEOPLE, Interactions
from recommender.errors import DataError
from recommender.numeric.arrays import Floats, Ints, Sparse, sparse

AFFINITY_LIKED_STARS = 4.0  # stars from which a film counts as liked


@dataclass(frozen=True)
class AffinityConfig:
    """Settings of the model of how much people like shelves (named lists of films).

    Attributes:
        ridge: share of the mean variance within people that is added to each shelf's variance, so
            that the covariance stays invertible if a shelf is rarely rated.
        min_ratings: covariances are learned only from people with at least this many ratings.
        prior_ratings: number of imagined ratings, by people who like films at random, that are
            averaged into everybody's mean.
    """

    ridge: float = 0.3
    min_ratings: int = 4
    prior_ratings: float = 20.0


@dataclass(frozen=True, eq=False)
class AffinityModel:
    """How much people like each shelf (named list of films). `fit_affinity` makes one.

    A person's affinity to a shelf is the chance that a film that they rate is on it and liked. The
    affinities minus their mean are expressed by k uncorrelated coordinates.

    Attributes:
        mean: (shelves,) mean affinity over the ratings of all people.
        basis: (shelves, k) matrix that turns the coordinates into affinities minus the mean.
        back: (k, shelves) matrix that turns affinities minus the mean into the coordinates.
        spread: (k,) variance of each coordinate between people, divided by its variance within a
            person.
        membership: (films, shelves) 1 if a film is on a shelf, otherwise 0.
    """

    mean: npt.NDArray[np.float64]
    basis: npt.NDArray[np.float64]
    back: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    membership: Sparse

    def affinity(self, films: Ints, stars: Floats) -> npt.NDArray[np.float64]:
        """Returns (shelves,) how much a person likes each shelf (named list of films).

        It is the chance that a film that the person rates is on the shelf and liked. For a person
        without ratings it is `mean`. films: (n,) rows of the rated films. stars: (n,) their stars.
        """
        count = len(films)
        if not count or not len(self.spread):
            return self.mean.copy()
        own = np.asarray(self.membership[films].T @ likes(stars)) / count
        parts = self.back @ (own - self.mean)
        return np.asarray(
            self.mean + self.basis @ (self.spread / (self.spread + 1 / count) * parts)
        )


def likes(stars: Floats) -> npt.NDArray[np.float64]:
    """Returns (n,) 1 for ratings of at least `AFFINITY_LIKED_STARS`, otherwise 0.

    stars: (n,).
    """
    return (np.asarray(stars, np.float64) >= AFFINITY_LIKED_STARS).astype(np.float64)


def fit_affinity(
    ratings: Interactions,
    membership: Sparse,
    config: AffinityConfig = AffinityConfig(),
) -> AffinityModel:
    """Returns the model of how much people like each shelf (named list of films).

    If fewer than MIN_PEOPLE people have `config.min_ratings` ratings, only the mean is learned.

    membership: (films, shelves) 1 if a film is on a shelf; its film rows are those of the ratings.
    Raises DataError if it has another number of films.
    """
    if membership.shape[0] != len(ratings.films):
        raise DataError("groups-of-other-films")
    one = ratings.newest()
    shelves = membership.shape[1]
    liked = likes(one.stars)
    count = np.bincount(one.person, minlength=len(one.people)).astype(np.float64)
    utility = sparse((liked, (one.person, one.film)), (len(one.people), len(one.films)))
    total = np.asarray((utility @ membership).todense(), np.float64)  # (people, shelves)
    everyone = total.sum(axis=0)
    # The values of somebody who likes films at random.
    at_random = np.bincount(membership.indices, minlength=shelves) / max(1, membership.shape[0])
    mean = (everyone + config.prior_ratings * at_random) / (count.sum() + config.prior_ratings)
    learned_from = count >= config.min_ratings
    people = int(learned_from.sum())
    if people < MIN_PEOPLE:
        nothing = np.zeros((shelves, 0))
        return AffinityModel(mean, nothing, nothing.T, np.zeros(0), membership)
    n, own = count[learned_from], total[learned_from] / count[learned_from, None]
    within = _within(one, liked, membership, total, count, learned_from)
    apart = own - mean
    between = (apart.T * n) @ apart / n.sum() - within * people / n.sum()
    noise = within + np.eye(shelves) * config.ridge * max(float(np.trace(within)) / shelves, 1e-9)
    value, vector = la.eigh(between, noise)
    keep = value > 1e-9
    basis = noise @ vector[:, keep]
    return AffinityModel(mean, basis, vector[:, keep].T, value[keep], membership)


def _within(
    one: Interactions,
    liked: npt.NDArray[np.float64],
    membership: Sparse,
    total: npt.NDArray[np.float64],
    count: npt.NDArray[np.float64],
    people: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """Returns (shelves, shelves) the covariance of likes within a person, around the person's own
    mean.

    A like is a rating of a liked film on a shelf (named list of films).

    Args:
        one: the ratings.
        liked: (ratings,) 1 for a rating of a liked film, else 0.
        membership: (films, shelves) 1 if a film is on a shelf.
        total: (people, shelves) sums of likes.
        count: (people,) number of ratings.
        people: (people,) True for the people to learn from.
    """
    some = people[one.person]
    weight = np.bincount(one.film[some], weights=liked[some] ** 2, minlength=len(one.films))
    weighed = membership.copy()
    weighed.data = (weighed.data * np.repeat(weight, np.diff(membership.indptr))).astype(np.float32)
    second = np.asarray((membership.T @ weighed).todense(), np.float64)
    sums = total[people]
    second -= (sums.T / count[people]) @ sums
    return np.asarray(second / max(1.0, float(count[people].sum() - people.sum())))


def membership_over(membership: Sparse, rows: Ints) -> Sparse:
    """Returns which films are on which shelf, with the rows of another list of films.

    A shelf is a named list of films. The result is (films of the other list, shelves). membership:
    (films, shelves). rows: for each film of the other list, its row in `membership`, or -1 if it is
    not there; the film is then on no shelf.
    """
    places = np.asarray(rows, np.int64)
    picked = membership[np.maximum(places, 0)]
    keep = np.repeat(places >= 0, np.diff(picked.indptr))
    picked.data = picked.data * keep
    picked.eliminate_zeros()
    return picked

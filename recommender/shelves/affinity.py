"""Collaborative filtering over groups of films: which shelves a person is drawn to.

The utility matrix is people × groups: what each of a person's ratings gives to the groups that its
film stands on, on average. Two people with the same taste rate different films, so one rating says
little of the person's true row; how little, and how groups go together, is learned from everybody:

    row = everybody's mean + personal part,   personal part ~ N(0, B)
    a rating's gains = row + noise,           noise ~ N(0, W)

B is the covariance between people and W that within a person, both pooled over all ratings
(Bühlmann's credibility, with a vector in place of a number). After n ratings of mean y the best
estimate of the row is mean + B (B + W/n)⁻¹ (y − mean): nearly everybody's mean after one rating,
nearly the person's own after a hundred, and groups that go together move together.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.linalg as la

from recommender.data import Interactions
from recommender.errors import DataError
from recommender.numeric.arrays import Floats, Ints, Sparse, sparse

AFFINITY_LIKED_STARS = 4.0  # stars from which on a film was liked


@dataclass(frozen=True)
class GroupingConfig:
    """ridge: share of the mean within-person variance added to each group's, so that rare groups
    stay invertible; fewest: ratings from which on a person is learned from; prior: ratings' worth
    of doubt about the mean row where few people are known."""

    ridge: float = 0.3
    fewest: int = 4
    prior: float = 20.0


@dataclass(frozen=True, eq=False)
class GroupModel:
    """mean: (groups,) everybody's row; basis, back: (groups, k) and (k, groups), which turn a row
    into parts that do not mix, and back; spread: (k,) of each part's variance between people over
    that within a person; standing: (films, groups) as it was fitted on."""

    mean: npt.NDArray[np.float64]
    basis: npt.NDArray[np.float64]
    back: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    standing: Sparse

    def affinity(self, films: Ints, stars: Floats) -> npt.NDArray[np.float64]:
        """(groups,) what a rating of the person's is expected to give to each group; everybody's
        mean where nothing is rated."""
        count = len(films)
        if not count or not len(self.spread):
            return self.mean.copy()
        own = np.asarray(self.standing[films].T @ gains(stars)) / count
        parts = self.back @ (own - self.mean)
        return np.asarray(
            self.mean + self.basis @ (self.spread / (self.spread + 1 / count) * parts)
        )


def gains(stars: Floats) -> npt.NDArray[np.float64]:
    """(n,) what a rating gives to its film's groups: 1 where the film was liked, else 0. That one
    watched a film and did not like it speaks neither for its shelves nor against them."""
    return (np.asarray(stars, np.float64) >= AFFINITY_LIKED_STARS).astype(np.float64)


def fit_groups(
    ratings: Interactions,
    standing: Sparse,
    config: GroupingConfig = GroupingConfig(),
) -> GroupModel:
    """Learn from everybody's ratings. standing: (films, groups) 0/1 over the ratings' own film
    rows. With too few people only the mean is learned. Raises DataError for other rows."""
    if standing.shape[0] != len(ratings.films):
        raise DataError("The groups are of other films than the ratings; use one vocabulary.")
    one = ratings.newest()
    groups = standing.shape[1]
    given = gains(one.stars)
    count = np.bincount(one.person, minlength=len(one.people)).astype(np.float64)
    utility = sparse((given, (one.person, one.film)), (len(one.people), len(one.films)))
    total = np.asarray((utility @ standing).todense(), np.float64)  # (people, groups)
    everyone = total.sum(axis=0)
    flat = np.bincount(standing.indices, minlength=groups) / max(
        1, standing.shape[0]
    )  # as if films were liked at random
    mean = (everyone + config.prior * flat) / (count.sum() + config.prior)
    known = count >= config.fewest
    people = int(known.sum())
    if people < 3:
        none = np.zeros((groups, 0))
        return GroupModel(mean, none, none.T, np.zeros(0), standing)
    n, own = count[known], total[known] / count[known, None]
    within = _within(one, given, standing, total, count, known)
    apart = own - mean
    between = (apart.T * n) @ apart / n.sum() - within * people / n.sum()
    noise = within + np.eye(groups) * config.ridge * max(float(np.trace(within)) / groups, 1e-9)
    value, vector = la.eigh(between, noise)
    keep = value > 1e-9
    basis = noise @ vector[:, keep]
    return GroupModel(mean, basis, vector[:, keep].T, value[keep], standing)


def _within(
    one: Interactions,
    given: npt.NDArray[np.float64],
    standing: Sparse,
    total: npt.NDArray[np.float64],
    count: npt.NDArray[np.float64],
    known: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """(groups, groups) covariance of a person's ratings' gains about the person's own mean."""
    mine = known[one.person]
    weight = np.bincount(one.film[mine], weights=given[mine] ** 2, minlength=len(one.films))
    weighed = standing.copy()
    weighed.data = (weighed.data * np.repeat(weight, np.diff(standing.indptr))).astype(np.float32)
    second = np.asarray((standing.T @ weighed).todense(), np.float64)
    means = total[known]
    second -= (means.T / count[known]) @ means
    return np.asarray(second / max(1.0, float(count[known].sum() - known.sum())))


def standing_over(standing: Sparse, rows: Ints) -> Sparse:
    """Returns which films stand on which shelves, over another list of films.

    standing: (films, shelves). rows: for each film of the other list, its row in `standing`, -1 for
    a film that has none; its row in the result is empty.
    """
    places = np.asarray(rows, np.int64)
    picked = standing[np.maximum(places, 0)]
    keep = np.repeat(places >= 0, np.diff(picked.indptr))
    picked.data = picked.data * keep
    picked.eliminate_zeros()
    return picked

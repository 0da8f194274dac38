"""Which films to ask a new person about.

An answer is worth what it teaches about the person's other films: how much smaller it leaves the
variance of all that is not yet known (A-optimal design; Chaloner and Verdinelli 1995), films
weighing by how widely they are seen. In the model of `recommender.newcomer` "haven't seen" is an
answer like any other, so the chance that the person knows the film is part of the same figure:
where the answer is all but certain to be "haven't seen" it teaches next to nothing. On a screen of
many films, where what is left unselected says nothing, only films that the person knows teach, and
the films are chosen together: each counts on those before it being answered as far as they are
likely to be. While few have rated, answers teach what tags the person likes.
"""

import numpy as np
import numpy.typing as npt

from recommender.blending import RankingModel
from recommender.data import Query
from recommender.factorization import Array64
from recommender.filters import passing
from recommender.newcomer import NewcomerModel
from recommender.pipeline import Recommender

CANDIDATES = 300  # best-known films among which to choose
LIKELY = 2  # power of the chance of knowing on a screen, where only what is known is answered


def next_films(
    model: Recommender,
    query: Query,
    asked: npt.NDArray[np.int64],
    n: int,
    rng: np.random.Generator | None = None,
) -> npt.NDArray[np.int64]:
    """Up to n film rows to ask about next, the most telling first; never one already asked, rated
    or excluded. One film is a question to be answered, more are a screen to choose from. The
    query's filters hold as far as films are left. With `rng`, near ties in how known films are
    fall differently each time."""
    allowed = passing(model.catalogue, query).films
    for rows in (asked, query.unseen):
        allowed[rows] = False
    rows = np.flatnonzero(allowed)
    reach = model.popularity.reach[rows]
    if rng is not None:
        reach = reach * (1.0 + 0.02 * rng.standard_normal(len(reach)))
    rows = rows[np.argsort(-reach, kind="stable")[:CANDIDATES]]
    if not len(rows) or n < 1:
        return np.zeros(0, np.int64)
    return telling(model.ranking, query, rows, n)


def telling(
    model: RankingModel, query: Query, rows: npt.NDArray[np.int64], n: int
) -> npt.NDArray[np.int64]:
    """The n of some film rows whose answers teach most, most telling first."""
    newcomer = model.asking
    place = newcomer.place(query)
    if n == 1:
        taught, variance = lessons(newcomer, place.covariance, rows)
        return rows[[int(np.argmax(taught / (variance + newcomer.rest[rows])))]]
    chance = newcomer.chance(newcomer.score_place(place), rows)
    return rows[_together(newcomer, place.covariance, rows, chance, n)]


def lessons(
    newcomer: NewcomerModel, covariance: Array64, rows: npt.NDArray[np.int64]
) -> tuple[Array64, Array64]:
    """(k,) how much variance of all films each of k films shares, squared and summed up, and (k,)
    its own variance; their quotient (with the answer's own noise) is what its answer takes away."""
    theirs = newcomer.loadings[rows].astype(np.float64)
    along = theirs @ covariance
    return ((along @ newcomer.worth) * along).sum(axis=1), (along * theirs).sum(axis=1)


def _together(
    newcomer: NewcomerModel,
    covariance: Array64,
    rows: npt.NDArray[np.int64],
    chance: Array64,
    n: int,
) -> list[int]:
    """Places among `rows` of n films that teach most as a set, one after the other."""
    theirs = newcomer.loadings[rows].astype(np.float64)
    rest = newcomer.rest[rows]
    along = theirs @ covariance
    free = np.ones(len(rows), np.bool_)
    chosen: list[int] = []
    while len(chosen) < min(n, len(rows)):
        variance = (along * theirs).sum(axis=1)
        taught = ((along @ newcomer.worth) * along).sum(axis=1)
        value = np.where(free, chance**LIKELY * taught / (variance + rest), -np.inf)
        best = int(np.argmax(value))
        chosen.append(best)
        free[best] = False
        # The answer is counted on only as far as the film is likely to be known.
        share = chance[best] / (variance[best] + rest[best])
        along -= np.outer(theirs @ along[best], along[best]) * share
    return chosen

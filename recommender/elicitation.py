"""Which films to ask a new person about.

An answer is worth what it teaches about the films that the person may be shown as picks: how much
smaller it leaves the variance of these, as far as it is not yet known how they would be liked
(A-optimal design for chosen predictions; Chaloner and Verdinelli 1995). In the model of
`recommender.models.newcomer` "haven't seen" is an answer like any other, so the chance that the person
knows the film is part of the same figure: where the answer is all but certain to be "haven't seen"
it teaches next to nothing. On a screen of many films only those that the person knows teach, and
the films are chosen together: each counts on those before it being answered as far as they are
likely to be. A film left on a screen is no answer and no pick hears of it; only what is shown next
turns to where more is likely to be known. While few have rated, answers teach what tags the person
likes.
"""

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NONE
from recommender.numeric.arrays import Array64, Bools
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import passing
from recommender.pipeline.recommender import Recommender

CANDIDATES = 300  # best-known films among which to choose
PICKS = 100  # films likeliest to be picks, about which an answer shall teach
LIKELY = 2  # power of the chance of knowing on a screen, where only what is known is answered


def next_films(
    model: Recommender,
    query: Query,
    asked: npt.NDArray[np.int64],
    n: int,
    rng: np.random.Generator | None = None,
    left: npt.NDArray[np.int64] = NONE,
) -> npt.NDArray[np.int64]:
    """Up to n film rows to ask about next, the most telling first; never one already asked, rated
    or excluded. One film is a question to be answered, more are a screen to choose from. The
    query's filters hold as far as films remain. left: rows that the person was shown on screens and
    did not choose where they chose others. With `rng`, near ties in how known films are fall
    differently each time."""
    wanted = passing(model.catalogue, query).films
    allowed = wanted.copy()
    for rows in (asked, query.unseen):
        allowed[rows] = False
    rows = np.flatnonzero(allowed)
    reach = model.popularity.reach[rows]
    if rng is not None:
        reach = reach * (1.0 + 0.02 * rng.standard_normal(len(reach)))
    rows = rows[np.argsort(-reach, kind="stable")[:CANDIDATES]]
    if not len(rows) or n < 1:
        return NONE
    return telling(model.ranking, query, rows, n, left, wanted)


def telling(
    model: RankingModel,
    query: Query,
    rows: npt.NDArray[np.int64],
    n: int,
    left: npt.NDArray[np.int64] = NONE,
    wanted: Bools | None = None,
) -> npt.NDArray[np.int64]:
    """The n of some film rows whose answers teach most, most telling first; left as in
    `next_films`; wanted: (films,) which may be picks, None for all."""
    newcomer = model.elicitation_model
    place = newcomer.place(query, left)
    aims = newcomer.loadings[_likely_picks(model, query, wanted)].astype(np.float64)
    worth = aims.T @ aims
    theirs, rest = newcomer.loadings[rows].astype(np.float64), newcomer.rest[rows]
    along = theirs @ place.covariance
    if n == 1:
        return rows[[int(np.argmax(_lessons(along, theirs, rest, worth)))]]
    chance = newcomer.chance(newcomer.score_place(place), rows)
    return rows[_together(along, theirs, rest, worth, chance, n)]


def _likely_picks(model: RankingModel, query: Query, wanted: Bools | None) -> npt.NDArray[np.int64]:
    """Rows of the films that are ranked first as things stand, without those rated."""
    scores = model.score(query)
    if wanted is not None:
        scores[~wanted] = -np.inf
    scores[query.films] = -np.inf
    return top_k(scores, PICKS)


def _lessons(along: Array64, theirs: Array64, rest: Array64, worth: Array64) -> Array64:
    """(k,) how much variance of the films that matter an answer about each of k films takes away.
    along: (k, d) loadings times the person's covariance; theirs: (k, d) loadings; rest: (k,)
    variance of the answers; worth: (d, d) loadings' products over the films that matter."""
    taught = ((along @ worth) * along).sum(axis=1)
    return np.asarray(taught / ((along * theirs).sum(axis=1) + rest))


def _together(
    along: Array64, theirs: Array64, rest: Array64, worth: Array64, chance: Array64, n: int
) -> list[int]:
    """Places of n films that teach most as a set, one after the other; chance: (k,) of knowing
    each, the others as in `_lessons`."""
    free = np.ones(len(along), np.bool_)
    chosen: list[int] = []
    while len(chosen) < min(n, len(along)):
        value = chance**LIKELY * _lessons(along, theirs, rest, worth)
        best = int(np.argmax(np.where(free, value, -np.inf)))
        chosen.append(best)
        free[best] = False
        # The answer is counted on only as far as the film is likely to be known.
        share = chance[best] / (along[best] @ theirs[best] + rest[best])
        along = along - np.outer(theirs @ along[best], along[best]) * share
    return chosen

"""Preference elicitation: which films to ask a new person about.

An answer is worth as much as it reduces the variance of the scores of the films that the person may
be recommended (A-optimal design for chosen predictions; Chaloner and Verdinelli 1995). In the model
of `recommender.models.newcomer`, "haven't seen" is an answer like any other. So the chance that the
person knows a film is part of the same figure: a film that they have almost certainly not seen
teaches almost nothing.

On a screen with many films, only the films that the person knows teach something. The films of a
screen are chosen together: each choice assumes that the films chosen before it will be answered
with the probability that the person knows them. A film that was left on a screen is not an answer.
It does not change recommendations, but the next screen shows films that the person is more likely
to know. While few people have rated, answers teach which tags the person likes.
"""

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NO_ROWS
from recommender.numeric.arrays import Array64, Bools
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.recommender import Recommender

MAX_CANDIDATES = 300  # films to choose from, the best known
TARGET_FILMS = 100  # films most likely to be recommended, about which an answer should teach
SCREEN_CHANCE_POWER = 2  # exponent of the chance that a film on a screen is known and so answered


def next_films(
    model: Recommender,
    query: Query,
    asked: npt.NDArray[np.int64],
    n: int,
    rng: np.random.Generator | None = None,
    left: npt.NDArray[np.int64] = NO_ROWS,
) -> npt.NDArray[np.int64]:
    """Returns the rows of up to n films to ask about next, the most informative first.

    Films that were asked about before, rated or not seen are left out, and the query's filters
    apply. Returns no rows if no film remains. One film is a question, and several films are a
    screen to choose from.

    Args:
        model: the fitted recommender.
        query: what is known about the person, and their filters.
        asked: rows of films that were asked about before.
        n: number of films.
        rng: breaks near ties in how well films are known; None always breaks them the same way.
        left: rows of films that the person left on screens on which they chose others.
    """
    wanted = apply_filters(model.catalogue, query).films
    allowed = wanted.copy()
    for rows in (asked, query.unseen):
        allowed[rows] = False
    rows = np.flatnonzero(allowed)
    reach = model.popularity.reach[rows]
    if rng is not None:
        reach = reach * (1.0 + 0.02 * rng.standard_normal(len(reach)))
    rows = rows[np.argsort(-reach, kind="stable")[:MAX_CANDIDATES]]
    if not len(rows) or n < 1:
        return NO_ROWS
    return most_informative(model.ranking, query, rows, n, left, wanted)


def most_informative(
    model: RankingModel,
    query: Query,
    rows: npt.NDArray[np.int64],
    n: int,
    left: npt.NDArray[np.int64] = NO_ROWS,
    wanted: Bools | None = None,
) -> npt.NDArray[np.int64]:
    """Returns the n film rows whose answers teach most, the most informative first.

    rows: the films to choose from. left: as in `next_films`. wanted: (films,) True for a film that
    may be recommended, or None if all may.
    """
    newcomer = model.elicitation_model
    place = newcomer.place(query, left)
    aims = newcomer.loadings[_likely_picks(model, query, wanted)].astype(np.float64)
    worth = aims.T @ aims
    loadings, rest = newcomer.loadings[rows].astype(np.float64), newcomer.rest[rows]
    along = loadings @ place.covariance
    if n == 1:
        return rows[[int(np.argmax(_variance_reductions(along, loadings, rest, worth)))]]
    chance = newcomer.chance(newcomer.score_place(place), rows)
    return rows[_choose_together(along, loadings, rest, worth, chance, n)]


def _likely_picks(model: RankingModel, query: Query, wanted: Bools | None) -> npt.NDArray[np.int64]:
    """Returns the rows of the films that rank first at present, without the films rated."""
    scores = model.score(query)
    if wanted is not None:
        scores[~wanted] = -np.inf
    scores[query.films] = -np.inf
    return top_k(scores, TARGET_FILMS)


def _variance_reductions(
    along: Array64, loadings: Array64, rest: Array64, worth: Array64
) -> Array64:
    """Returns (k,) the reduction of the target films' variance by an answer about each of k films.

    along: (k, d) loadings times the person's covariance. loadings: (k, d) loadings of the k films.
    rest: (k,) variance of the answers. worth: (d, d) products of the target films' loadings, summed
    over these films.
    """
    taught = ((along @ worth) * along).sum(axis=1)
    return np.asarray(taught / ((along * loadings).sum(axis=1) + rest))


def _choose_together(
    along: Array64, loadings: Array64, rest: Array64, worth: Array64, chance: Array64, n: int
) -> list[int]:
    """Returns the positions of n films that teach most as a set, chosen one after the other.

    chance: (k,) that the person knows each film. The rest is as in `_variance_reductions`.
    """
    free = np.ones(len(along), np.bool_)
    chosen: list[int] = []
    while len(chosen) < min(n, len(along)):
        value = chance**SCREEN_CHANCE_POWER * _variance_reductions(along, loadings, rest, worth)
        best = int(np.argmax(np.where(free, value, -np.inf)))
        chosen.append(best)
        free[best] = False
        # The film is answered only with the probability that the person knows it.
        share = chance[best] / (along[best] @ loadings[best] + rest[best])
        along = along - np.outer(loadings @ along[best], along[best]) * share
    return chosen

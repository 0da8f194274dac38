"""Preference elicitation: which films to ask a new person about.

Each film has a worth as a question. It says how much an answer reduces the variance of the scores
of the films that the person is most likely to be recommended (A-optimal design for chosen
predictions; Chaloner and Verdinelli 1995). In the model of `recommender.models.newcomer`, "haven't
seen" is an answer too. A film that the person has almost certainly not seen is therefore worth
almost nothing, because its answer is known in advance.

The quiz asks about one film, or shows a screen with many films of which the person rates those they
know. On a screen, only the films that the person knows teach something. The films of a screen are
chosen one after the other. Each choice assumes that every film already on the screen is answered
with the probability that the person knows it. A film that the person leaves unanswered on a screen
does not change recommendations. It only makes the next screen show films that the person is more
likely to know. While few people have rated, the model is made from the films' tags, so answers
teach which tags the person likes.
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

MAX_CANDIDATES = 300  # films that may be asked about: those that most people know
TARGET_FILMS = 100  # films whose scores an answer should make more certain
SCREEN_CHANCE_POWER = 2  # exponent of the chance that the person knows a film on a screen


def next_films(
    model: Recommender,
    query: Query,
    asked: npt.NDArray[np.int64],
    n: int,
    rng: np.random.Generator | None = None,
    left: npt.NDArray[np.int64] = NO_ROWS,
) -> npt.NDArray[np.int64]:
    """Returns the rows of up to n films to ask about next, the most informative first.

    Films that were asked about before, that the person rated, or that they said they have not seen
    are left out, and the query's filters apply. Returns no rows if no film remains. With n = 1
    the film is the best single question. With a larger n the films are chosen as one screen.

    Args:
        model: the fitted recommender.
        query: what is known about the person, and their filters.
        asked: rows of films that were asked about before.
        n: number of films.
        rng: adds a little noise to how well each film is known, so that people are not all asked
            about the same films; None adds no noise.
        left: rows of films that screens showed and that the person left unanswered, while they
            answered other films of the same screen.
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
    """Returns the rows of the n films whose answers teach most, best first.

    An answer teaches much if it reduces the variance of the scores of the person's likely picks.
    rows: rows of the films to choose from. left: as in `next_films`. wanted: (films,) True for a
    film that may be recommended, or None if all may.
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
    """Returns the rows of the `TARGET_FILMS` films with the best scores, without films that the
    person rated. wanted: (films,) True for a film that may be recommended, or None if all may."""
    scores = model.score(query)
    if wanted is not None:
        scores[~wanted] = -np.inf
    scores[query.films] = -np.inf
    return top_k(scores, TARGET_FILMS)


def _variance_reductions(
    along: Array64, loadings: Array64, rest: Array64, worth: Array64
) -> Array64:
    """Returns (k,) how much an answer about each of k films reduces the variance of the scores of
    the target films (the films that are most likely to be recommended), summed over these.

    along: (k, d) loadings times the covariance of the person's position on the d dimensions of the
    newcomer model. loadings: (k, d) loadings of the k films. rest: (k,) noise variance of an answer
    about each film. worth: (d, d) sum over the target films of the outer product of their loadings.
    """
    taught = ((along @ worth) * along).sum(axis=1)
    return np.asarray(taught / ((along * loadings).sum(axis=1) + rest))


def _choose_together(
    along: Array64, loadings: Array64, rest: Array64, worth: Array64, chance: Array64, n: int
) -> list[int]:
    """Returns the positions of the n films of a screen, chosen one after the other.

    Each choice takes into account what the films already chosen are expected to teach.

    chance: (k,) probability that the person knows each film. The other arguments are those of
    `_variance_reductions`.
    """
    free = np.ones(len(along), np.bool_)
    chosen: list[int] = []
    while len(chosen) < min(n, len(along)):
        value = chance**SCREEN_CHANCE_POWER * _variance_reductions(along, loadings, rest, worth)
        best = int(np.argmax(np.where(free, value, -np.inf)))
        chosen.append(best)
        free[best] = False
        # The covariance shrinks as by an answer, times the probability that the person gives one.
        share = chance[best] / (along[best] @ loadings[best] + rest[best])
        along = along - np.outer(loadings @ along[best], along[best]) * share
    return chosen

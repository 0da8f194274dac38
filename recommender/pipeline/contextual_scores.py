"""Scores of the films that could reach a list, adjusted to the query's time and mood.

The adjustment changes each film's score by a limited amount. To save time, it is computed only for
films that could reach the list, called candidates. Suppose that a film's own score rises by that
limit and all other scores fall by it. If the film is then among the best films, it is a candidate.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recommender.context.adjustment import ContextAdjustment
from recommender.context.editorial import MAX_TILT
from recommender.context.lift import MAX_LIFT
from recommender.data import Query
from recommender.hybrid.blend import Blend
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.recommender import Recommender

GATE_CLOCK = 1.5  # how much more the hour counts where facts choose the list
SPREAD_FILMS = 200  # best films whose scores' standard deviation is the unit of adjustments
LOWEST_SCORE = np.finfo(np.float64).min  # below every score, above the -inf of excluded films


@dataclass(frozen=True, eq=False)
class ContextualScores:
    """Scores of the films that could reach a list, before and after the change for time and mood.

    These films are called candidates.

    Attributes:
        blended: scores of all films before the change, from the blend (weighted sum) of models.
        films: (k,) rows of the candidates, ascending by film id, so that ties do not depend on the
            order of rows.
        plain: (k,) scores without the change.
        adjustment: changes of these scores for the query's time and mood.
        centre: mean of the best allowed films' scores.
        spread: standard deviation of the best allowed films' scores.
    """

    blended: Blend
    films: Rows
    plain: Array64
    adjustment: ContextAdjustment
    centre: float
    spread: float

    @cached_property
    def final(self) -> Array64:
        """(k,) the scores after the change for the query's time and mood."""
        return np.asarray(self.plain + self.adjustment.total)


def candidate_scores(
    model: Recommender, query: Query, allowed: Bools, depth: int, also: int = -1
) -> ContextualScores:
    """Returns the scores of all films that could reach a list (candidates).

    They include the best allowed film with few ratings (of the long tail), and the best allowed
    film with ratings but without tags.

    allowed: (films,) True if a film may be shown; at least one film must be allowed. depth: number
    of best films from which re-ranking chooses. also: row of one more film to include, -1 for no
    film.
    """
    blended = model.blend(query)
    among = np.where(allowed, blended.score, -np.inf)
    best = _best_scores(among, allowed, depth)
    centre, spread = float(best[:SPREAD_FILMS].mean()), float(best[:SPREAD_FILMS].std())
    largest = _largest_adjustment(model, query, clock_weight(blended))
    lowest = best[:depth][-1] - 2 * largest * spread
    rows = np.flatnonzero(among >= max(lowest, LOWEST_SCORE))
    for group in (model.long_tail.films, model.untagged):
        if not group[rows].any():  # otherwise its best film is among the rows already
            first = int(np.argmax(np.where(group, among, -np.inf)))
            if group[first] and among[first] > LOWEST_SCORE:  # it is allowed
                rows = np.append(rows, first)
    if also >= 0 and also not in rows:
        rows = np.append(rows, also)
    rows = rows[np.argsort(model.catalogue.films.ids_array[rows], kind="stable")]
    return contextual_scores(model, query, blended, rows, centre, spread)


@dataclass(frozen=True, eq=False)
class CatalogueScores:
    """Scores of all films for a query, before the change for time and mood.

    Attributes:
        blended: the scores, from the blend (weighted sum) of models.
        centre: mean of the best allowed films' scores.
        spread: standard deviation of the best allowed films' scores, the unit of the change.
    """

    blended: Blend
    centre: float
    spread: float


def catalogue_scores(model: Recommender, query: Query, allowed: Bools) -> CatalogueScores:
    """Returns the scores of all films.

    allowed: (films,) True if a film may be shown; at least one film must be allowed.
    """
    blended = model.blend(query)
    best = _best_scores(np.where(allowed, blended.score, -np.inf), allowed, SPREAD_FILMS)
    return CatalogueScores(blended, float(best.mean()), float(best.std()))


def _best_scores(among: Array64, allowed: Bools, depth: int) -> Array64:
    """Returns the highest scores of allowed films, at least SPREAD_FILMS of them if there are as
    many.

    among: (films,) scores; -inf for films that are not allowed. depth: how many more are needed.
    """
    best = among[top_k(among, max(depth, SPREAD_FILMS))]
    return np.asarray(best[: np.count_nonzero(allowed)])


def contextual_scores(
    model: Recommender,
    query: Query,
    blended: Blend,
    films: Rows,
    centre: float,
    spread: float,
) -> ContextualScores:
    """Returns the scores of some films, before and after the change for the query's time and mood.

    blended: the scores of all films for the query, from the blend (weighted sum) of models. films:
    (k,) rows. centre, spread: mean and standard deviation of the best allowed films' scores.
    """
    adjustment = model.adjustment(query, films, spread, clock_weight(blended))
    return ContextualScores(blended, films, blended.score[films], adjustment, centre, spread)


def clock_weight(blended: Blend) -> float:
    """Returns a factor, at least 1, on the change of a person's scores by the hour and the weekday.

    It is 1 if other people's ratings decide the scores, and larger the more facts about films (the
    content model) decide. With facts, re-ranking for variety lowers scores more, which would hide
    the effect of the hour. blended: the scores of all films for the query.
    """
    return 1.0 + GATE_CLOCK * blended.gate


def _largest_adjustment(model: Recommender, query: Query, weight: float) -> float:
    """Returns the largest score change of a film for the query's time and mood.

    The unit is the standard deviation of the best films' scores. weight: factor on the change by
    the hour and the weekday.
    """
    timed = query.hour is not None and query.weekday is not None
    largest = MAX_TILT * model.config.clock * weight if timed and query.editorial else 0.0
    if model.lift.active and (timed or query.mood_number >= 0):
        largest += MAX_LIFT * model.lift.worth
    return largest

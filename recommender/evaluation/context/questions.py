"""What a person is asked about a file with times: their scores, and what was chosen at which
moment; and how much of a lift makes up for how much of a score.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import softmax

from recommender.context.lift import Circumstance, LiftModel
from recommender.data import Query
from recommender.evaluation.context.data import ContextData
from recommender.evaluation.ranking.candidates import best
from recommender.models.als import FactorModel
from recommender.numeric.arrays import Array64, Bools, Ints64, sparse

SPREAD_OVER = 200  # best items over which the spread of scores is taken
CHOICES = 5000  # from which the worth is taken, at most
LEAST = 50  # choices, or nothing is known of the worth
MOST_WORTH = 4.0
STEPS = 12
NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Question:
    """scores: (items,) of a person, -inf for what they cannot be shown; top: their best items;
    spread: of those scores; moments: what is to be found, by circumstance."""

    person: int
    scores: Array64
    top: Ints64
    spread: float
    moments: Mapping[Circumstance, frozenset[int]]


def matrix(data: ContextData, known: Bools) -> Any:
    """(people, items) stars, of repeated pairs the greatest."""
    order = np.flatnonzero(known)
    order = order[np.lexsort((data.stars[order], data.item[order], data.person[order]))]
    person, item = data.person[order], data.item[order]
    last = np.ones(len(order), bool)
    last[:-1] = (person[1:] != person[:-1]) | (item[1:] != item[:-1])
    cells = (data.stars[order][last], (person[last], item[last]))
    return sparse(cells, (data.people, data.items))


def questions(
    data: ContextData, known: Bools, held: Bools, base: FactorModel, people: Ints64
) -> Iterator[Question]:
    """One for each of these people who has something to find. What is known of a person makes
    their scores; where that is nothing, what everybody chooses does."""
    stars = matrix(data, known)
    count = np.bincount(data.item[known], minlength=data.items).astype(np.float64)
    rows = np.flatnonzero(held & data.good & data.evidence)
    rows = rows[np.argsort(data.person[rows], kind="stable")]
    who = data.person[rows]
    for person in people.tolist():
        mine = slice(int(stars.indptr[person]), int(stars.indptr[person + 1]))
        theirs = stars.indices[mine]
        scores = base.score(Query(films=theirs, stars=np.maximum(stars.data[mine], 0.5)))
        if np.isnan(scores).all():
            scores = count / max(count.max(), 1.0)
        scores = np.where(np.isnan(scores), -np.inf, scores)
        if not data.returning:
            scores[theirs] = -np.inf
        found: dict[Circumstance, set[int]] = {}
        for row in rows[np.searchsorted(who, person) : np.searchsorted(who, person, "right")]:
            item = int(data.item[row])
            if data.returning or scores[item] > -np.inf:
                at = Circumstance(
                    int(data.daypart[row]), int(data.day[row]), person, -1, int(data.mood[row])
                )
                found.setdefault(at, set()).add(item)
        if found:
            top = best(scores, NONE, SPREAD_OVER)
            top = top[np.isfinite(scores[top])]
            moments = {at: frozenset(items) for at, items in found.items()}
            yield Question(person, scores, top, float(scores[top].std()), moments)


def worth_of(asked: Iterable[Question], lift: LiftModel) -> float:
    """Spreads of the best scores that make up for a unit of log-odds, 0 where the lift says nothing
    of what was chosen.

    Of each choice among a person's best items, the model is a conditional logit (McFadden 1974) in
    the score, in spreads, and the lift; the worth is the quotient of the two coefficients.
    """
    tables: list[Array64] = []
    places: list[int] = []
    for one in asked:
        if one.spread <= 0 or len(tables) >= CHOICES or len(one.top) < 2:
            continue
        score = (one.scores[one.top] - one.scores[one.top].mean()) / one.spread
        place = {int(item): at for at, item in enumerate(one.top)}
        for at, items in one.moments.items():
            table = np.column_stack([score, lift.log_odds(at, one.top)])
            for item in sorted(items & place.keys()):
                tables.append(table)
                places.append(place[item])
    if len(tables) < LEAST:
        return 0.0
    weights, error = _choice(tables, np.array(places))
    if weights[0] <= 0 or weights[1] <= error[1]:
        return 0.0
    return float(min(weights[1] / weights[0], MOST_WORTH))


def _choice(tables: list[Array64], places: Ints64) -> tuple[Array64, Array64]:
    """Coefficients of a conditional logit and their standard errors, by Newton's method."""
    longest = max(len(table) for table in tables)
    x = np.zeros((len(tables), longest, 2))
    inside = np.zeros((len(tables), longest), bool)
    for row, table in enumerate(tables):
        x[row, : len(table)], inside[row, : len(table)] = table, True
    chosen = x[np.arange(len(x)), places]
    weights = np.zeros(2)
    normal = np.eye(2)
    for _ in range(STEPS):
        chance = softmax(np.where(inside, x @ weights, -np.inf), axis=1)
        mean = np.einsum("nk,nkf->nf", chance, x)
        second = np.einsum("nk,nkf,nkg->fg", chance, x, x)
        normal = second - mean.T @ mean + 1e-6 * np.eye(2)
        step = np.linalg.solve(normal, (chosen - mean).sum(axis=0))
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights, np.sqrt(np.diag(np.linalg.inv(normal)))

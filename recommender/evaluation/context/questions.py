"""Prepares the rankings of the context study, and finds how strongly time should change scores.

For each person, the study needs the scores of all items, and the held-out items that the person
chose at each daypart, kind of day and mood. A lift is a learned change of an item's log-odds at
such a time and in such a mood. The worth of a lift is the amount of score that equals one unit of
its log-odds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from recommender.context.lift import Circumstance, LiftModel
from recommender.data import Query
from recommender.evaluation.context.data import ContextData
from recommender.evaluation.ranking.candidates import best
from recommender.models.als import FactorModel
from recommender.numeric.arrays import Array64, Bools, Ints64, Sparse, sparse

TOP_ITEMS = 200  # best items; the standard deviation of their scores is the unit of worth
MAX_CHOICES = 5000  # most choices from which the worth is estimated
MIN_CHOICES = 50  # with fewer choices the worth is 0
MAX_WORTH = 4.0  # standard deviations of the best scores per unit of log-odds
NEWTON_STEPS = 12
NO_ITEMS = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Question:
    """One person's scores of items, and the items that a ranking should find.

    Attributes:
        person: the person's row.
        scores: (items,) the person's scores; -inf for items that may not be recommended.
        top: rows of the best items, at most `TOP_ITEMS`.
        spread: the standard deviation of the best items' scores.
        moments: rows of the items to find, by the circumstance (daypart, kind of day, mood) in
            which the person chose them.
    """

    person: int
    scores: Array64
    top: Ints64
    spread: float
    moments: Mapping[Circumstance, frozenset[int]]


def matrix(data: ContextData, known: Bools) -> Sparse:
    """Returns (people, items) stars; the highest if a person has several rows of an item.

    data: the rows of the study. known: (n,) True for the rows to use.
    """
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
    """Yields the scores, and the held-out items to find, of each person who has such an item.

    If a person has no known rows, their scores are the items' popularity.

    data: the rows of the study. known: (n,) True for rows that the scores may use. held: (n,) True
    for held-out rows. base: the model that scores items for a person by their known rows. people:
    rows of the people to consider.
    """
    stars = matrix(data, known)
    count = np.bincount(data.item[known], minlength=data.items).astype(np.float64)
    rows = np.flatnonzero(held & data.good & data.evidence)
    rows = rows[np.argsort(data.person[rows], kind="stable")]
    person_of_row = data.person[rows]
    for person in people.tolist():
        cells = slice(int(stars.indptr[person]), int(stars.indptr[person + 1]))
        rated = stars.indices[cells]
        scores = base.score(Query(films=rated, stars=np.maximum(stars.data[cells], 0.5)))
        if np.isnan(scores).all():
            scores = count / max(count.max(), 1.0)
        scores = np.where(np.isnan(scores), -np.inf, scores)
        if not data.returning:
            scores[rated] = -np.inf
        found: dict[Circumstance, set[int]] = {}
        for row in rows[_range_of(person_of_row, person)]:
            item = int(data.item[row])
            if data.returning or scores[item] > -np.inf:
                at = Circumstance(
                    int(data.daypart[row]), int(data.day[row]), person, -1, int(data.mood[row])
                )
                found.setdefault(at, set()).add(item)
        if found:
            top = best(scores, NO_ITEMS, TOP_ITEMS)
            top = top[np.isfinite(scores[top])]
            moments = {at: frozenset(items) for at, items in found.items()}
            yield Question(person, scores, top, float(scores[top].std()), moments)


def _range_of(values: Ints64, value: int) -> slice:
    """Returns the positions at which `values`, in ascending order, equal `value`, as a slice."""
    return slice(int(np.searchsorted(values, value)), int(np.searchsorted(values, value, "right")))


def worth_of(asked: Iterable[Question], lift: LiftModel) -> float:
    """Returns the worth of a lift: the amount of score that equals one unit of its log-odds.

    A lift is a learned change of an item's log-odds at a time or in a mood. The unit of the score
    is the standard deviation of the person's best scores. Each choice among a person's best items
    is modelled by a conditional logit (McFadden 1974) with two terms: the score and the lift. The
    worth is the coefficient of the lift divided by that of the score. It is 0 if there are too few
    choices, or if the lift does not help to predict them. asked: the scores and choices of each
    person.
    """
    tables: list[Array64] = []
    places: list[int] = []
    for one in asked:
        if one.spread <= 0 or len(tables) >= MAX_CHOICES or len(one.top) < 2:
            continue
        score = (one.scores[one.top] - one.scores[one.top].mean()) / one.spread
        place = {int(item): at for at, item in enumerate(one.top)}
        for at, items in one.moments.items():
            table = np.column_stack([score, lift.log_odds(at, one.top)])
            for item in sorted(items & place.keys()):
                tables.append(table)
                places.append(place[item])
    if len(tables) < MIN_CHOICES:
        return 0.0
    weights, error = _choice(tables, np.array(places))
    if weights[0] <= 0 or weights[1] <= error[1]:
        return 0.0
    return float(min(weights[1] / weights[0], MAX_WORTH))


def _choice(tables: list[Array64], places: Ints64) -> tuple[Array64, Array64]:
    """Fits a conditional logit of score and lift (the learned effect of time) by Newton's method.

    tables: for each choice, (items, 2) the score and the lift of every item that could be chosen.
    places: (choices,) row of the chosen item in its table. Returns the (2,) coefficients of score
    and lift, and their (2,) standard errors.
    """
    longest = max(len(table) for table in tables)
    x = np.zeros((len(tables), longest, 2))
    inside = np.zeros((len(tables), longest), bool)
    for row, table in enumerate(tables):
        x[row, : len(table)], inside[row, : len(table)] = table, True
    chosen = x[np.arange(len(x)), places]
    weights = np.zeros(2)
    normal = np.eye(2)
    for _ in range(NEWTON_STEPS):
        chance = softmax(np.where(inside, x @ weights, -np.inf), axis=1)
        mean = np.einsum("nk,nkf->nf", chance, x)
        second = np.einsum("nk,nkf,nkg->fg", chance, x, x)
        normal = second - mean.T @ mean + 1e-6 * np.eye(2)
        step = np.linalg.solve(normal, (chosen - mean).sum(axis=0))
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights, np.sqrt(np.diag(np.linalg.inv(normal)))

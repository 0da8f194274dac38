"""Which films to ask a new person about.

A good question is about a film they are likely to know, and whose answer narrows down their tastes
(D-optimal design: the logarithm of how much the posterior's volume shrinks), given the answers so
far and the other questions on the same screen. Without factors, well-known and varied films do.
"""

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.diversity import likeness, rerank
from recommender.filters import passing
from recommender.pipeline import Recommender

CANDIDATES = 300  # best-known films among which to choose
CERTAINTY = 10.0  # how much surer an answer in the quiz is than one rating in the fit
VARIETY = 1.0  # price of likeness where there are no factors, in spreads of reach


def next_films(
    model: Recommender,
    query: Query,
    asked: npt.NDArray[np.int64],
    n: int,
    rng: np.random.Generator | None = None,
) -> npt.NDArray[np.int64]:
    """Up to n film rows to ask about next, the most telling first; never one already asked, rated
    or excluded. The query's filters hold as far as films are left. With `rng`, ties and near ties
    in how known films are fall differently each time."""
    allowed = passing(model.catalogue, query).films
    if len(asked):
        allowed[asked] = False
    rows = np.flatnonzero(allowed)
    reach = model.popularity.reach[rows]
    if rng is not None:
        reach = reach * (1.0 + 0.02 * rng.standard_normal(len(reach)))
    rows = rows[np.argsort(-reach, kind="stable")[:CANDIDATES]]
    if not len(rows) or n < 1:
        return np.zeros(0, np.int64)
    place = model.ranking.fold_in(query)
    if model.factors is None or place is None:
        alike = likeness(model.catalogue, model.tags, rows)
        return rows[rerank(model.popularity.reach[rows], alike, n, VARIETY)]
    known = model.popularity.count[rows] / max(1, model.people)
    covariance = place.covariance
    vectors = model.factors.films[rows].astype(np.float64)
    free = np.ones(len(rows), bool)
    chosen: list[int] = []
    while len(chosen) < min(n, len(rows)):
        across = vectors @ covariance
        variance = np.maximum((across * vectors).sum(axis=1), 0.0)
        worth = np.where(free, known * np.log1p(CERTAINTY * variance) + 1e-9 * known, -np.inf)
        best = int(np.argmax(worth))
        chosen.append(best)
        free[best] = False
        # The answer is expected only as far as the film is likely to be known.
        weight = CERTAINTY * known[best]
        seen = across[best]
        covariance -= np.outer(seen, seen) * weight / (1.0 + weight * variance[best])
    return rows[chosen]

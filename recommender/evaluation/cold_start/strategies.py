"""Ways to choose what a newcomer is asked: what is known from papers, and the bot's.

"popular", "entropy0" and "helf" are fixed orders (Rashid et al. 2002, "Getting to know you", and
2008, "Learning preferences of new users in recommender systems"): by ratings; by entropy with
unrated as a value of its own; by the harmonic mean of log-popularity and entropy. "a-optimal" and
"d-optimal" weigh what a rating would teach about the person's place among the factors by how many
know the film. "known" asks about the film that the person is likeliest to know, given what they
knew so far. "newcomer" is what the bot asks (`recommender.elicitation`); "newcomer-chosen" is the
same, but hears only of what is chosen on a screen, also for the next one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from recommender.data import Query
from recommender.elicitation import MAX_CANDIDATES, most_informative
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NewcomerConfig, fit_newcomer
from recommender.numeric.arrays import Array64, Rows, Sparse, sparse

Ask: TypeAlias = Callable[[Query, Rows, int, Rows], Rows]
"""(query, films that may be asked about, the best known first, n, films left on screens) -> n of
them, best first"""

SERVING = "newcomer"  # the way the bot asks
CHOSEN = "newcomer-chosen"  # the same without what is left on screens
COMPARED = "popular"  # what gains are measured against
UNSEEN_WEIGHT = 0.5  # of "unseen" as a value in entropy0
CERTAINTY = 10.0  # how much surer an answer is than one rating in the fit, for the factor designs


@dataclass(frozen=True, eq=False)
class StrategyFacts:
    """What a way of asking may see: the model that will rank, and the ratings it was fitted on."""

    model: RankingModel
    matrix: Sparse


def strategies() -> Mapping[str, Callable[[StrategyFacts], Ask]]:
    """Every way of asking by name, in the order of the tables."""
    return {
        COMPARED: _popular,
        "entropy0": _entropy0,
        "helf": _helf,
        "a-optimal": lambda known: _design(known, _shrunk),
        "d-optimal": lambda known: _design(known, _volume),
        "known": _likely,
        SERVING: _newcomer,
        CHOSEN: _newcomer_chosen,
    }


def _popular(known: StrategyFacts) -> Ask:
    return lambda query, rows, n, left: rows[:n]


def _entropy0(known: StrategyFacts) -> Ask:
    shares, unrated = _shares(known.matrix)
    weights = np.array([UNSEEN_WEIGHT, *[1.0] * shares.shape[1]])
    table = np.column_stack([unrated, shares * (1.0 - unrated[:, None])])
    return _ordered((weights * -_log(table)).sum(axis=1) / weights.sum())


def _helf(known: StrategyFacts) -> Ask:
    shares, _ = _shares(known.matrix)
    count = np.diff(sparse(known.matrix.T).indptr)
    entropy = -_log(shares).sum(axis=1) / np.log(max(2, shares.shape[1]))
    fame = np.log1p(count) / max(float(np.log1p(count.max(initial=0))), 1e-12)
    return _ordered(2 * entropy * fame / np.maximum(entropy + fame, 1e-12))


def _design(known: StrategyFacts, worth: Callable[[Array64, Array64, Array64], Array64]) -> Ask:
    """By what a rating would teach of the person's factors, times how many know the film."""
    model = known.model
    share = model.popularity.count / max(1, known.matrix.shape[0])
    gram = model.factors[-1].gram

    def ask(query: Query, rows: Rows, n: int, left: Rows) -> Rows:
        place = model.fold_in(query)
        assert place is not None
        near = rows[:MAX_CANDIDATES]
        theirs = model.factors[-1].films[near].astype(np.float64)
        value = share[near] * worth(theirs, place.covariance, gram)
        return near[np.argsort(-value, kind="stable")[:n]]

    return ask


def _shrunk(films: Array64, covariance: Array64, gram: Array64) -> Array64:
    along = films @ covariance
    taught = ((along @ gram) * along).sum(axis=1)
    return np.asarray(taught / (1.0 / CERTAINTY + (along * films).sum(axis=1)))


def _volume(films: Array64, covariance: Array64, gram: Array64) -> Array64:
    return np.asarray(np.log1p(CERTAINTY * ((films @ covariance) * films).sum(axis=1)))


def _likely(known: StrategyFacts) -> Ask:
    who = sparse(known.matrix)
    who.data = np.full_like(who.data, 5.0)  # whoever rated knows the film: every preference is 1
    model = fit_newcomer(who, NewcomerConfig())

    def ask(query: Query, rows: Rows, n: int, left: Rows) -> Rows:
        near = rows[:MAX_CANDIDATES]
        same = Query(films=query.films, stars=np.full(len(query.films), 5.0), unseen=query.unseen)
        scores = model.score_place(model.place(same))
        return near[np.argsort(-scores[near], kind="stable")[:n]]

    return ask


def _newcomer(known: StrategyFacts) -> Ask:
    return lambda query, rows, n, left: most_informative(
        known.model, query, rows[:MAX_CANDIDATES], n, left
    )


def _newcomer_chosen(known: StrategyFacts) -> Ask:
    return lambda query, rows, n, left: most_informative(
        known.model, query, rows[:MAX_CANDIDATES], n
    )


def _ordered(value: Array64) -> Ask:
    """By a figure of each film, (films,)."""
    return lambda query, rows, n, left: rows[np.argsort(-value[rows], kind="stable")[:n]]


def _shares(matrix: Sparse) -> tuple[Array64, Array64]:
    """(films, values) share of each number of stars among a film's ratings, and (films,) the share
    of the people who have not rated it."""
    values, at = np.unique(matrix.data, return_inverse=True)
    table = np.zeros((matrix.shape[1], len(values)))
    np.add.at(table, (matrix.indices, at), 1.0)
    count = table.sum(axis=1)
    unrated = 1.0 - count / max(1, matrix.shape[0])
    return table / np.maximum(count, 1.0)[:, None], unrated


def _log(shares: Array64) -> Array64:
    """share times its logarithm, 0 for a share of 0."""
    return np.asarray(shares * np.log(np.where(shares > 0, shares, 1.0)))

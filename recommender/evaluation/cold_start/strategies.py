"""Ways to choose the films that a newcomer is asked about: methods from papers, and the bot's own.

Three ask about films in a fixed order (Rashid et al. 2002, "Getting to know you", and 2008,
"Learning preferences of new users in recommender systems"). "popular" orders by the number of
ratings. "entropy0" orders by entropy, with "unrated" as a value of its own. "helf" orders by the
harmonic mean of log-popularity and entropy.

"a-optimal" and "d-optimal" multiply two figures: how much a rating would reduce the uncertainty
about the person's factors, and how many people know the film. "known" asks about the film that the
person most likely knows, given the films they knew so far. "newcomer" is the bot's own way
(`recommender.elicitation`). "newcomer-chosen" is the same, but does not use which films were left
unanswered on earlier screens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from recommender.data import Query
from recommender.elicitation.questions import MAX_CANDIDATES, most_informative
from recommender.hybrid.model import RankingModel
from recommender.models.newcomer import NewcomerConfig, fit_newcomer
from recommender.numeric.arrays import Array64, Rows, Sparse, sparse

Ask: TypeAlias = Callable[[Query, Rows, int, Rows], Rows]
"""A function that chooses n films to ask about, and returns their rows, best first.

Its arguments are the query with the answers so far, the rows of the films that may be asked about
(best known first), n, and the rows of the films that were not chosen on earlier screens.
"""

SERVING = "newcomer"  # the bot's own way
CHOSEN = "newcomer-chosen"  # the same, but ignores films not chosen on screens
COMPARED = "popular"  # the way that gains are measured against
UNSEEN_WEIGHT = 0.5  # weight of the value "unrated" in entropy0
ANSWER_CERTAINTY = 10.0  # weight of a quiz answer in the "optimal" ways; a rating has 1


@dataclass(frozen=True, eq=False)
class StrategyFacts:
    """The data that a way of choosing quiz questions may use.

    Attributes:
        model: the model that will rank.
        matrix: (people, films) the stars that the model was fitted on.
    """

    model: RankingModel
    matrix: Sparse


def strategies() -> Mapping[str, Callable[[StrategyFacts], Ask]]:
    """Returns a function for each way of choosing quiz questions, by its name, in the order of
    reports.

    The function takes the data that a way may use, and returns the function that asks.
    """
    return {
        COMPARED: _popular,
        "entropy0": _entropy0,
        "helf": _helf,
        "a-optimal": lambda facts: _design(facts, _shrunk),
        "d-optimal": lambda facts: _design(facts, _volume),
        "known": _likely,
        SERVING: _newcomer,
        CHOSEN: _newcomer_chosen,
    }


def _popular(facts: StrategyFacts) -> Ask:
    return lambda query, rows, n, left: rows[:n]


def _entropy0(facts: StrategyFacts) -> Ask:
    shares, unrated = _shares(facts.matrix)
    weights = np.array([UNSEEN_WEIGHT, *[1.0] * shares.shape[1]])
    table = np.column_stack([unrated, shares * (1.0 - unrated[:, None])])
    return _ordered((weights * -_share_log_share(table)).sum(axis=1) / weights.sum())


def _helf(facts: StrategyFacts) -> Ask:
    shares, _ = _shares(facts.matrix)
    count = np.diff(sparse(facts.matrix.T).indptr)
    entropy = -_share_log_share(shares).sum(axis=1) / np.log(max(2, shares.shape[1]))
    fame = np.log1p(count) / max(float(np.log1p(count.max(initial=0))), 1e-12)
    return _ordered(2 * entropy * fame / np.maximum(entropy + fame, 1e-12))


def _design(facts: StrategyFacts, worth: Callable[[Array64, Array64, Array64], Array64]) -> Ask:
    """Returns a way of choosing quiz questions that asks about the film with the largest product.

    The factors of the product are how informative a rating of the film would be, and the share of
    people who know the film. facts: the data to use. worth: a function that returns (n,) how
    informative a rating of each of n films would be. It takes the films' factors (n, factors), the
    covariance of the person's factors, and the Gram matrix of all films' factors.
    """
    model = facts.model
    share = model.popularity.count / max(1, facts.matrix.shape[0])
    gram = model.factors[-1].gram

    def ask(query: Query, rows: Rows, n: int, left: Rows) -> Rows:
        place = model.fold_in(query)
        assert place is not None
        near = rows[:MAX_CANDIDATES]
        films = model.factors[-1].films[near].astype(np.float64)
        value = share[near] * worth(films, place.covariance, gram)
        return near[np.argsort(-value, kind="stable")[:n]]

    return ask


def _shrunk(films: Array64, covariance: Array64, gram: Array64) -> Array64:
    """Returns (n,) how much a rating of each film reduces the sum of the variances of all scores.

    films: (n, factors) the films' factors. covariance: (factors, factors) covariance of the
    person's factors. gram: (factors, factors) Gram matrix of all films' factors.
    """
    along = films @ covariance
    taught = ((along @ gram) * along).sum(axis=1)
    return np.asarray(taught / (1.0 / ANSWER_CERTAINTY + (along * films).sum(axis=1)))


def _volume(films: Array64, covariance: Array64, gram: Array64) -> Array64:
    """Returns (n,) how much a rating of each film reduces the uncertainty about the person.

    The measure is the log-volume of the distribution of the person's factors. films: (n, factors)
    the films' factors. covariance: (factors, factors) covariance of the person's factors. gram: not
    used.
    """
    return np.asarray(np.log1p(ANSWER_CERTAINTY * ((films @ covariance) * films).sum(axis=1)))


def _likely(facts: StrategyFacts) -> Ask:
    known = sparse(facts.matrix)
    known.data = np.full_like(known.data, 5.0)  # raters know the film, so every preference is 1
    model = fit_newcomer(known, NewcomerConfig())

    def ask(query: Query, rows: Rows, n: int, left: Rows) -> Rows:
        near = rows[:MAX_CANDIDATES]
        same = Query(films=query.films, stars=np.full(len(query.films), 5.0), unseen=query.unseen)
        scores = model.score_place(model.place(same))
        return near[np.argsort(-scores[near], kind="stable")[:n]]

    return ask


def _newcomer(facts: StrategyFacts) -> Ask:
    return lambda query, rows, n, left: most_informative(facts.model, query, rows, n, left)


def _newcomer_chosen(facts: StrategyFacts) -> Ask:
    return lambda query, rows, n, left: most_informative(facts.model, query, rows, n)


def _ordered(value: Array64) -> Ask:
    """Returns a way of choosing quiz questions that asks about films in a fixed order.

    value: (films,) the film with the highest value is asked about first.
    """
    return lambda query, rows, n, left: rows[np.argsort(-value[rows], kind="stable")[:n]]


def _shares(matrix: Sparse) -> tuple[Array64, Array64]:
    """Returns how the ratings of each film are distributed, and how many people have not rated it.

    The first result is (films, values) the share of a film's ratings with each number of stars. The
    second is (films,) the share of people who have not rated the film. matrix: (people, films)
    stars; a cell is empty if the person has not rated the film.
    """
    values, at = np.unique(matrix.data, return_inverse=True)
    table = np.zeros((matrix.shape[1], len(values)))
    np.add.at(table, (matrix.indices, at), 1.0)
    count = table.sum(axis=1)
    unrated = 1.0 - count / max(1, matrix.shape[0])
    return table / np.maximum(count, 1.0)[:, None], unrated


def _share_log_share(shares: Array64) -> Array64:
    """Returns each share times its logarithm; 0 for a share of 0."""
    return np.asarray(shares * np.log(np.where(shares > 0, shares, 1.0)))

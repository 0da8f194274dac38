"""Compares a new model with the live model and with popularity on held-out ratings.

The live model is the one that answers requests now. Two measures are compared, person by person.
nDCG@10 of the lists that people would be shown measures whether the films that they liked come
first. Concordance (`order`; the index of Harrell et al. 1982) measures whether, of two films that a
person rated differently, the one with more stars has the higher score.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.data import Catalogue, Query
from recommender.evaluation.acceptance.held_out import HeldOut, Kind
from recommender.evaluation.ranking.baselines import fit_liked
from recommender.evaluation.ranking.candidates import Ranker, ScoreRanker
from recommender.evaluation.splits import RELEVANT_STARS
from recommender.metrics import find_hits, measure_lists, ndcg
from recommender.numeric.arrays import Array64, Floats, Sparse, sparse

LIST_LENGTH = 10  # films of a list
NOISE_ERRORS = 2.0  # standard errors; a smaller difference is noise


@dataclass(frozen=True)
class Gain:
    """The mean difference between two models' figures, over people.

    Attributes:
        mean: the mean difference.
        error: the standard error of the mean; inf for fewer than two people.
    """

    mean: float
    error: float

    @property
    def clear(self) -> bool:
        """True if the mean is more than `NOISE_ERRORS` standard errors above 0."""
        return self.mean > NOISE_ERRORS * self.error


@dataclass(frozen=True, eq=False)
class Scores:
    """One model's figures on the held-out ratings.

    Attributes:
        ndcg: (people,) nDCG@10 of each person's list.
        against_fame: (people,) the same, but a relevant film counts by the inverse of its
            popularity (`metrics.ndcg_against_fame`).
        order: (people,) concordance: the share of pairs of films with unequal stars that the scores
            order as the stars do; NaN for a person who gave all films the same stars.
        figures: for each measure of the lists by its name, and for "order", the mean over people.
    """

    ndcg: Array64
    against_fame: Array64
    order: Array64
    figures: Mapping[str, float]


@dataclass(frozen=True)
class Judgement:
    """The comparison of a new model with the live one, which answers requests now.

    Attributes:
        people: how many people's ratings were used.
        kind: how their ratings were held out: "since" (made after the live model was fitted),
            "newest" (each person's newest tenth) or "random" (a random tenth).
        figures: for "new", "live" and "popularity", the figures of that model by measure.
        gains: the new model's mean minus the live one's, by measure ("ndcg", "order").
        leads: the new model's mean minus that of popularity ("ndcg") and minus that of chance
            ("order"). Under "facts", how much better than chance facts about films predict stars.
    """

    people: int
    kind: Kind
    figures: Mapping[str, Mapping[str, float]]
    gains: Mapping[str, Gain]
    leads: Mapping[str, Gain]


def score_ranker(ranker: Ranker, held: HeldOut, catalogue: Catalogue) -> Scores:
    """Returns the figures of a model's lists and scores, for all people in the held-out ratings.

    ranker: the model. held: the ratings that it may use and those that it should predict.
    catalogue: the films.
    """
    ranked = np.full((len(held.people), LIST_LENGTH), -1, np.int64)
    order = np.full(len(held.people), np.nan)
    for at in range(len(held.people)):
        given = slice(int(held.given.indptr[at]), int(held.given.indptr[at + 1]))
        query = Query(films=held.given.indices[given], stars=held.given.data[given])
        films = ranker.rank(query, LIST_LENGTH)
        ranked[at, : len(films)] = films
        rated = slice(int(held.later.indptr[at]), int(held.later.indptr[at + 1]))
        scores = ranker.score(query)[held.later.indices[rated]]
        order[at] = concordance(scores, held.later.data[rated])
    relevant = _ones(held.later, RELEVANT_STARS)
    count = np.bincount(held.train.film, minlength=len(catalogue))
    taste = _ones(held.given, RELEVANT_STARS)
    lists = measure_lists(ranked, relevant, count, catalogue.genres, taste)
    figures = dict(lists.figures) | {"order": _mean(order[~np.isnan(order)], 0.5)}
    gained = ndcg(find_hits(ranked, relevant), np.diff(relevant.indptr), LIST_LENGTH)
    return Scores(gained, lists.against_fame, order, figures)


def concordance(scores: Array64, stars: Floats) -> float:
    """Returns how often, of two films with unequal stars, the one with more stars scores higher.

    It is a share of all such pairs, 0 to 1. A pair with equal scores or with a NaN score counts one
    half. NaN if there is no pair. scores, stars: (n,) of one person's films.
    """
    more, fewer = np.nonzero(stars[:, None] > stars[None, :])
    gap = scores[more] - scores[fewer]
    return float((np.nan_to_num(np.sign(gap)) / 2 + 0.5).mean()) if gap.size else float("nan")


def compare(
    new: Scores,
    live: Scores | None,
    popularity: Scores,
    held: HeldOut,
    facts: Array64 | None = None,
) -> Judgement:
    """Returns the comparison of several models' figures on the same held-out ratings.

    Args:
        new: figures of the newly fitted model.
        live: figures of the model that answers requests now; None if it would be fitted in exactly
            the same way as the new one, so that it has the same figures.
        popularity: figures of a ranking by popularity.
        held: the held-out ratings.
        facts: (people,) how well facts about films predict each person's stars
            (`acceptance.facts_order`); None if that was not measured.
    """
    other = new if live is None else live
    by_facts = {} if facts is None else {"facts": mean_gain(facts - 0.5)}
    return Judgement(
        people=len(held.people),
        kind=held.kind,
        figures={"new": new.figures, "live": other.figures, "popularity": popularity.figures},
        gains={
            "ndcg": mean_gain(new.ndcg - other.ndcg),
            "order": mean_gain(new.order - other.order),
        },
        leads={
            "ndcg": mean_gain(new.ndcg - popularity.ndcg),
            "order": mean_gain(new.order - 0.5),
        }
        | by_facts,
    )


def mean_gain(difference: Array64) -> Gain:
    """Returns the mean of (people,) differences and its standard error. NaN values are left out."""
    some = difference[~np.isnan(difference)]
    if len(some) < 2:
        return Gain(0.0, float("inf"))
    return Gain(float(some.mean()), float(some.std(ddof=1) / np.sqrt(len(some))))


def popularity_ranker(held: HeldOut) -> ScoreRanker:
    """Returns the simplest model to compare with, which ranks films by how many people liked them.

    held: the ratings that it learns from.
    """
    return ScoreRanker(fit_liked(held.train))


def _ones(stars: Sparse, least: float) -> Sparse:
    """Returns (people, films) 1 for each rating of at least `least` stars; other cells are empty.

    stars: (people, films) the ratings.
    """
    person = np.repeat(np.arange(stars.shape[0]), np.diff(stars.indptr))
    keep = stars.data >= least
    cells = (np.ones(int(keep.sum()), np.float32), (person[keep], stars.indices[keep]))
    return sparse(cells, stars.shape)


def _mean(values: Array64, otherwise: float) -> float:
    return float(values.mean()) if len(values) else otherwise

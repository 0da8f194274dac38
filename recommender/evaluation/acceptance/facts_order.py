"""Measures how well facts about films predict people's stars, to find damaged ratings.

A fifth of a person's ratings is left out at a time. The content model (`recommender.content`)
scores the films left out, from facts (such as tags) about the films of the other four fifths. These
scores are compared with the stars. Other people's ratings are not used. The measure therefore falls
if stars are random, or inverted for many people, even if the recommended lists change little.
"""

import numpy as np

from recommender.content.model import ContentModel
from recommender.data import Query
from recommender.evaluation.acceptance.held_out import HeldOut
from recommender.evaluation.acceptance.judgement import concordance
from recommender.numeric.arrays import Array64, sparse

PARTS = 5  # parts of a person's ratings that are left out in turn
MAX_PEOPLE = (
    100  # of more people, the first are measured; their order is random or that of the data
)
MAX_RATINGS = 40  # of a person's ratings, at most this number, drawn at random, are compared


def facts_order(content: ContentModel, held: HeldOut, seed: int) -> Array64:
    """Returns (people,) how well facts about films, such as tags, predict each person's stars.

    It is the share of pairs of a person's films with unequal stars in which the film with more
    stars has the higher score, 0 to 1. It is NaN for a person without such a pair.

    content: the model that scores films by facts. held: the people; all their ratings are used,
    held out or not. seed: seed of the random division of ratings into fifths.
    """
    stars = sparse(held.given + held.later)
    rng = np.random.default_rng(seed)
    people = range(min(MAX_PEOPLE, stars.shape[0])) if content.blocks else range(0)
    found = np.full(len(held.people), np.nan)
    for person in people:
        own = np.arange(int(stars.indptr[person]), int(stars.indptr[person + 1]))
        own = rng.permutation(own)[:MAX_RATINGS]
        films, given = stars.indices[own].astype(np.int64), stars.data[own].astype(np.float64)
        part = np.arange(len(own)) % PARTS
        orders = []
        for left_out in range(min(PARTS, len(own))):
            out = part == left_out
            if len(np.unique(given[out])) < 2:
                continue
            scores = content.score(Query(films=films[~out], stars=given[~out]))[films[out]]
            orders.append(concordance(scores, given[out]))
        if orders:
            found[person] = float(np.mean(orders))
    return found

"""The shortlist: which of the scored films make the list, and in which order.

Re-ranking is for variety and for the genres that the person loves (`diversity`). Some lists then
give their last place to a film of the long tail (`long_tail`). Neither changes a score.
"""

from dataclasses import dataclass

import numpy as np

from recommender.data import Query
from recommender.numeric.arrays import Array64, Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.diversity import rerank_for
from recommender.pipeline.recommender import Recommender


@dataclass(frozen=True, eq=False)
class Shortlist:
    """The films that re-ranking chose.

    Attributes:
        chosen: (n,) positions among the scored films, in the order shown.
        places: (n,) place of each by score alone, from 0.
        long_tail: index in the list of the film that took the long tail's place, -1 for no film.
    """

    chosen: Rows
    places: Rows
    long_tail: int


def shortlist(
    model: Recommender,
    query: Query,
    scores: Array64,
    films: Rows,
    n: int,
) -> Shortlist:
    """Returns the n films to show, re-ranked for variety and genre calibration, then for the long
    tail.

    scores, films: (k,) scores and rows of the films to choose from.
    """
    best = top_k(scores, reranking_depth(model, n))
    catalogue, variety = model.catalogue, model.config.variety
    places = rerank_for(catalogue, model.tags, query, films[best], scores[best], n, variety).places
    last = -1
    if len(query.films):
        last = model.long_tail.candidate(scores, films, best[places], query.adventurousness)
    if last < 0:
        return Shortlist(best[places], places, -1)
    behind = int((scores > scores[last]).sum())
    chosen, at = np.append(best[places[:-1]], last), np.append(places[:-1], behind)
    return Shortlist(chosen, at, len(chosen) - 1)


def reranking_depth(model: Recommender, n: int) -> int:
    """Returns how many of the best films re-ranking looks at for a list of n."""
    return max(model.config.variety.least, model.config.variety.candidates * n)

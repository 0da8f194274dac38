"""Chooses which of the scored films make the list, and in which order.

The best films are re-ranked for variety and for the genres that the person loves (`diversity`). In
some lists a film of the long tail, which has few ratings, then takes the last place (`long_tail`).
Neither step changes a score.
"""

from dataclasses import dataclass

import numpy as np

from recommender.content.model import ContentTaste
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
        places: (n,) the place that each film would have by score alone, from 0.
        long_tail: index in the list of the film of the long tail that took the last place, -1 for
            no film.
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
    taste: ContentTaste | None = None,
    gate: float = 0.0,
) -> Shortlist:
    """Returns the n films to show.

    They are re-ranked for variety and genre calibration. Then a film of the long tail may take the
    last place.

    scores, films: (k,) scores and rows of the films to choose from. taste: what the facts of the
    person's films say about their taste; None if it is unknown. gate: how far the list follows
    that, 0 to 1.
    """
    best = top_k(scores, reranking_depth(model, n))
    catalogue, variety = model.catalogue, model.config.variety
    near = None
    if taste is not None and taste.interests and variety.loved:
        near = model.ranking.content.likeness(taste, films[best])
    places = rerank_for(
        catalogue, model.tags, query, films[best], scores[best], n, variety, near, gate
    ).places
    last = -1
    if len(query.films):
        last = model.long_tail.candidate(scores, films, best[places], query.adventurousness)
    if last < 0:
        return Shortlist(best[places], places, -1)
    behind = int((scores > scores[last]).sum())
    chosen, at = np.append(best[places[:-1]], last), np.append(places[:-1], behind)
    return Shortlist(chosen, at, len(chosen) - 1)


def reranking_depth(model: Recommender, n: int) -> int:
    """Returns from how many of the best films re-ranking chooses a list of n."""
    return max(model.config.variety.least, model.config.variety.candidates * n)

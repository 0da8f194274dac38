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

MIN_LIKENESS_GATE = 0.01  # with a smaller gate, facts do not change the order
UNTAGGED_GATE = 0.05  # facts choose a list if the content model has this share of its weight
UNTAGGED_LIST = 10  # a list has room for a film without tags from this length


@dataclass(frozen=True, eq=False)
class Shortlist:
    """The films of a list, after re-ranking and after a little-known film may have been added.

    Attributes:
        chosen: (n,) positions among the scored films, in the order shown.
        places: (n,) the place that each film would have by score alone, from 0.
        placed: index in the list of a film that took the last place from a film with a higher
            score; -1 if no film did.
        long_tail: the same index if that film took the place because it has few ratings (is of the
            long tail); otherwise -1.
    """

    chosen: Rows
    places: Rows
    placed: int
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
    """Chooses the n films of a list.

    The films are re-ranked for variety and for the genres that the person loves. Then a film with
    few ratings (of the long tail) may take the last place.

    scores, films: (k,) scores and rows of the films to choose from. taste: what the content model,
    which scores films by facts, knows of the person; None if it is unknown. gate: weight of the
    content model in the scores, 0 to 1.
    """
    best = top_k(scores, reranking_depth(model, n))
    catalogue, variety = model.catalogue, model.config.variety
    near = None
    divided = variety.loved and not len(query.mood)  # a mood may well suit one of two tastes alone
    if taste is not None and taste.interests and divided and gate > MIN_LIKENESS_GATE:
        near = model.ranking.content.likeness(taste, films[best])[:, : len(query.films)]
    places = rerank_for(
        catalogue, model.tags, query, films[best], scores[best], n, variety, near, gate
    ).places
    chosen = best[places]
    tail, last = -1, -1
    if gate > UNTAGGED_GATE:
        last = _untagged(model, scores, films, chosen)
    if last < 0 and len(query.films):
        tail = model.long_tail.candidate(scores, films, chosen, query.adventurousness)
    if max(last, tail) < 0:
        return Shortlist(chosen, places, -1, -1)
    behind = int((scores > scores[max(last, tail)]).sum())
    out = _least_missed(model, films[chosen], taste)
    chosen = np.append(np.delete(chosen, out), max(last, tail))
    at = np.append(np.delete(places, out), behind)
    end = len(chosen) - 1
    return Shortlist(chosen, at, end, end if tail >= 0 else -1)


def _untagged(model: Recommender, scores: Array64, films: Rows, chosen: Rows) -> int:
    """Returns the position of a film without tags that may take the last place; -1 for no film.

    If facts such as tags decide the scores, films without tags would never be in a list. Therefore
    the untagged film with the best score takes the last place of each list with at least
    `UNTAGGED_LIST` films.

    scores, films: (k,) scores and rows of the films to choose from. chosen: (n,) positions of the
    films in the list.
    """
    untagged = model.untagged[films]
    if len(chosen) < UNTAGGED_LIST or untagged[chosen].any() or not untagged.any():
        return -1
    return int(np.argmax(np.where(untagged, scores, -np.inf)))


def _least_missed(model: Recommender, films: Rows, taste: ContentTaste | None) -> int:
    """Returns the place in a list of the film that another film replaces.

    It is the last place. If the person has two interests (groups of similar loved films), it is the
    last place of the interest with more films in the list, so that the other one loses none.

    films: (n,) rows of the list's films. taste: what the content model knows of the person.
    """
    end = len(films) - 1
    if taste is None or len(taste.interests) < 2:
        return end
    interest = model.ranking.content.best_interests(taste, films)
    most = int(np.argmax(np.bincount(interest)))
    return int(np.flatnonzero(interest == most)[-1])


def reranking_depth(model: Recommender, n: int) -> int:
    """Returns the number of best films from which re-ranking chooses a list of n films."""
    return max(model.config.variety.least, model.config.variety.candidates * n)

"""Re-rank for variety: maximal marginal relevance (Carbonell and Goldstein 1998).

The best film keeps its place; each next one is the film with the greatest score minus a price for
its likeness to what already stands. Two films are alike by their tags and their genres.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Catalogue
from recommender.tags import TagModel


@dataclass(frozen=True)
class VarietyConfig:
    """strength: the price of complete likeness, in spreads of the candidates' scores, where the
    person is known; unknown: the same where nothing is known of them; candidates: films looked at
    for each one shown, and never fewer than `least`."""

    strength: float = 0.25
    unknown: float = 1.5
    candidates: int = 6
    least: int = 60


def likeness(
    catalogue: Catalogue, tags: TagModel, films: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """(k, k) in 0–1 among k films: the mean of tag cosine and genre Jaccard; the one alone where
    a film lacks the other."""
    vectors = tags.vectors[films]
    by_tags = np.asarray((vectors @ vectors.T).toarray(), np.float64)
    genres = catalogue.genres[films]
    common = np.asarray((genres @ genres.T).toarray(), np.float64)
    size = np.diagonal(common)
    union = size[:, None] + size[None, :] - common
    by_genres = common / np.maximum(union, 1.0)
    tagged = tags.tagged[films].astype(np.float64)
    sorted_by = (size > 0).astype(np.float64)
    tag_votes, genre_votes = np.outer(tagged, tagged), np.outer(sorted_by, sorted_by)
    votes = np.maximum(tag_votes + genre_votes, 1.0)
    return np.clip((by_tags * tag_votes + by_genres * genre_votes) / votes, 0.0, 1.0)


def rerank(
    scores: npt.NDArray[np.float64], alike: npt.NDArray[np.float64], n: int, strength: float
) -> npt.NDArray[np.int64]:
    """Positions of the n chosen among k candidates, in order. scores: (k,); alike: (k, k).

    Ties go to the earlier candidate.
    """
    spread = float(scores.std()) if len(scores) > 1 else 0.0
    price = strength * spread
    nearest = np.zeros(len(scores))
    free = np.ones(len(scores), bool)
    chosen: list[int] = []
    while len(chosen) < min(n, len(scores)):
        worth = np.where(free, scores - price * nearest, -np.inf)
        best = int(np.argmax(worth))
        chosen.append(best)
        free[best] = False
        nearest = np.maximum(nearest, alike[best])
    return np.array(chosen, np.int64)

"""Re-rank for variety and for genre calibration, in one greedy pass.

Variety is maximal marginal relevance (Carbonell and Goldstein 1998): a film pays for its likeness,
by tags and genres, to what already stands. Calibration (Steck 2018, "Calibrated recommendations"):
a list pays for how far its genres stray from those of the films the person loves, by the
Kullback–Leibler divergence that `metrics.calibration_error` measures, so that a taste of 70 to 30
gets a list of 70 to 30. Both prices are in spreads of the candidates' scores, so that they mean the
same whatever the scale of the scores. The best film always stays; what is chosen is shown in the
order of the scores, since neither variety nor calibration asks for another.
"""

from dataclasses import dataclass

import numpy as np

from recommender.data import Catalogue, Query
from recommender.data.preferences import preferences
from recommender.metrics import GENRE_SMOOTHING
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Array64, Rows, Sparse
from recommender.numeric.sparse_rows import dense_rows


@dataclass(frozen=True)
class VarietyConfig:
    """strength: the price of complete likeness, in spreads of the candidates' scores, where the
    person is known; unknown: the same where nothing is known of them; calibration: the price of
    one nat of genre divergence once the person is known well, half of it at `calibration_half`
    ratings; candidates: films looked at for each one shown, and never fewer than `least`."""

    strength: float = 0.25
    unknown: float = 1.5
    calibration: float = 5.0
    calibration_half: float = 5.0
    candidates: int = 6
    least: int = 60


@dataclass(frozen=True, eq=False)
class Reranked:
    """places: (n,) positions among the candidates, in order of showing; moved: (n,) by how many
    places re-ranking lifted each above the order by score alone, past films it left out."""

    places: Rows
    moved: Rows


def rerank_for(
    catalogue: Catalogue,
    tags: TagModel,
    query: Query,
    films: Rows,
    scores: Array64,
    n: int,
    config: VarietyConfig = VarietyConfig(),
) -> Reranked:
    """The n films to show a person of k candidates with `scores` (k,), given by their rows `films`
    (k,). Ties go to the earlier candidate."""
    stranger = not (len(query.films) or len(query.liked_tags) or len(query.mood))
    strength = config.unknown if stranger else config.strength
    rated = len(query.films)
    price = config.calibration * rated / (rated + config.calibration_half) if rated else 0.0
    alike = likeness(catalogue, tags, films) if strength else np.zeros((len(films),) * 2)
    shares, taste = None, None
    if price:
        both = film_shares(catalogue.genres, np.concatenate([films, query.films]))
        shares, taste = both[: len(films)], preferences(query.stars, 0.0) @ both[len(films) :]
    chosen = rerank(scores, alike, n, strength, shares, taste, price)
    order = np.argsort(-scores, kind="stable")
    stays = np.zeros(len(scores), np.bool_)
    stays[chosen] = True
    rank = np.flatnonzero(stays[order])
    return Reranked(order[rank], rank - np.arange(len(rank)))


def film_shares(genres: Sparse, films: Rows) -> Array64:
    """(k, genres) each film's weight split evenly among its genres; zeros where it has none."""
    table = dense_rows(genres, films).astype(np.float64)
    return np.asarray(table / np.maximum(table.sum(axis=1, keepdims=True), 1.0))


def likeness(catalogue: Catalogue, tags: TagModel, films: Rows) -> Array64:
    """(k, k) in 0–1 among k films: the mean of tag cosine and genre Jaccard; the one alone where
    a film lacks the other."""
    vectors = dense_rows(tags.vectors, films)
    vectors = vectors[:, vectors.any(axis=0)]
    by_tags = (vectors @ vectors.T).astype(np.float64)
    genres = dense_rows(catalogue.genres, films).astype(np.float64)
    common = genres @ genres.T
    size = np.diagonal(common)
    union = size[:, None] + size[None, :] - common
    by_genres = common / np.maximum(union, 1.0)
    tagged = vectors.any(axis=1).astype(np.float64)
    sorted_by = (size > 0).astype(np.float64)
    tag_votes, genre_votes = np.outer(tagged, tagged), np.outer(sorted_by, sorted_by)
    votes = np.maximum(tag_votes + genre_votes, 1.0)
    return np.clip((by_tags * tag_votes + by_genres * genre_votes) / votes, 0.0, 1.0)


def rerank(
    scores: Array64,
    alike: Array64,
    n: int,
    strength: float,
    shares: Array64 | None = None,
    taste: Array64 | None = None,
    calibration: float = 0.0,
) -> Rows:
    """Positions of the n chosen among k candidates, in order. scores: (k,); alike: (k, k); shares:
    (k, genres) of `film_shares` and taste: (genres,) weights, for calibration at this price a nat.

    Ties go to the earlier candidate.
    """
    count = min(n, len(scores))
    spread = float(scores.std()) if len(scores) > 1 else 0.0
    price = strength * spread
    astray = _Astray(shares, taste, calibration * spread, count)
    nearest = np.zeros(len(scores))
    left = scores.astype(np.float64)
    chosen = np.zeros(count, np.int64)
    for at in range(count):
        worth = left - price * nearest
        if at and astray.price:
            worth -= astray.cost()
        best = int(np.argmax(worth))
        chosen[at] = best
        left[best] = -np.inf
        astray.add(best)
        np.maximum(nearest, alike[best], out=nearest)
    return chosen


class _Astray:
    """How far a growing list strays from a taste, over the genres that the taste has. The places
    still empty count as filled with the taste itself, so that the first films are not chosen as if
    they were the whole list."""

    def __init__(
        self, shares: Array64 | None, taste: Array64 | None, price: float, places: int
    ) -> None:
        self.price = 0.0
        if shares is None or taste is None or not price * places or not taste.sum() > 0:
            return
        self.price = price
        loved = np.flatnonzero(taste > 0)
        self.taste = (taste[loved] / taste.sum()).astype(np.float32)
        self.shares = shares[:, loved].astype(np.float32)
        self.within = np.zeros(len(loved), np.float32)
        self.empty, self.scale = float(places), (1 - GENRE_SMOOTHING) / places

    def cost(self) -> Array64:
        """(k,) price × divergence of the list with each candidate added, less what is the same for
        all of them."""
        filled = self.within + ((self.empty - 1.0) + GENRE_SMOOTHING / self.scale) * self.taste
        listed = (filled + self.shares) * self.scale
        return np.asarray(-self.price * (np.log(listed) @ self.taste), np.float64)

    def add(self, candidate: int) -> None:
        if self.price:
            self.within += self.shares[candidate]
            self.empty -= 1.0

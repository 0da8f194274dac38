"""Re-ranks a list for variety and for genre calibration, in one greedy pass.

Variety is maximal marginal relevance (Carbonell and Goldstein 1998): the score of a film is lowered
in proportion to its likeness, by tags and genres, to the films already chosen. Calibration (Steck
2018, "Calibrated recommendations") lowers the score of a film that would move the genres of the
list away from the genres that the person loves. The distance is the Kullback–Leibler divergence
that `metrics.calibration_error` measures, so a person who loves two genres 70 to 30 gets a list of
70 to 30.

The amount that lowers a score is called a price. Its unit is the standard deviation of the
candidates' scores, so that it means the same on any scale of scores. The film with the highest
score is always chosen. The chosen films are shown in the order of their scores, because neither
variety nor calibration depends on the order.
"""

from dataclasses import dataclass

import numpy as np

from recommender.data import Catalogue, Query
from recommender.data.preferences import preferences
from recommender.metrics import GENRE_SMOOTHING
from recommender.models.tags import TagModel
from recommender.numeric.arrays import Array64, Rows, Sparse
from recommender.numeric.sparse_rows import compact_rows, dense_rows

NEUTRAL_STARS = 3.0  # a film with more stars is loved


@dataclass(frozen=True)
class VarietyConfig:
    """Settings of the re-ranking for variety: how much it lowers scores, and of how many films.

    Attributes:
        strength: by how much complete likeness to a chosen film lowers a score, in standard
            deviations of the candidates' scores. It is for people with ratings, liked tags or a
            mood.
        unknown: the same for people about whom nothing is known.
        narrow: is added to `strength` for people whose films are chosen by facts such as tags.
        calibration: by how much one nat of genre divergence lowers a score, in the same unit; for
            people with many ratings.
        calibration_half: number of ratings at which half of `calibration` applies.
        loved: how much a score is lowered, in the same unit, if the list's films resemble only some
            of the films that the person loves. It is given for one nat of divergence from an even
            division. With it, a list for a person of two tastes has films of both.
        loved_sharpness: how strongly a film counts towards the loved film that it is most like, in
            nats per unit of likeness.
        candidates: for each film shown, the number of best films from which re-ranking chooses.
        least: smallest number of best films from which re-ranking chooses.
    """

    strength: float = 0.25
    unknown: float = 1.5
    narrow: float = 2.25
    calibration: float = 5.0
    calibration_half: float = 5.0
    loved: float = 36.0
    loved_sharpness: float = 16.0
    candidates: int = 6
    least: int = 60


@dataclass(frozen=True, eq=False)
class Reranked:
    """The films chosen by re-ranking.

    Attributes:
        places: (n,) positions among the candidates, in the order shown.
        moved: (n,) by how many places each film moved up, because films with higher scores were
            left out.
    """

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
    near: Array64 | None = None,
    gate: float = 0.0,
) -> Reranked:
    """Returns the n films to show a person, chosen from k candidates by score, variety and genres.

    If two candidates are equally good, the earlier one is chosen.

    films, scores: (k,) rows and scores of the candidates. near: (k, ratings) likeness of the
    candidates to each film that the person rated; None if it is unknown. gate: weight, 0 to 1, of
    facts such as tags in the scores. If it is high, the candidates are more alike, and variety
    counts for more.
    """
    has_profile = len(query.films) or len(query.liked_tags) or len(query.mood) or len(query.chosen)
    strength = config.strength if has_profile else config.unknown
    strength += gate * config.narrow
    rated = len(query.films)
    price = config.calibration * rated / (rated + config.calibration_half) if rated else 0.0
    alike = likeness(catalogue, tags, films) if strength else np.zeros((len(films),) * 2)
    shares, taste = None, None
    if price:
        both = film_shares(catalogue.genres, np.concatenate([films, query.films]))
        shares, taste = both[: len(films)], preferences(query.stars, 0.0) @ both[len(films) :]
    loved = query.stars > NEUTRAL_STARS
    if near is not None:
        loved = loved & near.any(axis=0)  # ratings that the content model does not hear have zeros
    if shares is not None and taste is not None and near is not None and loved.sum() > 1:
        own = loved_shares(near[:, loved], config.loved_sharpness)
        part = gate * config.loved / config.calibration
        even = np.full(own.shape[1], part / own.shape[1])
        shares = np.hstack([shares, own])
        taste = np.concatenate([taste / max(float(taste.sum()), 1e-12), even])
        price *= 1.0 + part
    chosen = rerank(scores, alike, n, strength, shares, taste, price)
    order = np.argsort(-scores, kind="stable")
    is_chosen = np.zeros(len(scores), np.bool_)
    is_chosen[chosen] = True
    rank = np.flatnonzero(is_chosen[order])
    return Reranked(order[rank], rank - np.arange(len(rank)))


def film_shares(genres: Sparse, films: Rows) -> Array64:
    """Returns (k, genres) how each of k films is divided among its genres.

    A film counts equally for each of its genres, so its row adds up to 1. The row of a film without
    genres is 0. genres: (films, genres) 1 for a film's genre. films: (k,) rows.
    """
    table = dense_rows(genres, films).astype(np.float64)
    return np.asarray(table / np.maximum(table.sum(axis=1, keepdims=True), 1.0))


def loved_shares(near: Array64, sharpness: float) -> Array64:
    """Returns (k, loved) how each of k candidates is divided among the films that a person loves.

    A candidate belongs more to the loved films that it is most like. Its row adds up to 1. near:
    (k, loved) likeness of the candidates to the loved films. sharpness: how much more a candidate
    belongs to the film that it is most like, in nats per unit of likeness.
    """
    away = np.exp(sharpness * (near - near.max(axis=1, keepdims=True)))
    return np.asarray(away / away.sum(axis=1, keepdims=True))


def likeness(catalogue: Catalogue, tags: TagModel, films: Rows) -> Array64:
    """Returns (k, k) the likeness of k films, 0 to 1: the mean of tag cosine and genre Jaccard.

    If one film of a pair has no tags, the pair is compared by genres only; if one has no genres, by
    tags only. If neither comparison is possible, the likeness is 0.
    """
    vectors = compact_rows(tags.vectors, films).values.astype(np.float32)
    by_tags = (vectors @ vectors.T).astype(np.float64)
    genres = dense_rows(catalogue.genres, films).astype(np.float64)
    common = genres @ genres.T
    size = np.diagonal(common)
    union = size[:, None] + size[None, :] - common
    by_genres = common / np.maximum(union, 1.0)
    tagged = vectors.any(axis=1).astype(np.float64)
    has_genres = (size > 0).astype(np.float64)
    tag_votes, genre_votes = np.outer(tagged, tagged), np.outer(has_genres, has_genres)
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
    """Returns (n,) positions of the chosen films among k candidates, in the order chosen.

    If two candidates are equally good, the earlier one is chosen.

    scores: (k,). alike: (k, k) likeness of the candidates. strength: by how much complete likeness
    to a chosen film lowers a score, in standard deviations of the scores. shares: (k, genres) how
    each candidate is divided among its genres. taste: (genres,) how much the person loves each
    genre, in any unit. calibration: by how much one nat of divergence from the taste lowers a
    score, in standard deviations of the scores. Calibration is left out if shares or taste is None.
    """
    count = min(n, len(scores))
    spread = float(scores.std()) if len(scores) > 1 else 0.0
    price = strength * spread
    divergence = _Divergence(shares, taste, calibration * spread, count)
    nearest = np.zeros(len(scores))
    left = scores.astype(np.float64)
    chosen = np.zeros(count, np.int64)
    for at in range(count):
        worth = left - price * nearest
        if at and divergence.price:
            worth -= divergence.cost()
        best = int(np.argmax(worth))
        chosen[at] = best
        left[best] = -np.inf
        divergence.add(best)
        np.maximum(nearest, alike[best], out=nearest)
    return chosen


class _Divergence:
    """How far the genres of a growing list diverge from those that a person loves.

    Only genres that the person loves count. The empty places of the list count as if they were
    filled in proportion to the person's genres. Otherwise the first films would be chosen as if
    they were the whole list.

    Attributes:
        price: by how much one nat of divergence lowers a score. If it is 0 (no calibration), the
            other attributes are missing.
        taste: (loved,) share of each loved genre; the shares add up to 1.
        shares: (k, loved) genre shares of the candidates.
        within: (loved,) sum of the genre shares of the films in the list.
        empty: number of empty places in the list.
        scale: weight of one place in the list's distribution of genres, after smoothing.
    """

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
        """Returns (k,) the price × the divergence that the list would have with each candidate
        added.

        A constant that is the same for all candidates is left out.
        """
        filled = self.within + ((self.empty - 1.0) + GENRE_SMOOTHING / self.scale) * self.taste
        listed = (filled + self.shares) * self.scale
        return np.asarray(-self.price * (np.log(listed) @ self.taste), np.float64)

    def add(self, candidate: int) -> None:
        """Adds a candidate, given by its position, to the list."""
        if self.price:
            self.within += self.shares[candidate]
            self.empty -= 1.0

"""What few answers say of a person: a Gaussian model of what people saw and how they liked it.

Take every person as a row of preferences, graded where they rated a film and zero where they did
not. Over people such rows have a mean (how widely a film is seen and liked) and covariances. Ask
somebody about some films and these few entries of their row are known exactly: the preference of a
film they know, zero of one they have not seen. Every other entry then has a normal posterior, whose
mean is the best linear prediction (kriging; Rasmussen and Williams 2006, chapter 2) and whose
covariance says what one more answer would teach. A film never asked about is unknown, not unseen,
in which this differs from factor models that take everything unrated as a weak zero.

The covariance is that of the training people's rows, heavy raters weighed down, as a few dimensions
and a rest for each film (probabilistic principal components: Tipping and Bishop 1999), found by
subspace iteration (Halko, Martinsson and Tropp 2011). What somebody has not seen says nothing of
that very film, so "haven't seen" never counts against the film itself: its score is the one it
would have had without that answer. Where films were shown to choose from, those left may be unseen,
so-so or overlooked: no pick hears of them, but what to show next may, as of answers half as sure.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.data.preferences import preferences
from recommender.models.tags import RATING_NOISE, TagModel
from recommender.numeric.arrays import Array32, Array64, Bools, Sparse, sparse
from recommender.numeric.parallel import Share, runs, shared

DENSE_MAX_PEOPLE = 1000  # people up to whom the decomposition is that of a dense matrix
SPARE_COLUMNS, SUBSPACE_ROUNDS = 20, 6  # of the subspace iteration: columns too many, rounds
BLOCK_ROWS = 2000  # of a sparse matrix multiplied at once
MIN_LIKING = 0.3  # mean preference a film is taken to have among those who know it, at least
MIN_KNOWN_CHANCE = 0.01  # chance at least that somebody knows a film
NO_ROWS = np.zeros(0, np.int64)
LEFT_NOISE_FACTOR = (
    2.0  # times the variance of "haven't seen": of a film's having been left on a screen
)


@dataclass(frozen=True)
class NewcomerConfig:
    """dimensions of the covariance; people: power of a person's number of ratings by which their
    row is weighed down; noise: how far an answer may lie from what the dimensions say, in
    variances of the film's rest; least: such a variance at least; damping: imagined people of whom
    nothing is known; floor of a preference."""

    dimensions: int = 60
    people: float = 0.5
    noise: float = 0.7
    least: float = 0.02
    damping: float = 10.0
    floor: float = 0.1


@dataclass(frozen=True, eq=False)
class Posterior:
    """What answers leave of a person. mean: (k,); covariance: (k, k); influence: (answers, k) what
    each answer adds to the mean, ratings first, then films not seen (rows add up to the mean);
    rated: which of the query's ratings those are, as
    indices; unseen: film rows of the others; kept: (unseen,) factor that takes an answer's own
    say out of the film's score."""

    mean: Array64
    covariance: Array64
    influence: Array64
    rated: npt.NDArray[np.int64]
    unseen: npt.NDArray[np.int64]
    kept: Array64


@dataclass(frozen=True, eq=False)
class NewcomerModel:
    """Make one with `fit_newcomer` or `assemble_newcomer`.

    mean: (films,) of the rows; loadings: (films, k) float32, with covariance loadings times
    themselves; rest: (films,) variance of an answer about them; liked: (films,) mean preference
    among those who know the film; covered: (films,) whether anybody rated it; people: how many;
    usual, across: the mean of `mean` and of `loadings` over the films covered.
    """

    mean: Array64
    loadings: Array32
    rest: Array64
    liked: Array64
    covered: Bools
    people: int
    config: NewcomerConfig
    usual: float
    across: Array64

    def place(self, query: Query, left: npt.NDArray[np.int64] = NO_ROWS) -> Posterior:
        """The posterior given the query's ratings and films not seen, and, for choosing what to
        show next, film rows that were left on screens."""
        rated = np.flatnonzero(self.covered[query.films])
        known = query.films[rated]
        unseen = np.union1d(query.unseen, left).astype(np.int64)
        unseen = unseen[self.covered[unseen] & ~np.isin(unseen, query.films)]
        films = np.concatenate([known, unseen]).astype(np.int64)
        k = self.loadings.shape[1]
        if not len(films):
            nothing = np.zeros((0, k))
            return Posterior(np.zeros(k), np.eye(k), nothing, rated, films, np.ones(0))
        said = np.zeros(len(films))
        said[: len(known)] = preferences(query.stars[rated], self.config.floor)
        theirs = self.loadings[films].astype(np.float64)
        noise = self.rest[films]
        noise[len(known) :][~np.isin(unseen, query.unseen)] *= LEFT_NOISE_FACTOR
        scaled = theirs / noise[:, None]
        covariance = np.linalg.inv(scaled.T @ theirs + np.eye(k))
        covariance = (covariance + covariance.T) / 2
        influence = (scaled @ covariance) * (said - self.mean[films])[:, None]
        own = theirs[len(known) :]
        share = ((own @ covariance) * own).sum(axis=1) / noise[len(known) :]
        kept = 1.0 / np.maximum(1.0 - share, 1e-6)
        return Posterior(influence.sum(axis=0), covariance, influence, rated, unseen, kept)

    def score_place(self, place: Posterior) -> Array64:
        """(films,) expected preferences, films nobody rated being 0."""
        scores = self.mean + self.loadings @ place.mean.astype(np.float32)
        scores[place.unseen] *= place.kept
        return np.asarray(scores, np.float64)

    def score(self, query: Query) -> Array64:
        """(films,) as `score_place`; NaN for films nobody rated."""
        return np.where(self.covered, self.score_place(self.place(query)), np.nan)

    def parts(self, place: Posterior, films: npt.NDArray[np.int64]) -> tuple[Array64, Array64]:
        """(k,) what the mean and (k, answers) what each answer adds to the scores of k films above
        those of a mean film that is covered, which has `centre`."""
        kept = np.ones(len(self.mean))
        kept[place.unseen] = place.kept
        each = self.loadings[films].astype(np.float64) @ place.influence.T * kept[films, None]
        away = each - self.across @ place.influence.T
        return self.mean[films] * kept[films] - self.usual, away

    def centre(self, place: Posterior) -> float:
        """The score of a mean film."""
        return self.usual + float(self.across @ place.mean)

    def chance(self, scores: Array64, films: npt.NDArray[np.int64]) -> Array64:
        """(k,) chance that the person knows each of k films: what is expected of their row over
        what those who know the film give it."""
        expected = scores[films] / np.maximum(self.liked[films], MIN_LIKING)
        return np.asarray(np.clip(expected, MIN_KNOWN_CHANCE, 1.0))

    def over(self, rows: npt.NDArray[np.int64]) -> "NewcomerModel":
        """The same model over other rows: (new films,) each film's old row, -1 where it is new."""
        return assemble_newcomer(
            _moved(self.mean, rows, 0.0),
            _moved(self.loadings, rows, 0.0),
            _moved(self.rest, rows, 1.0),
            _moved(self.liked, rows, 0.0),
            _moved(self.covered, rows, False),
            self.people,
            self.config,
        )


def assemble_newcomer(
    mean: Array64,
    loadings: Array32,
    rest: Array64,
    liked: Array64,
    covered: Bools,
    people: int,
    config: NewcomerConfig,
) -> NewcomerModel:
    """A model from its stored parts: what follows from them is made anew."""
    wide = loadings[covered].astype(np.float64)
    usual = float(mean[covered].mean()) if covered.any() else 0.0
    across = wide.mean(axis=0) if covered.any() else np.zeros(loadings.shape[1])
    return NewcomerModel(mean, loadings, rest, liked, covered, people, config, usual, across)


def fit_newcomer(matrix: Sparse, config: NewcomerConfig = NewcomerConfig()) -> NewcomerModel:
    """Fit to stars (people, films): the same matrix gives the same model."""
    mine = sparse(matrix)
    ratings = np.diff(mine.indptr)
    mine = sparse(mine[ratings > 0])
    ratings = ratings[ratings > 0]
    people, films = mine.shape
    count = np.bincount(mine.indices, minlength=films)
    mine.data = preferences(mine.data, config.floor).astype(np.float32)
    total = np.bincount(mine.indices, weights=mine.data, minlength=films)
    usual = max(float(np.median(ratings)), 1.0) if people else 1.0
    weight = (ratings / usual) ** -config.people
    weight /= max(float(weight.sum()), 1e-12) * (1.0 + config.damping / max(people, 1))
    mean = np.asarray(mine.T @ weight, np.float64).reshape(films)
    square = sparse(mine)
    square.data = square.data**2
    variance = np.asarray(square.T @ weight, np.float64).reshape(films) - mean**2
    loadings = _loadings(mine, weight, mean, min(config.dimensions, people, films))
    rest = np.maximum(variance - (loadings.astype(np.float64) ** 2).sum(axis=1), 0.0)
    return assemble_newcomer(
        mean,
        loadings,
        config.noise * (rest + config.least),
        total / np.maximum(count, 1),
        count > 0,
        people,
        config,
    )


def newcomer_from_tags(tags: TagModel, reach: Array64) -> NewcomerModel:
    """What answers teach where few have rated: films vary together as their tags do (a linear
    model of taste), and are known by their reach (films,). For choosing questions only."""
    config = NewcomerConfig()
    away = tags.centred_vectors(np.arange(len(reach)))
    away[~tags.tagged] = 0.0
    _, vectors = np.linalg.eigh(away.T @ away)
    loadings = (away @ vectors[:, ::-1][:, : config.dimensions]).astype(np.float32)
    left = np.maximum((away**2).sum(axis=1) - (loadings.astype(np.float64) ** 2).sum(axis=1), 0.0)
    known = reach / max(float(reach.max(initial=0.0)), 1e-12)
    everyone = np.ones(len(reach))
    return assemble_newcomer(known, loadings, RATING_NOISE + left, everyone, tags.tagged, 0, config)


def _loadings(rows: Sparse, weight: Array64, mean: Array64, k: int) -> Array32:
    """(films, k) whose products are the rows' weighted covariance as nearly as k dimensions can."""
    people, films = rows.shape
    if not people or k < 1:
        return np.zeros((films, 0), np.float32)
    root = np.sqrt(weight)
    scaled = sparse(rows)
    scaled.data = (scaled.data * np.repeat(root, np.diff(rows.indptr))).astype(np.float32)
    if people <= DENSE_MAX_PEOPLE:
        gram = np.asarray((scaled @ scaled.T).toarray(), np.float64)
        along = np.asarray(scaled @ mean, np.float64)
        gram += np.outer(root, root) * (mean @ mean) - np.outer(root, along) - np.outer(along, root)
        _, vectors = np.linalg.eigh(gram)
        vectors = vectors[:, ::-1][:, :k]
        return np.asarray(scaled.T @ vectors - np.outer(mean, root @ vectors), np.float32)
    across = sparse(scaled.T)
    own, usual = root.astype(np.float32), mean.astype(np.float32)
    with shared() as share:

        def centred(block: Array32) -> Array32:
            return _times(scaled, block, share) - np.outer(own, usual @ block)

        block = (
            np.random.default_rng(0).standard_normal((films, k + SPARE_COLUMNS)).astype(np.float32)
        )
        for _ in range(SUBSPACE_ROUNDS):
            there = centred(np.linalg.qr(block)[0])
            block = _times(across, there, share) - np.outer(usual, own @ there)
        block = np.linalg.qr(block)[0]
        there = centred(block).astype(np.float64)
    values, vectors = np.linalg.eigh(there.T @ there)
    scale = np.sqrt(np.maximum(values[::-1][:k], 0.0))
    return np.asarray(block @ (vectors[:, ::-1][:, :k] * scale), np.float32)


def _times(matrix: Sparse, block: Array32, share: Share) -> Array32:
    """matrix @ block, some rows at a time."""
    parts = runs(matrix.shape[0], BLOCK_ROWS)
    return np.concatenate(list(share(lambda part: np.asarray(matrix[part] @ block), parts)))


def _moved(values: npt.NDArray[Any], rows: npt.NDArray[np.int64], new: Any) -> npt.NDArray[Any]:
    result = np.full((len(rows), *values.shape[1:]), new, values.dtype)
    result[rows >= 0] = values[rows[rows >= 0]]
    return result

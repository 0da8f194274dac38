"""The newcomer model: a Gaussian model of what people have seen and how they liked it.

Take every person as a row of preferences: graded for films that they rated, and 0 for all others.
Over people, such rows have a mean (how widely a film is seen and liked) and covariances. If
somebody is asked about some films, these few entries of their row are known exactly: the preference
for a film that they know, and 0 for one that they have not seen. Every other entry then has a
normal posterior. Its mean is the best linear prediction (kriging; Rasmussen and Williams 2006,
chapter 2), and its covariance says what one more answer would teach. A film that was not asked
about is unknown, not unseen. In this the model differs from factor models, which take all unrated
films as weak zeros.

The covariance is that of the training people's rows, in which heavy raters weigh less. It is
modelled by a few dimensions and a rest for each film (probabilistic principal components: Tipping
and Bishop 1999), which are found by subspace iteration (Halko, Martinsson and Tropp 2011).

That somebody has not seen a film says nothing about how they would like it. So "haven't seen" never
counts against the film itself: its score is what it would be without that answer. If films were
shown on a screen to choose from, the films left may be unseen, mediocre or overlooked. They do not
change recommendations, but the choice of the next screen takes them as answers with twice the
variance of "haven't seen".
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

DENSE_MAX_PEOPLE = 1000  # up to this number of people, a dense matrix is decomposed
SPARE_COLUMNS, SUBSPACE_ROUNDS = 20, 6  # of the subspace iteration
BLOCK_ROWS = 2000  # rows of a sparse matrix that are multiplied at once
MIN_LIKING = 0.3  # smallest mean preference assumed among people who know a film
MIN_KNOWN_CHANCE = 0.01  # smallest chance assumed that somebody knows a film
NO_ROWS = np.zeros(0, np.int64)
LEFT_NOISE_FACTOR = 2.0  # variance of a film left on a screen, in variances of "haven't seen"


@dataclass(frozen=True)
class NewcomerConfig:
    """Settings of the newcomer model.

    Attributes:
        dimensions: number of dimensions of the covariance.
        people: power of a person's number of ratings that divides the weight of their row.
        noise: variance of an answer around the dimensions' prediction, divided by the film's rest.
        least: smallest rest of a film.
        damping: number of imagined people who rated nothing.
        floor: smallest preference of a rated film.
    """

    dimensions: int = 60
    people: float = 0.5
    noise: float = 0.7
    least: float = 0.02
    damping: float = 10.0
    floor: float = 0.1


@dataclass(frozen=True, eq=False)
class Posterior:
    """A person's place in the newcomer model, given their answers.

    Attributes:
        mean: (k,) mean of the posterior.
        covariance: (k, k) covariance of the posterior.
        influence: (answers, k) what each answer adds to the mean: ratings first, then films not
            seen. The rows add up to the mean.
        rated: indices in the query of the ratings that count as answers.
        unseen: (unseen,) rows of the films that were not seen.
        kept: (unseen,) factor that removes the effect of "haven't seen" on the score of that film.
    """

    mean: Array64
    covariance: Array64
    influence: Array64
    rated: npt.NDArray[np.int64]
    unseen: npt.NDArray[np.int64]
    kept: Array64


@dataclass(frozen=True, eq=False)
class NewcomerModel:
    """A fitted newcomer model. `fit_newcomer` and `assemble_newcomer` make one.

    Attributes:
        mean: (films,) mean of the people's rows.
        loadings: (films, k) loadings; their products are the covariance of the films.
        rest: (films,) variance of an answer around the dimensions' prediction.
        liked: (films,) mean preference among the people who know the film.
        covered: (films,) True for a film that somebody rated.
        people: number of people who rated.
        config: settings as fitted.
        usual: mean of `mean` over the covered films.
        across: (k,) mean of `loadings` over the covered films.
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
        """Returns the person's place, given the ratings and the films not seen in the query.

        left: rows of films that were left on screens; only the choice of questions uses them.
        """
        rated = np.flatnonzero(self.covered[query.films])
        known = query.films[rated]
        unseen = np.union1d(query.unseen, left).astype(np.int64)
        unseen = unseen[self.covered[unseen] & ~np.isin(unseen, query.films)]
        films = np.concatenate([known, unseen]).astype(np.int64)
        k = self.loadings.shape[1]
        if not len(films):
            nothing = np.zeros((0, k))
            return Posterior(np.zeros(k), np.eye(k), nothing, rated, films, np.ones(0))
        answers = np.zeros(len(films))
        answers[: len(known)] = preferences(query.stars[rated], self.config.floor)
        loadings = self.loadings[films].astype(np.float64)
        noise = self.rest[films]
        noise[len(known) :][~np.isin(unseen, query.unseen)] *= LEFT_NOISE_FACTOR
        scaled = loadings / noise[:, None]
        covariance = np.linalg.inv(scaled.T @ loadings + np.eye(k))
        covariance = (covariance + covariance.T) / 2
        influence = (scaled @ covariance) * (answers - self.mean[films])[:, None]
        own = loadings[len(known) :]
        share = ((own @ covariance) * own).sum(axis=1) / noise[len(known) :]
        kept = 1.0 / np.maximum(1.0 - share, 1e-6)
        return Posterior(influence.sum(axis=0), covariance, influence, rated, unseen, kept)

    def score_place(self, place: Posterior) -> Array64:
        """Returns (films,) expected preferences; 0 for films that nobody rated."""
        scores = self.mean + self.loadings @ place.mean.astype(np.float32)
        scores[place.unseen] *= place.kept
        return np.asarray(scores, np.float64)

    def score(self, query: Query) -> Array64:
        """Returns (films,) expected preferences; NaN for films that nobody rated."""
        return np.where(self.covered, self.score_place(self.place(query)), np.nan)

    def parts(self, place: Posterior, films: npt.NDArray[np.int64]) -> tuple[Array64, Array64]:
        """Returns what the mean (k,) and each answer (k, answers) add to the scores of k films,
        compared with the mean covered film, whose score is `centre`."""
        kept = np.ones(len(self.mean))
        kept[place.unseen] = place.kept
        each = self.loadings[films].astype(np.float64) @ place.influence.T * kept[films, None]
        away = each - self.across @ place.influence.T
        return self.mean[films] * kept[films] - self.usual, away

    def centre(self, place: Posterior) -> float:
        """Returns the score of the mean covered film."""
        return self.usual + float(self.across @ place.mean)

    def chance(self, scores: Array64, films: npt.NDArray[np.int64]) -> Array64:
        """Returns (k,) the chance that the person knows each of k films: the expected preference
        divided by the mean preference of the people who know the film."""
        expected = scores[films] / np.maximum(self.liked[films], MIN_LIKING)
        return np.asarray(np.clip(expected, MIN_KNOWN_CHANCE, 1.0))

    def over(self, rows: npt.NDArray[np.int64]) -> "NewcomerModel":
        """Returns the same model over other film rows.

        rows: (new films,) old row of each film, or -1 if it is new.
        """
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
    """Returns a model from the parts that are stored, and computes what follows from them."""
    wide = loadings[covered].astype(np.float64)
    usual = float(mean[covered].mean()) if covered.any() else 0.0
    across = wide.mean(axis=0) if covered.any() else np.zeros(loadings.shape[1])
    return NewcomerModel(mean, loadings, rest, liked, covered, people, config, usual, across)


def fit_newcomer(matrix: Sparse, config: NewcomerConfig = NewcomerConfig()) -> NewcomerModel:
    """Returns a model fitted to stars (people, films). The same matrix gives the same model."""
    rows = sparse(matrix)
    ratings = np.diff(rows.indptr)
    rows = sparse(rows[ratings > 0])
    ratings = ratings[ratings > 0]
    people, films = rows.shape
    count = np.bincount(rows.indices, minlength=films)
    rows.data = preferences(rows.data, config.floor).astype(np.float32)
    total = np.bincount(rows.indices, weights=rows.data, minlength=films)
    usual = max(float(np.median(ratings)), 1.0) if people else 1.0
    weight = (ratings / usual) ** -config.people
    weight /= max(float(weight.sum()), 1e-12) * (1.0 + config.damping / max(people, 1))
    mean = np.asarray(rows.T @ weight, np.float64).reshape(films)
    square = sparse(rows)
    square.data = square.data**2
    variance = np.asarray(square.T @ weight, np.float64).reshape(films) - mean**2
    loadings = _loadings(rows, weight, mean, min(config.dimensions, people, films))
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
    """Returns a newcomer model made from tags, for choosing questions while few people have rated.

    Films vary together as their tags do (a linear model of taste). reach: (films,) says how well
    known they are.
    """
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
    """Returns (films, k) loadings whose products approximate the rows' weighted covariance best.

    rows: (people, films) preferences. weight: (people,) weights of the rows, which add up to at
    most 1. mean: (films,) weighted mean of the rows.
    """
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
    """Returns matrix @ block, computed some rows at a time."""
    parts = runs(matrix.shape[0], BLOCK_ROWS)
    return np.concatenate(list(share(lambda part: np.asarray(matrix[part] @ block), parts)))


def _moved(values: npt.NDArray[Any], rows: npt.NDArray[np.int64], new: Any) -> npt.NDArray[Any]:
    """Returns the values in the order of `rows`, and `new` for a row of -1."""
    result = np.full((len(rows), *values.shape[1:]), new, values.dtype)
    result[rows >= 0] = values[rows[rows >= 0]]
    return result

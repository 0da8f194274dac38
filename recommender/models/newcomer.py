"""The newcomer model: a Gaussian model of what people have seen and how they liked it.

Every person is described by a row with one value for each film. The value is the preference
(computed from the stars) if they rated the film, and otherwise 0. Over people, these rows have a
mean (how widely each film is seen and liked) and covariances. The answers of a new person to
questions about films make a few values of their row known: a rated film has its preference, and a
film that they have not seen has 0. The other values are unknown and get a normal posterior
distribution. Its mean is the best linear prediction (kriging; Rasmussen and Williams 2006, chapter
2), and its covariance says how much one more answer would teach. A film that the person was not
asked about stays unknown. Factor models differ in this: for them, every unrated film is a weak 0.

The covariance is that of the rows of the people in the training data, in which people with many
ratings weigh less. It is modelled by a few dimensions, plus for each film a variance that these do
not explain (probabilistic principal components: Tipping and Bishop 1999). The dimensions are found
by subspace iteration (Halko, Martinsson and Tropp 2011).

Somebody who has not seen a film may still like it. Therefore the answer "haven't seen" about a film
changes the scores of other films, but not of this film. The quiz also shows screens with many
films. If the person leaves a film on a screen unanswered, the film may be unseen, mediocre or
overlooked. Recommendations ignore it. Only the choice of the next screen uses it, like an answer
"haven't seen" with twice the variance.

"Looks good" counts as the mean preference of a film's raters, "not for me" as 0, both with noise.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.data.preferences import preferences
from recommender.numeric.arrays import Array32, Array64, Bools, Rows, Sparse, sparse
from recommender.numeric.parallel import shared
from recommender.numeric.products import parts_of, product

DENSE_MAX_PEOPLE = 1000  # up to this number of people, the fit uses a dense (people, people) matrix
SPARE_COLUMNS, SUBSPACE_ROUNDS = 20, 6  # extra columns and rounds of the subspace iteration
MIN_LIKING = 0.3  # people who know a film are assumed to like it at least this much
MIN_KNOWN_CHANCE = 0.01  # smallest chance assumed that somebody knows a film
NO_ROWS = np.zeros(0, np.int64)
LEFT_NOISE_FACTOR = 2.0  # variance of a film left unanswered, relative to "haven't seen"
LOOKS_GOOD = 1.0  # preference of a film that looks good, relative to the mean of its raters
LOOK_NOISE_FACTORS = (2.0, 1.0)  # variance of "looks good" and "not for me", relative to a rating


@dataclass(frozen=True)
class NewcomerConfig:
    """Settings of the model of what people have seen and liked.

    Attributes:
        dimensions: number of dimensions of the covariance.
        people: the weight of the row of a person with n ratings is proportional to n^-people.
        noise: the noise variance of an answer about a film is `noise` × (the film's variance that
            the dimensions do not explain + `least`).
        least: small variance in the formula of `noise`, which keeps the noise variance above 0.
        damping: number of imaginary people without ratings that are added to the training data.
        floor: smallest preference of a rated film."""

    dimensions: int = 60
    people: float = 0.5
    noise: float = 0.7
    least: float = 0.02
    damping: float = 10.0
    floor: float = 0.1


@dataclass(frozen=True, eq=False)
class Posterior:
    """The distribution of a person's k factors in the newcomer model, given their answers.

    It is a normal distribution.

    Attributes:
        mean: (k,) mean of the posterior.
        covariance: (k, k) covariance of the posterior.
        influence: (answers, k) what each answer adds to `mean`. The ratings come first, then the
            films not seen, then the guesses about films. The rows add up to `mean`.
        rated: indices in the query of the ratings whose films the model covers.
        unseen: (unseen,) rows of the films that were not seen and about which nothing is guessed.
        looked: (guesses,) rows of the films about which the person guesses ("looks good", "not for
            me").
        kept: (unseen,) factor on the score of each film in `unseen`. It removes the effect of the
            answer "haven't seen" on the film that the answer is about."""

    mean: Array64
    covariance: Array64
    influence: Array64
    rated: npt.NDArray[np.int64]
    unseen: npt.NDArray[np.int64]
    looked: npt.NDArray[np.int64]
    kept: Array64


@dataclass(frozen=True, eq=False)
class NewcomerModel:
    """A fitted model of what people have seen and liked. `fit_newcomer` and `assemble_newcomer`
    make one.

    Attributes:
        mean: (films,) mean over people of each film's value: the preference of a person who rated
            it, 0 of any other person.
        loadings: (films, k) loadings on the k dimensions. loadings × loadings' approximates the
            covariance of the films.
        rest: (films,) noise variance of an answer about each film.
        liked: (films,) mean preference among the people who rated the film.
        covered: (films,) True for a film that somebody rated.
        people: number of people who rated.
        config: the settings that it was fitted with.
        usual: mean of `mean` over the covered films.
        across: (k,) mean of `loadings` over the covered films."""

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
        """Returns the distribution of a person's k factors, given the answers in their query. The
        answers are ratings, films not seen, and guesses about films. left: rows of films that the
        person left unanswered on screens of the quiz; only the choice of the next screen passes
        them."""
        rated = np.flatnonzero(self.covered[query.films])
        known = query.films[rated]
        looked, guesses, doubt = self._guesses(query)
        unseen = np.union1d(query.unseen, left).astype(np.int64)
        unseen = unseen[self.covered[unseen] & ~np.isin(unseen, [*query.films, *looked])]
        films = np.concatenate([known, unseen, looked]).astype(np.int64)
        k = self.loadings.shape[1]
        if not len(films):
            nothing = np.zeros((0, k))
            return Posterior(np.zeros(k), np.eye(k), nothing, rated, films, films, np.ones(0))
        liked = preferences(query.stars[rated], self.config.floor)
        answers = np.concatenate([liked, np.zeros(len(unseen)), guesses])
        loadings = self.loadings[films].astype(np.float64)
        noise = self.rest[films]
        middle = slice(len(known), len(known) + len(unseen))
        noise[middle][~np.isin(unseen, query.unseen)] *= LEFT_NOISE_FACTOR
        noise[middle.stop :] *= doubt
        scaled = loadings / noise[:, None]
        covariance = np.linalg.inv(scaled.T @ loadings + np.eye(k))
        covariance = (covariance + covariance.T) / 2
        influence = (scaled @ covariance) * (answers - self.mean[films])[:, None]
        own = loadings[middle]
        share = ((own @ covariance) * own).sum(axis=1) / noise[middle]
        kept = 1.0 / np.maximum(1.0 - share, 1e-6)
        mean = influence.sum(axis=0)
        return Posterior(mean, covariance, influence, rated, unseen, looked, kept)

    def _guesses(self, query: Query) -> tuple[Rows, Array64, Array64]:
        """Returns the films about which a person guesses whether they would like them, as three
        arrays. A guess is "looks good" or "not for me". The arrays are (guesses,): rows of the
        films, the preference that each guess counts as, and its noise variance relative to that of
        a rating."""
        found, good, bad = query.looks, len(query.wanted), len(query.unwanted)
        values = np.repeat([LOOKS_GOOD, 0.0], [good, bad]) * self.liked[found]
        doubt = np.repeat(LOOK_NOISE_FACTORS, [good, bad])
        heard = self.covered[found] & ~np.isin(found, query.films)
        return np.asarray(found[heard], np.int64), values[heard], doubt[heard]

    def score_place(self, place: Posterior) -> Array64:
        """Returns (films,) a person's expected preferences; 0 for films that nobody rated. place:
        the distribution of the person's factors."""
        scores = self.mean + self.loadings @ place.mean.astype(np.float32)
        scores[place.unseen] *= place.kept
        return np.asarray(scores, np.float64)

    def score(self, query: Query) -> Array64:
        """Returns (films,) expected preferences; NaN for films that nobody rated."""
        return np.where(self.covered, self.score_place(self.place(query)), np.nan)

    def parts(self, place: Posterior, films: npt.NDArray[np.int64]) -> tuple[Array64, Array64]:
        """Returns what the mean over people, and what each of the person's answers, adds to scores.
        The arrays are (k,) and (k, answers), for k films. From each value, its average over all
        rated films is subtracted. place: the distribution of the person's factors. films: (k,)
        rows."""
        kept = np.ones(len(self.mean))
        kept[place.unseen] = place.kept
        each = self.loadings[films].astype(np.float64) @ place.influence.T * kept[films, None]
        away = each - self.across @ place.influence.T
        return self.mean[films] * kept[films] - self.usual, away

    def centre(self, place: Posterior) -> float:
        """Returns the mean of a person's scores over all rated films."""
        return self.usual + float(self.across @ place.mean)

    def chance(self, scores: Array64, films: npt.NDArray[np.int64]) -> Array64:
        """Returns (k,) the probability that the person knows each of k films. It is the expected
        preference divided by the mean preference of the people who know the film. scores: (films,)
        the person's expected preferences. films: (k,) film rows."""
        expected = scores[films] / np.maximum(self.liked[films], MIN_LIKING)
        return np.asarray(np.clip(expected, MIN_KNOWN_CHANCE, 1.0))

    def over(self, rows: npt.NDArray[np.int64]) -> "NewcomerModel":
        """Returns the same model for another catalogue, whose films are in other rows. rows: (new
        films,) row of each film in the old catalogue; -1 for a new film."""
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
    """Returns a model made of its stored attributes; all other attributes are computed."""
    wide = loadings[covered].astype(np.float64)
    usual = float(mean[covered].mean()) if covered.any() else 0.0
    across = wide.mean(axis=0) if covered.any() else np.zeros(loadings.shape[1])
    return NewcomerModel(mean, loadings, rest, liked, covered, people, config, usual, across)


def fit_newcomer(matrix: Sparse, config: NewcomerConfig = NewcomerConfig()) -> NewcomerModel:
    """Returns a newcomer model (of what people have seen and liked), fitted to stars. The same
    matrix gives the same model. matrix: (people, films) stars."""
    ratings = np.diff(matrix.indptr)
    rows = sparse(matrix[ratings > 0])
    ratings = ratings[ratings > 0]
    people, films = rows.shape
    count = np.bincount(rows.indices, minlength=films)
    rows.data = preferences(rows.data, config.floor).astype(np.float32)
    total = np.bincount(rows.indices, weights=rows.data, minlength=films)
    usual = max(float(np.median(ratings)), 1.0) if people else 1.0
    weight = (ratings / usual) ** -config.people
    weight /= max(float(weight.sum()), 1e-12) * (1.0 + config.damping / max(people, 1))
    mean = np.asarray(rows.T @ weight, np.float64).reshape(films)
    variance = np.asarray(rows.power(2).T @ weight, np.float64).reshape(films) - mean**2
    loadings = _loadings(rows, weight, mean, min(config.dimensions, people, films))
    rest = np.maximum(variance - (loadings.astype(np.float64) ** 2).sum(axis=1), 0.0)
    noise, liked = config.noise * (rest + config.least), total / np.maximum(count, 1)
    return assemble_newcomer(mean, loadings, noise, liked, count > 0, people, config)


def _loadings(rows: Sparse, weight: Array64, mean: Array64, k: int) -> Array32:
    """Returns (films, k) loadings L, such that L × L' approximates the films' weighted covariance.
    rows: (people, films) preferences. weight: (people,) weights of the rows, which add up to at
    most 1. mean: (films,) weighted mean of the rows. k: number of dimensions."""
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
    forth, back = parts_of(scaled), parts_of(sparse(scaled.T))
    own, usual = root.astype(np.float32), mean.astype(np.float32)
    with shared() as share:

        def centred(block: Array32) -> Array32:
            return product(forth, block, share) - np.outer(own, usual @ block)

        rng = np.random.default_rng(0)
        block = rng.standard_normal((films, k + SPARE_COLUMNS)).astype(np.float32)
        for _ in range(SUBSPACE_ROUNDS):
            there = centred(_separated(block))
            block = product(back, there, share) - np.outer(usual, own @ there)
        block = np.linalg.qr(block)[0]
        there = centred(block).astype(np.float64)
    values, vectors = np.linalg.eigh(there.T @ there)
    scale = np.sqrt(np.maximum(values[::-1][:k], 0.0))
    return np.asarray(block @ (vectors[:, ::-1][:, :k] * scale), np.float32)


def _separated(block: Array32) -> Array32:
    """Returns nearly orthonormal columns that span the same as those of `block`. Between the rounds
    of a subspace iteration this is enough; an orthonormal basis would take ten times as long."""
    values, vectors = np.linalg.eigh(block.T.astype(np.float64) @ block)
    lengths = np.sqrt(np.maximum(values, 1e-14 * values[-1] + 1e-30))
    return np.asarray(block @ (vectors / lengths), np.float32)


def _moved(values: npt.NDArray[Any], rows: npt.NDArray[np.int64], new: Any) -> npt.NDArray[Any]:
    """Returns `values[rows]`, with `new` in the places where the row is -1."""
    result = np.full((len(rows), *values.shape[1:]), new, values.dtype)
    result[rows >= 0] = values[rows[rows >= 0]]
    return result

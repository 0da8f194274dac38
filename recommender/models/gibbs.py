"""Bayesian factorization of stars by Gibbs sampling: many plausible models instead of one best.

The method is from Salakhutdinov and Mnih 2008 ("Bayesian probabilistic matrix factorization using
Markov chain Monte Carlo"). Implicit features of people and films are added, as recommended by
Rendle, Zhang and Koren 2019 ("On the difficulty of evaluating baselines"). The implicit features of
a film say who rated it, those of a person say which films they rated; neither depends on the stars.
A rating is

    stars = centre + person's bias + film's bias + person's factors · film's factors + noise

The bias and factors of each person and film have a normal prior with the mean "common mean +
features × weights"; the common mean and the weights are learned. There are two differences from the
papers. First, the features are the leading singular vectors of the matrix that says who rated what
(`star_features`). There are only a few features, so the weights of a factor and its values for all
rows can be drawn jointly and exactly. Second, every person has their own noise variance, because
some people give stars more consistently than others.

One pass over all values (a sweep) costs about ratings × factors operations. No Python loop runs
over people or films.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.linalg import solve_triangular
from scipy.special import gammaln

from recommender.models.star_draws import Chain, Draws, HalfDraws, SamplerFeatures
from recommender.numeric.arrays import Array64, Rows
from recommender.numeric.progress import Progress

MIN_NOISE_PRECISION, MAX_NOISE_PRECISION = 0.05, 50.0  # of a person, 1 / stars²
NOISE_SHAPES = 2.0 ** np.arange(0.0, 7.5, 0.5)
"""The values from which the shape of the gamma distribution of people's noise precisions is drawn.
With shape 1, the noise differs greatly between people; with 128, hardly."""
WEIGHT_SWEEPS = 3  # the weights of the features, whose draw costs most, are drawn in every third
START_SPREAD = 0.1  # standard deviation of the first random values


def sample(
    ratings: "sp.csr_array[Any, Any]",
    people: SamplerFeatures,
    films: SamplerFeatures,
    chain: Chain,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Draws:
    """Returns draws from the posterior of the model, given ratings.

    ratings: (people, films) stars; every row and every column must have a rating. people, films:
    features of the rows and of the columns. chain: number of factors, of sweeps (passes of the
    sampler) and of draws (passes whose values are kept). The same input and generator state give
    the same draws.
    """
    state = _State(ratings, people, films, chain.factors, rng)
    kept = chain.kept()
    records: list[tuple[float, float, float]] = []
    noise = np.zeros(ratings.shape[0])
    for sweep in range(chain.sweeps):
        state.people.weights_due = state.films.weights_due = sweep % WEIGHT_SWEEPS == 0
        state.sweep(rng)
        if sweep in kept:
            records.append((state.centre, state.typical_precision, state.shape))
            noise += 1.0 / state.person_precision
            state.people.record()
            state.films.record()
        if progress is not None:
            progress(sweep + 1, chain.sweeps)
    centre, typical_precision, shape = np.array(records).T
    return Draws(
        centre,
        state.people.side(),
        state.films.side(),
        typical_precision,
        shape,
        noise / len(records),
    )


class _Half:
    """The factors and biases of all people, or those of all films, during sampling.

    A row is a person or a film. The columns are the factors, the bias, and a column of ones that is
    multiplied by the bias of the other side (films for people, people for films).

    Attributes:
        features: the features of the rows.
        single: (rows, width) the same features in single precision.
        drawn: indices of the columns that are drawn, which are all but the column of ones.
        values: (rows, columns) present values.
        mean: (columns,) common mean of the rows.
        precision: (columns,) precision of the rows around mean + features × weights.
        weights: (width, columns) weights of the features.
        weights_due: True if the next draws draw the weights too; else they keep them.
        shrinkage: (blocks, columns) prior precision of the weights in each block of features.
        records: values, mean, weights, precision and scatter of each draw that was kept.
    """

    def __init__(
        self, features: SamplerFeatures, factors: int, ones: int, rng: np.random.Generator
    ):
        count = len(features.rows)
        self.features = features
        self.single = features.rows.astype(np.float32)
        self.drawn = [column for column in range(factors + 2) if column != ones]
        self.values = rng.normal(0.0, START_SPREAD, (count, factors + 2))
        self.values[:, factors:] = 0.0
        self.values[:, ones] = 1.0
        self.mean = np.zeros(factors + 2)
        self.precision = np.full(factors + 2, 10.0)
        self.weights = np.zeros((features.rows.shape[1], factors + 2))
        self.weights_due = True
        self.shrinkage = np.full((len(features.widths), factors + 2), 10.0)
        self.records: list[tuple[npt.NDArray[np.float32], *tuple[Array64, ...]]] = []

    def draw(self, column: int, data: Array64, aim: Array64, rng: np.random.Generator) -> Array64:
        """Draws new values of one column, and returns them as an array (rows,).

        If the weights of the features are due, they are drawn first, with the values integrated
        out. Then the values are drawn, then their mean and precision. The weights, mean and
        precision are stored in this object; the values are not.

        column: index of the column. data: (rows,) precision with which the ratings determine each
        value. aim: (rows,) this precision times the value that fits the ratings best.
        """
        precision, mean = self.precision[column], self.mean[column]
        rows = self.features.rows
        centre = np.full(len(rows), mean)
        trust = precision / (data + precision)
        if rows.shape[1] and self.weights_due:
            # In single precision, which halves the time and leaves the draws as good.
            scaled = self.single * np.sqrt(data * trust).astype(np.float32)[:, None]
            normal = (scaled.T @ scaled).astype(np.float64)
            shrinkage = np.repeat(self.shrinkage[:, column], self.features.widths)
            normal[np.diag_indices_from(normal)] += shrinkage
            pull = rows.T @ (trust * (aim - data * mean))
            drawn = _gaussian(normal, pull, rng)
            self.weights[:, column] = drawn
            self.shrinkage[:, column] = [
                _precision(block, rng) for block in np.split(drawn, self._cuts())
            ]
        centre += rows @ self.weights[:, column]
        new: Array64 = (aim + precision * centre) / (data + precision)
        new += rng.standard_normal(len(rows)) / np.sqrt(data + precision)
        away = new - (centre - mean)
        weight = precision * len(away) + 1.0
        self.mean[column] = precision * away.sum() / weight + rng.normal() / np.sqrt(weight)
        self.precision[column] = _precision(away - self.mean[column], rng)
        return new

    def _cuts(self) -> Rows:
        """Returns the columns at which each block of features, except the first, begins."""
        return np.asarray(np.cumsum(self.features.widths)[:-1], np.int64)

    def record(self) -> None:
        """Adds the present values to `records`, as one draw (the values after one pass of the
        sampler).
        """
        unrated = self.mean + self.features.unrated @ self.weights
        values = np.vstack([self.values, unrated, self.mean])[:, self.drawn]
        scatter = ((self.values - self.mean) ** 2).mean(axis=0)
        self.records.append(
            (
                values.astype(np.float32),
                self.mean[self.drawn],
                self.weights[:, self.drawn],
                self.precision[self.drawn],
                scatter[self.drawn],
            )
        )

    def side(self) -> HalfDraws:
        """Returns all draws in `records` (values after one pass of the sampler each), stacked into
        arrays."""
        values, *others = zip(*self.records, strict=True)
        mean, weights, precision, scatter = (np.stack(each) for each in others)
        rated = len(self.features.rows)
        return HalfDraws(np.stack(values), mean, weights, precision, scatter, rated)


class _State:
    """The present state of the Markov chain. Ratings are in the order of the matrix's cells.

    Attributes:
        counts: (people,) number of each person's ratings.
        person: (ratings,) row of each rating's person.
        film: (ratings,) row of each rating's film.
        people: factors and biases of the people.
        films: factors and biases of the films.
        stars: (ratings,) stars.
        centre: the constant that is part of every predicted rating, in stars.
        typical_precision: mean of the gamma distribution of people's noise precisions.
        shape: shape of this gamma distribution.
        person_precision: (people,) noise precision of each person.
        cells: (people, films) sparse matrix with a cell for each rating. Each step overwrites the
            values with those that it needs for its products.
        residual: (ratings,) the part of each rating that the present values do not explain.
    """

    def __init__(
        self,
        ratings: "sp.csr_array[Any, Any]",
        people: SamplerFeatures,
        films: SamplerFeatures,
        factors: int,
        rng: np.random.Generator,
    ):
        self.counts = np.diff(ratings.indptr).astype(np.int64)
        self.person = np.repeat(np.arange(ratings.shape[0]), self.counts)
        self.film = ratings.indices.astype(np.int64)
        self.people = _Half(people, factors, factors + 1, rng)
        self.films = _Half(films, factors, factors, rng)
        self.stars = ratings.data.astype(np.float64)
        self.centre = float(self.stars.mean())
        self.typical_precision = 1.0 / max(float(self.stars.var()), 0.1)
        self.shape = 4.0
        self.person_precision = np.full(ratings.shape[0], self.typical_precision)
        self.cells = sp.csr_array(
            (self.stars.copy(), ratings.indices, ratings.indptr), shape=ratings.shape
        )
        self.residual = self._residuals()

    def _residuals(self) -> Array64:
        """Returns (ratings,) the part of each rating that the present values do not explain."""
        residual = self.stars - self.centre
        for column in range(self.people.values.shape[1]):
            people, films = self.people.values[:, column], self.films.values[:, column]
            residual -= people[self.person] * films[self.film]
        return residual

    def sweep(self, rng: np.random.Generator) -> None:
        """Draws every value of the model once, each given all others."""
        self._draw_noise(rng)
        weight = self.person_precision[self.person]
        total = float(weight.sum())
        move = float(weight @ self.residual) / total + rng.normal() / np.sqrt(total)
        self.centre += move
        self.residual -= move
        self._draw_half(self.films, self.people, weight, rng)
        self._draw_half(self.people, self.films, weight, rng)

    def _draw_half(
        self, half: _Half, other: _Half, weight: Array64, rng: np.random.Generator
    ) -> None:
        """Draws the values of all people given those of the films, or the other way round.

        half: the values to draw. other: the fixed ones. weight: (ratings,) noise precisions.
        """
        own_rows = self.person if half is self.people else self.film
        other_rows = self.film if half is self.people else self.person
        cells = self.cells if half is self.people else self.cells.T
        self.cells.data[:] = weight
        precision = np.asarray(cells @ other.values**2)
        for column in half.drawn:
            against = other.values[:, column]
            np.multiply(self.residual, weight, out=self.cells.data)
            data, old = precision[:, column], half.values[:, column]
            aim = np.asarray(cells @ against) + old * data
            new = half.draw(column, data, aim, rng)
            self.residual -= (new - old)[own_rows] * against[other_rows]
            half.values[:, column] = new

    def _draw_noise(self, rng: np.random.Generator) -> None:
        """Draws each person's noise precision, and the mean and shape of their distribution."""
        squares = np.add.reduceat(self.residual**2, np.cumsum(self.counts) - self.counts)
        rate = self.shape / self.typical_precision + squares / 2
        drawn = rng.gamma(self.shape + self.counts / 2) / rate
        self.person_precision = np.clip(drawn, MIN_NOISE_PRECISION, MAX_NOISE_PRECISION)
        people, total = len(self.counts), float(self.person_precision.sum())
        # 1 / typical_precision has the posterior Gamma(1 + people × shape, 1 + shape × total).
        drawn_inverse = rng.gamma(1 + people * self.shape) / (1 + self.shape * total)
        self.typical_precision = float(
            np.clip(1.0 / drawn_inverse, MIN_NOISE_PRECISION, MAX_NOISE_PRECISION)
        )
        self.shape = self._draw_shape(rng)

    def _draw_shape(self, rng: np.random.Generator) -> float:
        """Returns a draw of the shape of the gamma distribution of people's noise precisions."""
        ratio = self.person_precision / self.typical_precision
        people, evidence = len(ratio), float((np.log(ratio) - ratio).sum())
        odds = (
            people * (NOISE_SHAPES * np.log(NOISE_SHAPES) - gammaln(NOISE_SHAPES))
            + NOISE_SHAPES * evidence
        )
        chance = np.exp(odds - odds.max())
        return float(rng.choice(NOISE_SHAPES, p=chance / chance.sum()))


def _gaussian(normal: Array64, pull: Array64, rng: np.random.Generator) -> Array64:
    """Returns a draw from the Gaussian with precision `normal` and mean normal⁻¹ × pull."""
    root = np.linalg.cholesky(normal)
    half = solve_triangular(root, pull, lower=True) + rng.standard_normal(len(pull))
    return np.asarray(solve_triangular(root, half, lower=True, trans="T"))


def _precision(values: Array64, rng: np.random.Generator) -> float:
    """Returns a draw of the precision of values around 0, under a Gamma(1, 1) prior."""
    return float(rng.gamma(1.0 + len(values) / 2) / (1.0 + float(values @ values) / 2))

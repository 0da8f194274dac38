"""Bayesian factorization of stars by Gibbs sampling: many plausible models instead of one best.

Salakhutdinov and Mnih 2008 ("Bayesian probabilistic matrix factorization using Markov chain Monte
Carlo") with the implicit features on both sides that Rendle, Zhang and Koren 2019 ("On the
difficulty of evaluating baselines") found best: whom a film was rated by, and what a person rated,
says something about both before any star is looked at. A rating is

    stars = centre + person's bias + film's bias + person's factors · film's factors + noise

Each row's bias and factors scatter around a mean plus features × weights, all learned. Two
departures from the papers: the features are the leading directions of the who-rated-what matrix
(`star_features`), so that a column's weights and all its values are drawn together exactly,
whatever the number of films; and every person has noise of their own, because some give stars more
steadily than others.

A sweep costs about ratings × columns; no Python loop runs over rows.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.special import gammaln

from recommender.numeric.arrays import Array64, Rows
from recommender.numeric.progress import Progress

MAX_NOISE_PRECISION, MIN_NOISE_PRECISION = (
    50.0,
    0.05,
)  # a person's noise precision, 1 / stars², stays between
NOISE_SHAPES = 2.0 ** np.arange(
    0.0, 7.5, 0.5
)  # how alike people's noise may be; 1 hardly, 128 the same
START_SPREAD = 0.1  # spread of the first random values


@dataclass(frozen=True)
class Chain:
    """factors; sweeps in all, of which the first `warmup` are thrown away; draws: how many of the
    rest are kept, evenly spaced."""

    factors: int
    sweeps: int
    warmup: int
    draws: int

    def kept(self) -> frozenset[int]:
        """The sweeps (0-based) that are kept."""
        after = self.sweeps - self.warmup
        count = min(self.draws, after)
        steps = np.floor((np.arange(count) + 1) * after / max(1, count)).astype(int)
        return frozenset(int(step) for step in self.warmup - 1 + steps)


@dataclass(frozen=True, eq=False)
class SamplerFeatures:
    """What is known of a side's rows apart from stars. rows: (n, width) of rows with ratings;
    unrated: (m, width) of rows that only have features; widths: of the blocks that are shrunk each
    by its own amount, adding up to `width`."""

    rows: Array64
    unrated: Array64
    widths: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class HalfDraws:
    """One side's draws, s of them; columns are the factors, then the bias. values:
    (s, n + m + 1, columns) float32, rated rows, unrated rows, and last a row nothing is known of;
    mean: (s, columns); weights: (s, width, columns); precision: (s, columns), of rows around
    mean + features × weights."""

    values: npt.NDArray[np.float32]
    mean: Array64
    weights: Array64
    precision: Array64


@dataclass(frozen=True, eq=False)
class Draws:
    """centre: (s,) stars; people, films; typical_precision: (s,) a typical person's noise precision and
    shape: (s,) of its gamma distribution over people; noise: (n,) each rated person's noise
    variance, mean over the draws."""

    centre: Array64
    people: HalfDraws
    films: HalfDraws
    typical_precision: Array64
    shape: Array64
    noise: Array64


def sample(
    ratings: "sp.csr_array[Any, Any]",
    people: SamplerFeatures,
    films: SamplerFeatures,
    chain: Chain,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Draws:
    """Draws for stars (people, films), every row and column of which has a rating. The same input
    and generator state give the same draws."""
    state = _State(ratings, people, films, chain.factors, rng)
    kept = chain.kept()
    records: list[tuple[float, float, float]] = []
    noise = np.zeros(ratings.shape[0])
    for sweep in range(chain.sweeps):
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
    """One side while sampling. Columns are the factors, this side's bias, and a column of ones
    that stands against the other side's bias."""

    def __init__(
        self, features: SamplerFeatures, factors: int, ones: int, rng: np.random.Generator
    ):
        count = len(features.rows)
        self.features = features
        self.drawn = [column for column in range(factors + 2) if column != ones]
        self.values = rng.normal(0.0, START_SPREAD, (count, factors + 2))
        self.values[:, factors:] = 0.0
        self.values[:, ones] = 1.0
        self.mean = np.zeros(factors + 2)
        self.precision = np.full(factors + 2, 10.0)
        self.weights = np.zeros((features.rows.shape[1], factors + 2))
        self.shrinkage = np.full((len(features.widths), factors + 2), 10.0)
        self.records: list[tuple[npt.NDArray[np.float32], Array64, Array64, Array64]] = []

    def draw(self, column: int, data: Array64, aim: Array64, rng: np.random.Generator) -> Array64:
        """New values of a column, given for each row the precision of the data about it, and
        precision × what the data say it is: first the feature weights with the rows' own values
        integrated out, then the values, then what both scatter around."""
        precision, mean = self.precision[column], self.mean[column]
        rows = self.features.rows
        centre = np.full(len(rows), mean)
        trust = precision / (data + precision)
        if rows.shape[1]:
            scaled = rows * np.sqrt(data * trust)[:, None]
            normal = scaled.T @ scaled
            shrinkage = np.repeat(self.shrinkage[:, column], self.features.widths)
            normal[np.diag_indices_from(normal)] += shrinkage
            pull = rows.T @ (trust * (aim - data * mean))
            weights = _gaussian(normal, pull, rng)
            self.weights[:, column] = weights
            self.shrinkage[:, column] = [
                _precision(block, rng) for block in np.split(weights, self._cuts())
            ]
            centre += rows @ weights
        new: Array64 = (aim + precision * centre) / (data + precision)
        new += rng.standard_normal(len(rows)) / np.sqrt(data + precision)
        away = new - (centre - mean)
        weight = precision * len(away) + 1.0
        self.mean[column] = precision * away.sum() / weight + rng.normal() / np.sqrt(weight)
        self.precision[column] = _precision(away - self.mean[column], rng)
        return new

    def _cuts(self) -> Rows:
        return np.asarray(np.cumsum(self.features.widths)[:-1], np.int64)

    def record(self) -> None:
        unrated = self.mean + self.features.unrated @ self.weights
        values = np.vstack([self.values, unrated, self.mean])[:, self.drawn]
        self.records.append(
            (
                values.astype(np.float32),
                self.mean[self.drawn],
                self.weights[:, self.drawn],
                self.precision[self.drawn],
            )
        )

    def side(self) -> HalfDraws:
        values, mean, weights, precision = zip(*self.records, strict=True)
        return HalfDraws(np.stack(values), np.stack(mean), np.stack(weights), np.stack(precision))


class _State:
    """Where the chain stands; `residual` is what the present values leave unexplained of each rating,
    in the order of the matrix's cells."""

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
        residual = self.stars - self.centre
        for column in range(self.people.values.shape[1]):
            people, films = self.people.values[:, column], self.films.values[:, column]
            residual -= people[self.person] * films[self.film]
        return residual

    def sweep(self, rng: np.random.Generator) -> None:
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
        """Each person's noise precision, a typical one, and how alike people are."""
        squares = np.add.reduceat(self.residual**2, np.cumsum(self.counts) - self.counts)
        rate = self.shape / self.typical_precision + squares / 2
        drawn = rng.gamma(self.shape + self.counts / 2) / rate
        self.person_precision = np.clip(drawn, MIN_NOISE_PRECISION, MAX_NOISE_PRECISION)
        people, total = len(self.counts), float(self.person_precision.sum())
        # the rate's own posterior: Gamma(1 + people × shape, 1 + shape × total) for 1 / typical_precision
        drawn_inverse = rng.gamma(1 + people * self.shape) / (1 + self.shape * total)
        self.typical_precision = float(
            np.clip(1.0 / drawn_inverse, MIN_NOISE_PRECISION, MAX_NOISE_PRECISION)
        )
        self.shape = self._draw_shape(rng)

    def _draw_shape(self, rng: np.random.Generator) -> float:
        ratio = self.person_precision / self.typical_precision
        people, evidence = len(ratio), float((np.log(ratio) - ratio).sum())
        odds = (
            people * (NOISE_SHAPES * np.log(NOISE_SHAPES) - gammaln(NOISE_SHAPES))
            + NOISE_SHAPES * evidence
        )
        chance = np.exp(odds - odds.max())
        return float(rng.choice(NOISE_SHAPES, p=chance / chance.sum()))


def _gaussian(normal: Array64, pull: Array64, rng: np.random.Generator) -> Array64:
    """A draw from the Gaussian of precision `normal` and mean normal⁻¹ × pull."""
    root = np.linalg.cholesky(normal)
    half = np.linalg.solve(root, pull) + rng.standard_normal(len(pull))
    return np.asarray(np.linalg.solve(root.T, half))


def _precision(values: Array64, rng: np.random.Generator) -> float:
    """A draw of the precision of values around zero, under a Gamma(1, 1) prior."""
    return float(rng.gamma(1.0 + len(values) / 2) / (1.0 + float(values @ values) / 2))

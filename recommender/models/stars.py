"""The rating model: how many stars a person would give a film, and how sure that is.

Predictions are means over the draws of `gibbs`, clipped to the lowest and highest stars in the
data. What is known of films apart from stars (`side`) says around which values a film's bias and
factors scatter, so that a film hardly anybody rated has a place too. A new person folds in
in closed form under every draw: their posterior is a mixture of Gaussians, one a draw.

All sampling happens in the order of the ids, so neither the order of the ratings nor that of the
rows changes an answer.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from recommender.data import HIGHEST, LOWEST, Interactions, Query
from recommender.errors import DataError
from recommender.models.gibbs import sample
from recommender.models.item_features import ItemFeatures
from recommender.models.star_draws import Chain, Draws, HalfDraws
from recommender.models.star_features import film_features, person_features, side_blocks
from recommender.numeric.arrays import Array64, Rows
from recommender.numeric.progress import Progress

CHUNK_PAIRS = 1 << 15  # pairs predicted at once


@dataclass(frozen=True)
class StarConfig:
    """factors, sweeps, warmup: None for the rule by size (`sized`); draws: kept at most, fewer
    where they would take more than `memory` bytes; people_width, film_width: leading directions of
    the who-rated-what matrix used as features of a side; side_width: of each block of side
    information."""

    factors: int | None = None
    sweeps: int | None = None
    warmup: int | None = None
    draws: int = 64
    people_width: int = 60
    film_width: int = 60
    side_width: int = 32
    memory: int = 256 << 20

    def __post_init__(self) -> None:
        least = {"factors": 0, "sweeps": 1, "warmup": 0, "draws": 1}
        for name, lowest in least.items():
            value = getattr(self, name)
            if value is not None and value < lowest:
                raise DataError(f"The rating model's {name} must be at least {lowest}.")
        if min(self.people_width, self.film_width, self.side_width) < 0:
            raise DataError("The rating model's widths must be at least 0.")

    def sized(self, ratings: int, rows: int) -> Chain:
        """The chain for so many ratings and rows. More ratings bear more factors; from a
        few hundred thousand ratings on, the posterior is narrower and fewer sweeps serve as well,
        which also bounds the cost."""
        large, huge = ratings >= 400_000, ratings >= 4_000_000
        factors = (
            self.factors if self.factors is not None else (12 if huge else 32 if large else 16)
        )
        sweeps = self.sweeps if self.sweeps is not None else (60 if huge else 160)
        warmup = self.warmup if self.warmup is not None else sweeps // 6
        fitting = self.memory // max(1, rows * (factors + 1) * 4)
        return Chain(
            factors, sweeps, min(warmup, sweeps - 1), int(max(1, min(self.draws, fitting)))
        )


@dataclass(frozen=True, eq=False)
class StarPrediction:
    """What is predicted of n ratings nobody has seen. expected: (n,) stars; doubt: (n,) standard
    deviation of what is expected, for want of data; spread: (n,) standard deviation of the rating
    itself, the person's unsteadiness included."""

    expected: Array64
    doubt: Array64
    spread: Array64


@dataclass(frozen=True, eq=False)
class Place:
    """A person's posterior, one Gaussian for each of s draws: mean (s, columns), covariance
    (s, columns, columns), columns being the factors and then the bias; noise: (s,) variance of
    their stars; known: how many of their ratings the model could use."""

    mean: Array64
    covariance: Array64
    noise: Array64
    known: int


@dataclass(frozen=True, eq=False)
class StarModel:
    """lowest, highest: bounds of every prediction; person_place, film_place: (people,), (films,)
    rows among the draws, the last for a row nothing is known of; basis: (films, width) takes who
    rated what to a person's features; draws: None where there was no rating to learn from."""

    lowest: float
    highest: float
    person_place: Rows
    film_place: Rows
    basis: npt.NDArray[np.float32]
    draws: Draws | None

    def predict(self, people: npt.ArrayLike, films: npt.ArrayLike) -> Array64:
        """(n,) expected stars for n pairs of rows; -1 is a stranger or an unknown film. Raises
        DataError for columns of unequal length and for rows outside the fitted vocabularies."""
        return self.predict_with_spread(people, films).expected

    def predict_with_spread(self, people: npt.ArrayLike, films: npt.ArrayLike) -> StarPrediction:
        """As `predict`, with how sure it is."""
        draws = self.draws
        person = _places(
            people, self.person_place, None if draws is None else draws.people, "person"
        )
        film = _places(films, self.film_place, None if draws is None else draws.films, "film")
        if len(person) != len(film):
            raise DataError("The pairs' people and films differ in length; give one for each.")
        if draws is None:
            return self._blank(len(film))
        mean, square = np.zeros(len(film)), np.zeros(len(film))
        for start in range(0, len(film), CHUNK_PAIRS):
            part = slice(start, start + CHUNK_PAIRS)
            for one in range(len(draws.centre)):
                left = draws.people.values[one][person[part]]
                right = draws.films.values[one][film[part]]
                predicted = np.einsum("nk,nk->n", left[:, :-1], right[:, :-1]).astype(np.float64)
                predicted += draws.centre[one] + left[:, -1] + right[:, -1]
                mean[part] += predicted
                square[part] += predicted**2
        mean /= len(draws.centre)
        doubt = np.maximum(square / len(draws.centre) - mean**2, 0.0)
        noise = np.append(draws.noise, _typical_noise(draws))[person]
        return self._stars(mean, doubt, noise)

    def fold_in(self, query: Query) -> Place:
        """Place a person by their ratings without touching the model; with no rating it knows, a
        stranger's prior. Under each draw the posterior is the Gaussian of a linear model; the
        person's noise is weighed against a typical one's after a first pass."""
        draws = self.draws
        if draws is None:
            none = np.zeros((0, 1))
            return Place(none, np.zeros((0, 1, 1)), np.zeros(0), 0)
        inside = query.films < len(self.film_place)
        films, stars = query.films[inside], query.stars[inside]
        rows = self.film_place[films]
        people = draws.people
        prior = people.mean.copy()
        if len(films):
            features = self.basis[films].sum(axis=0, dtype=np.float64) / np.sqrt(len(films))
            prior += np.einsum("w,swc->sc", features, people.weights)
        design = draws.films.values[:, rows].astype(np.float64)  # (s, n, columns)
        wants = stars - draws.centre[:, None] - design[:, :, -1]
        design[:, :, -1] = 1.0
        gram = design.transpose(0, 2, 1) @ design
        pull = (design.transpose(0, 2, 1) @ wants[:, :, None])[:, :, 0]
        own = people.precision[:, :, None] * np.eye(people.precision.shape[1])
        steady = draws.typical_precision
        for _ in range(2):
            covariance = np.asarray(np.linalg.inv(own + steady[:, None, None] * gram), np.float64)
            aim = people.precision * prior + steady[:, None] * pull
            mean = (covariance @ aim[:, :, None])[:, :, 0]
            left = wants - (design @ mean[:, :, None])[:, :, 0]
            squares = (left**2).sum(axis=1) + np.einsum("sij,sji->s", gram, covariance)
            noise = (draws.shape / draws.typical_precision + squares / 2) / (
                draws.shape + len(films) / 2
            )
            steady = 1.0 / noise
        return Place(mean, covariance, noise, len(films))

    def predict_place(self, place: Place, films: npt.ArrayLike) -> StarPrediction:
        """As `predict_with_spread`, of n film rows for a person just placed."""
        draws = self.draws
        film = _places(films, self.film_place, None if draws is None else draws.films, "film")
        if draws is None:
            return self._blank(len(film))
        mean, square = np.zeros(len(film)), np.zeros(len(film))
        for one, centre in enumerate(draws.centre):
            known = draws.films.values[one][film].astype(np.float64)
            base = centre + known[:, -1]
            known[:, -1] = 1.0
            predicted = base + known @ place.mean[one]
            mean += predicted
            square += predicted**2 + ((known @ place.covariance[one]) * known).sum(axis=1)
        mean /= len(draws.centre)
        doubt = np.maximum(square / len(draws.centre) - mean**2, 0.0)
        return self._stars(mean, doubt, np.full(len(film), place.noise.mean()))

    def _stars(self, mean: Array64, doubt: Array64, noise: Array64) -> StarPrediction:
        expected = np.clip(mean, self.lowest, self.highest)
        return StarPrediction(expected, np.sqrt(doubt), np.sqrt(doubt + noise))

    def _blank(self, count: int) -> StarPrediction:
        """Nothing was learned: the middle of the scale, and any star as likely as another."""
        wide = np.full(count, (self.highest - self.lowest) / np.sqrt(12.0))
        return StarPrediction(np.full(count, (self.lowest + self.highest) / 2), wide, wide.copy())


def fit_stars(
    ratings: Interactions,
    config: StarConfig | None = None,
    rng: np.random.Generator | None = None,
    progress: Progress | None = None,
    *,
    side: ItemFeatures | None = None,
) -> StarModel:
    """Fit to ratings; of a pair rated twice the newest counts. side: what is known of the films of
    `ratings.films`, row by row, such as `star_side(catalogue)`. The same ratings, config and
    generator state (None: seed 0) give the same model. Raises DataError where side information and
    films disagree in number."""
    with threadpool_limits(1):  # thousands of small products: threads would only wait on each other
        return _fit(
            ratings, config or StarConfig(), rng or np.random.default_rng(0), progress, side
        )


def _fit(
    ratings: Interactions,
    config: StarConfig,
    rng: np.random.Generator,
    progress: Progress | None,
    side: ItemFeatures | None,
) -> StarModel:
    if side is not None and side.rows.shape[1] != len(ratings.films):
        raise DataError("The side information has not one column for each film.")
    one = ratings.newest()
    people, person_place = _ranks(one.people.by_id, one.person)
    films, film_place = _ranks(one.films.by_id, one.film)
    if not len(one):
        nothing = np.zeros((len(film_place), 0), np.float32)
        return StarModel(LOWEST, HIGHEST, person_place, film_place, nothing, None)
    unrated = np.zeros(0, np.int64)
    if side is not None and side.rows.shape[0]:
        unrated = one.films.by_id[film_place[one.films.by_id] == len(films)]
        film_place[unrated] = len(films) + np.arange(len(unrated))
    cells: Any = sp.csr_array(
        (one.stars.astype(np.float64), (person_place[one.person], film_place[one.film])),
        shape=(len(people), len(films)),
    )
    cells.sort_indices()
    basis, person_rows = person_features(cells, config.people_width, rng)
    film_rows = film_features(
        cells,
        config.film_width,
        side_blocks(side, np.append(films, unrated), config.side_width, rng),
        rng,
    )
    chain = config.sized(len(one), len(people) + len(films) + len(unrated))
    draws = sample(cells, person_rows, film_rows, chain, rng, progress)
    spread_basis = np.zeros((len(film_place), basis.shape[1]), np.float32)
    spread_basis[films] = basis
    lowest, highest = float(one.stars.min()), float(one.stars.max())
    return StarModel(lowest, highest, person_place, film_place, spread_basis, draws)


def _ranks(by_id: Rows, present: npt.NDArray[Any]) -> tuple[Rows, Rows]:
    """The rows that have ratings in ascending order of their ids, and (rows,) each row's place in
    that order; the place after the last for rows without ratings."""
    rated = np.zeros(len(by_id), bool)
    rated[present] = True
    rows = np.asarray(by_id[rated[by_id]], np.int64)
    place = np.full(len(by_id), len(rows), np.int64)
    place[rows] = np.arange(len(rows))
    return rows, place


def _places(rows: npt.ArrayLike, place: Rows, side: HalfDraws | None, what: str) -> Rows:
    """Where rows given from outside stand among the draws; -1 stands last."""
    wanted = np.asarray(rows, np.int64).reshape(-1)
    if wanted.size and (wanted.min() < -1 or wanted.max() >= len(place)):
        raise DataError(f"A {what}'s row lies outside what the rating model was fitted to.")
    last = 0 if side is None else side.values.shape[1] - 1
    return np.append(place, last)[wanted]


def _typical_noise(draws: Draws) -> float:
    """The variance of a stranger's stars: the mean of 1 / precision over people and draws."""
    shape = np.maximum(draws.shape, 1.5)
    return float((shape / (shape - 1.0) / draws.typical_precision).mean())

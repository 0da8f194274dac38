"""Fits the model of `recommender.models.stars`, which predicts a person's stars for a film."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from threadpoolctl import threadpool_limits

from recommender.data import HIGHEST, LOWEST, Interactions
from recommender.errors import DataError
from recommender.models.gibbs import sample
from recommender.models.item_features import ItemFeatures
from recommender.models.star_draws import Chain
from recommender.models.star_features import film_features, person_features, side_blocks
from recommender.models.stars import StarModel
from recommender.numeric.arrays import Rows
from recommender.numeric.progress import Progress


@dataclass(frozen=True)
class StarConfig:
    """Settings of the model that predicts stars. Raises DataError for values that are too small.

    Attributes:
        factors: number of factors, or None to choose by the number of ratings (`sized`).
        sweeps: number of sweeps (passes of the sampler over all values), or None to choose by the
            number of ratings.
        warmup: number of sweeps at the start that are thrown away, or None for a sixth of the
            sweeps.
        draws: largest number of sweeps whose values are kept.
        people_width: number of features that describe which films a person rated.
        film_width: number of features that describe who rated a film.
        side_width: largest number of features from one block of side information, such as tags.
        memory: bytes that the draws may take; fewer draws are kept if they would take more.
    """

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
                raise DataError("rating-model-setting", setting=name, least=lowest)
        if min(self.people_width, self.film_width, self.side_width) < 0:
            raise DataError("rating-model-widths")

    def sized(self, ratings: int, rows: int) -> Chain:
        """Returns the length of the Markov chain and the number of factors for some amount of data.

        From 400,000 ratings on, there are 32 factors instead of 16. From 4,000,000 ratings on, the
        posterior is so narrow that 12 factors and fewer sweeps (passes of the sampler) are enough,
        which limits the cost.

        ratings: number of ratings. rows: number of people plus number of films.
        """
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


def fit_stars(
    ratings: Interactions,
    config: StarConfig | None = None,
    rng: np.random.Generator | None = None,
    progress: Progress | None = None,
    *,
    side: ItemFeatures | None = None,
) -> StarModel:
    """Returns a model that is fitted to the newest rating of each pair of person and film.

    The same ratings, config and generator state give the same model.

    Args:
        ratings: the ratings.
        config: settings, or None for the defaults.
        rng: the random generator, or None for one with seed 0.
        progress: is called after each sweep (pass of the sampler).
        side: features of the films, with one column for each row of `ratings.films`, such as
            `star_side(catalogue)`, or None.

    Raises DataError if `side` does not have one column for each film.
    """
    # The fit multiplies thousands of small matrices. Several threads would only wait for each
    # other.
    with threadpool_limits(1):
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
        raise DataError("side-information-columns")
    one = ratings.newest()
    people, person_place = _ranks(one.people.by_id, one.person)
    films, film_place = _ranks(one.films.by_id, one.film)
    if not len(one):
        nothing = np.zeros((0, 0), np.float32)
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
    lowest, highest = float(one.stars.min()), float(one.stars.max())
    return StarModel(lowest, highest, person_place, film_place, basis.astype(np.float32), draws)


def _ranks(by_id: Rows, present: npt.NDArray[Any]) -> tuple[Rows, Rows]:
    """Returns the rows with ratings in the order of ids, and (all rows,) each row's position in
    that order. Rows without ratings have the position after the last.

    by_id: all rows in ascending order of ids. present: the rows that have ratings.
    """
    rated = np.zeros(len(by_id), bool)
    rated[present] = True
    rows = np.asarray(by_id[rated[by_id]], np.int64)
    place = np.full(len(by_id), len(rows), np.int64)
    place[rows] = np.arange(len(rows))
    return rows, place

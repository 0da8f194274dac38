"""What is known about the films themselves, one row a film."""

from collections.abc import Sized
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data.vocabulary import Vocabulary
from recommender.errors import DataError
from recommender.numeric.arrays import Bools, Sparse

UNKNOWN_AUDIENCE, EVERYONE, TEENS, ADULTS = -1, 0, 1, 2


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What is known about the films themselves, one row a film.

    years, runtimes (minutes): (films,) float64, NaN unknown; genres: (films, genres) 0/1;
    tags: (films, tags) weights 0–3, with each tag's facet; audience: (films,) int8, 0 everyone,
    1 teens, 2 adults, -1 unknown; adult: (films,) bool, never shown outside age-restricted rooms.
    Raises DataError where the shapes disagree.
    """

    films: Vocabulary
    titles: tuple[str, ...]
    years: npt.NDArray[np.float64]
    runtimes: npt.NDArray[np.float64]
    genres: Sparse
    genre_names: tuple[str, ...]
    tags: Sparse
    tag_names: tuple[str, ...]
    tag_facets: tuple[str, ...]
    audience: npt.NDArray[np.int8]
    adult: Bools

    def __post_init__(self) -> None:
        n = len(self.films)
        columns: tuple[Sized, ...] = (
            self.titles,
            self.years,
            self.runtimes,
            self.audience,
            self.adult,
        )
        shapes_agree = (
            all(len(column) == n for column in columns)
            and self.genres.shape == (n, len(self.genre_names))
            and self.tags.shape == (n, len(self.tag_names))
            and len(self.tag_facets) == len(self.tag_names)
        )
        if not shapes_agree:
            raise DataError(
                "The catalogue's columns disagree in length; give one row for each film."
            )
        weights = np.asarray(self.tags.data)
        if weights.size and not (np.isfinite(weights).all() and weights.min() >= 0):
            raise DataError("A tag's weight is negative or no number; weights go from 0 to 3.")

    def __len__(self) -> int:
        return len(self.films)

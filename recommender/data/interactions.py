"""Ratings as parallel arrays: for each rating its person, film, stars and time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data.vocabulary import Vocabulary
from recommender.errors import DataError
from recommender.numeric.arrays import Floats, Ints, Sparse, sparse

LOWEST, HIGHEST = 0.5, 5.0  # stars of a rating


@dataclass(frozen=True, eq=False)
class Interactions:
    """n ratings as four parallel columns. `interactions` makes one and checks it.

    Attributes:
        people: the vocabulary that maps ids of people to rows.
        films: the vocabulary that maps ids of films to rows.
        person: (n,) row of each rating's person.
        film: (n,) row of each rating's film.
        stars: (n,) from 0.5 to 5.
        when: (n,) Unix seconds; NaN is unknown.
    """

    people: Vocabulary
    films: Vocabulary
    person: npt.NDArray[np.int32]
    film: npt.NDArray[np.int32]
    stars: npt.NDArray[np.float32]
    when: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.stars)

    def newest(self) -> "Interactions":
        """Returns only the newest rating of each pair of person and film.

        If several are equally new, the last of them in the columns is kept.
        """
        when = np.where(np.isnan(self.when), -np.inf, self.when)
        order = np.lexsort((np.arange(len(when)), when, self.film, self.person))
        person, film = self.person[order], self.film[order]
        last = np.ones(len(order), bool)
        last[:-1] = (person[1:] != person[:-1]) | (film[1:] != film[:-1])
        keep = np.sort(order[last])
        return Interactions(
            self.people,
            self.films,
            self.person[keep],
            self.film[keep],
            self.stars[keep],
            self.when[keep],
        )

    def utility_matrix(self) -> Sparse:
        """Returns (people, films) stars: the newest rating of each pair of person and film."""
        one = self.newest()
        shape = (len(self.people), len(self.films))
        return sparse((one.stars, (one.person, one.film)), shape)


def interactions(
    person_ids: Sequence[int] | Ints,
    film_ids: Sequence[int] | Ints,
    stars: Sequence[float] | Floats,
    when: Sequence[float] | Floats | None = None,
    *,
    films: Vocabulary | None = None,
) -> Interactions:
    """Returns checked ratings from columns of equal length.

    Args:
        person_ids: (n,) ids.
        film_ids: (n,) ids.
        stars: (n,) from 0.5 to 5.
        when: (n,) Unix seconds; NaN or None is unknown.
        films: the vocabulary of films; ratings of films that it lacks are left out. If None, a
            vocabulary of the rated films is made, in ascending order of ids.

    Raises DataError if the columns differ in length, if stars are NaN or outside 0.5 to 5, or if a
    time is infinite.
    """
    people_column = np.asarray(person_ids, np.int64).reshape(-1)
    film_column = np.asarray(film_ids, np.int64).reshape(-1)
    star_column = np.asarray(stars, np.float32).reshape(-1)
    count = len(star_column)
    times = np.full(count, np.nan) if when is None else np.asarray(when, np.float64).reshape(-1)
    if not len(people_column) == len(film_column) == len(times) == count:
        raise DataError("ratings-differ-in-length")
    bad = ~((star_column >= LOWEST) & (star_column <= HIGHEST))
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise DataError(
            "rating-stars", row=at + 1, stars=star_column[at], least=LOWEST, most=HIGHEST
        )
    if np.isinf(times).any():
        at = int(np.flatnonzero(np.isinf(times))[0])
        raise DataError("rating-time", row=at + 1)
    if films is None:
        films = Vocabulary(np.unique(film_column))
    film_rows = films.rows(film_column)
    keep = film_rows >= 0
    people = Vocabulary(np.unique(people_column[keep]))
    return Interactions(
        people,
        films,
        people.rows(people_column[keep]).astype(np.int32),
        film_rows[keep].astype(np.int32),
        star_column[keep],
        times[keep],
    )


def join(*parts: Interactions) -> Interactions:
    """Returns the ratings of several sets as one set.

    The sets may be those of a public corpus and of a Discord server, for example.
    """
    return interactions(
        np.concatenate([np.zeros(0, np.int64), *(p.people.ids(p.person) for p in parts)]),
        np.concatenate([np.zeros(0, np.int64), *(p.films.ids(p.film) for p in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(p.stars for p in parts)]),
        np.concatenate([np.zeros(0), *(p.when for p in parts)]),
    )

"""The words every model shares: ids and rows, ratings, the catalogue, a question and its answer.

Ids live outside this room and rows inside it; `Vocabulary` is the one door between them. All
values here are frozen, and their arrays are treated as read-only.
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Ints: TypeAlias = npt.NDArray[np.integer[Any]]
Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Bools: TypeAlias = npt.NDArray[np.bool_]
if TYPE_CHECKING:
    Sparse: TypeAlias = sp.csr_array[np.float32, tuple[int, int]]
else:
    Sparse = sp.csr_array  # subscripting it at run time asks for a newer scipy

LOWEST, HIGHEST = 0.5, 5.0  # stars
UNKNOWN_AUDIENCE, EVERYONE, TEENS, ADULTS = -1, 0, 1, 2


class DataError(ValueError):
    """Input the models cannot use; str() is one sentence saying what to do."""


def frozen(values: Any, dtype: Any) -> npt.NDArray[Any]:
    """A read-only one-dimensional copy of `values`."""
    array = np.array(values, dtype=dtype).reshape(-1)
    array.flags.writeable = False
    return array


def sparse(values: Any, shape: tuple[int, int] | None = None) -> Sparse:
    """A (rows, columns) float32 copy of what `scipy.sparse.csr_array` takes; of cells given twice,
    the sum."""
    made: Any = sp.csr_array(values, shape=shape, dtype=np.float32, copy=True)
    made.sum_duplicates()
    result: Sparse = made
    return result


def _none() -> Ints:
    return frozen((), np.int64)


class Vocabulary:
    """A frozen two-way map between ids (int64, unique) and rows 0..n-1, in the order given.

    Raises DataError where an id stands twice.
    """

    __slots__ = ("_hash", "_order", "_sorted", "ids_array")

    def __init__(self, ids: Sequence[int] | Ints) -> None:
        self.ids_array = frozen(ids, np.int64)
        self._order = frozen(np.argsort(self.ids_array, kind="stable"), np.int64)
        self._sorted = self.ids_array[self._order]
        if len(self._sorted) > 1 and bool((self._sorted[1:] == self._sorted[:-1]).any()):
            raise DataError("An id stands twice in the vocabulary; give each id once.")
        self._hash = hash(self.ids_array.tobytes())

    def rows(self, ids: Sequence[int] | Ints) -> npt.NDArray[np.int64]:
        """Rows of `ids`, -1 where an id is unknown; same shape as `ids`."""
        wanted = np.asarray(ids, np.int64)
        if not len(self._sorted):
            return np.full(wanted.shape, -1, np.int64)
        place = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[place] == wanted, self._order[place], -1)

    def row(self, identity: int) -> int:
        """The row of one id, -1 where it is unknown."""
        return int(self.rows([identity])[0])

    def ids(self, rows: Sequence[int] | Ints) -> npt.NDArray[np.int64]:
        """Ids of `rows`; a row outside 0..n-1 raises IndexError."""
        wanted = np.asarray(rows, np.int64)
        if wanted.size and (wanted.min() < 0 or wanted.max() >= len(self)):
            raise IndexError(f"a row lies outside 0..{len(self) - 1}")
        return np.asarray(self.ids_array[wanted])

    @property
    def by_id(self) -> npt.NDArray[np.int64]:
        """All rows, in ascending order of their ids."""
        return self._order

    def __len__(self) -> int:
        return len(self.ids_array)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and bool(
            np.array_equal(self.ids_array, other.ids_array)
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} ids)"


@dataclass(frozen=True, eq=False)
class Interactions:
    """Ratings as four parallel columns over two vocabularies.

    person, film: (n,) int32 rows; stars: (n,) float32 in 0.5–5; when: (n,) float64 Unix seconds,
    NaN where unknown. Make one with `interactions`, which checks.
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
        """One rating for each person and film: the newest; of equal times, the last given."""
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
        """Stars as (people, films) float32; of a pair rated twice the newest counts."""
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
    """Checked ratings from four columns of equal length.

    `when` in Unix seconds, NaN or None where unknown. With `films` given, ratings of films outside
    it are left out; otherwise the films are those rated, in ascending id order.
    Raises DataError for columns of unequal length, NaN stars, or stars outside 0.5–5.
    """
    people_column = np.asarray(person_ids, np.int64).reshape(-1)
    film_column = np.asarray(film_ids, np.int64).reshape(-1)
    star_column = np.asarray(stars, np.float32).reshape(-1)
    count = len(star_column)
    times = np.full(count, np.nan) if when is None else np.asarray(when, np.float64).reshape(-1)
    if not len(people_column) == len(film_column) == len(times) == count:
        raise DataError("The columns of the ratings differ in length; give one value for each.")
    bad = ~((star_column >= LOWEST) & (star_column <= HIGHEST))
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise DataError(
            f"Rating {at + 1} has {star_column[at]} stars; stars go from {LOWEST} to {HIGHEST}."
        )
    if np.isinf(times).any():
        at = int(np.flatnonzero(np.isinf(times))[0])
        raise DataError(f"Rating {at + 1} has an endless time; leave an unknown time as NaN.")
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
    """All ratings of several sets as one, such as a background corpus and a server's own."""
    return interactions(
        np.concatenate([np.zeros(0, np.int64), *(p.people.ids(p.person) for p in parts)]),
        np.concatenate([np.zeros(0, np.int64), *(p.films.ids(p.film) for p in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(p.stars for p in parts)]),
        np.concatenate([np.zeros(0), *(p.when for p in parts)]),
    )


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


@dataclass(frozen=True, eq=False)
class Query:
    """One question: what is known of the person, what they ask for, and when.

    films (n,) rows they rated with stars (n,); liked_tags, disliked_tags: tag columns from the
    quiz's shelves; unseen: rows they said they have not seen; excluded: rows never to show.
    genres: columns of which a film needs one; never: columns of which it may have none; mood: tag
    columns of which it needs one.
    max_runtime in minutes; hour 0–23 and weekday 0–6 (0 Monday) local, None unknown.
    adventurousness 0 (crowd-pleasers) to 1 (deep cuts). For what was learned of moments: the ids of
    the person and the server, None for nobody in particular, and the number of the mood asked for,
    -1 none; editorial: whether the hour's editorial tilt holds too.
    Raises DataError for stars outside 0.5–5, columns of unequal length or an impossible hour.
    """

    films: Ints = field(default_factory=_none)
    stars: Floats = field(default_factory=lambda: frozen((), np.float64))
    liked_tags: Ints = field(default_factory=_none)
    disliked_tags: Ints = field(default_factory=_none)
    unseen: Ints = field(default_factory=_none)
    excluded: Ints = field(default_factory=_none)
    genres: Ints = field(default_factory=_none)
    never: Ints = field(default_factory=_none)
    mood: Ints = field(default_factory=_none)
    max_runtime: float | None = None
    hour: int | None = None
    weekday: int | None = None
    family_safe: bool = False
    allow_adult: bool = False
    adventurousness: float = 0.5
    person: int | None = None
    server: int | None = None
    mood_number: int = -1
    editorial: bool = True

    def __post_init__(self) -> None:
        for name in (
            *("films", "liked_tags", "disliked_tags", "unseen", "excluded"),
            *("genres", "never", "mood"),
        ):
            rows = frozen(getattr(self, name), np.int64)
            object.__setattr__(self, name, rows[rows >= 0] if name != "films" else rows)
        stars = frozen(self.stars, np.float64)
        if len(stars) != len(self.films):
            raise DataError("The query's films and stars differ in length; give one for each.")
        if len(stars) and not bool(((stars >= LOWEST) & (stars <= HIGHEST)).all()):
            raise DataError(f"The query holds stars outside {LOWEST} to {HIGHEST}.")
        known = np.flatnonzero(self.films >= 0)  # of a film rated twice, the last counts
        backwards = known[::-1]
        _, first = np.unique(self.films[backwards], return_index=True)
        keep = np.sort(backwards[first])
        object.__setattr__(self, "films", frozen(self.films[keep], np.int64))
        object.__setattr__(self, "stars", frozen(stars[keep], np.float64))
        if self.hour is not None and not 0 <= self.hour <= 23:
            raise DataError(f"{self.hour} is no hour of the day; hours go from 0 to 23.")
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise DataError(f"{self.weekday} is no weekday; weekdays go from 0, Monday, to 6.")
        if not 0.0 <= self.adventurousness <= 1.0:
            raise DataError("Adventurousness goes from 0 to 1.")


PartKind: TypeAlias = Literal["popularity", "rating", "unseen", "tag", "context", "lift"]


class Part(NamedTuple):
    """What one fact did to a score.

    ref: for "rating" and "unseen" the row of the film the person rated or has not seen, for "tag"
    the tag's column, for "context" (the editorial tilt) the index in `context.TILTS`, for "lift"
    (what was learned of the moment) the column of `lift.Features` that moved the film most, for
    "popularity" -1.
    """

    kind: PartKind
    ref: int
    amount: float


@dataclass(frozen=True)
class Pick:
    """A film row, its score, and the parts that add up to the score (relative 1e-5).

    moved: places by which re-ranking lifted it (negative: lowered), no part of the score; tail:
    whether that was to give the long tail its place (its place before is then taken without the
    clock), else it was for variety; lifted: places by which the clock lifted it among the films
    allowed that could be shown; own: the person's own score of it, without the clock, in spreads of
    their best films' scores about the mean of those; wild: whether it is the card's wild card,
    drawn from far below (its place before is then taken without the clock too).
    """

    film: int
    score: float
    parts: tuple[Part, ...] = ()
    moved: int = 0
    tail: bool = False
    lifted: int = 0
    own: float = 0.0
    wild: bool = False


class Scorer(Protocol):
    """What every model promises."""

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """One number a film, (films,); higher is better, NaN means "cannot say"."""
        ...

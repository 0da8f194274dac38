"""A question put to the models, the shape of their answers, and what every scorer promises."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data.interactions import HIGHEST, LOWEST
from recommender.errors import DataError
from recommender.numeric.arrays import Floats, Ints, frozen


def _none() -> Ints:
    return frozen((), np.int64)


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

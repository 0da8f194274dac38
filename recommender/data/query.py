"""The types of a recommendation request.

A query describes the person and the films that they want. A pick is a recommended film. A scorer is
a model that gives every film a score for a query.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.data.interactions import HIGHEST, LOWEST
from recommender.errors import DataError
from recommender.numeric.arrays import Floats, Ints, frozen

LOOKS_GOOD_STARS, NOT_FOR_ME_STARS = 4.0, 2.0  # what a guess about a film counts as


def _none() -> Ints:
    return frozen((), np.int64)


@dataclass(frozen=True, eq=False)
class Query:
    """A request for films: what is known about the person, what they want, and when.

    Negative rows and columns in the arrays are dropped. If a film was rated twice, the last rating
    counts. Raises DataError if stars are outside 0.5 to 5 or differ in number from the films, if
    the hour or the weekday is impossible, or if adventurousness is outside 0 to 1.

    Attributes:
        films: (n,) rows of the films that the person rated.
        stars: (n,) stars that the person gave to these films.
        liked_tags: tag columns that the person liked in the quiz.
        disliked_tags: tag columns that the person disliked in the quiz.
        chosen: for each kind of films (such as "heists") that the person chose in the quiz, the
            rows of its films.
        unseen: rows of films about which the person said "haven't seen".
        wanted: rows of films that look good to the person, who has not rated them.
        unwanted: rows of films that the person says are not for them, and has not rated.
        excluded: rows of films that must not be recommended.
        genres: genre columns; a film needs at least one. Empty allows all films.
        never: genre columns; a film that has any of these is left out.
        never_tags: tag columns; a film that has any of these is left out.
        mood: tag columns; a film needs at least one, and films that fit them better come first.
            Empty allows all films.
        languages: columns of the catalogue's fact "language"; a film needs one of them as its
            leading language. Empty allows all films.
        years: first and last year of release, or None for any.
        max_runtime: longest running time in minutes, or None for any.
        hour: local hour, 0 to 23, or None if unknown.
        weekday: local weekday, 0 (Monday) to 6, or None if unknown.
        family_safe: True if films for adults, and films of unknown audience, are left out.
        allow_adult: True if films may be recommended that are only for age-restricted channels.
        adventurousness: from 0 (well-known films) to 1 (little-known films).
        person: id of the person whose learned effects of time and mood apply, or None for no
            person's.
        server: id of the server whose learned effects of time and mood apply, or None for no
            server's.
        mood_number: number of the mood that was asked for, from 0, or -1 for no mood. Learned
            effects of moods are stored under these numbers.
        editorial: True if the hand-written score changes for the time of day (`context.editorial`)
            apply as well.
    """

    films: Ints = field(default_factory=_none)
    stars: Floats = field(default_factory=lambda: frozen((), np.float64))
    liked_tags: Ints = field(default_factory=_none)
    disliked_tags: Ints = field(default_factory=_none)
    chosen: tuple[Ints, ...] = ()
    unseen: Ints = field(default_factory=_none)
    wanted: Ints = field(default_factory=_none)
    unwanted: Ints = field(default_factory=_none)
    excluded: Ints = field(default_factory=_none)
    genres: Ints = field(default_factory=_none)
    never: Ints = field(default_factory=_none)
    never_tags: Ints = field(default_factory=_none)
    mood: Ints = field(default_factory=_none)
    languages: Ints = field(default_factory=_none)
    years: tuple[float, float] | None = None
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
            *("films", "liked_tags", "disliked_tags", "unseen", "wanted", "unwanted"),
            *("excluded", "genres", "never", "never_tags", "mood", "languages"),
        ):
            rows = frozen(getattr(self, name), np.int64)
            if len(rows) and name != "films":
                rows = rows[rows >= 0]
            object.__setattr__(self, name, rows)
        object.__setattr__(self, "chosen", tuple(frozen(rows, np.int64) for rows in self.chosen))
        stars = frozen(self.stars, np.float64)
        if len(stars) != len(self.films):
            raise DataError("query-differs-in-length")
        if len(stars) and not bool(((stars >= LOWEST) & (stars <= HIGHEST)).all()):
            raise DataError("query-stars", least=LOWEST, most=HIGHEST)
        valid = np.flatnonzero(self.films >= 0)
        backwards = valid[::-1]  # so that `np.unique` finds the last rating of each film
        _, first = np.unique(self.films[backwards], return_index=True)
        keep = np.sort(backwards[first])
        object.__setattr__(self, "films", frozen(self.films[keep], np.int64))
        object.__setattr__(self, "stars", frozen(stars[keep], np.float64))
        known = self.films
        for name in ("wanted", "unwanted"):  # a rating says more, and what looks good is wanted
            if len(getattr(self, name)):
                rows = np.setdiff1d(getattr(self, name), known)
                object.__setattr__(self, name, frozen(rows, np.int64))
                known = np.concatenate([known, rows])
        if self.hour is not None and not 0 <= self.hour <= 23:
            raise DataError("no-such-hour", hour=self.hour)
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise DataError("no-such-weekday", weekday=self.weekday)
        if not 0.0 <= self.adventurousness <= 1.0:
            raise DataError("adventurousness-out-of-range")

    @property
    def names_taste(self) -> bool:
        """True if the person rated films, named tags in the quiz, or chose a mood."""
        named = len(self.liked_tags) + len(self.disliked_tags) + len(self.mood)
        return bool(len(self.films) or named)

    @property
    def looks(self) -> Ints:
        """(m,) rows of the films in `wanted` (they look good to the person), then of those in
        `unwanted`."""
        return np.concatenate([self.wanted, self.unwanted])

    def with_looks(self) -> "Query":
        """Returns the query with a rating added for each film in `wanted` and in `unwanted`.

        The person has not seen these films and only guesses whether they would like them. Such a
        guess says half as much as a rating, so its stars are half as far from three as those of a
        loved or disliked film. The added ratings come after the others.
        """
        if not len(self.looks):
            return self
        counts = [len(self.wanted), len(self.unwanted)]
        stars = np.repeat([LOOKS_GOOD_STARS, NOT_FOR_ME_STARS], counts)
        return replace(
            self,
            films=np.concatenate([self.films, self.looks]),
            stars=np.concatenate([self.stars, stars]),
        )


PartKind: TypeAlias = Literal[
    "popularity", "rating", "unseen", "look", "tag", "chosen", "context", "lift"
]


class Part(NamedTuple):
    """What one fact about the person, the film or the time adds to a score.

    Attributes:
        kind: the kind of fact. "unseen" is a film about which the person said "haven't seen";
            "look" is a film about which they said "looks good" or "not for me"; "chosen" is a kind
            of films that they chose; "context" is a hand-written effect of the time of day
            (`context.editorial`); "lift" is a learned effect of time and mood (`context.lift`).
        ref: which fact it is. For "rating", "unseen" and "look" the film's row; for "tag" the tag's
            column; for "chosen" the index in `Query.chosen`; for "context" the index in
            `context.editorial.TILTS`; for "lift" the column of `context.lift.LiftFeatures` that
            changed the score most; for "popularity" -1.
        amount: what the fact adds to the score; below 0 if it lowers the score.
    """

    kind: PartKind
    ref: int
    amount: float


@dataclass(frozen=True)
class Pick:
    """A recommended film with its score and the reasons for its place in the list.

    "Context" means the score changes for the time and the mood.

    Attributes:
        film: row of the film.
        score: the score that the film was ranked with, including context.
        parts: what each fact adds to the score. The amounts add up to the score, up to a relative
            error of 1e-5.
        moved: by how many places re-ranking for variety raised the film; negative if it lowered the
            film. For a wild card, and for a film with `for_long_tail`, it is counted from the
            film's place by its score without context.
        for_long_tail: True if the film was raised so that the list has at least one film that few
            people have rated.
        lifted: by how many places context raised the film among all films that may be shown.
        own: the film's score for this person without context, standardised: the distance from the
            mean score of the person's best films, in standard deviations of those scores.
        wild: True if the film is a wild card, which is drawn at random from films ranked far below.
        chance: the chance, above 0 and at most 1, with which the same request shows this film. It
            is 1 unless a wild card is, or might have been, drawn for the film's place.
    """

    film: int
    score: float
    parts: tuple[Part, ...] = ()
    moved: int = 0
    for_long_tail: bool = False
    lifted: int = 0
    own: float = 0.0
    wild: bool = False
    chance: float = 1.0


class Scorer(Protocol):
    """A model that gives every film a score for a query."""

    def score(self, query: Query) -> npt.NDArray[np.float64]:
        """Returns (films,) one score for each film; higher is better.

        A score is NaN if the model knows too little to score the film.
        """
        ...

"""What a person is shown: frozen, free of Discord, made by services and drawn by `bot/views/cards.py`."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Surface = Literal["recommend", "similar", "trending", "post", "quiz"]


@dataclass(frozen=True)
class Requester:
    """Who asks, where and when; `now` is the interaction's own time, aware, UTC."""

    person_id: int
    guild_id: int | None
    channel_id: int
    now: datetime
    adult_ok: bool = False
    private: bool = False


@dataclass(frozen=True)
class Line:
    """One film as it is shown, with its one honest reason. `score` is the person's own, in spreads
    of their best films' scores, where it was asked for; `wild` marks a wild card; `team` says which
    of two rankings that an experiment interleaves chose it."""

    film_id: int
    title: str
    year: int | None
    runtime: int | None
    genres: tuple[str, ...]
    reason: str
    poster: str | None = None
    team: int | None = None
    score: float | None = None
    wild: bool = False

    @property
    def name(self) -> str:
        """ "Title (Year)"."""
        return f"{self.title} ({self.year})" if self.year else self.title


@dataclass(frozen=True)
class Filters:
    """What `/recommend` was asked to keep to, and the other members it is for; travels in the
    buttons *Another* and the moods."""

    genre: str | None = None
    mood: str | None = None
    max_runtime: int | None = None
    others: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return any((self.genre, self.mood, self.max_runtime, self.others))


@dataclass(frozen=True)
class FilmCard:
    """One message, one film: a headline and further picks as lines. `moods` are offered for another
    card, in that order; `when` is "Tonight", "Now" or nothing."""

    surface: Surface
    heading: str
    headline: Line
    further: tuple[Line, ...]
    impressions: tuple[int, ...]
    model_version: str
    person_id: int | None = None
    guild_id: int | None = None
    note: str | None = None
    filters: Filters = Filters()
    offer_quiz: bool = False
    shelf: str | None = None
    private: bool = False
    moods: tuple[str, ...] = ()
    when: str = ""

    def with_note(self, note: str | None) -> "FilmCard":
        """The same card with one more note beneath."""
        if note is None:
            return self
        return replace(self, note=f"{self.note} {note}" if self.note else note)

    def with_impressions(self, impressions: tuple[int, ...]) -> "FilmCard":
        """The same card, with what was recorded of its being shown."""
        return replace(self, impressions=impressions)

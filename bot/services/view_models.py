"""The records of what a person is shown. Services return them; `bot/views` lays them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.services.notes import Note, note
from bot.services.scale import USUAL_SCALE, RatingScale

if TYPE_CHECKING:
    from recommender.shelves.shelves import Shelf

Surface = Literal["recommend", "similar", "trending", "post", "quiz"]
"""What made the bot show a film: a command, a scheduled post or the end of the quiz."""

PickTime = Literal["any", "now", "tonight", "morning", "afternoon", "evening", "late-night"]
"""The time for which films are recommended.

"any": the time does not matter. "now" and "tonight": the time of the request, by day and from the
evening on. The others are the time of day at which the person watches next.
"""


def shelf_note(shelf: "Shelf") -> Note:
    """Returns the name of a shelf (a set of films), which the reader's language makes."""
    return note("shelf", words=[list(word) for word in shelf.words])


@dataclass(frozen=True)
class Requester:
    """The person who made a request, and where and when.

    Attributes:
        person_id: the Discord id of the person; 0 for a server's scheduled post.
        guild_id: the server; None in a direct message.
        channel_id: the channel; 0 if Discord does not name it.
        now: the time of the request, aware, UTC.
        adult_ok: True if Discord marks the channel for adults.
        private: True if only the requester sees the answer.
        member_since: the later of two times: when the person joined the server, and when the bot
            did. None outside of a server, and if Discord does not say.
    """

    person_id: int
    guild_id: int | None
    channel_id: int
    now: datetime
    adult_ok: bool = False
    private: bool = False
    member_since: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One film as a person sees it, with the reason why it is shown.

    Attributes:
        film_id: the film's id.
        title: the film's title, not escaped.
        year: the year of release; None if unknown.
        runtime: minutes; None if unknown.
        genres: at most three genres.
        reason: why the film is shown; None for no reason.
        poster: the URL of a picture; None if there is no picture.
        team: which of two interleaved rankings chose the film, 0 or 1; None if only one ranking was
            used.
        score: the film's score for this person, without effects of time and mood: the distance from
            the mean score of their best films, in standard deviations of those scores. None if the
            film was not ranked by score.
        wild: True for a wild card: a new or little known film that is given a chance.
        chance: the chance, above 0 and at most 1, that the same request shows this film; 1 if
            nothing is random. None if it is not known.
        above_all: id of the one member of a group whom the film suits best; None if there is no
            such member or they may not be named. It is not stored with the reason.
    """

    film_id: int
    title: str
    year: int | None
    runtime: int | None
    genres: tuple[str, ...]
    reason: Note | None
    poster: str | None = None
    team: int | None = None
    score: float | None = None
    wild: bool = False
    chance: float | None = 1.0
    above_all: int | None = None

    @property
    def name(self) -> str:
        """The film's name, "Title (Year)"."""
        return f"{self.title} ({self.year})" if self.year else self.title


@dataclass(frozen=True)
class PredictedStars:
    """The stars that a person would probably give a film.

    Attributes:
        stars: 0.5 to 5, rounded to a tenth.
        give_or_take: standard deviation of the person's actual rating from the prediction, rounded
            to a tenth.
    """

    stars: float
    give_or_take: float


@dataclass(frozen=True)
class ScoreFact:
    """One fact that raises or lowers a film's score.

    Attributes:
        share: its share of everything that changes the score, -1 to 1; below 0 if it lowers the
            score.
        what: the fact.
    """

    share: float
    what: Note


@dataclass(frozen=True)
class FilmReasons:
    """What raises and lowers a film's score for one person now.

    Attributes:
        film_id: the film's id.
        name: the film's name, not escaped.
        facts: what raised or lowered its score, the strongest first.
        predicted: the stars that the person would probably give it; None if they rated it, or if
            the prediction may be too far off.
        newcomer: True if nothing is known about the person's taste.
    """

    film_id: int
    name: str
    facts: tuple[ScoreFact, ...]
    predicted: PredictedStars | None
    newcomer: bool


@dataclass(frozen=True)
class Filters:
    """The filters of a `/recommend`. The card's buttons (moods, *Another*) keep them.

    Attributes:
        genre: the genre that films must have; None for any.
        mood: the mood that films must have, by the key of a mood button or the slug of a mood tag;
            None for any.
        max_runtime: the longest runtime, minutes; None for any.
        others: ids of the members that the films must suit too.
        language: the language that films must be in, as its code or as typed; None for any.
        decade: the first year of the decade that films must be from; None for any. The first
            decade that is offered has all earlier years too.
        surprise: True for films that are on none of the person's usual shelves.
    """

    genre: str | None = None
    mood: str | None = None
    max_runtime: int | None = None
    others: tuple[int, ...] = ()
    language: str | None = None
    decade: int | None = None
    surprise: bool = False

    def __bool__(self) -> bool:
        wishes = (self.genre, self.mood, self.max_runtime, self.others)
        return any((*wishes, self.language, self.decade, self.surprise))


@dataclass(frozen=True)
class FilmCard:
    """One message about one film, with further picks as lines.

    Attributes:
        surface: the command or post that showed the card, such as "recommend".
        heading: the card's first words, such as "Tonight, for you".
        headline: the main film of the card.
        further: the further picks, best first.
        impressions: ids of the records of the shown films, headline first; empty without records.
        scale: the emoji that rate the headline.
        names: the display names, by person id, of the people whom the card may name. They are not
            stored.
        asked_at: when the card was asked for; None until its films are recorded as shown.
        model_version: the version of the model that chose the headline.
        person_id: the person who requested the card; None for a server's post.
        guild_id: the server; None in a direct message.
        notes: sentences under the card.
        filters: the filters that the films were chosen by.
        offer_quiz: True if the card offers the taste quiz.
        shelf: the shelf (micro-genre) that the card names; None for no shelf.
        private: True if only the requester sees the card.
        another: True if the card has the button *Another*.
        moods: keys of the moods that have a button on the card, in this order. Such a button asks
            for another card.
        time: the time for which films are recommended.
        asked: what was asked for: the mood, the genre and the longest runtime.
        asks_more: True if a question about one more film may follow the card.
    """

    surface: Surface
    heading: Note
    headline: Line
    further: tuple[Line, ...]
    impressions: tuple[int, ...]
    model_version: str
    person_id: int | None = None
    guild_id: int | None = None
    notes: tuple[Note, ...] = ()
    filters: Filters = Filters()
    offer_quiz: bool = False
    shelf: "Shelf | None" = None
    private: bool = False
    another: bool = False
    moods: tuple[str, ...] = ()
    time: PickTime = "any"
    asked: tuple[Note, ...] = ()
    asked_at: datetime | None = None
    scale: RatingScale = USUAL_SCALE
    names: Mapping[int, str] = field(default_factory=dict)
    asks_more: bool = False

    def reason(self, line: Line) -> Note | None:
        """Returns why a film of this message is shown, and which group member it suits best."""
        name = self.names.get(line.above_all or 0)
        if name is None or line.reason is None:
            return line.reason
        return note("above-all-for", reason=line.reason, member=name)

    def with_note(self, added: Note | None) -> "FilmCard":
        """Returns this card with a sentence added under it; unchanged if `added` is None.

        A card is a message of films.
        """
        return self if added is None else replace(self, notes=(*self.notes, added))

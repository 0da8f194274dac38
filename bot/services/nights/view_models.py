"""What people see of a movie night, as data."""

from dataclasses import dataclass
from datetime import datetime

from bot.services.view_models import Line, PredictedStars
from storage.servers import night_steps, nights
from storage.servers.nights import ChosenBy, NightState

Night = nights.Night
NightMessageKind = night_steps.NightMessageKind


@dataclass(frozen=True)
class MemberFit:
    """How well a film fits one member who agreed that this is said.

    Attributes:
        name: the member's display name, not escaped.
        stars: the stars that they would probably give it; None if that is too uncertain to say.
        share: the share of the films whose score for the member is not above this film's, 0 to 1;
            None if nothing is known about their taste.
    """

    name: str
    stars: PredictedStars | None
    share: float | None


@dataclass(frozen=True)
class NightLine:
    """A film of a shortlist.

    Attributes:
        line: the film, with why it is on the list.
        fits: how well it fits each member who agreed that this is said; empty in later messages.
        votes: how many voted for it; None as long as no poll has ended.
    """

    line: Line
    fits: tuple[MemberFit, ...] = ()
    votes: int | None = None


@dataclass(frozen=True)
class NightView:
    """What a message about a night shows.

    Attributes:
        id: the night's id in the database.
        state: how far it is.
        starts_at: when the film starts, UTC.
        films: the shortlist, best first.
        chosen: the chosen film; None if none is chosen.
        chosen_by: how it was chosen; None if none is chosen.
        tied: the films that had the most votes, if there were several.
        poll_until: when the poll ends, UTC; None without a poll.
        voice_id: the voice channel; None if the planner named no channel.
        event: True if there is a scheduled event.
        adult: True if the chosen film is for adults, so that the event must not name it.
        counted: True if the taste of at least one member counted; None where that is not known any
            more.
    """

    id: int
    state: NightState
    starts_at: datetime
    films: tuple[NightLine, ...]
    chosen: Line | None = None
    chosen_by: ChosenBy | None = None
    tied: tuple[Line, ...] = ()
    poll_until: datetime | None = None
    voice_id: int | None = None
    event: bool = False
    adult: bool = False
    counted: bool | None = None


@dataclass(frozen=True)
class PastNight:
    """A night in `/movienight history`.

    Attributes:
        id: the night's id in the database.
        starts_at: when the film started or starts, UTC.
        state: how far the night is.
        film: the chosen film's name, not escaped; None if none is chosen, or if it may not be named
            here because it is for adults.
        chosen_by: how it was chosen; None if none is chosen.
        was_there: True if the requester came to it.
        stars: the stars that the requester gave the film; None if they have not rated it.
        can_cancel: True if the night is not over and the requester may cancel it.
    """

    id: int
    starts_at: datetime
    state: NightState
    film: str | None
    chosen_by: ChosenBy | None
    was_there: bool
    stars: float | None
    can_cancel: bool

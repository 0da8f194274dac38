"""The figures of `matinee report` on the bad week, computed without any code of the bot.

What was shown is read from the messages of the local Discord, and what was rated from its reactions
and from the rows of the log. The log says which commands were saved whose answer did not come, and
in which order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.records.channels import Message
from bot.playground.records.snowflakes import time_of
from bot.playground.testing import walk
from tests.soak import ledger
from tests.soak.bad_week import Week
from tests.soak.crowd import film_of
from tests.soak.ledger import Logged

CREDIT_WINDOW = timedelta(days=14)
WELL, LOVED = 4.0, 4.5


@dataclass(frozen=True)
class ShownFilm:
    """A film that a message shows.

    Attributes:
        film: its id.
        message: the message.
        person: who asked for it; None for a post.
        at: when.
    """

    film: int
    message: int
    person: int | None
    at: datetime


@dataclass(frozen=True)
class Figures:
    """What the report must say.

    Attributes:
        picks: figure -> count of picks.
        by_week: Monday -> the same of the picks of that week.
        got_a_pick: number of people who were shown a film or rated one.
        rated: number of people who ever rated.
        least_came, most_came: the number of people who came. It is not known of somebody whose only
            commands got no answer.
        least_back, most_back: the number of people who came back after a day.
    """

    picks: Mapping[str, int]
    by_week: Mapping[str, Mapping[str, int]]
    got_a_pick: int
    rated: int
    least_came: int
    most_came: int
    least_back: int
    most_back: int


def figures(week: Week) -> Figures:
    """Returns the figures of a week that is over."""
    log, _ = week.stored()
    shown = [one for one in films_shown(week) if one.person not in week.erased]
    taken = picks(shown, log)
    by_week: dict[str, list[float | None]] = {}
    for at, stars in taken:
        monday = (at - timedelta(days=at.weekday())).date().isoformat()
        by_week.setdefault(monday, []).append(stars)
    raters = {event.key.person for event in log if event.action == "set" and stars_of(event)}
    shown_to = {one.person for one in shown if one.person is not None}
    known = [(one.person, one.at) for one in shown if one.person is not None]
    known += [(event.key.person, event.at) for event in log]
    asked = [
        (one.user_id, time_of(one.id))
        for one in week.world.interactions.values()
        if one.user_id not in week.erased
    ]
    return Figures(
        counted(stars for _, stars in taken),
        {monday: counted(stars) for monday, stars in by_week.items()},
        len(shown_to | raters),
        len(raters),
        len({person for person, _ in known}),
        len({person for person, _ in known + asked}),
        back_after_a_day(known),
        back_after_a_day(known + asked),
    )


def films_shown(week: Week) -> list[ShownFilm]:
    """Returns every film of every public card: the headline, and those in its menu."""
    found = []
    for number in week.club.channels:
        for message in week.world.channels[number].messages.values():
            headline = film_of(message)
            if headline is not None and message.author_id == week.world.bot.id:
                asked = message.metadata
                person = int(asked["user"]["id"]) if asked else None
                at = time_of(int(asked["id"]) if asked else message.id)
                for film in dict.fromkeys((headline, *in_menu(message))):
                    found.append(ShownFilm(film, message.id, person, at))
    return found


def in_menu(message: Message) -> list[int]:
    """Returns the films that a card offers to open."""
    return [
        int(option["value"])
        for part in walk(message.components)
        if str(part.get("custom_id", "")).startswith("mt1:open")
        for option in part.get("options", ())
    ]


def stars_of(event: Logged) -> float | None:
    """Returns the stars of an event; None for "no rating" and for other emoji."""
    return ledger.value(event.key.emoji) if event.key.source == "reaction" else event.stars


def picks(shown: list[ShownFilm], log: list[Logged]) -> list[tuple[datetime, float | None]]:
    """Returns when each pick was shown, and the stars that its person gave it.

    A rating belongs to the film on the card that was reacted to; without such a card to the newest
    time that the person was shown the film, in the two weeks before. If there are several, a
    command counts before a reaction, then the newest. A post is a pick of those who rated it.
    """
    on_message = {(one.message, one.film): one for one in shown}
    best: dict[tuple[ShownFilm, int], tuple[bool, datetime, float]] = {}
    for event in ledger.standing(log).values():
        stars, key = stars_of(event), event.key
        if stars is None:
            continue
        by_command = key.source != "reaction"
        target = None if by_command else on_message.get((key.message, key.film))
        if target is None:
            earlier = [
                one
                for one in shown
                if (one.person, one.film) == (key.person, key.film)
                and timedelta(0) <= event.at - one.at <= CREDIT_WINDOW
            ]
            target = max(earlier, key=lambda one: one.at, default=None)
        if target is not None:
            pair, found = (target, key.person), (by_command, event.at, stars)
            best[pair] = max(best.get(pair, found), found)
    silent = [one for one in shown if one.person is not None and (one, one.person) not in best]
    rated = [(one.at, stars) for (one, _), (_, _, stars) in best.items()]
    return [*rated, *((one.at, None) for one in silent)]


def counted(stars: Iterable[float | None]) -> Mapping[str, int]:
    """Returns the counts of picks with these stars, by the names of the report."""
    found: Counter[str] = Counter()
    for one in stars:
        found["picks"] += 1
        if one is not None:
            found["rated"] += 1
            found["rated well"] += one >= WELL
            found["loved"] += one >= LOVED
    return found


def back_after_a_day(acts: Iterable[tuple[int, datetime]]) -> int:
    """Returns how many people did something a day or more after they first did something."""
    times: dict[int, list[datetime]] = {}
    for person, at in acts:
        times.setdefault(person, []).append(at)
    return sum(max(own) - min(own) >= timedelta(days=1) for own in times.values())

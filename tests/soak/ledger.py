"""The ratings to expect, computed without any code of the bot.

All but `stored` are pure functions of the stored events, the reactions on the local Discord, and
the acts of people. The rule (UX.md, "Reactions"): the newest act on a film wins. An act is a
reaction on any card, or a statement by button or command. Withdrawing an act restores the act
before it. `/unrate` is the statement "no rating". For reactions that came while the bot was away,
only the order of the legend is known: its first emoji counts as the newest.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage.database.address import Address
from tests import direct

STARS = {"❤️": 5.0, "👍": 4.0, "😐": 3.0, "👎": 1.5}
RECONCILED = "reconciled"
RACE_WINDOW = timedelta(seconds=2)


@dataclass(frozen=True, order=True)
class Key:
    """The identity of an act.

    Attributes:
        person: id of the person.
        film: id of the film.
        source: "reaction", "button" or "command".
        message: id of the card of a reaction, 0 for a statement.
        emoji: the emoji of a reaction, empty for a statement.
    """

    person: int
    film: int
    source: str
    message: int = 0
    emoji: str = ""


@dataclass(frozen=True)
class Logged:
    """A row of the bot's log of acts in SQLite.

    Attributes:
        id: id of the row, in the order of writing.
        key: the identity of the act.
        action: "set" or "withdraw".
        stars: stars of the rating. None means no rating.
        at: time of the act.
        origin: how the bot learned of the act, such as "reconciled".
    """

    id: int
    key: Key
    action: str
    stars: float | None
    at: datetime
    origin: str


@dataclass(frozen=True)
class Done:
    """An act of a person, as the local Discord saw it.

    Attributes:
        order: position among all events.
        key: the identity of the act.
        action: "set" or "withdraw".
        stars: stars of a statement. None means no rating, or a reaction.
        at: time of the act.
        confirmed: True if the person read that the rating was saved or taken back.
    """

    order: int
    key: Key
    action: str
    stars: float | None
    at: datetime
    confirmed: bool


Ratings = Mapping[tuple[int, int], float]
"""(person, film) -> stars"""


def stored(database: Address) -> tuple[list[Logged], Ratings]:
    """Returns the stored events and the stored ratings, read in one transaction."""
    rows, rated = direct.snapshot(
        database,
        "select id, person_id, film_id, source, coalesce(message_id, 0), coalesce(emoji, ''),"
        " action, stars, at, origin from rating_events order by id",
        "select person_id, film_id, stars from ratings",
    )
    log = [
        Logged(
            id=number,
            key=Key(person, film, source, message, bare(emoji)),
            action=action,
            stars=stars,
            at=datetime.fromisoformat(at).replace(tzinfo=UTC),
            origin=origin,
        )
        for number, person, film, source, message, emoji, action, stars, at, origin in rows
    ]
    return log, {(person, film): stars for person, film, stars in rated}


def bare(emoji: str) -> str:
    """Returns an emoji without its variation selector, for comparisons."""
    return emoji.replace("\ufe0f", "")


def value(emoji: str) -> float | None:
    """Returns the stars of an emoji in any skin tone. None if it is not in the legend."""
    plain = "".join(sign for sign in bare(emoji) if not 0x1F3FB <= ord(sign) <= 0x1F3FF)
    return {bare(known): stars for known, stars in STARS.items()}.get(plain)


def place(emoji: str) -> int:
    """Returns the position of an emoji in the legend. Other emoji come after the legend."""
    plain = "".join(sign for sign in bare(emoji) if not 0x1F3FB <= ord(sign) <= 0x1F3FF)
    legend = [bare(known) for known in STARS]
    return legend.index(plain) if plain in legend else len(legend)


def standing(events: Iterable[Logged]) -> dict[Key, Logged]:
    """Returns the acts that were not withdrawn, each with the event that set it."""
    found: dict[Key, Logged] = {}
    for event in sorted(events, key=lambda event: event.id):
        if event.action == "set":
            found[event.key] = event
        elif event.action == "withdraw":
            assert event.key in found, f"{event} takes back what did not stand"
            del found[event.key]
    return found


def ratings(events: Iterable[Logged], reactions: Iterable[Key]) -> Ratings:
    """Returns the ratings to expect.

    The local Discord knows the current reactions. The log knows the order of reactions and
    statements. Raises KeyError if a reaction is not in the log.
    """
    logged = standing(events)
    acts = {key: event for key, event in logged.items() if key.source != "reaction"}
    acts |= {key: logged[key] for key in reactions if value(key.emoji) is not None}
    return newest(acts, lambda event: event.id)


def newest(acts: Mapping[Key, Logged], order: Callable[[Logged], int]) -> Ratings:
    """Returns for each person and film the stars of the newest act that states something."""
    decided: dict[tuple[int, int], tuple[int, float | None]] = {}
    for key, event in acts.items():
        stars = value(key.emoji) if key.source == "reaction" else event.stars
        if key.source == "reaction" and stars is None:
            continue  # an emoji outside the legend states nothing
        here = (key.person, key.film)
        if here not in decided or order(event) > decided[here][0]:
            decided[here] = (order(event), stars)
    return {here: stars for here, (_, stars) in decided.items() if stars is not None}


def out_of_order(events: Iterable[Logged]) -> list[Logged]:
    """Returns reconciled reactions in the wrong order.

    The reactions of one person in one listing must be stored against the order of the legend, so
    that its first emoji is the newest.
    """
    wrong: list[Logged] = []
    last: dict[tuple[int, int, datetime], Logged] = {}
    for event in sorted(events, key=lambda event: event.id):
        if (event.origin, event.action) != (RECONCILED, "set"):
            continue
        listing = (event.key.person, event.key.message, event.at)
        before = last.get(listing)
        if before is not None and place(before.key.emoji) < place(event.key.emoji):
            wrong.append(event)
        last[listing] = event
    return wrong


def unsaved(events: Iterable[Logged], done: Iterable[Done]) -> list[Done]:
    """Returns confirmed statements that are not in the log. Times must agree to the millisecond."""
    kept = {(e.key, e.action, e.stars, _milliseconds(e.at)) for e in events}
    return [
        act
        for act in done
        if act.confirmed and (act.key, act.action, act.stars, _milliseconds(act.at)) not in kept
    ]


def overruled(events: Iterable[Logged], done: Iterable[Done]) -> list[str]:
    """Returns descriptions of confirmed ratings that lose against a clearly older act.

    A reaction and a statement take different ways through the bot. So two acts of one person on one
    film within RACE_WINDOW may be stored in either order.
    """
    acts = list(done)
    logged = standing(events)
    when: dict[Key, Done] = {}
    for act in acts:
        if act.action == "set":
            when[act.key] = act
    wrong: list[str] = []
    for act in acts:
        winner = logged.get(act.key)
        if not act.confirmed or act.action != "set" or winner is None:
            continue
        if _milliseconds(winner.at) != _milliseconds(act.at):
            continue  # a later statement replaced this one
        for key, other in logged.items():
            rival = (key.person, key.film) == (act.key.person, act.key.film) and key != act.key
            silent = key.source == "reaction" and value(key.emoji) is None
            if (
                rival
                and not silent
                and other.id > winner.id
                and when[key].at < act.at - RACE_WINDOW
            ):
                wrong.append(f"{act} in {winner} loses against {when[key]} in {other}")
    return wrong


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)

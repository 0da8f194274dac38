"""What the ratings must be: pure functions of the stored events, of what stands on the local
Discord, and of what people did, written without a line of the bot's code.

The rule (UX.md, "Reactions"): the newest act on a film wins, whether a reaction on any card or a
statement by button or command; withdrawing it restores the one that stood before; `/unrate` is
the statement "no rating". Of reactions that came while the bot was away only the legend's order
is known: its first emoji is the newest.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

STARS = {"❤️": 5.0, "👍": 4.0, "😐": 3.0, "👎": 1.5}
RECONCILED = "reconciled"
TOGETHER = timedelta(seconds=2)


@dataclass(frozen=True, order=True)
class Key:
    """What identifies an act; message 0 and no emoji where it is a statement."""

    person: int
    film: int
    source: str
    message: int = 0
    emoji: str = ""


@dataclass(frozen=True)
class Logged:
    """One row of the bot's log of acts, as it stands in SQLite."""

    id: int
    key: Key
    action: str
    stars: float | None
    at: datetime
    origin: str


@dataclass(frozen=True)
class Done:
    """One thing a person did, as the local Discord saw it; `order` counts all of them."""

    order: int
    key: Key
    action: str
    stars: float | None
    at: datetime
    confirmed: bool
    """The person read that it is saved (or, for a withdrawal, that it is taken back)."""


Ratings = Mapping[tuple[int, int], float]
"""(person, film) -> stars"""


def bare(emoji: str) -> str:
    """The emoji as a key: without the sign that asks for colour."""
    return emoji.replace("\ufe0f", "")


def value(emoji: str) -> float | None:
    """The stars of an emoji in any skin tone; None outside the legend."""
    plain = "".join(sign for sign in bare(emoji) if not 0x1F3FB <= ord(sign) <= 0x1F3FF)
    return {bare(known): stars for known, stars in STARS.items()}.get(plain)


def place(emoji: str) -> int:
    """Where an emoji stands in the legend; behind it when it is not in it."""
    plain = "".join(sign for sign in bare(emoji) if not 0x1F3FB <= ord(sign) <= 0x1F3FF)
    legend = [bare(known) for known in STARS]
    return legend.index(plain) if plain in legend else len(legend)


def standing(events: Iterable[Logged]) -> dict[Key, Logged]:
    """The acts that were not taken back, each with the event that made it stand."""
    found: dict[Key, Logged] = {}
    for event in sorted(events, key=lambda event: event.id):
        if event.action == "set":
            found[event.key] = event
        elif event.action == "withdraw":
            assert event.key in found, f"{event} takes back what did not stand"
            del found[event.key]
    return found


def ratings(events: Iterable[Logged], reactions: Iterable[Key]) -> Ratings:
    """The ratings: which reactions stand, the local Discord says; in which order they and the
    statements came, the log. KeyError where a reaction stands of which the log knows nothing."""
    logged = standing(events)
    acts = {key: event for key, event in logged.items() if key.source != "reaction"}
    acts |= {key: logged[key] for key in reactions}
    return newest(acts, lambda event: event.id)


def newest(acts: Mapping[Key, Logged], order: Callable[[Logged], int]) -> Ratings:
    """For each person and film the stars of the newest act that has something to say."""
    decided: dict[tuple[int, int], tuple[int, float | None]] = {}
    for key, event in acts.items():
        stars = value(key.emoji) if key.source == "reaction" else event.stars
        if key.source == "reaction" and stars is None:
            continue  # an emoji outside the legend says nothing
        here = (key.person, key.film)
        if here not in decided or order(event) > decided[here][0]:
            decided[here] = (order(event), stars)
    return {here: stars for here, (_, stars) in decided.items() if stars is not None}


def out_of_order(events: Iterable[Logged]) -> list[Logged]:
    """Reconciled reactions of one person and one listing that are not against the legend."""
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
    """Confirmed statements that the log does not have, to the millisecond."""
    kept = {(e.key, e.action, e.stars, _milliseconds(e.at)) for e in events}
    return [
        act
        for act in done
        if act.confirmed and (act.key, act.action, act.stars, _milliseconds(act.at)) not in kept
    ]


def overruled(events: Iterable[Logged], done: Iterable[Done]) -> list[str]:
    """Confirmed ratings that stand, yet lose against an act that was done well before them.

    A reaction and a statement go different ways through the bot, so what one person does about
    one film within TOGETHER may be taken in either order.
    """
    acts = list(done)
    logged = standing(events)
    when: dict[Key, Done] = {}
    for act in acts:
        if act.action == "set":
            when[act.key] = act
    wrong: list[str] = []
    for act in acts:
        mine = logged.get(act.key)
        if not act.confirmed or act.action != "set" or mine is None:
            continue
        if _milliseconds(mine.at) != _milliseconds(act.at):
            continue  # stated anew since
        for key, other in logged.items():
            rival = (key.person, key.film) == (act.key.person, act.key.film) and key != act.key
            silent = key.source == "reaction" and value(key.emoji) is None
            if rival and not silent and other.id > mine.id and when[key].at < act.at - TOGETHER:
                wrong.append(f"{act} in {mine} loses against {when[key]} in {other}")
    return wrong


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)

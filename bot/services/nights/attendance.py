"""Who came to a movie night: who was in its voice channel for long enough, or says so.

Only they have seen the film, and it is marked for them. Who was in the channel is stored while the
film runs, so that a restart does not lose it, and is deleted when it ends.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.errors import Sorry
from bot.services.app import App
from bot.services.feedback.mark import Marked
from bot.services.nights.plan import read_night
from bot.services.picks.consent import FindMember
from bot.services.view_models import Requester
from storage.database.engine import Transaction
from storage.people import film_marks
from storage.servers import night_steps, nights
from storage.servers.night_steps import Presence
from storage.servers.nights import Night

LEAST_SHARE = 0.5
"""The share of the film for which somebody must have been in the voice channel."""

MAY_SAY_FOR = timedelta(days=7)
"""For how long after the film people may say that they were there."""


async def begin_showing(app: App, night: Night, now: datetime) -> bool:
    """Stores that the film of a night has begun; returns False if the night went on meanwhile."""
    async with app.db.write() as conn:
        return await nights.move(conn, night.id, ["decided", "scheduled"], now, state="showing")


async def see(app: App, night: Night, here: Collection[int], now: datetime) -> None:
    """Stores who is in the voice channel of a night now.

    Whoever had all their data deleted since the film began is left out.
    """
    kept = [one for one in here if not app.erasures.covers(one, night.starts_at)]
    async with app.db.write() as conn:
        await night_steps.see(conn, night.id, kept, now)


async def end_showing(app: App, night: Night, find_member: FindMember, now: datetime) -> None:
    """Stores who came to a night whose film is over, and marks the film as seen for them.

    Bots and people who have left the server do not count. Raises MemberNotKnown if Discord does
    not say who is a member.
    """
    assert night.ends_at is not None
    async with app.db.read() as conn:
        seen = await night_steps.presences(conn, night.id)
        guests = await nights.guests(conn, night.id)
    stayed = [
        one
        for one in who_stayed(seen, night.starts_at, night.ends_at)
        if await find_member(one) is not None
    ]
    said = [one.person_id for one in guests if one.came == "said"]
    async with app.db.write() as conn:
        if not await nights.move(conn, night.id, ["showing"], now, state="done"):
            return
        for person in stayed:
            if not app.erasures.covers(person, night.starts_at):
                await nights.store_came(conn, night.id, person, "voice", now)
        for person in dict.fromkeys((*stayed, *said)):
            if night.film_id is not None and not app.erasures.covers(person, night.starts_at):
                await _mark_seen(conn, person, night.film_id, now)
        await night_steps.forget_presences(conn, night.id)


def who_stayed(seen: Iterable[Presence], starts_at: datetime, ends_at: datetime) -> tuple[int, ...]:
    """Returns the ids of the people who were in the voice channel for at least half of the film.

    seen: who was there, and when.
    """
    total: dict[int, timedelta] = {}
    for one in seen:
        there = min(one.until, ends_at) - max(one.at, starts_at)
        total[one.person_id] = total.get(one.person_id, timedelta()) + max(there, timedelta())
    least = LEAST_SHARE * (ends_at - starts_at)
    return tuple(sorted(person for person, time in total.items() if time >= least))


async def say_there(app: App, requester: Requester, night_id: int) -> tuple[int, Marked]:
    """Stores that the requester came to a night, and marks its film as seen for them.

    Returns the film's id, and what is to be said. Raises Sorry if the film has not begun, if the
    night does not take place, or if it is too long ago.
    """
    night = await read_night(app, night_id)
    if night.state not in ("showing", "done") or night.film_id is None or night.ends_at is None:
        raise Sorry("night-not-shown")
    if night.guild_id != requester.guild_id or requester.now > night.ends_at + MAY_SAY_FOR:
        raise Sorry("night-long-over")
    library = app.live.served.library
    async with app.write_for(requester) as conn:
        await nights.store_came(conn, night.id, requester.person_id, "said", requester.now)
        if night.state == "done":
            await _mark_seen(conn, requester.person_id, night.film_id, requester.now)
    return night.film_id, Marked(library.name(night.film_id), "seen")


async def take_back_there(app: App, requester: Requester, night_id: int) -> None:
    """Stores that the requester did not come to a night after all.

    The film is then not seen, unless they had seen it before the night.
    """
    night = await read_night(app, night_id)
    person, film = requester.person_id, night.film_id
    async with app.write_for(requester) as conn:
        await nights.forget_came(conn, night.id, person)
        if film is None or night.ends_at is None:
            return
        seen = (await film_marks.of_person(conn, person))["seen"]
        if film in seen and seen[film] >= night.ends_at:
            await film_marks.unmark(conn, person, film, "seen")


async def _mark_seen(conn: Transaction, person_id: int, film_id: int, now: datetime) -> None:
    """Marks a film as seen. A mark from before the night keeps its time."""
    if film_id not in (await film_marks.of_person(conn, person_id))["seen"]:
        await film_marks.mark(conn, person_id, film_id, "seen", now=now)

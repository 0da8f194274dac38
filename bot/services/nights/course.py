"""The course of a movie night: its poll, its film, its event, its cancelling.

Every step is stored before anything is done on Discord (`bot/jobs/nights.py`), so that a restart
can continue. Whoever planned a night, and whoever may manage events in the server, may take these
steps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from bot.errors import Sorry
from bot.services.app import App
from bot.services.nights.plan import read_night, runtime
from bot.services.scale import RatingScale
from bot.services.view_models import Requester
from storage.feedback import cards
from storage.feedback.cards import Card
from storage.servers import manager_messages, night_steps, nights
from storage.servers.night_steps import NightMessage, NightMessageKind
from storage.servers.nights import ChosenBy, Night, NightFilm, NightState

BEFORE_START = timedelta(minutes=15)
"""A poll ends this long before the film starts, if there is time enough."""

SHORTEST_POLL = timedelta(minutes=5)
LONGEST_POLL = timedelta(days=3)
LIST_SENT_WITHIN = timedelta(minutes=16)
"""If it is not known after this time which message shows the shortlist, nobody saw it."""

OPEN_STATES: tuple[NightState, ...] = ("planned", "polled", "decided", "scheduled", "showing")


async def may_direct(app: App, requester: Requester, night_id: int, *, manages: bool) -> Night:
    """Returns a night if the requester may take its next step. Raises Sorry if not.

    manages: True if the requester may manage events in the server.
    """
    night = await read_night(app, night_id)
    if night.guild_id != requester.guild_id:
        raise Sorry("no-such-night")
    if night.planner_id != requester.person_id and not manages:
        raise Sorry("somebody-elses-night")
    return night


def poll_end(now: datetime, starts_at: datetime) -> datetime:
    """Returns when a poll that begins now ends. Raises Sorry if the film starts too soon for one.

    starts_at: when the film starts.
    """
    left = starts_at - now
    if left < SHORTEST_POLL:
        raise Sorry("too-late-for-poll")
    return now + min(max(left - BEFORE_START, left / 2), LONGEST_POLL)


def poll_hours(now: datetime, until: datetime) -> int:
    """Returns for how many hours a poll is sent: Discord takes whole hours only."""
    return max(1, ceil((until - now) / timedelta(hours=1)))


async def begin_poll(app: App, night: Night, now: datetime) -> None:
    """Stores that the films of a night are to be voted on. Raises Sorry if it is too late."""
    until = poll_end(now, night.starts_at)
    async with app.db.write() as conn:
        if not await nights.move(
            conn, night.id, ["planned"], now, state="polled", poll_until=until
        ):
            raise Sorry("night-went-on")


async def take_first(app: App, night: Night, now: datetime) -> None:
    """Stores that the night shows the first film of its shortlist, as the planner wants it."""
    async with app.db.read() as conn:
        films = await nights.films(conn, night.id)
    if not await _decide(app, night, ["planned"], films[0].film_id, "planner", now):
        raise Sorry("night-went-on")


async def schedule(app: App, night: Night, now: datetime) -> None:
    """Stores that the night is to have a scheduled event."""
    async with app.db.write() as conn:
        if not await nights.move(conn, night.id, ["decided"], now, state="scheduled"):
            raise Sorry("night-went-on")


async def follow_event(
    app: App, night: Night, starts_at: datetime, voice_id: int | None, now: datetime
) -> bool:
    """Stores that a night takes place when and where its scheduled event does, which was moved.

    Returns False if the night went on meanwhile.

    voice_id: the voice channel of the event; None to keep the night's own.
    """
    async with app.db.write() as conn:
        return await nights.move(
            conn,
            night.id,
            ["decided", "scheduled"],
            now,
            starts_at=starts_at,
            ends_at=starts_at + runtime(app, night.film_id),
            voice_id=voice_id or night.voice_id,
        )


async def cancel(app: App, night: Night, now: datetime) -> None:
    """Stores that a night does not take place. Raises Sorry if it is over."""
    async with app.db.write() as conn:
        if not await nights.move(conn, night.id, OPEN_STATES, now, state="cancelled", pending=True):
            raise Sorry("night-went-on")
        await night_steps.forget_presences(conn, night.id)


async def settle_poll(app: App, night: Night, votes: Sequence[int] | None, now: datetime) -> None:
    """Stores which film won.

    If several films have the most votes, the one that is higher on the shortlist wins. Without
    votes the first one does.

    votes: how many voted for each film of the shortlist; None if the poll was deleted.
    """
    async with app.db.read() as conn:
        films = await nights.films(conn, night.id)
    place, how = winner(films, votes)
    if votes is not None:
        async with app.db.write() as conn:
            counted = dict(zip((one.position for one in films), votes, strict=False))
            await nights.store_votes(conn, night.id, counted)
    await _decide(app, night, ["polled"], films[place].film_id, how, now)


def winner(films: Sequence[NightFilm], votes: Sequence[int] | None) -> tuple[int, ChosenBy]:
    """Returns the place of the film that won a poll, and how it won.

    films: the shortlist, best first.
    votes: how many voted for each film; None if the poll was deleted.
    """
    if votes is None:
        return 0, "poll-gone"
    counts = [*votes, *[0] * len(films)][: len(films)]
    most = max(counts)
    if not most:
        return 0, "no-votes"
    return counts.index(most), "tie" if counts.count(most) > 1 else "votes"


async def _decide(
    app: App,
    night: Night,
    states: Sequence[NightState],
    film_id: int,
    how: ChosenBy,
    now: datetime,
) -> bool:
    async with app.db.write() as conn:
        return await nights.move(
            conn,
            night.id,
            states,
            now,
            state="decided",
            film_id=film_id,
            chosen_by=how,
            ends_at=night.starts_at + runtime(app, film_id),
        )


async def pending_nights(app: App) -> tuple[Night, ...]:
    """Returns the nights in servers of this process about which something is still to be done."""
    async with app.db.read(quick=True) as conn:
        found = await nights.pending(conn)
    return tuple(night for night in found if app.cluster.holds(night.guild_id))


async def messages(app: App, night_id: int) -> dict[str, NightMessage]:
    """Returns the messages of a night that were sent or claimed, by their kind."""
    async with app.db.read() as conn:
        return await night_steps.messages(conn, night_id)


async def is_announcement(app: App, night_id: int, message_id: int | None) -> bool:
    """True if a message is the announcement of the film of a night."""
    found = (await messages(app, night_id)).get("winner")
    return found is not None and message_id is not None and found.message_id == message_id


async def claim(app: App, night_id: int, step: NightMessageKind, now: datetime) -> bool:
    """Stores that a message is about to be sent; returns False if it was claimed before."""
    async with app.db.write() as conn:
        return await night_steps.claim(conn, night_id, step, now)


async def record(
    app: App,
    night_id: int,
    step: NightMessageKind,
    message_id: int | None,
    outcome: str | None = None,
) -> None:
    """Stores that a message was sent, or why it was given up."""
    async with app.db.write() as conn:
        await night_steps.record(conn, night_id, step, message_id=message_id, outcome=outcome)


async def record_event(app: App, night_id: int, event_id: int | None, now: datetime) -> None:
    """Stores the scheduled event of a night; None if it was deleted."""
    async with app.db.write() as conn:
        states: tuple[NightState, ...] = (*OPEN_STATES, "done", "cancelled")
        await nights.move(conn, night_id, states, now, event_id=event_id)


async def record_card(app: App, night: Night, message_id: int, scale: RatingScale) -> None:
    """Stores that a message is the card of a night, so that reactions to it rate the film.

    scale: the emoji that rate the film, as the message's legend shows them.
    """
    assert night.film_id is not None
    async with app.db.write() as conn:
        card = Card(
            message_id=message_id,
            channel_id=night.channel_id,
            guild_id=night.guild_id,
            person_id=None,
            film_id=night.film_id,
            surface="film",
            posted_at=app.clock(),
            scale_id=scale.id,
        )
        await cards.add_card(conn, card)


async def abandon(app: App, night: Night, now: datetime) -> None:
    """Stores that a night does not take place, because the bot is no longer in the server."""
    async with app.db.write() as conn:
        states: tuple[NightState, ...] = (*OPEN_STATES, "cancelled")
        await nights.move(conn, night.id, states, now, state="cancelled", pending=False)
        await nights.move(conn, night.id, ["done"], now, pending=False)
        await night_steps.forget_presences(conn, night.id)


async def close(app: App, night_id: int, now: datetime) -> None:
    """Stores that nothing is left to do about a night."""
    async with app.db.write() as conn:
        await nights.move(conn, night_id, ["done", "cancelled"], now, pending=False)


async def tell_planner(app: App, night: Night, text: str) -> None:
    """Stores a direct message to whoever planned a night."""
    if night.planner_id is not None:
        async with app.db.write() as conn:
            await manager_messages.add(conn, night.planner_id, text, app.clock())

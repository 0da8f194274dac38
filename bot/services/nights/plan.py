"""Plans a movie night, reads how far it is, and lists the nights of a server."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import Sorry
from bot.services.app import App
from bot.services.nights.shortlist import CountedMember, make_shortlist, read_counted, with_fits
from bot.services.nights.view_models import NightView, PastNight
from bot.services.notes import from_text, to_text
from bot.services.picks.consent import FindMember, ServerMember
from bot.services.view_models import Requester
from storage.database.engine import Transaction
from storage.feedback import ratings
from storage.people import night_questions, preferences, profiles
from storage.servers import guilds, night_steps, nights
from storage.servers.nights import Night

MIN_PEOPLE, MAX_PEOPLE = 2, 12
MAX_OPEN = 10
"""The most nights of a server that are planned at the same time."""

PAST_NIGHTS = 10
DEFAULT_LENGTH = timedelta(hours=2)
"""How long a film of unknown length takes."""


async def zone_of(app: App, requester: Requester) -> str:
    """Returns the zone in which a person thinks: theirs, else the server's, else the default."""
    async with app.db.read(quick=True) as conn:
        chosen = await preferences.of_person(conn, requester.person_id)
        guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
    return chosen.zone or (guild.zone if guild else None) or app.settings.zone


async def plan(
    app: App,
    requester: Requester,
    members: Sequence[ServerMember],
    starts_at: datetime,
    voice_id: int | None = None,
) -> NightView:
    """Stores a new night with its shortlist, and whom the bot has to ask whether they count.

    Raises Sorry if too few or too many people are invited, if the server has too many nights
    planned, or if no film is left for everybody.

    members: the people who are invited, and the requester.
    voice_id: the voice channel; None if none was named.
    """
    if requester.guild_id is None:
        raise Sorry("no-members-here")
    if len(members) < MIN_PEOPLE:
        raise Sorry("night-needs-company")
    if len(members) > MAX_PEOPLE:
        raise Sorry("night-too-many", count=MAX_PEOPLE)
    async with app.db.read() as conn:
        open_ = [one for one in await nights.pending(conn) if one.guild_id == requester.guild_id]
    if len([one for one in open_ if one.state not in ("done", "cancelled")]) >= MAX_OPEN:
        raise Sorry("too-many-nights", count=MAX_OPEN)
    found = await make_shortlist(app, requester, members)
    async with app.write_for(requester) as conn:
        night = await nights.create(
            conn,
            requester.guild_id,
            channel_id=requester.channel_id,
            person_id=requester.person_id,
            voice_id=voice_id,
            adult_ok=requester.adult_ok,
            at=starts_at,
            guests=[one.id for one in members],
            films=[
                (one.line.film_id, to_text(one.line.reason) if one.line.reason else "")
                for one in found.films
            ],
            now=requester.now,
        )
        await night_steps.claim(conn, night.id, "list", requester.now)
        showing = await profiles.showing_taste(conn, requester.guild_id)
        to_ask = [
            one.id
            for one in members
            if one.id not in showing and await _shapes_others(conn, one.id)
        ]
        await night_questions.ask(conn, requester.guild_id, to_ask, night.id, requester.now)
    return NightView(
        id=night.id,
        state="planned",
        starts_at=night.starts_at,
        films=found.films,
        voice_id=voice_id,
        counted=bool(found.counted),
    )


async def _shapes_others(conn: Transaction, person_id: int) -> bool:
    person = await profiles.get(conn, person_id)
    return person is None or person.shapes_others


async def attach_list(app: App, night_id: int, message_id: int) -> None:
    """Stores which message shows the shortlist of a night."""
    async with app.db.write() as conn:
        await night_steps.record(conn, night_id, "list", message_id=message_id)


async def forget(app: App, night_id: int) -> None:
    """Cancels a night whose shortlist could not be sent."""
    async with app.db.write() as conn:
        await nights.move(
            conn, night_id, ["planned"], app.clock(), state="cancelled", pending=False
        )


async def read_night(app: App, night_id: int) -> Night:
    """Returns a night. Raises Sorry if it is not stored any more."""
    async with app.db.read(quick=True) as conn:
        night = await nights.get(conn, night_id)
    if night is None:
        raise Sorry("no-such-night")
    return night


async def read_view(
    app: App, night_id: int, members: Sequence[ServerMember] | None = None
) -> NightView:
    """Returns what a message about a night shows. Raises Sorry if it is not stored any more.

    members: who was invited and is a member now, to say how well the films fit those who agree to
        that; None to leave that out.
    """
    night = await read_night(app, night_id)
    async with app.db.read() as conn:
        films = await nights.films(conn, night_id)
    served = app.live.served
    films = tuple(one for one in films if one.film_id in served.library.films)
    lines = [served.library.line(one.film_id, from_text(one.reason)) for one in films]
    counted: dict[int, CountedMember] = {}
    if members is not None:
        asking = Requester(0, night.guild_id, night.channel_id, app.clock(), night.adult_ok)
        counted = await read_counted(app, served, asking, members)
    listed = [
        replace(found, votes=film.votes)
        for found, film in zip(with_fits(served, lines, [*counted.values()]), films, strict=True)
    ]
    most = max((one.votes or 0 for one in listed), default=0)
    tied = [one.line for one in listed if most and one.votes == most]
    chosen = night.film_id if night.film_id in served.library.films else None
    return NightView(
        id=night.id,
        state=night.state,
        starts_at=night.starts_at,
        films=tuple(listed),
        chosen=None if chosen is None else served.library.line(chosen),
        chosen_by=night.chosen_by,
        tied=tuple(tied) if len(tied) > 1 else (),
        poll_until=night.poll_until,
        voice_id=night.voice_id,
        event=night.event_id is not None,
        adult=chosen is not None and served.library.films[chosen].adult,
    )


async def guests_of(app: App, night_id: int, find_member: FindMember) -> tuple[ServerMember, ...]:
    """Returns who was invited to a night and is a member of the server now.

    Raises MemberNotKnown if Discord does not say.
    """
    async with app.db.read() as conn:
        guests = await nights.guests(conn, night_id)
    found = [await find_member(one.person_id) for one in guests if one.invited]
    return tuple(one for one in found if one is not None)


def runtime(app: App, film_id: int | None) -> timedelta:
    """Returns how long a film takes; a usual length if that is not known."""
    film = app.live.served.library.films.get(film_id or 0)
    return timedelta(minutes=film.runtime) if film and film.runtime else DEFAULT_LENGTH


async def history(
    app: App, requester: Requester, *, manages: bool = False
) -> tuple[PastNight, ...]:
    """Returns the last nights of the requester's server, the latest first.

    Cancelled nights are left out. Only what the requester did is said. Raises Sorry outside of a
    server.

    manages: True if the requester may manage events in the server, and so cancel any night.
    """
    if requester.guild_id is None:
        raise Sorry("no-members-here")
    library = app.live.served.library.shown(requester.adult_ok)
    found: list[PastNight] = []
    async with app.db.read() as conn:
        mine = {
            row.film_id: row.stars for row in await ratings.of_person(conn, requester.person_id)
        }
        for night in await nights.of_server(conn, requester.guild_id):
            if night.state == "cancelled" or len(found) == PAST_NIGHTS:
                continue
            guests = await nights.guests(conn, night.id)
            was_there = any(
                one.came is not None and one.person_id == requester.person_id for one in guests
            )
            shown = night.film_id in library.films
            found.append(
                PastNight(
                    id=night.id,
                    starts_at=night.starts_at,
                    state=night.state,
                    film=library.name(night.film_id) if shown and night.film_id else None,
                    chosen_by=night.chosen_by,
                    was_there=was_there,
                    stars=mine.get(night.film_id) if night.film_id and shown else None,
                    can_cancel=night.state != "done"
                    and (manages or night.planner_id == requester.person_id),
                )
            )
    return tuple(found)

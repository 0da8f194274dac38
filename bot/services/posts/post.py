"""The scheduled post: which are due, what they show, and what came of them.

A slot is claimed in the database before anything is sent, so a crash may miss a post and never
doubles one. A slot missed by more than the grace time is not sent late: it is noted as skipped.
After an outage at most the newest slot of a schedule is still sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.experiments import serve
from bot.services.localtime import local_hour
from bot.services.picks.impressions import Occasion, recorded
from bot.services.posts import schedule
from bot.services.serving import lines as choose
from bot.services.serving.live_model import Served
from bot.services.serving.live_shelves import Shelving
from bot.services.view_models import FilmCard, Line, Requester
from recommender.pipeline import filters
from recommender.pipeline.trending import trending as trending_films
from recommender.shelves.shelves import Shelf
from storage.feedback import ratings
from storage.people import profiles
from storage.servers import guilds, schedules
from storage.servers.schedules import Schedule

if TYPE_CHECKING:
    from bot.services.app import App

GRACE = timedelta(hours=1)
LOOKED_BACK = timedelta(days=60)  # slots missed longer ago are not even noted
RATERS_SINCE = timedelta(days=180)
TRENDING_DAYS = 7
MIN_RATERS = 3
FAVOURITE = 4.5  # stars from which on a film is a member's favourite
ALTERNATES = 3
AMONG = 40  # picks from which those of the headline's shelf are taken
USUAL, WILD = 0.5, 1.0  # adventurousness of a post, of a wild card


@dataclass(frozen=True)
class DuePost:
    """One claimed slot: its schedule, its local date, and where and when it is."""

    schedule: Schedule
    local_date: str
    now: datetime
    zone: str
    next_at: datetime

    @property
    def guild_id(self) -> int:
        """The server."""
        return self.schedule.guild_id


async def due(app: "App") -> tuple[int, ...]:
    """The schedules whose slot has come, the longest waiting first; none is claimed yet."""
    async with app.db.read() as conn:
        return await schedules.due(conn, app.clock())


async def claim(app: "App", schedule_id: int) -> DuePost | None:
    """Take a schedule's slot, in one transaction with its next one; None where there is nothing to
    send (any more)."""
    now = app.clock()
    async with app.db.write() as conn:
        mine = await schedules.get(conn, schedule_id)
        if mine is None or not mine.running or mine.next_at is None or mine.next_at > now:
            return None
        guild = await guilds.get(conn, mine.guild_id)
        zone = ZoneInfo((guild.zone if guild else None) or app.settings.zone)
        following = schedule.next_slot(mine, zone, now)
        await schedules.plan(conn, mine.id, following)
        first = max(mine.next_at, now - LOOKED_BACK)
        days = (first.astimezone(zone).date() - timedelta(days=1), now.astimezone(zone).date())
        owed = [
            (day.isoformat(), at)
            for day, at in schedule.slots(mine, zone, *days)
            if first <= at <= now
        ]
        taken = None
        for number, (day, at) in enumerate(owed, 1):
            in_time = number == len(owed) and now < at + GRACE
            outcome = None if in_time else "skipped"
            if await schedules.claim(conn, mine, day, now, outcome=outcome) and in_time:
                taken = day
    if taken is None:
        return None
    return DuePost(mine, taken, now, zone.key, following)


async def compose(app: "App", due: DuePost, *, adult_ok: bool) -> FilmCard:
    """A film for the whole server, after the schedule's theme, not posted here before.

    Raises Sorry where the theme has nothing to show, naming why.
    """
    await app.shelving.get(app)
    card, trial = await _composed(app, due, adult_ok=adult_ok)
    lines = (card.headline, *card.further)
    occasion = Occasion(local_hour(due.now, due.zone))
    version = card.model_version
    ids = await recorded(app, _server(due), "post", lines, version, occasion, trial)
    next_one = f"The next one comes <t:{int(due.next_at.timestamp())}:F>."
    return card.with_note(next_one).with_impressions(ids)


async def preview(app: "App", due: DuePost, *, adult_ok: bool) -> FilmCard:
    """As `compose`, without leaving a trace; and without a shelf where the shelves are still being
    made, since a person waits for this one."""
    card, _ = await _composed(app, due, adult_ok=adult_ok)
    return card


def _server(due: DuePost) -> Requester:
    """Who asks for a post: nobody, in its server and channel."""
    channel_id = due.schedule.channel_id or 0
    return Requester(person_id=0, guild_id=due.guild_id, channel_id=channel_id, now=due.now)


async def _composed(
    app: "App", due: DuePost, *, adult_ok: bool
) -> tuple[FilmCard, serve.Treatment | None]:
    """The card; and, where a ranking made it that an experiment may decide, by which arm."""
    served = app.live.served
    shelving = app.shelving.ready(served)
    mine = due.schedule
    async with app.db.read() as conn:
        rows = await ratings.recent(conn, since=due.now - RATERS_SINCE, guild_id=due.guild_id)
        before = await guilds.shown(conn, due.guild_id)
        guild = await guilds.get(conn, due.guild_id)
    stars: dict[int, list[float]] = {}
    for row in rows:
        stars.setdefault(row.film_id, []).append(row.stars)
    facts = arrays.Facts(
        ratings={film: sum(values) / len(values) for film, values in stars.items()},
        excluded=set(stars) | _other_tongues(app, mine.language),
        local=local_hour(due.now, due.zone),
        server=due.guild_id,
        editorial=app.settings.editorial_tilt,
        family_safe=guild.family_safe if guild else True,
        adult_ok=adult_ok,
        adventurousness=WILD if mine.theme == "wild" else USUAL,
    )
    facts = _unposted(served, facts, before)
    note, trial = None, None
    shelf: Shelf | None = None
    if mine.theme == "staff":
        heading, lines = await _favourites(app, due, facts)
    elif mine.theme == "trending" and (lines := await _trending(app, due, facts)):
        heading = "Rated here just now"
    else:
        by = await serve.trial(app, _server(due))
        picked = serve.choose(by, due.now, facts, AMONG, speaks_to="server")
        found, note, trial = picked.lines, picked.note, picked.trial
        lines = found[: 1 + ALTERNATES]
        if shelving is not None:
            lines, shelf = _of_a_shelf(shelving, found)
        evening = facts.local is not None and facts.local.hour >= 17
        heading = "Tonight's film" if evening else "Today's film"
        if mine.theme == "wild":
            heading = f"{heading}: a wild card"
    if shelving is not None and shelf is None:
        shelf = shelving.best_of(lines[0].film_id, [line.film_id for line in lines[1:]])
    card = FilmCard(
        surface="post",
        heading=heading,
        headline=lines[0],
        further=lines[1:],
        impressions=(),
        model_version=(trial.served if trial else served).version,
        guild_id=due.guild_id,
        shelf=shelf.name if shelf else None,
        note=note,
    )
    return card, trial


def _unposted(served: Served, facts: arrays.Facts, posted: Sequence[int]) -> arrays.Facts:
    """Without what was posted in the server before, longest ago first; once too little else is
    left, the half that was posted longest ago may come again."""
    fresh = replace(facts, excluded={*facts.excluded, *posted})
    if len(_passing(served, fresh)) > ALTERNATES:
        return fresh
    possible = _passing(served, facts)
    known = [film for film in posted if film in possible]
    return replace(facts, excluded={*facts.excluded, *known[(len(known) + 1) // 2 :]})


def _passing(served: Served, facts: arrays.Facts) -> set[int]:
    """The ids of the films that may be shown."""
    world = served.model.catalogue
    rows = np.flatnonzero(filters.apply_filters(world, arrays.query(world, facts)).films)
    return set(world.films.ids(rows.tolist()).tolist())


def _of_a_shelf(
    shelving: Shelving, found: tuple[Line, ...]
) -> tuple[tuple[Line, ...], Shelf | None]:
    """The best pick, then the best of the shelf it shares with most of them, then of all; and the
    shelf."""
    shelf = shelving.best_of(found[0].film_id, [line.film_id for line in found[1:]])
    rows = shelving.served.model.catalogue.films
    on = set(rows.ids(list(shelf.films)).tolist()) if shelf else set()
    further = sorted(found[1:], key=lambda line: line.film_id not in on)
    return (found[0], *further[:ALTERNATES]), shelf


async def a_preview(app: "App", mine: Schedule, now: datetime, *, adult_ok: bool) -> FilmCard:
    """What a schedule would post now."""
    async with app.db.read() as conn:
        guild = await guilds.get(conn, mine.guild_id)
    zone = (guild.zone if guild else None) or app.settings.zone
    following = schedule.next_slot(mine, ZoneInfo(zone), now)
    return await preview(app, DuePost(mine, "", now, zone, following), adult_ok=adult_ok)


async def sent(app: "App", due: DuePost, message_id: int) -> None:
    """The post stands in the channel."""
    await _note(app, due, message_id, "sent")


async def failed(app: "App", due: DuePost, outcome: str) -> None:
    """The slot was claimed and nothing was sent."""
    await _note(app, due, None, outcome)


async def disabled(app: "App", due: DuePost, reason: str) -> None:
    """Stop this schedule until a manager sets it up or resumes it."""
    await failed(app, due, "refused")
    async with app.db.write() as conn:
        await schedules.change(conn, due.schedule.id, due.now, disabled_reason=reason, next_at=None)


async def server_left(app: "App", guild_id: int) -> None:
    """The bot is no longer in a server: its schedules stop."""
    now = app.clock()
    async with app.db.write() as conn:
        for one in await schedules.of_guild(conn, guild_id):
            if one.running:
                reason = "I am no longer in this server"
                await schedules.change(conn, one.id, now, disabled_reason=reason, next_at=None)


async def lost(app: "App") -> int:
    """Slots that were claimed before this start and of which nothing is known: a crash came between
    claim and record. They are noted as lost, never sent again; how many."""
    async with app.db.write() as conn:
        found = await schedules.unfinished(conn)
        for one in found:
            await schedules.record(
                conn,
                one.schedule_id,
                one.local_date,
                message_id=None,
                outcome="lost",
                now=app.clock(),
            )
    return len(found)


async def _note(app: "App", due: DuePost, message_id: int | None, outcome: str) -> None:
    app.metrics.posts.labels(outcome).inc()
    async with app.db.write() as conn:
        await schedules.record(
            conn,
            due.schedule.id,
            due.local_date,
            message_id=message_id,
            outcome=outcome,
            now=due.now,
        )


def _other_tongues(app: "App", language: str | None) -> set[int]:
    if language is None:
        return set()
    films = app.live.served.library.films
    return {film.id for film in films.values() if language not in film.languages}


async def _trending(app: "App", due: DuePost, facts: arrays.Facts) -> tuple[Line, ...]:
    served = app.live.served
    world = served.model.catalogue
    since = due.now - timedelta(days=TRENDING_DAYS)
    async with app.db.read() as conn:
        rows = await ratings.recent(conn, since=since, guild_id=due.guild_id)
        posted = await guilds.shown(conn, due.guild_id)
    asked = arrays.Facts(
        excluded=set(posted) | _other_tongues(app, due.schedule.language),
        local=facts.local,
        server=facts.server,
        editorial=facts.editorial,
        family_safe=facts.family_safe,
        adult_ok=facts.adult_ok,
    )
    found = trending_films(
        served.model,
        arrays.ratings(rows, world.films),
        due.now,
        arrays.query(world, asked),
        1 + ALTERNATES,
        half_life_days=TRENDING_DAYS / 2,
        window_days=TRENDING_DAYS,
        min_raters=MIN_RATERS,
    )
    return tuple(
        served.library.line(
            int(world.films.ids([pick.film])[0]), f"{pick.raters} people here rated it this week"
        )
        for pick in found
    )


async def _favourites(
    app: "App", due: DuePost, facts: arrays.Facts
) -> tuple[str, tuple[Line, ...]]:
    """What a consenting member loves, in the order of this hour."""
    staff = due.schedule.staff_id
    async with app.db.read() as conn:
        agreed = await profiles.showing_taste(conn, due.guild_id)
        if staff is None or staff not in agreed:
            raise Sorry("the member whose favourites it showed no longer shows their taste here")
        loved = {
            row.film_id for row in await ratings.of_person(conn, staff) if row.stars >= FAVOURITE
        }
        posted = await guilds.shown(conn, due.guild_id)
    films = app.live.served.library.films
    left = loved & films.keys() - set(posted)
    others = arrays.Facts(
        excluded=(films.keys() - left) | _other_tongues(app, due.schedule.language),
        local=facts.local,
        server=facts.server,
        editorial=facts.editorial,
        family_safe=facts.family_safe,
        adult_ok=facts.adult_ok,
    )
    lines, _ = choose.lines(app.live.served, others, 1 + ALTERNATES, speaks_to="server")
    return f"A favourite of <@{staff}>", lines

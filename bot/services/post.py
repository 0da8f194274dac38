"""The scheduled post: which are due, what they show, and what came of them.

A slot is claimed in the database before anything is sent, so a crash may miss a post and never
doubles one. A slot missed by more than the grace time is not sent late.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.services import arrays, choose
from bot.services.live_model import Served
from bot.services.localtime import local_hour, slot
from bot.services.show import Asker, FilmCard, Line
from bot.services.shown import recorded
from recommender.shelves import Shelf
from storage import guilds, ratings

if TYPE_CHECKING:
    from bot.app import App

GRACE = timedelta(hours=1)
JUST_NOW = timedelta(minutes=1)
RATERS_SINCE = timedelta(days=180)
ALTERNATES = 3
AMONG = 40  # picks from which those of the headline's shelf are taken


@dataclass(frozen=True)
class DuePost:
    """One claimed slot: a server, its local date, and where to post."""

    guild_id: int
    channel_id: int
    manager_id: int | None
    local_date: str
    now: datetime
    zone: str
    next_at: datetime


async def claim_due(app: "App") -> tuple[DuePost, ...]:
    """Claim and return every slot that is due now."""
    now = app.clock()
    due: list[DuePost] = []
    async with app.db.read() as conn:
        scheduled = await guilds.scheduled(conn)
    for guild in scheduled:
        if guild.channel_id is None or guild.post_time is None:
            continue
        zone = ZoneInfo(guild.zone or app.settings.zone)
        at = time.fromisoformat(guild.post_time)
        today = now.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            begins = slot(day, at, zone)
            # A slot that had passed when the server was set up is not owed.
            if not begins <= now < begins + GRACE or begins < guild.updated_at - JUST_NOW:
                continue
            async with app.db.write() as conn:
                claimed = await guilds.claim(conn, guild.id, day.isoformat(), now)
            if claimed:
                following = slot(day + timedelta(days=1), at, zone)
                due.append(
                    DuePost(
                        guild_id=guild.id,
                        channel_id=guild.channel_id,
                        manager_id=guild.manager_id,
                        local_date=day.isoformat(),
                        now=now,
                        zone=zone.key,
                        next_at=following,
                    )
                )
    return tuple(due)


async def compose(app: "App", due: DuePost, *, adult_ok: bool) -> FilmCard:
    """A film for the whole server: what its raters like at this hour, not posted here before."""
    served = app.live.served
    async with app.db.read() as conn:
        rows = await ratings.recent(conn, since=due.now - RATERS_SINCE, guild_id=due.guild_id)
        before = await guilds.shown(conn, due.guild_id)
        guild = await guilds.get(conn, due.guild_id)
    stars: dict[int, list[float]] = {}
    for row in rows:
        stars.setdefault(row.film_id, []).append(row.stars)
    facts = arrays.Facts(
        ratings={film: sum(values) / len(values) for film, values in stars.items()},
        excluded=set(before) | set(stars),
        local=local_hour(due.now, due.zone),
        family_safe=guild.family_safe if guild else True,
        adult_ok=adult_ok,
    )
    found, note = choose.lines(served, facts, AMONG, speaks_to="server")
    shelving = await app.shelving.get(app)
    shelf = shelving.best_of(found[0].film_id, [line.film_id for line in found[1:]])
    lines = _of_a_shelf(shelving.served, found, shelf)
    asker = Asker(person_id=0, guild_id=due.guild_id, channel_id=due.channel_id, now=due.now)
    ids = await recorded(app, asker, "post", lines, served.version)
    return FilmCard(
        surface="post",
        heading="Tonight's film" if facts.local and facts.local.hour >= 17 else "Today's film",
        headline=lines[0],
        further=lines[1:],
        impressions=ids,
        model_version=served.version,
        guild_id=due.guild_id,
        shelf=shelf.name if shelf else None,
        note=" ".join(
            text
            for text in (note, f"The next one comes <t:{int(due.next_at.timestamp())}:F>.")
            if text
        ),
    )


def _of_a_shelf(served: Served, found: tuple[Line, ...], shelf: Shelf | None) -> tuple[Line, ...]:
    """The best pick, then the best of its shelf, then the best of all."""
    on = set(served.model.catalogue.films.ids(list(shelf.films)).tolist()) if shelf else set()
    further = sorted(found[1:], key=lambda line: line.film_id not in on)
    return (found[0], *further[:ALTERNATES])


async def sent(app: "App", due: DuePost, message_id: int) -> None:
    """The post stands in the channel."""
    async with app.db.write() as conn:
        await guilds.record_post(
            conn, due.guild_id, due.local_date, message_id=message_id, outcome="sent", now=due.now
        )


async def failed(app: "App", due: DuePost, outcome: str) -> None:
    """The slot was claimed and nothing was sent."""
    async with app.db.write() as conn:
        await guilds.record_post(
            conn, due.guild_id, due.local_date, message_id=None, outcome=outcome, now=due.now
        )


async def disabled(app: "App", due: DuePost, reason: str) -> None:
    """Stop this server's schedule until a manager sets it up again."""
    await failed(app, due, "refused")
    async with app.db.write() as conn:
        await guilds.disable(conn, due.guild_id, reason)

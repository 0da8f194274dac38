"""/status: the state of the bot in one message, for the person who runs it.

The message is short on purpose. The command `matinee doctor` checks more and says what to do.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

from bot.services.app import App
from bot.services.localtime import coming_slot
from bot.services.notes import Note, from_text, note
from bot.services.operations import backup, doctor, engagement, upkeep
from bot.services.training import last_fit, versions
from bot.services.training.summary import fit_note
from storage import registry
from storage.database.address import DatabaseUrl
from storage.feedback import ratings
from storage.servers import schedules, slots

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Online:
    """What only the connected bot knows.

    Attributes:
        up: time since its start.
        servers: number of servers that it is in.
        members: number of members of these servers.
        latency: seconds between a heartbeat and its answer; NaN before the first.
        waiting: number of messages under which the bot has yet to put its rating emoji.
        seeded: number of messages that got all four, since the start.
        unseeded: number of messages that will not get all four, since the start.
    """

    up: timedelta
    servers: int
    members: int
    latency: float
    waiting: int
    seeded: int
    unseeded: int


async def status(app: App, online: Online) -> tuple[Note, ...]:
    """Returns what the message says, a note for each line.

    online: the figures of the connected client.
    """
    return (
        note("status-up", version=_version(), up=online.up),
        *_discord(online),
        *_shards(app),
        *await _model(app),
        await _posts(app),
        *await engagement.heart_notes(app),
        await _data(app),
        *await asyncio.to_thread(_clock, app),
        note("status-errors", count=app.metrics.errors_in_last_hour()),
        note("status-doctor"),
    )


def _version() -> str | None:
    try:
        return version_of("matinee")
    except PackageNotFoundError:  # run from a folder, without being installed
        return None


def _discord(online: Online) -> Iterator[Note]:
    known = online.latency == online.latency  # not NaN
    yield note(
        "status-discord",
        servers=online.servers,
        members=online.members,
        latency=online.latency if known else None,
    )
    yield note(
        "status-reactions",
        waiting=online.waiting,
        seeded=online.seeded,
        unseeded=online.unseeded,
    )


def _shards(app: App) -> Iterator[Note]:
    """Yields which shards this process runs, and which the others run, if there are others."""
    mine, standing = app.cluster.shards, app.cluster.standing
    if mine is None:
        return
    running = [one.shards for one in standing.processes] if standing is not None else [mine]
    run = {number for shards in running for number in shards.ids}
    yield note(
        "status-shards",
        shards=_span(mine.ids),
        count=mine.count,
        leads=app.cluster.leading,
        others=[_span(one.ids) for one in running if one != mine],
        missing=len(set(range(mine.count)) - run),
    )


def _span(ids: range) -> str:
    """Returns shard numbers as a text, such as "0–3"."""
    return str(ids[0]) if len(ids) == 1 else f"{ids[0]}–{ids[-1]}"


async def _model(app: App) -> list[Note]:
    known = await versions.list_versions(app)
    fit = await last_fit.read_last(app)
    serving = app.live.served.version
    live = next((one for one in known if one.version == serving), None)
    if live is None:
        lines = [note("status-unfitted-model", version=serving)]
    else:
        fitted = note(
            "status-model",
            version=serving,
            timestamp=int(live.trained_at.timestamp()),
            ratings=live.record.ratings,
            people=live.record.people,
        )
        lines = [fitted]
    if fit is not None:
        lines.append(note("small-print", text=fit_note(fit)))
    if known and not (fit and fit.went_well):
        newest = known[0]
        why = from_text(newest.record.why) if newest.record.why else None
        lines.append(
            note("status-newest-model", version=newest.version, state=newest.state, why=why)
        )
    return [*lines, note("small-print", text=await _next_fit(app))]


async def _next_fit(app: App) -> Note:
    settings = app.settings
    async with app.db.read() as conn:
        now = app.clock()
        known = [one.trained_at for one in await registry.versions(conn) if one.trained_at <= now]
        since = max(known, default=None) or await ratings.first_at(conn)
        rated = 0 if since is None else await ratings.count_since(conn, since, until=now)
    if since is None and not settings.corpus.exists():
        return note("first-fit")
    coming = int(coming_slot(app.clock(), settings.retrain_at, settings.timezone()).timestamp())
    if not settings.retrain_after:
        return note("next-fit", timestamp=str(coming))
    return note("next-fit-or", timestamp=coming, n=settings.retrain_after, count=rated)


async def _posts(app: App) -> Note:
    now = app.clock()
    async with app.db.read() as conn:
        due = len(await schedules.due(conn, now))
        found = await slots.outcomes(conn, now - DAY)
    counts = [note("posts-of", outcome=name, n=count) for name, count in sorted(found.items())]
    return note("status-posts", posts=counts, due=due)


async def _data(app: App) -> Note:
    # A file with a backup's name was checked before it got that name.
    newest = await asyncio.to_thread(backup.newest, app)
    return note(
        "status-data",
        used=await app.db.size(),
        free=doctor.free_bytes(app.settings.data),
        keeps_backups=bool(app.settings.keep_backups),
        on_server=isinstance(app.db.address, DatabaseUrl),
        timestamp=None if newest is None else int(newest.timestamp()),
    )


def _clock(app: App) -> list[Note]:
    later = upkeep.later_times(app.settings, app.clock())
    return [note("status-clock", rows=list(later))] if later else []

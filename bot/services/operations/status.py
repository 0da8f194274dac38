"""/status: the state of the bot in one message, for the person who runs it.

The message is short on purpose. The command `matinee doctor` checks more and says what to do.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

from bot.services.app import App
from bot.services.localtime import coming_slot
from bot.services.operations import backup, doctor, upkeep
from bot.services.training import last_fit, versions
from storage import registry
from storage.feedback import ratings
from storage.servers import schedules, slots

DAY = timedelta(days=1)
OUTCOME_WORDS = {
    "sent": "came",
    "skipped": "were skipped, since I was away",
    "lost": "may have been lost on the way",
    "refused": "were refused by Discord",
    "failed": "could not be sent",
    "unavailable": "could not be sent, since Discord did not show me the server",
    "paused": "were paused before they could be sent",
    "empty": "had no film left to show",
}


@dataclass(frozen=True)
class Online:
    """What only the connected bot knows.

    Attributes:
        up: time since its start.
        servers: number of servers that it is in.
        members: number of members of these servers.
        latency: seconds between a heartbeat and its answer; NaN before the first.
        waiting: number of messages under which the bot has yet to put its four rating emoji.
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


async def status(app: App, online: Online) -> str:
    """Returns the text of the message, with a line or two for each part of the bot.

    online: the figures of the connected client.
    """
    return "\n".join(
        [
            f"**Matinee {_version()}**, up for {_span(online.up)}",
            *_discord(online),
            *await _model(app),
            *await _posts(app),
            *await asyncio.to_thread(_disk, app),
            *await asyncio.to_thread(_clock, app),
            f"**Errors** in the last hour: {app.metrics.errors_in_last_hour()}",
            "-# `matinee doctor` looks closer, and says what to do.",
        ]
    )


def _version() -> str:
    try:
        return version_of("matinee")
    except PackageNotFoundError:  # run from a folder, without being installed
        return "(not installed)"


def _discord(online: Online) -> list[str]:
    known = online.latency == online.latency  # not NaN
    latency = f"{online.latency * 1000:.0f} ms" if known else "not measured yet"
    return [
        f"**Discord**: {_count(online.servers, 'server')}, {_count(online.members, 'member')};"
        f" gateway latency {latency}",
        f"**Reactions under cards**: {online.waiting} cards wait; since the start"
        f" {online.seeded} got them, {online.unseeded} did not",
    ]


async def _model(app: App) -> list[str]:
    known = await versions.list_versions(app)
    fit = await last_fit.read_last(app)
    serving = app.live.served.version
    live = next((one for one in known if one.version == serving), None)
    if live is None:
        lines = [f"**Model**: `{serving}`, fitted to no ratings"]
    else:
        lines = [
            f"**Model**: `{serving}`, fitted {_when(live.trained_at)} to"
            f" {live.record.ratings:,} ratings of {live.record.people:,} people"
        ]
    if fit is not None:
        lines.append(f"-# {fit.words(_when(fit.at))}")
    if known and not (fit and fit.went_well):
        lines.append(
            f"-# The newest version, `{known[0].version}`, {known[0].state}: {known[0].record.why}"
        )
    return [*lines, f"-# {await _next_fit(app)}"]


async def _next_fit(app: App) -> str:
    settings = app.settings
    async with app.db.read() as conn:
        now = app.clock()
        known = [one.trained_at for one in await registry.versions(conn) if one.trained_at <= now]
        since = max(known, default=None) or await ratings.first_at(conn)
        rated = 0 if since is None else await ratings.count_since(conn, since, until=now)
    if since is None and not settings.corpus.exists():
        return "The first fit comes after the first ratings."
    coming = _when(coming_slot(app.clock(), settings.retrain_at, settings.timezone()))
    if not settings.retrain_after:
        return f"Next fit {coming}."
    return (
        f"Next fit {coming}, or at {settings.retrain_after:,} new ratings; {rated:,} came so far."
    )


async def _posts(app: App) -> list[str]:
    now = app.clock()
    async with app.db.read() as conn:
        due = len(await schedules.due(conn, now))
        found = await slots.outcomes(conn, now - DAY)
    counts = [f"{count} {OUTCOME_WORDS.get(name, name)}" for name, count in sorted(found.items())]
    return [f"**Posts** of the last day: {'; '.join(counts) or 'none'}; {due} due now"]


def _disk(app: App) -> list[str]:
    path = app.settings.database
    parts = (path.with_name(path.name + end) for end in ("", "-wal"))
    size = sum(part.stat().st_size for part in parts if part.exists())
    free = doctor.free_bytes(app.settings.data)
    if not app.settings.keep_backups:
        kept = "backups are switched off"
    elif (newest := backup.newest(app)) is None:
        kept = "no backup was taken yet"
    else:  # a file with a backup's name was checked before it got that name
        kept = f"the last backup was taken and checked {_when(newest)}"
    return [f"**Data**: database {_size(size)}; {kept}; {_size(free)} of disk free"]


def _clock(app: App) -> list[str]:
    later = upkeep.later_times(app.settings, app.clock())
    return [f"**Clock**: later than now, so ignored: {', '.join(later)}"] if later else []


def _when(at: datetime) -> str:
    """Returns a time in Discord's markdown, which each reader sees as "5 hours ago"."""
    return f"<t:{int(at.timestamp())}:R>"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(number: int) -> str:
    return f"{number / 2**20:.1f} MiB" if number < 2**30 else f"{number / 2**30:.1f} GiB"


def _span(duration: timedelta) -> str:
    """Returns a duration in its two largest units, such as "3 days 4 hours" or "12 minutes"."""
    minutes = int(duration.total_seconds() // 60)
    units = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
    shown = [_count(number, noun) for noun, number in units if number]
    return " ".join(shown[:2]) or "less than a minute"

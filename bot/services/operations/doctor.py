"""What could be wrong on this machine: one finding for each part, with what to do about it.

What could be wrong at Discord's end is looked at in `bot/cli/doctor_discord.py`.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from bot.services.experiments.treatment import read_definitions
from bot.services.training import last_fit
from bot.settings import Settings
from recommender.experiments.definition import ExperimentError
from recommender.training import artifacts
from storage.database import backups, revisions
from storage.errors import StorageError

State = Literal["good", "look", "bad"]

LITTLE, TOO_LITTLE = 1 << 30, 200 << 20  # bytes free
STALE = timedelta(days=2)  # a nightly thing that is older was missed at least once


@dataclass(frozen=True)
class Finding:
    """One part: "good", worth a "look", or "bad"; in words; and what to do where it is not good."""

    part: str
    state: State
    says: str
    fix: str = ""


@dataclass(frozen=True)
class PostChannel:
    """Where a server's post goes."""

    guild_id: int
    channel_id: int


def free_bytes(folder: Path) -> int:
    """Free space of the disk that holds a folder."""
    return shutil.disk_usage(folder).free


def look(
    settings: Settings, now: datetime, free: Callable[[Path], int] = free_bytes
) -> tuple[Finding, ...]:
    """Everything about the data folder. Reads only."""
    if not settings.data.is_dir():
        return (
            Finding(
                "data folder",
                "look",
                f"{settings.data} does not exist yet.",
                "It is made when Matinee first runs; check MATINEE_DATA if it should be there.",
            ),
        )
    return (
        _disk(settings.data, free),
        *_database(settings),
        *_model(settings, now),
        *_experiments(settings),
        _backup(settings, now),
    )


def channels(settings: Settings) -> tuple[PostChannel, ...]:
    """The channels that servers chose for their posts; none where the database cannot be read."""
    try:
        with _reading(settings.database) as conn:
            rows = conn.execute(
                "SELECT guild_id, channel_id FROM schedules WHERE NOT paused"
                " AND disabled_reason IS NULL AND channel_id IS NOT NULL"
            ).fetchall()
    except sqlite3.Error:
        return ()
    return tuple(PostChannel(guild, channel) for guild, channel in rows)


def _reading(path: Path) -> "closing[sqlite3.Connection]":
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))


def _disk(folder: Path, free: Callable[[Path], int]) -> Finding:
    left = free(folder)
    says = f"{left / 2**30:.1f} GiB are free where {folder} is."
    fix = "Make room: a full disk keeps ratings and models from being written."
    if left < TOO_LITTLE:
        return Finding("disk", "bad", says, fix)
    if left < LITTLE:
        return Finding("disk", "look", says, fix)
    return Finding("disk", "good", says)


def _database(settings: Settings) -> Iterator[Finding]:
    path = settings.database
    if not path.exists():
        yield Finding(
            "database", "look", f"There is no {path} yet.", "It is made when Matinee first runs."
        )
        return
    try:
        revision = backups.check(path)
    except StorageError as error:
        yield Finding(
            "database",
            "bad",
            str(error),
            "Put a copy back: `matinee restore` lists them; stop the bot first.",
        )
        return
    yield Finding("database", "good", f"{path} is whole.")
    if revision is not None and not revisions.known(revision):
        yield Finding(
            "database version",
            "bad",
            f"It was written by a newer Matinee (revision {revision}).",
            "Install the newer version again, or put back an older copy with `matinee restore`.",
        )
    elif revision != revisions.head():
        yield Finding(
            "database version",
            "look",
            f"Its revision is {revision}; this version's is {revisions.head()}.",
            "It is migrated at the next start, after a copy is made. Nothing to do.",
        )
    else:
        yield Finding("database version", "good", f"Revision {revision}, the newest.")


def _model(settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        with _reading(settings.database) as conn:
            row = conn.execute(
                "SELECT version, path, trained_at FROM model_versions WHERE is_live"
            ).fetchone()
            kept = conn.execute(
                "SELECT value FROM settings_kv WHERE key = ?", (last_fit.KEY,)
            ).fetchone()
    except sqlite3.Error:
        return
    fit = last_fit.read(kept[0]) if kept else None
    if fit is not None and fit.end == "failed":
        says = fit.words(_ago(now - fit.at))
        yield Finding("model", "look", says, "Mend that, then run `matinee train`.")
    if row is None:
        yield Finding(
            "model",
            "look",
            "No model was fitted yet; picks come from the catalogue's tags.",
            "Run `matinee train`, or wait for the nightly fit.",
        )
        return
    version, folder, trained = row
    try:
        artifacts.check(settings.models / folder)
    except artifacts.ArtifactError as error:
        yield Finding(
            "model",
            "bad",
            str(error),
            "Run `matinee train`; until then the model before it answers, or tags alone.",
        )
        return
    age = now - datetime.fromisoformat(str(trained)).replace(tzinfo=UTC)
    says = f"{version} serves; fitted {_ago(age)}."
    if age > STALE:
        yield Finding(
            "model", "look", says, "The nightly fit was missed: look for its error in the log."
        )
    else:
        yield Finding("model", "good", says)


def _experiments(settings: Settings) -> Iterator[Finding]:
    try:
        found = read_definitions(settings)
    except ExperimentError as error:
        yield Finding("experiments", "bad", str(error), "Until then Matinee does not start.")
        return
    if found:
        names = ", ".join(one.name for one in found)
        yield Finding("experiments", "good", f"{settings.experiments_file} defines {names}.")


def _backup(settings: Settings, now: datetime) -> Finding:
    if not settings.keep_backups:
        return Finding(
            "backup", "look", "Backups are switched off.", "Set MATINEE_KEEP_BACKUPS above 0."
        )
    found = backups.taken(settings.backups)
    if not found:
        return Finding("backup", "look", "There is none yet.", "Run `matinee backup`.")
    age = now - found[0].taken_at
    says = f"The newest, {found[0].path.name}, was taken {_ago(age)}."
    if age > STALE:
        fix = (
            "The nightly backup was missed: look for its error in the log, or run `matinee backup`."
        )
        return Finding("backup", "look", says, fix)
    return Finding("backup", "good", says)


def _ago(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} hours ago" if hours < 48 else f"{hours / 24:.0f} days ago"

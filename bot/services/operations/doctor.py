"""Checks for `matinee doctor` what could be wrong on this machine. Each finding says what to do
about it.

`bot/cli/doctor_discord.py` checks what could be wrong at Discord's end.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from bot.services.experiments.treatment import read_definitions
from bot.services.training import last_fit
from bot.settings import Settings
from recommender.errors import ArtifactError, ExperimentError
from recommender.training import artifacts
from storage.database import backups, inspection, revisions
from storage.errors import DatabaseNotReadable, StorageError

State = Literal["good", "look", "bad"]

LOW_DISK_BYTES = 1 << 30  # with less free space, the finding is "look"
FULL_DISK_BYTES = 200 << 20  # with less free space, the finding is "bad"
MAX_NIGHTLY_AGE = timedelta(days=2)  # an older result means that a nightly job was missed


@dataclass(frozen=True)
class Finding:
    """What was found about one part of the installation.

    Attributes:
        part: the part, such as "disk".
        state: "good", "look" (a person should look at it) or "bad".
        sentence: what was found.
        fix: what to do about it; empty if the part is good.
    """

    part: str
    state: State
    sentence: str
    fix: str = ""


@dataclass(frozen=True)
class PostChannel:
    """The channel of a server's scheduled post.

    Attributes:
        guild_id: the server.
        channel_id: the channel.
    """

    guild_id: int
    channel_id: int


def free_bytes(folder: Path) -> int:
    """Returns the free space of the disk that holds a folder."""
    return shutil.disk_usage(folder).free


def check_machine(
    settings: Settings, now: datetime, free: Callable[[Path], int] = free_bytes
) -> tuple[Finding, ...]:
    """Returns the findings about the data folder: disk, database, model, experiments, backups.

    It changes nothing.

    free: returns the free bytes of the disk that holds a folder.
    """
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
    """Returns the channels that servers chose for their posts; empty if they cannot be read."""
    return tuple(PostChannel(*ids) for ids in inspection.post_channels(settings.database))


def _disk(folder: Path, free: Callable[[Path], int]) -> Finding:
    left = free(folder)
    sentence = f"{left / 2**30:.1f} GiB are free where {folder} is."
    fix = "Make room: a full disk keeps ratings and models from being written."
    if left < FULL_DISK_BYTES:
        return Finding("disk", "bad", sentence, fix)
    if left < LOW_DISK_BYTES:
        return Finding("disk", "look", sentence, fix)
    return Finding("disk", "good", sentence)


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
    if revision is not None and not revisions.is_known(revision):
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
        live = inspection.live_version(settings.database)
    except DatabaseNotReadable:
        return
    kept = inspection.value(settings.database, last_fit.KEY)
    fit = last_fit.parse(kept) if kept else None
    if fit is not None and fit.end == "failed":
        sentence = fit.words(_ago(now - fit.at))
        yield Finding("model", "look", sentence, "Mend that, then run `matinee train`.")
    if live is None:
        yield Finding(
            "model",
            "look",
            "No model was fitted yet; picks come from the catalogue's tags.",
            "Run `matinee train`, or wait for the nightly fit.",
        )
        return
    try:
        artifacts.check(settings.models / live.path)
    except ArtifactError as error:
        yield Finding(
            "model",
            "bad",
            str(error),
            "Run `matinee train`; until then the model before it answers, or tags alone.",
        )
        return
    age = max(now - live.trained_at, timedelta(0))  # a later time: see upkeep.py
    sentence = f"{live.version} serves; fitted {_ago(age)}."
    if age > MAX_NIGHTLY_AGE:
        yield Finding(
            "model", "look", sentence, "The nightly fit was missed: look for its error in the log."
        )
    else:
        yield Finding("model", "good", sentence)


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
    found = [one for one in backups.list_backups(settings.backups) if one.taken_at <= now]
    if not found:
        return Finding("backup", "look", "There is none yet.", "Run `matinee backup`.")
    age = now - found[0].taken_at
    sentence = f"The newest, {found[0].path.name}, was taken {_ago(age)}."
    if age > MAX_NIGHTLY_AGE:
        fix = (
            "The nightly backup was missed: look for its error in the log, or run `matinee backup`."
        )
        return Finding("backup", "look", sentence, fix)
    return Finding("backup", "good", sentence)


def _ago(age: timedelta) -> str:
    if age < timedelta(0):
        return "at a time that has not come yet"
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} hours ago" if hours < 48 else f"{hours / 24:.0f} days ago"

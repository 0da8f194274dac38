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
from bot.services.notes import Note, note
from bot.services.training import last_fit
from bot.settings import Settings
from recommender.errors import ArtifactError, ExperimentError
from recommender.training import artifacts
from storage.database import inspection, revisions
from storage.database.address import DatabaseUrl
from storage.database.sqlite import backups
from storage.errors import DatabaseNotReadable, StorageError

State = Literal["good", "look", "bad"]

LOW_DISK_BYTES = 1 << 30  # with less free space, the finding is "look"
FULL_DISK_BYTES = 200 << 20  # with less free space, the finding is "bad"
MAX_NIGHTLY_AGE = timedelta(days=2)  # an older result means that a nightly job was missed


@dataclass(frozen=True)
class Finding:
    """What was found about one part of the installation.

    Attributes:
        part: the key of the part, such as "disk".
        state: "good", "look" (a person should look at it) or "bad".
        found: what was found.
        fix: what to do about it; None if the part is good.
    """

    part: str
    state: State
    found: Note
    fix: Note | None = None


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
                "data-folder",
                "look",
                note("data-folder-missing", folder=str(settings.data)),
                note("data-folder-comes"),
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
    found = note("disk-room", free=left, folder=str(folder))
    if left < FULL_DISK_BYTES:
        return Finding("disk", "bad", found, note("make-disk-room"))
    if left < LOW_DISK_BYTES:
        return Finding("disk", "look", found, note("make-disk-room"))
    return Finding("disk", "good", found)


def _database(settings: Settings) -> Iterator[Finding]:
    path = settings.database
    if isinstance(path, DatabaseUrl):
        yield from _server(path)
        return
    if not path.exists():
        found = note("database-missing", file=str(path))
        yield Finding("database", "look", found, note("database-comes"))
        return
    try:
        revision = backups.check(path)
    except StorageError as error:
        yield Finding("database", "bad", note("problem", problem=error), note("put-copy-back"))
        return
    yield Finding("database", "good", note("database-whole", file=str(path)))
    yield _version(revision)


def _server(url: DatabaseUrl) -> Iterator[Finding]:
    """Yields the findings about a database on a server."""
    try:
        revision = inspection.revision(url)
    except StorageError as error:
        # The error around the cause says no more than that `matinee doctor` finds the cause.
        cause = error.__cause__ if isinstance(error.__cause__, StorageError) else error
        yield Finding("database", "bad", note("problem", problem=cause), note("mend-server"))
        return
    yield Finding("database", "good", note("database-answers", database=str(url)))
    yield _version(revision)


def _version(revision: str | None) -> Finding:
    """Returns the finding about the revision of a database; None for an empty database."""
    if revision is not None and not revisions.is_known(revision):
        found = note("revision-newer", revision=revision)
        return Finding("database-version", "bad", found, note("install-newer"))
    if revision != revisions.head():
        found = note("database-older", revision=revision, newest=revisions.head())
        return Finding("database-version", "look", found, note("migrated-at-start"))
    return Finding("database-version", "good", note("database-newest", revision=revision))


def _model(settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        live = inspection.live_version(settings.database)
    except DatabaseNotReadable:
        return
    kept = inspection.value(settings.database, last_fit.KEY)
    fit = last_fit.parse(kept) if kept else None
    if fit is not None and fit.end == "failed":
        found = note("last-fit-failed", age=now - fit.at, why=fit.why)
        yield Finding("model", "look", found, note("mend-then-train"))
    if live is None:
        yield Finding("model", "look", note("no-model-yet"), note("train-or-wait"))
        return
    try:
        artifacts.check(settings.models / live.path)
    except ArtifactError as error:
        yield Finding("model", "bad", note("problem", problem=error), note("train-anew"))
        return
    age = max(now - live.trained_at, timedelta(0))  # a later time: see upkeep.py
    found = note("model-in-use", version=live.version, age=age)
    if age > MAX_NIGHTLY_AGE:
        yield Finding("model", "look", found, note("fit-missed"))
    else:
        yield Finding("model", "good", found)


def _experiments(settings: Settings) -> Iterator[Finding]:
    try:
        defined = read_definitions(settings)
    except ExperimentError as error:
        found = note("problem", problem=error)
        yield Finding("experiments", "bad", found, note("no-start-until-then"))
        return
    if defined:
        names = [one.name for one in defined]
        found = note("experiments-defined", file=str(settings.experiments_file), experiments=names)
        yield Finding("experiments", "good", found)


def _backup(settings: Settings, now: datetime) -> Finding:
    if isinstance(settings.database, DatabaseUrl):
        return Finding("backup", "good", note("backup-elsewhere"))
    if not settings.keep_backups:
        return Finding("backup", "look", note("backups-off"), note("turn-backups-on"))
    kept = [one for one in backups.list_backups(settings.backups) if one.taken_at <= now]
    if not kept:
        return Finding("backup", "look", note("no-backup"), note("take-backup"))
    age = now - kept[0].taken_at
    found = note("newest-backup", file=kept[0].path.name, age=age)
    if age > MAX_NIGHTLY_AGE:
        return Finding("backup", "look", found, note("backup-missed"))
    return Finding("backup", "good", found)

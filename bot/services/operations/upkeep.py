"""Checks for `matinee doctor` and `/status`: who may read the files, and stored times in the
future.

If the system's clock was ahead for a while, such times are stored. The bot ignores a time in the
future if it would keep the bot from doing something. Here they are reported.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.env_file import is_there
from bot.services.notes import Note, note
from bot.services.operations.doctor import Finding
from bot.settings import Settings
from bot.tokens import TOKEN
from storage.database import inspection
from storage.database.address import DatabaseUrl
from storage.database.sqlite import backups

CLOCK_MARGIN = timedelta(minutes=5)  # Discord's clock and this machine's may differ by this much
OTHERS = 0o077  # the mode bits of everybody but the owner


def check_upkeep(
    settings: Settings, now: datetime, env_file: Path = Path(".env")
) -> tuple[Finding, ...]:
    """Returns the findings about who may read the files, and about stored times in the future.

    env_file: the file of settings, which may hold the bot's token.
    """
    if not settings.data.is_dir():
        return tuple(_env_file(env_file))
    return (*_env_file(env_file), _data_folder(settings), _clock(settings, now))


def later_times(settings: Settings, now: datetime) -> tuple[Note, ...]:
    """Returns which rows have a time later than `now`, a note for each kind; () if none has."""
    limit = now + CLOCK_MARGIN
    copies = sum(one.taken_at > limit for one in backups.dated_copies(settings.backups))
    counts = {"copies": copies} | inspection.count_later(settings.database, limit)
    return tuple(note("later", what=what, n=count) for what, count in counts.items() if count)


def _env_file(path: Path) -> Iterator[Finding]:
    if not is_there(path):
        return
    written = path.read_text(encoding="utf-8", errors="replace")
    if _is_open(path) and re.search(rf"{TOKEN}\s*=", written):
        yield Finding(
            "token",
            "look",
            note("token-readable", file=str(path)),
            note("make-file-private", file=str(path)),
        )
    else:
        yield Finding("token", "good", note("file-private", file=str(path)))


def _data_folder(settings: Settings) -> Finding:
    file = settings.database
    if isinstance(file, DatabaseUrl):
        file = settings.data  # people's data are on a server; the folder has models and secrets
    if _is_open(settings.data) and file.exists() and _is_open(file):
        return Finding(
            "who-may-read",
            "look",
            note("data-readable", folder=str(settings.data)),
            note("make-folder-private", folder=str(settings.data)),
        )
    return Finding("who-may-read", "good", note("data-private", folder=str(settings.data)))


def _clock(settings: Settings, now: datetime) -> Finding:
    later = later_times(settings, now)
    if not later:
        return Finding("clock", "good", note("clock-right", now=now))
    found = note("clock-was-ahead", now=now, rows=list(later))
    return Finding("clock", "look", found, note("check-clock"))


def _is_open(path: Path) -> bool:
    """True if other users than its owner may read the file or enter the folder.

    It is always False on Windows.
    """
    return os.name != "nt" and bool(path.stat().st_mode & OTHERS)

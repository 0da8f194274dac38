"""Says what `matinee doctor` finds on this machine, and what to do about it."""

from datetime import datetime, timedelta

from bot.wording.operations.training import last_fit
from bot.wording.operations.units import before_now, moment, size
from bot.wording.speech import N_, Sentence, _, listed, ngettext, translated

PARTS = {
    "application": N_("application"),
    "backup": N_("backup"),
    "clock": N_("clock"),
    "commands": N_("commands"),
    "data-folder": N_("data folder"),
    "database": N_("database"),
    "database-version": N_("database version"),
    "disk": N_("disk"),
    "experiments": N_("experiments"),
    "films": N_("films"),
    "gateway": N_("gateway"),
    "model": N_("model"),
    "permissions": N_("permissions"),
    "posts": N_("posts"),
    "ratings": N_("ratings"),
    "token": N_("token"),
    "who-may-read": N_("file access"),
}
"""Key of a part of the installation -> its name in the table."""

STATES = {"good": N_("ok"), "look": N_("check"), "bad": N_("fix")}
"""State of a part -> the word for it in the table."""


def part(key: str) -> str:
    """Returns the name of a part of the installation."""
    return translated(PARTS[key])


def state(name: str) -> str:
    """Returns the word for the state of a part: "good", "look" or "bad"."""
    return translated(STATES[name])


def headings() -> tuple[str, str, str]:
    """Returns the headings of the table of findings. That of the states is empty."""
    return _("part"), "", _("what I found and what to do")


def fix_line(fix: str) -> str:
    """Returns the line that says what to do about a finding."""
    return f"→ {fix}"


def total(bad: int) -> str:
    """Returns the last line.

    bad: number of things that are wrong.
    """
    if not bad:
        return _("Nothing's wrong.")
    return ngettext("There's {n} thing to fix.", "There are {n} things to fix.", bad)


def _disk_room(free: int, folder: str) -> str:
    return _("The disk that {folder} is on has {size} free.", size=size(free), folder=folder)


def _database_older(revision: str | None, newest: str) -> str:
    if revision is None:
        return _(
            "The database isn't set up yet. It should be at revision {newest}.",
            newest=newest,
        )
    return _(
        "The database is at revision {revision}, but I need {newest}.",
        revision=revision,
        newest=newest,
    )


def _last_fit_failed(age: timedelta, why: str | None) -> str:
    return last_fit("failed", before_now(age), why)


def _model_in_use(version: str, age: timedelta) -> str:
    return _("I'm using {version}, which I trained {ago}.", version=version, ago=before_now(age))


def _newest_backup(file: str, age: timedelta) -> str:
    return _("I made the latest backup {ago}, in {file}.", file=file, ago=before_now(age))


def _clock_right(now: datetime) -> str:
    return _(
        "It's {instant}, and nothing I've saved is dated later than that.", instant=moment(now)
    )


def _clock_was_ahead(now: datetime, rows: list[str]) -> str:
    return _(
        "My clock says {instant}, so I'm ignoring {dated} dated later than that.",
        instant=moment(now),
        dated=listed(rows),
    )


def _later(what: str, n: int) -> str:
    """Returns how many things of a kind are dated in the future, in a list."""
    if what == "copies":
        return ngettext("{n} backup", "{n} backups", n)
    if what == "models":
        return ngettext("{n} model", "{n} models", n)
    if what == "ratings":
        return ngettext("{n} rating", "{n} ratings", n)
    return ngettext("{n} shown film", "{n} shown films", n)


REFUSALS: dict[str, Sentence] = {
    "already-running": N_(
        "Matinee is already running with the data folder {folder}. Stop it first, or set "
        "MATINEE_DATA to another folder to run a second bot."
    ),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "backup-elsewhere": N_(
        "Your database is on a server, so I don't back it up. docs/operations.md shows how you can."
    ),
    "backup-missed": N_(
        "I missed the nightly backup. Check the log to see why, or run `matinee backup`."
    ),
    "backups-off": N_("Backups are off."),
    "check-clock": N_(
        "Check this machine's clock. If it shows the correct time, it must have been ahead "
        "for a while. I'll keep training and making backups, and anything dated in the "
        "future will count once that day comes."
    ),
    "clock-right": _clock_right,
    "clock-was-ahead": _clock_was_ahead,
    "data-folder-comes": N_(
        "I'll create the data folder when you first start me. If you already have one, check "
        "MATINEE_DATA."
    ),
    "data-folder-missing": N_("{folder} doesn't exist yet."),
    "data-private": N_("Only its owner can read what's in {folder}."),
    "data-readable": N_(
        "Other users on this machine can read {folder}, and it has people's ratings in it."
    ),
    "database-comes": N_("I'll create the database when you first start me."),
    "database-missing": N_("There's no database at {file} yet."),
    "database-newest": N_("The database is up to date (revision {revision})."),
    "database-older": _database_older,
    "database-whole": N_("There's nothing wrong with {file}."),
    "disk-room": _disk_room,
    "experiments-defined": N_("I can read the experiments in {file}: {experiments}."),
    "file-private": N_("Only its owner can read {file}."),
    "fit-missed": N_("I missed last night's training. Check the log to see why."),
    "install-newer": N_(
        "Install the newer version of Matinee again, or restore an older backup with "
        "`matinee restore`."
    ),
    "last-fit-failed": _last_fit_failed,
    "later": _later,
    "make-disk-room": N_("Free up some space. I can't save ratings or models on a full disk."),
    "make-file-private": N_("To keep other users out, run `chmod 600 {file}`."),
    "make-folder-private": N_("To keep other users out, run `chmod -R go-rwx {folder}`."),
    "mend-then-train": N_("Fix the problem, then run `matinee train`."),
    "migrated-at-start": N_(
        "You don't need to do anything. I'll back up the database and update it the next time "
        "you start me."
    ),
    "model-in-use": _model_in_use,
    "mend-server": N_("Fix that, then run `matinee doctor` again."),
    "newest-backup": _newest_backup,
    "no-backup": N_("There's no backup yet."),
    "no-model-yet": N_("I don't have a model yet, so I'm choosing films by their tags."),
    "no-start-until-then": N_("Fix your experiments file. I can't start until you do."),
    "problem": N_("{problem}"),
    "put-copy-back": N_(
        "Stop the bot, then restore a backup. Run `matinee restore` to see the ones you have."
    ),
    "revision-newer": N_("The database is from a newer version of Matinee (revision {revision})."),
    "database-answers": N_("I can connect to {database} and read it."),
    "take-backup": N_("To make a backup now, run `matinee backup`."),
    "token-readable": N_(
        "Other users on this machine can read {file}, and it has the bot's token in it."
    ),
    "train-anew": N_("Run `matinee train`. Until then, I'll use an older model or just tags."),
    "train-or-wait": N_("Run `matinee train`, or wait for me to train tonight."),
    "turn-backups-on": N_("To turn backups on, set MATINEE_KEEP_BACKUPS to 1 or more."),
}
"""What `matinee doctor` found on the machine, or what to do about it, each on its own line, by
the note's key.
"""

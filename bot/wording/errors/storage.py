"""The sentences for errors of the database and its copies. The operator of the bot reads them."""

from bot.wording.speech import N_, Sentence

REFUSALS: dict[str, Sentence] = {
    "backup-not-written": N_(
        "I couldn't write a backup to {folder} ({cause}). Check its disk and permissions."
    ),
    "bot-running": N_("Matinee is running on {folder}. Stop it first, then restore."),
    "copy-damaged": N_("{file} is damaged. Choose another backup."),
    "copy-empty": N_("{file} is an empty database. Choose another backup."),
    "copy-foreign": N_("{file} is a database, but not one of mine. Choose another backup."),
    "copy-missing": N_("I can't find {file}. Run `matinee restore` to see the copies you have."),
    "copy-newer": N_(
        "A newer Matinee wrote {file} (revision {revision}). Install that version first."
    ),
    "copy-not-put-back": N_("I couldn't put {file} back ({cause}). Your database is as it was."),
    "copy-unreadable": N_("I can't read {file} as a database ({cause}). Choose another backup."),
    "database-broken": N_(
        "{file} is damaged, or isn't a database. Put back a copy (from {folder} or your "
        "own), or move the file away and I'll start with an empty one."
    ),
    "database-exists": N_(
        "You already have a database at {file}. To put {copy} in its place, add "
        "--replace. I'll keep the one you have in the backups folder."
    ),
    "database-foreign": N_(
        "{file} is a database, but not one of mine. Name another data folder, or move that "
        "file away."
    ),
    "database-gone": N_(
        "Somebody removed or replaced {file} while I was running, so I can't save "
        "anything new. Put it back, or stop me, check the data folder and start me "
        "again."
    ),
    "database-locked": N_(
        "Another program keeps the database {file} locked. Is Matinee running twice on the "
        "same data folder? Stop the other one and try again."
    ),
    "database-newer": N_(
        "A newer Matinee wrote the database {file} (it's at revision {revision}, and I "
        "know up to {known}). Install the newer version again, or put back a copy from "
        "{folder}."
    ),
    "database-not-read": N_(
        "I can't read {file} ({cause}). `matinee doctor` says what's wrong with it."
    ),
    "disk-failing": N_(
        "I'm having trouble with the disk of {file} ({cause}). Look at the disk and at "
        "the system's log."
    ),
    "file-not-locked": N_(
        "I can't lock {file} ({cause}). Give the user I run as write access to {folder}."
    ),
    "file-not-writable": N_(
        "I can't write {file} ({cause}). Give the user I run as write access to {folder}, or name "
        "another data folder."
    ),
    "no-room": N_(
        "The disk of {file} is full, so I can't save anything new. Make some room on it."
    ),
    "writes-too-slow": N_(
        "I've waited too long to write to {file}. Is its disk slow, or does another "
        "program keep it locked?"
    ),
}
"""The sentence of each error, by the error's key."""

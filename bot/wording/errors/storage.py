"""The sentences for errors of the database and its copies. The operator of the bot reads them."""

from bot.wording.speech import N_, Sentence

REFUSALS: dict[str, Sentence] = {
    "backup-of-server": N_(
        "Your database is on a server, so I don't back it up myself. Run `pg_dump "
        "--format=custom --file={database}.dump {database}` on a machine that can reach the "
        "server."
    ),
    "restore-of-server": N_(
        "Your database is on a server, so I can't restore it myself. Stop me, run `pg_restore "
        "--clean --if-exists --dbname={database} FILE`, and start me again."
    ),
    "backup-not-written": N_(
        "I couldn't save a backup to {folder} ({cause}). Check the disk's free space and "
        "permissions."
    ),
    "bot-running": N_(
        "Matinee is running with the data folder {folder}. Stop it first, then restore the backup."
    ),
    "commit-unknown": N_(
        "The connection to the database server of {database} broke just as I was saving "
        "({cause}), so I don't know whether that was saved. I'll go on as soon as it's back."
    ),
    "copy-damaged": N_("{file} is damaged. Choose another backup."),
    "copy-empty": N_("{file} is an empty database. Choose another backup."),
    "copy-foreign": N_("{file} is a database, but not one of mine. Choose another backup."),
    "copy-missing": N_("I can't find {file}. Run `matinee restore` to see the backups you have."),
    "copy-newer": N_(
        "{file} is from a newer version of Matinee (revision {revision}). Install that version "
        "first."
    ),
    "copy-not-put-back": N_(
        "I couldn't restore {file} ({cause}), so I haven't changed your database. Fix "
        "that, then try again."
    ),
    "copy-unreadable": N_("I can't read {file} as a database ({cause}). Choose another backup."),
    "database-broken": N_(
        "{file} is damaged, or isn't a database. Restore a backup (from {folder} or your own), "
        "or move the file away and I'll start with an empty one."
    ),
    "database-exists": N_(
        "You already have a database at {file}. To replace it with {copy}, add --replace. I'll "
        "keep your old database in the backups folder."
    ),
    "database-foreign": N_(
        "{file} is a database, but not one of mine. Choose another data folder, or move that "
        "file away."
    ),
    "database-gone": N_(
        "Somebody removed or replaced {file} while I was running, so I can't save anything new. "
        "Put it back, or stop me, check the data folder, and start me again."
    ),
    "database-locked": N_(
        "Another program is using the database {file}. Is Matinee running twice with the same "
        "data folder? Stop the other one and try again."
    ),
    "database-newer": N_(
        "The database {file} is from a newer version of Matinee. It's at revision "
        "{revision}, but the newest one I know is {known}. Install the newer version again, "
        "or restore a backup from {folder}."
    ),
    "database-not-read": N_(
        "I can't read {file} ({cause}). Run `matinee doctor` to find out what's wrong with it."
    ),
    "disk-failing": N_(
        "I'm having trouble with the disk that {file} is on ({cause}). Check the disk and the "
        "system's log."
    ),
    "driver-missing": N_(
        "I can't open {database}, because the Python package asyncpg isn't installed. To install "
        "it, run `pip install 'matinee[postgres]'`."
    ),
    "file-not-locked": N_(
        "I can't lock {file} ({cause}). Give the user I run as write access to {folder}."
    ),
    "file-not-writable": N_(
        "I can't write to {file} ({cause}). Give the user I run as write access to {folder}, or "
        "choose another data folder."
    ),
    "no-room": N_(
        "The disk that {file} is on is full, so I can't save anything new. Free up some space."
    ),
    "server-crowded": N_(
        "The database server of {database} can't take any more connections ({cause}). "
        "Raise its limit, or close connections that you don't need."
    ),
    "server-failing": N_(
        "The database server of {database} has trouble with its disk or its files ({cause}). "
        "Check the server's log."
    ),
    "server-foreign": N_(
        "The database {database} has tables that aren't mine. Give me an empty database."
    ),
    "server-half-moved": N_(
        "Your database hasn't been moved to {database} completely yet. Run `matinee "
        "move-database` again to finish the move, then start me."
    ),
    "server-locked": N_(
        "Something kept the database {database} busy for too long, so I stopped waiting and "
        "didn't save anything. Check what else is using it, and try again."
    ),
    "server-newer": N_(
        "The database {database} is from a newer version of Matinee. It's at revision "
        "{revision}, but the newest one I know is {known}. Install the newer version again, "
        "or restore your own backup."
    ),
    "server-no-room": N_(
        "The database server of {database} has run out of disk space, so I can't save anything "
        "new. Free up some space."
    ),
    "server-read-only": N_(
        "The database {database} only lets me read, so I can't save anything new. Check whether "
        "the server is a standby, or set to read-only."
    ),
    "server-refuses": N_(
        "The database server won't let me use {database} ({cause}). Check the user, the password, "
        "and the name of the database in MATINEE_DATABASE_URL."
    ),
    "server-too-slow": N_(
        "I've been waiting too long for my turn to use {database}. Check whether the database "
        "server is slow."
    ),
    "server-unreachable": N_(
        "I can't reach the database server of {database} ({cause}). Check that it's running. "
        "I'll carry on as soon as it's back."
    ),
    "writes-too-slow": N_(
        "I've been waiting too long to save something to {file}. Check whether the disk is "
        "slow or another program is using the file."
    ),
}
"""The sentence of each error, by the error's key."""

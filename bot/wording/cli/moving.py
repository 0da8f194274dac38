"""Says what `matinee move-database` prints."""

from typing import TYPE_CHECKING

from bot.wording.speech import N_, Sentence, _, ngettext

if TYPE_CHECKING:  # a serving bot moves nothing
    from storage.database.moving.move import Moved, Step


def step(name: "Step", table: str) -> str:
    """Returns what is shown while something is done.

    table: the name of the table that it is done with; empty at the end.
    """
    if not table:
        return _("Finishing …")
    if name == "copy":
        return _("Copying {table} …", table=table)
    return _("Comparing {table} …", table=table)


def stopped() -> str:
    """Returns what is shown if the operator stopped the move."""
    return _(
        "I've stopped the move. Your database is still where it was. If you start the same "
        "move again, I'll carry on from where I stopped."
    )


def moved(result: "Moved", database: str, file: str) -> str:
    """Returns what a move did, and what to do next.

    database: where everything is now, without the password.
    file: where it was.
    """
    return "\n".join(
        [
            _(
                "I've moved {rows_counted} to {database} and compared them with the originals. "
                "Nothing's missing or different.",
                rows_counted=ngettext("{n} row", "{n} rows", result.rows),
                database=database,
            ),
            _(
                "Now set MATINEE_DATABASE_URL to the new address if you haven't yet, and start "
                "the bot. I haven't changed {file}, and I won't use it any more. Delete it once "
                "you're happy, because it still has everything that people may ask me to delete "
                "later.",
                file=file,
            ),
        ]
    )


NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

REFUSALS: dict[str, Sentence] = {
    "database-to-move-newer": N_(
        "{file} is from a newer version of Matinee (revision {revision}). Install that version "
        "first, then move it."
    ),
    "database-to-move-older": N_(
        "{file} is from an older version of Matinee (revision {revision}). Start the bot once so "
        "that I can update it, stop it again, then move it."
    ),
    "moved-differs": N_(
        "The copy in {database} isn't the same as your database (in {tables}), maybe because "
        "your database changed before the move was done. You haven't lost anything. I've emptied "
        "the copy, so start the move again."
    ),
    "moving-already": N_(
        "Another move to {database} is running, so I haven't started. Wait until it's done."
    ),
    "no-database-to-move": N_(
        "There's no database at {file}, so there's nothing to move. If the bot is new, just set "
        "MATINEE_DATABASE_URL and start it."
    ),
    "no-url-to-move-to": N_(
        "That isn't an address I can move to. It should look like "
        "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE."
    ),
    "not-a-database-to-move": N_(
        "{file} is a database, but not one of mine, so I haven't moved anything. Check "
        "MATINEE_DATA."
    ),
    "nowhere-to-move": N_(
        "Where should I move your database? Set MATINEE_DATABASE_URL, or add the address, like "
        "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE."
    ),
    "rows-not-taken": N_(
        "{database} didn't accept some of the rows in {table} ({cause}). Your database is still "
        "where it was. Please report this, because it shouldn't happen."
    ),
    "target-encoding": N_(
        "{database} doesn't store text as UTF-8. Create it again with the encoding UTF8, then "
        "start the move again."
    ),
    "target-foreign": N_(
        "Another program is using {database}. Create an empty database for me, then start the "
        "move with its address."
    ),
    "target-not-empty": N_(
        "There's already something in {database}, so I haven't moved anything. Create an empty "
        "database, then start the move with its address."
    ),
    "target-revision": N_(
        "{database} was set up by another version of Matinee (it's at revision {revision}, but I "
        "need {known}). Create an empty database, then start the move with its address."
    ),
}
"""Key of an error -> its sentence."""

"""Says what `matinee backup` and `matinee restore` print."""

from bot.wording.speech import N_, Sentence, _, ngettext

REFUSALS: dict[str, Sentence] = {
    "no-copies": N_("There are no backups in {folder} yet. Run `matinee backup` to make one."),
    "no-database-yet": N_(
        "There's no database at {file} yet. I'll create it when you first start me."
    ),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""


def copied(file: str) -> str:
    """Returns the answer to a backup."""
    return _("I've backed up your database to {file} and checked the backup. It's fine.", file=file)


def restored(copy: str) -> str:
    """Returns the answer to a restored copy."""
    return _("I've restored your database from {copy}.", copy=copy)


def deleted_again(people: int) -> str:
    """Returns what was deleted from a restored copy.

    people: the number of people who had their data deleted after the copy was taken.
    """
    return ngettext(
        "I've also deleted {n} person's data from the restored database again, because they'd "
        "asked me to.",
        "I've also deleted {n} people's data from the restored database again, because they'd "
        "asked me to.",
        people,
    )


def former_kept(file: str) -> str:
    """Returns where the database is that was in use before a copy was put back."""
    return _("Your old database is still here: {file}", file=file)


def headings() -> tuple[str, str]:
    """Returns the headings of the list of copies."""
    return _("backup"), _("size, MiB")


def how_to_restore() -> str:
    """Returns how to put a copy back."""
    return _("To restore a backup, stop the bot and run `matinee restore BACKUP --replace`.")

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
    return _(
        "I've backed up your database to {file}. I checked the backup, and it's fine.", file=file
    )


def restored(copy: str) -> str:
    """Returns the answer to a restored copy."""
    return _("I've restored your database from {copy}.", copy=copy)


def deleted_again(people: int) -> str:
    """Returns what was deleted from a restored copy.

    people: the number of people who had their data deleted after the copy was taken.
    """
    return ngettext(
        "{n} person had asked me to delete their data, so I've deleted it from the restored "
        "database too.",
        "{n} people had asked me to delete their data, so I've deleted it from the restored "
        "database too.",
        people,
    )


def former_kept(file: str) -> str:
    """Returns where the database is that was in use before a copy was put back."""
    return _("Your old database is still here: {file}", file=file)


def headings() -> tuple[str, str]:
    """Returns the headings of the list of copies."""
    return _("backup"), _("size (MiB)")


def how_to_restore() -> str:
    """Returns how to put a copy back."""
    return _("To restore a backup, stop the bot and run `matinee restore BACKUP --replace`.")

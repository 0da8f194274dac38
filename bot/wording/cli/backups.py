"""Says what `matinee backup` and `matinee restore` print."""

from bot.wording.speech import N_, Sentence, _, ngettext

REFUSALS: dict[str, Sentence] = {
    "no-copies": N_("There are no copies in {folder}. Run `matinee backup` to make one."),
    "no-database-yet": N_("There's no database at {file} yet. I'll make it when I first run."),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""


def copied(file: str) -> str:
    """Returns the answer to a backup."""
    return _("I've copied your database to {file}, and checked the copy.", file=file)


def restored(copy: str) -> str:
    """Returns the answer to a restored copy."""
    return _("{copy} is your database now.", copy=copy)


def deleted_again(people: int) -> str:
    """Returns what was deleted from a restored copy.

    people: the number of people who had their data deleted after the copy was taken.
    """
    return ngettext(
        "I've deleted {n} person's data from it again, as they'd asked me to.",
        "I've deleted {n} people's data from it again, as they'd asked me to.",
        people,
    )


def former_kept(file: str) -> str:
    """Returns where the database is that was in use before a copy was put back."""
    return _("The one you had before is still here: {file}", file=file)


def headings() -> tuple[str, str]:
    """Returns the headings of the list of copies."""
    return _("copy"), _("size, MiB")


def how_to_restore() -> str:
    """Returns how to put a copy back."""
    return _("To put one back, stop the bot and run `matinee restore COPY --replace`.")

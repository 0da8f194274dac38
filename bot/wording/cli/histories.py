"""Texts of `matinee import history` and `matinee export history`."""

from collections.abc import Sequence

from bot.services.imports.person.applying import AppliedImport
from bot.services.imports.person.preview import ImportPreview
from bot.wording.people import history_import, privacy
from bot.wording.speech import _, ngettext


def file_or_undo() -> str:
    """Returns what is said if neither or both of a file and a number to undo are given."""
    return _("Give me either a file to read, or --undo with the number of an import.")


def unreadable(file: str, cause: str) -> str:
    """Returns what is said about a file that cannot be read."""
    return _("I can't read {file} ({cause}). Is the path right?", file=file, cause=cause)


def unwritable(file: str, cause: str) -> str:
    """Returns what is said about a file that cannot be written."""
    return _("I can't save {file} ({cause}). Choose another path.", file=file, cause=cause)


def previewed(told: ImportPreview) -> str:
    """Returns what a file would change."""
    lines = history_import.facts(told, markdown=False)
    if told.waiting:
        lines.append(
            ngettext(
                "I'm not sure about {n} film in this file, so I'll leave it out.",
                "I'm not sure about {n} films in this file, so I'll leave them out.",
                told.waiting,
            )
        )
    return "\n".join(lines)


def not_applied(waiting: Sequence[str]) -> str:
    """Returns what is said after a file was only looked at.

    waiting: names of the person's files that wait to be applied.
    """
    lines = [
        _(
            "I haven't changed anything yet. To import this history, run the command "
            "again with --apply."
        )
    ]
    for file in waiting:
        lines.append(
            _(
                "This person has started to import {file} and hasn't finished. With --apply, I'd "
                "forget that file, and they'd have to start again.",
                file=file,
            )
        )
    return "\n".join(lines)


def applied(done: AppliedImport) -> str:
    """Returns what is said after a file was applied."""
    lines = [history_import.brought(done, done.file)]
    if done.import_id is not None:
        lines.append(_("To undo this import, run this command with --undo {n}.", n=done.import_id))
    for file in done.forgotten:
        lines.append(
            _(
                "This person had started to import {file} and hadn't finished. I've forgotten "
                "that file. If they still want it, they can use /import again.",
                file=file,
            )
        )
    return "\n".join(lines)


def undone(file: str) -> str:
    """Returns what is said after a file was undone. file: its name."""
    return _("Done. Everything's back to how it was before you imported {file}.", file=file)


def nothing_to_export() -> str:
    """Returns what is said if a person has no history."""
    return _("There's nothing to export for this person.")


def exported(file: str, rounded: int) -> str:
    """Returns what is said after a history was written.

    rounded: number of ratings that were rounded to half stars.
    """
    text = _("I've saved {file}. Letterboxd can import the files in it.", file=file)
    if not rounded:
        return text
    return f"{text} {privacy.rounded_stars(rounded)}"

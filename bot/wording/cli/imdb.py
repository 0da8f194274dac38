"""Says how IMDb's tables are imported."""

from typing import TYPE_CHECKING

from bot.wording.speech import N_, Sentence, _, ngettext

if TYPE_CHECKING:  # a serving bot imports no tables
    from bot.services.imports.imdb import ImdbImport, Step


def terms() -> str:
    """Returns what to know about the use of IMDb's tables."""
    return _(
        "IMDb's tables belong to IMDb. In short, they're for personal and non-commercial use. "
        "Don't share them, and credit IMDb if you publish anything. You can read the terms at "
        "{address}. I'll keep what I read in your data folder and won't share it with anybody.",
        address="https://developer.imdb.com/non-commercial-datasets/",
    )


def step(name: "Step") -> str:
    """Returns what is shown while something is done."""
    return {
        "ratings": _("Reading votes …"),
        "titles": _("Reading films …"),
        "akas": _("Reading other titles …"),
        "crew": _("Reading directors …"),
        "compare": _("Looking for films I know …"),
        "merge": _("Importing films …"),
    }[name]


def stopped() -> str:
    """Returns what is shown if the operator stopped the import."""
    return _(
        "I've stopped the import. What's already in the catalogue stays there, and if you "
        "start the same import again, I'll carry on from where I stopped."
    )


def imported(result: "ImdbImport") -> str:
    """Returns what an import changed."""
    known = result.films - result.added
    lines = [
        _(
            "I've read {films_counted} (new: {added}, already in your catalogue: {known}, "
            "updated: {changed}).",
            films_counted=ngettext("{n} film", "{n} films", result.films),
            known=known,
            added=result.added,
            changed=result.changed,
        )
    ]
    if result.first_damaged is not None:
        file, line = result.first_damaged
        lines.append(
            ngettext(
                "I skipped {n} line that I couldn't use: line {line} of {file}.",
                "I skipped {n} lines that I couldn't use, starting with line {line} of {file}.",
                result.damaged,
                file=file,
                line=str(line),
            )
        )
    lines += [
        _("I couldn't find {table} in the folder, so I carried on without it.", table=name)
        for name in result.absent
    ]
    if result.added:
        lines.append(
            _(
                "People can look up and rate the new films. I won't pick one until somebody's "
                "rated it."
            )
        )
    lines.append(
        _("If the bot is running, it'll know these films once it's trained again or restarted.")
    )
    return "\n".join(lines)


NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

REFUSALS: dict[str, Sentence] = {
    "imdb-import-running": N_(
        "Another import of IMDb's tables is running, so I haven't started. Wait until it's done."
    ),
    "imdb-without-films": N_(
        "I can't find {file} in {folder}, so I haven't changed anything. Put IMDb's tables there."
    ),
    "imdb-without-votes": N_(
        "I can't find {file} in {folder}, so I can't tell which films have enough votes. Put it "
        "there, or import every film with `--least-votes 0`."
    ),
    "no-kind-of-film": N_("There's no kind of film called “{typed}”. Try {choices}."),
    "table-damaged": N_(
        "I couldn't read all of {file} ({cause}). Download it again, then start the import again."
    ),
}
"""Key of an error -> its sentence."""

"""Says how IMDb's tables are imported."""

from typing import TYPE_CHECKING

from bot.wording.speech import N_, Sentence, _, ngettext

if TYPE_CHECKING:  # a serving bot imports no tables
    from bot.services.imports.imdb import ImdbImport, Step


def terms() -> str:
    """Returns what to know about the use of IMDb's tables."""
    return _(
        "IMDb's tables belong to IMDb. In short, they're for personal and non-commercial use. "
        "Don't pass them on, and name IMDb where you publish. The terms are at {address}. I keep "
        "what I read in your data folder and don't give it to anybody.",
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
        "merge": _("Bringing in films …"),
    }[name]


def stopped() -> str:
    """Returns what is shown if the operator stopped the import."""
    return _(
        "I've stopped. What's in the catalogue stays, and if you start the same import again, I "
        "go on from here."
    )


def imported(result: "ImdbImport") -> str:
    """Returns what an import changed."""
    known = result.films - result.added
    lines = [
        ngettext(
            "I've read {n} film. I knew {known} already, added {added} and changed {changed}.",
            "I've read {n} films. I knew {known} already, added {added} and changed {changed}.",
            result.films,
            known=known,
            added=result.added,
            changed=result.changed,
        )
    ]
    if result.first_damaged is not None:
        file, line = result.first_damaged
        lines.append(
            ngettext(
                "I couldn't use {n} line. It's {file} line {line}.",
                "I couldn't use {n} lines. The first is {file} line {line}.",
                result.damaged,
                file=file,
                line=str(line),
            )
        )
    lines += [
        _("There's no {table} here, so I went without.", table=name) for name in result.absent
    ]
    if result.added:
        lines.append(
            _(
                "People can find, name and rate the new films. I won't pick any of them before "
                "somebody rates it."
            )
        )
    lines.append(_("A running bot knows all this after its next fit or restart."))
    return "\n".join(lines)


NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

REFUSALS: dict[str, Sentence] = {
    "imdb-import-running": N_(
        "Another import of IMDb's tables is running, so I haven't started. Wait for it to end."
    ),
    "imdb-without-films": N_(
        "I can't find {file} in {folder}, so I haven't changed anything. Put IMDb's tables there."
    ),
    "imdb-without-votes": N_(
        "I can't find {file} in {folder}, so I can't tell which films have enough votes. Put it "
        "there, or take every film with `--least-votes 0`."
    ),
    "no-kind-of-film": N_("“{typed}” is no kind of film. Choose among {choices}."),
    "table-damaged": N_(
        "I can't read {file} to its end ({cause}). Download it again, and start the import again."
    ),
}
"""Key of an error -> its sentence."""

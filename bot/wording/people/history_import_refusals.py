"""Says why a film history from another place cannot be brought in or undone."""

from bot.services.wording import safe
from bot.wording.speech import N_, Sentence


def file_name(name: str) -> str:
    """Returns the name of a file as messages have it: bold, and escaped."""
    return f"**{safe(name)}**"


REFUSALS: dict[str, Sentence] = {
    "history-too-much": N_(
        "{file} takes too long to read, so I stopped. Split it into smaller files, and keep the "
        "first line in each one."
    ),
    "import-applied": N_("I've already imported that file. To take it back, press *Undo*."),
    "import-file-lost": N_("I couldn't get your file from Discord. Upload it again."),
    "import-not-applied": N_("You haven't imported that file, so there's nothing to undo."),
    "newer-import-first": N_("You've imported {file} since then. Undo that import first."),
    "no-film-certain": N_(
        "I'm not sure about any film in {file} yet, so there's nothing to import. Choose the "
        "films first."
    ),
    "no-film-to-bring": N_("There's no film in {file} that I can import. Choose another file."),
    "no-such-import": N_("I don't have that file any more. Upload it again with `/import`."),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

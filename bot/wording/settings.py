"""Texts about the operator's settings and the start of the bot."""

from collections.abc import Sequence

from bot.wording.speech import Sentence, _, listed

REFUSALS: dict[str, Sentence] = {}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""


def unknown_language(code: str, known: Sequence[str]) -> str:
    """Returns a sentence that the language in the settings does not exist.

    code: the code in the settings.
    known: the codes of the languages that exist.
    """
    return _(
        "MATINEE_LOCALE is {language}, and I don't speak that. Set it to {languages}.",
        language=code,
        languages=listed(known, joined_by="or"),
    )

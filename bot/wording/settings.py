"""Says what concerns the operator's settings and the start of the bot."""

from collections.abc import Sequence

from bot.wording.speech import Sentence, _, listed

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""


def unknown_language(code: str, known: Sequence[str]) -> str:
    """Returns a sentence about a language in the settings that the bot does not speak.

    known: the codes of the languages that it speaks.
    """
    return _(
        "MATINEE_LOCALE is {language}, and I don't speak that. Set it to {languages}.",
        language=code,
        languages=listed(known, joined_by="or"),
    )

"""Says what concerns the taste quiz and the questions about one film."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

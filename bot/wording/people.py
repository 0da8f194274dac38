"""Says what concerns a person's settings and what is known about them."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

"""Says what concerns reasons for films, and filters that leave nothing."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

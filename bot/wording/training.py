"""Says what concerns fits, versions of the model and experiments."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

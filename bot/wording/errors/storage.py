"""Says the errors of the storage. They concern the operator of the bot."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

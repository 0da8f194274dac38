"""Says the errors of the recommender. They concern the operator of the bot."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

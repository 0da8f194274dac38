"""The sentences for errors of the recommender. The operator of the bot reads them."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""The sentence of each error, by the error's key."""

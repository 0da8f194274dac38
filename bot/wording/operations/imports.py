"""Texts about data sets that are downloaded and read."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""

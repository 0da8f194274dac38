"""Says what concerns the bot's own state: status, doctor, backups, failures of the disk."""

from bot.wording.speech import Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""

"""Says what concerns the bot's own state: status, doctor, backups, failures of the disk."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

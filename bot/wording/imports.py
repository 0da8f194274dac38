"""Says what concerns data sets that are fetched and read."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

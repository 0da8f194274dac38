"""Says what concerns fits, versions of the model and experiments."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

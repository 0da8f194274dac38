"""Says what concerns reasons for films, and filters that leave nothing."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

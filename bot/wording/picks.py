"""Says what concerns cards of films, shelves, and what is like a film."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

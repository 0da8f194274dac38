"""Says what concerns a person's settings and what is known about them."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

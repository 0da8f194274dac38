"""Says what concerns the taste quiz and the questions about one film."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

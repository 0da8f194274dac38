"""Says what concerns interactions as such: lost connections, missing permissions."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

"""Says what concerns scheduled posts, the weekly digest and `/setup`."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

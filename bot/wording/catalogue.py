"""Says what concerns films, genres, moods and languages that a person names."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

"""Says the errors of the recommender. They concern the operator of the bot."""

REFUSALS: dict[str, str] = {}
"""Key of an error -> its sentence."""

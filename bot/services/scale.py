"""The rating scale: the four emoji for rating a film, and the stars that each gives."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScaleStep:
    """One step of the rating scale.

    Attributes:
        emoji: the emoji that the bot puts under a card (its message about a film).
        name: what the emoji means, such as "loved".
        stars: the stars that a reaction with the emoji gives, 0.5 to 5.
    """

    emoji: str
    name: str
    stars: float


LEGEND = (
    ScaleStep("❤️", "loved", 5.0),
    ScaleStep("👍", "liked", 4.0),
    ScaleStep("😐", "fine", 3.0),
    ScaleStep("👎", "disliked", 1.5),
)
"""The four rating emoji, in the order in which the bot puts them under a card."""

POST_SEEDS = LEGEND[:1]
"""The rating emoji that the bot puts under a scheduled post. Each one costs a request, and Discord
limits how many there are for a channel. The legend says what the others mean.
"""


def seeds(surface: str) -> tuple[ScaleStep, ...]:
    """Returns the steps of the scale whose emoji the bot puts under a message about a film.

    surface: what made the bot show the film, such as "post" for a scheduled post.
    """
    return POST_SEEDS if surface == "post" else LEGEND


SCALE: dict[str, float] = {step.emoji: step.stars for step in LEGEND}
"""The stars of each emoji, in the order of `LEGEND`. If a person added several reactions and their
order is unknown, the first emoji here decides.
"""

HALF_STARS = tuple(step / 2 for step in range(1, 11))
"""The stars that `/rate` takes: 0.5 to 5 in halves."""

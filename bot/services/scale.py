"""The reaction scale: the emoji of the legend and the stars that they mean."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScaleStep:
    """One step of the reaction scale.

    Attributes:
        emoji: the emoji of the legend.
        name: its name.
        stars: the stars that it means, 0.5 to 5.
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

SCALE: dict[str, float] = {step.emoji: step.stars for step in LEGEND}
"""emoji -> stars, in the order of the legend. That order decides between simultaneous reactions."""

HALF_STARS = tuple(step / 2 for step in range(1, 11))
"""The stars that `/rate` takes: 0.5 to 5 in halves."""


def star_words(stars: float) -> str:
    """Returns "❤️ loved" for a value of the legend, "★ 4.5" for any other."""
    for step in LEGEND:
        if step.stars == stars:
            return f"{step.emoji} {step.name}"
    return f"★ {stars:g}"

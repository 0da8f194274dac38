"""The reaction scale: which emoji stands for how many stars, in the order of the legend."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScaleStep:
    """One emoji of the legend: what it is called and how many stars it stands for."""

    emoji: str
    name: str
    stars: float


LEGEND = (
    ScaleStep("❤️", "loved", 5.0),
    ScaleStep("👍", "liked", 4.0),
    ScaleStep("😐", "fine", 3.0),
    ScaleStep("👎", "disliked", 1.5),
)

SCALE: dict[str, float] = {mark.emoji: mark.stars for mark in LEGEND}
"""emoji -> stars, in the order of the legend: the order decides where time cannot."""

HALF_STARS = tuple(step / 2 for step in range(1, 11))
"""What `/rate` takes: 0.5 to 5 in halves."""


def words(stars: float) -> str:
    """ "❤️ loved" for a value of the legend, "★ 4.5" for any other."""
    for mark in LEGEND:
        if mark.stars == stars:
            return f"{mark.emoji} {mark.name}"
    return f"★ {stars:g}"

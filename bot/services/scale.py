"""Rating scales: the emoji for rating a film, and the stars that each gives.

There is a usual scale with four emoji. A server may have its own.
"""

from dataclasses import dataclass, field

from storage.feedback.scales import StoredScale, stars_of


@dataclass(frozen=True)
class ScaleStep:
    """One step of the rating scale.

    Attributes:
        emoji: the emoji that the bot puts under a card (its message about a film).
        name: what the emoji means, such as "loved"; "" in a server's own scale.
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

POST_SEEDS = 1
"""How many rating emoji the bot puts under a scheduled post. Each one costs a request, and Discord
limits how many there are for a channel. The legend says what the others mean.
"""


@dataclass(frozen=True)
class RatingScale:
    """The emoji that rate a film, as the legend of a card (a message about a film) shows them.

    Attributes:
        steps: the emoji and their stars, in the order of the legend.
        id: the id of a server's own scale; None for the usual scale.
    """

    steps: tuple[ScaleStep, ...]
    id: int | None = None

    def rates(self, emoji: str) -> bool:
        """True if a reaction with this emoji gives stars.

        emoji: the emoji as Discord sends it or as it is stored.
        """
        return stars_of({step.emoji: step.stars for step in self.steps}, emoji) is not None

    def seeds(self, surface: str) -> tuple[ScaleStep, ...]:
        """Returns the steps whose emoji the bot puts under a message about a film.

        surface: what made the bot show the film, such as "post" for a scheduled post.
        """
        return self.steps[:POST_SEEDS] if surface == "post" else self.steps


USUAL_SCALE = RatingScale(LEGEND)


def server_scale(stored: StoredScale) -> RatingScale:
    """Returns a server's own scale as it was stored."""
    return RatingScale(
        tuple(ScaleStep(emoji, "", stars) for emoji, stars in stored.steps), stored.id
    )


@dataclass(frozen=True)
class ServerScales:
    """The servers' own scales, kept in memory, because every card shows one.

    Attributes:
        known: every stored scale by its id. Old cards (messages about a film) show scales that
            their server uses no more.
        chosen: the id of the scale of new cards, by the server's id. Servers with the usual scale
            are left out.
    """

    known: dict[int, RatingScale] = field(default_factory=dict)
    chosen: dict[int, int] = field(default_factory=dict)

    def of_server(self, guild_id: int | None) -> RatingScale:
        """Returns the scale of a server's new cards; the usual one outside of a server."""
        return self.with_id(self.chosen.get(guild_id or 0))

    def with_id(self, scale_id: int | None) -> RatingScale:
        """Returns the scale with this id; the usual one for None and for an unknown id."""
        return self.known.get(scale_id or 0, USUAL_SCALE)


SCALE: dict[str, float] = {step.emoji: step.stars for step in LEGEND}
"""The stars of each emoji of the usual scale, in the order of `LEGEND`. If a person added several
reactions and their order is unknown, the first emoji here decides.
"""


def usual_stars(emoji: str) -> float | None:
    """Returns the stars that an emoji gives by the usual scale; None if it gives none.

    emoji: the emoji as Discord sends it or as it is stored.
    """
    return stars_of(SCALE, emoji)


HALF_STARS = tuple(step / 2 for step in range(1, 11))
"""The stars that `/rate` takes: 0.5 to 5 in halves."""

"""The wild card: one labelled pick that gives new and little known films a chance.

Which film it is follows Thompson sampling (Thompson 1933; Chapelle and Li 2011): the person's own
score of a film is taken as the guess, and how far a film is liked beyond its score is drawn from
what the model believes of it. The belief is a Beta distribution about the usual share of picks that
are taken, worth as many imagined answers as the film has ratings and a few more, and moved by what
came of its wild cards. So a film that nobody knows is drawn widely and gets its turn, one that was
refused often falls, and one that is liked gathers ratings with which the ranker places it itself.

Only new films and those of the long tail take part, each at most `cap` times: no film is forced on
anybody. Who chooses crowd-pleasers gets none.
"""

from dataclasses import dataclass

import numpy as np

from recommender.context.lift import WORTH
from recommender.numeric.arrays import Array64, Bools, Ints64
from recommender.numeric.top_k import top_k
from recommender.pipeline.contextual_scores import SPREAD_FILMS
from recommender.pipeline.long_tail import long_tail_by_count


@dataclass(frozen=True)
class WildConfig:
    """share: of the cards that hold one where the dial stands in the middle; fresh: share of them
    that go to new films, where one suits: the long tail is many films, and would leave them none;
    cap: impressions of a film as a wild card; usual: share of picks that are taken; strength:
    imagined answers behind the belief in a film without ratings; known: ratings that count as one
    more; off: adventurousness up to which there is none; near: spreads of the best scores that a
    film may stay behind the last pick, so that it suits the person at all."""

    share: float = 0.35
    fresh: float = 0.8
    cap: int = 60
    usual: float = 0.2
    strength: float = 4.0
    known: float = 2.0
    off: float = 0.25
    near: float = 4.0


@dataclass(frozen=True, eq=False)
class WildPool:
    """films: (k,) rows that may be a wild card; taken, refused: (k,) of the Beta belief; left: (k,)
    impressions that each has left; new: (k,) whether it is new."""

    films: Ints64
    taken: Array64
    refused: Array64
    left: Ints64
    new: Bools
    config: WildConfig

    def shown(self, film: int) -> "WildPool":
        """After one more impression of a film, before its outcome is known."""
        left = self.left - (self.films == film)
        keep = left > 0
        return WildPool(
            self.films[keep], self.taken[keep], self.refused[keep], left[keep], self.new[keep],
            self.config,
        )  # fmt: skip


def wild_pool(
    count: Array64,
    new: Bools,
    shown: Ints64,
    rewards: Array64,
    config: WildConfig = WildConfig(),
) -> WildPool:
    """What may be a wild card now. count: (films,) ratings; new: (films,) whether a film came into
    the catalogue lately; shown: (films,) its impressions as a wild card so far; rewards: (films,)
    the sum of what came of them, 0 … 1 each (`outcomes.credit`)."""
    films = np.flatnonzero((new | long_tail_by_count(count)) & (shown < config.cap))
    weight = config.strength + count[films] / config.known
    took = np.minimum(rewards[films], shown[films])
    return WildPool(
        films,
        config.usual * weight + took,
        (1 - config.usual) * weight + shown[films] - took,
        config.cap - shown[films],
        new[films],
        config,
    )


def has_wild_card(adventurousness: float, config: WildConfig, rng: np.random.Generator) -> bool:
    """Whether this card holds one: never for crowd-pleasers, more often the further the dial is
    turned to deep cuts."""
    if adventurousness <= config.off:
        return False
    return bool(rng.random() < min(1.0, config.share * 2 * adventurousness))


def draw_wild_card(
    scores: Array64,
    allowed: Bools,
    chosen: Ints64,
    pool: WildPool,
    rng: np.random.Generator,
) -> int:
    """The film for the last place of a card, -1 where none suits. scores: (films,) the person's;
    allowed: (films,) what may be shown to them; chosen: (n,) the card's other picks."""
    mine = allowed[pool.films] & ~np.isin(pool.films, chosen)
    if not mine.any() or not len(chosen):
        return -1
    fit = scores[allowed]
    spread = float(fit[top_k(fit, SPREAD_FILMS)].std())
    last = float(scores[chosen].min())
    behind = (last - scores[pool.films]) / spread if spread > 0 else np.zeros(len(pool.films))
    mine &= behind <= pool.config.near
    if not mine.any():
        return -1
    fresh = mine & pool.new
    some = np.flatnonzero(fresh if fresh.any() and rng.random() < pool.config.fresh else mine)
    belief = np.clip(rng.beta(pool.taken[some], pool.refused[some]), 1e-3, 1 - 1e-3)
    usual = pool.config.usual
    beyond = np.log(belief / (1 - belief)) - np.log(usual / (1 - usual))
    value = -behind[some] + WORTH * beyond
    return int(pool.films[some[int(np.argmax(value))]])

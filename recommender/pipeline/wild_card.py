"""The wild card: one labelled pick that gives new and little known films a chance.

The film is drawn by Thompson sampling (Thompson 1933; Chapelle and Li 2011). The value of a film is
the person's own score plus a random bonus. The bonus comes from a belief about how often people
accept the film when they see it: a Beta distribution. Before anybody has seen the film as a wild
card, the mean of the belief is the share of picks that people usually accept. This first belief has
the weight of `WildConfig.prior_strength` imagined answers, plus some for the film's ratings. Each
answer to the film as a wild card then changes it.

A film without answers has a wide belief and therefore gets its turn. A film that was often refused
gets lower bonuses. A film that is liked gathers ratings, and then the ranking recommends it without
help.

Only new films and those of the long tail (films with few ratings) take part, each at most
`WildConfig.max_impressions` times, so that no film is forced on anybody. People who have set their
adventurousness to well-known films get no wild cards.
"""

from dataclasses import dataclass

import numpy as np

from recommender.context.lift import SPREADS_PER_LOG_ODDS
from recommender.numeric.arrays import Array64, Bools, Ints64
from recommender.numeric.top_k import top_k
from recommender.pipeline.contextual_scores import SPREAD_FILMS
from recommender.pipeline.long_tail import long_tail_by_count


@dataclass(frozen=True)
class WildConfig:
    """Settings of how often a wild card is drawn, and which.

    Attributes:
        card_share: share of the cards that get a wild card at middle adventurousness (0.5).
        new_share: share of the wild cards that go to new films, if a new film suits. Without this
            share the many films of the long tail would nearly always win over the few new ones.
        max_impressions: how often one film may be shown as a wild card.
        taken_rate: share of picks that people usually accept, the mean of the first belief.
        prior_strength: imagined answers in the first belief about a film without ratings.
        ratings_per_answer: number of the film's ratings that add one imagined answer.
        min_adventurousness: people at or below this adventurousness (0 to 1) get no wild card.
        max_gap: how far a film's score may lie below that of the last pick, in standard deviations
            of the best films' scores. Films further below are never drawn.
    """

    card_share: float = 0.35
    new_share: float = 0.8
    max_impressions: int = 60
    taken_rate: float = 0.2
    prior_strength: float = 4.0
    ratings_per_answer: float = 2.0
    min_adventurousness: float = 0.25
    max_gap: float = 4.0


@dataclass(frozen=True, eq=False)
class WildPool:
    """The films that may be a wild card now, and the belief about each.

    Attributes:
        films: (k,) rows of the films.
        taken: (k,) first parameter of the Beta belief: real and imagined answers that accepted the
            film.
        refused: (k,) second parameter of the Beta belief: answers that refused the film.
        impressions_left: (k,) how often each film may still be shown as a wild card, at least 1.
        new: (k,) True if the film is new.
        config: the settings of the draw.
    """

    films: Ints64
    taken: Array64
    refused: Array64
    impressions_left: Ints64
    new: Bools
    config: WildConfig

    def after_impression(self, film: int) -> "WildPool":
        """Returns the pool after a film was shown as a wild card once more.

        The belief stays the same, since nobody has answered yet.
        """
        left = self.impressions_left - (self.films == film)
        keep = left > 0
        return WildPool(
            self.films[keep], self.taken[keep], self.refused[keep], left[keep], self.new[keep],
            self.config,
        )  # fmt: skip


def wild_pool(
    count: Array64,
    new: Bools,
    impressions: Ints64,
    rewards: Array64,
    config: WildConfig = WildConfig(),
) -> WildPool:
    """Returns the films that may be a wild card now.

    count: (films,) number of ratings. new: (films,) True if the film came into the catalogue
    lately. impressions: (films,) how often it was shown as a wild card so far. rewards: (films,)
    sum of the rewards of these impressions, 0 to 1 each (`feedback.credit`).
    """
    may_show = impressions < config.max_impressions
    films = np.flatnonzero((new | long_tail_by_count(count)) & may_show)
    weight = config.prior_strength + count[films] / config.ratings_per_answer
    taken = np.minimum(rewards[films], impressions[films])
    return WildPool(
        films,
        config.taken_rate * weight + taken,
        (1 - config.taken_rate) * weight + impressions[films] - taken,
        config.max_impressions - impressions[films],
        new[films],
        config,
    )


def has_wild_card(adventurousness: float, config: WildConfig, rng: np.random.Generator) -> bool:
    """Returns True if this card gets a wild card.

    The chance grows with adventurousness (0 to 1) and is 0 up to `min_adventurousness`.
    """
    if adventurousness <= config.min_adventurousness:
        return False
    return bool(rng.random() < min(1.0, config.card_share * 2 * adventurousness))


def draw_wild_card(
    scores: Array64,
    allowed: Bools,
    chosen: Ints64,
    pool: WildPool,
    rng: np.random.Generator,
) -> int:
    """Returns the row of the film for the last place of a card, or -1 if no film suits.

    scores: (films,) the person's scores. allowed: (films,) True if a film may be shown to them.
    chosen: (n,) rows of the card's other picks.
    """
    suits = allowed[pool.films] & ~np.isin(pool.films, chosen)
    if not suits.any() or not len(chosen):
        return -1
    allowed_scores = scores[allowed]
    spread = float(allowed_scores[top_k(allowed_scores, SPREAD_FILMS)].std())
    last = float(scores[chosen].min())
    behind = (last - scores[pool.films]) / spread if spread > 0 else np.zeros(len(pool.films))
    suits &= behind <= pool.config.max_gap
    if not suits.any():
        return -1
    new = suits & pool.new
    only_new = new.any() and rng.random() < pool.config.new_share
    some = np.flatnonzero(new if only_new else suits)
    belief = np.clip(rng.beta(pool.taken[some], pool.refused[some]), 1e-3, 1 - 1e-3)
    usual = pool.config.taken_rate
    beyond = np.log(belief / (1 - belief)) - np.log(usual / (1 - usual))
    value = -behind[some] + SPREADS_PER_LOG_ODDS * beyond
    return int(pool.films[some[int(np.argmax(value))]])

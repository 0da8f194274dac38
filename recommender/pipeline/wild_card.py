"""The wild card: one labelled pick that gives new and little known films a chance.

The film is drawn by Thompson sampling (Thompson 1933; Chapelle and Li 2011). The value of a film is
its score for the person plus a random bonus. The bonus is drawn from a Beta distribution, which is
the belief about how often people accept the film when they see it. Before anybody has seen the film
as a wild card, the mean of the belief is the share of picks that people usually accept. This first
belief has the weight of `WildConfig.prior_strength` imagined answers, plus some for the film's
ratings. Each answer to the film as a wild card then changes it.

A film without answers has a wide belief and therefore gets its turn. A film that was often refused
gets lower bonuses. A film that is liked gathers ratings, and then the ranking recommends it without
help.

Only new films and those of the long tail (films with few ratings) take part. Each is shown at most
`WildConfig.max_impressions` times, so that no film is forced on anybody. People who have set their
adventurousness to well-known films get no wild cards.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, betaincinv, expit, logit

from recommender.context.lift import SPREADS_PER_LOG_ODDS
from recommender.numeric.arrays import Array64, Bools, Ints64
from recommender.pipeline.long_tail import long_tail_by_count

BELIEF_LIMITS = (
    1e-3,
    1 - 1e-3,
)  # drawn beliefs are kept between these, so that no bonus is infinite
CHANCE_POINTS = 16  # beliefs of a film at which its chance to be drawn is computed
CHANCE_RIVALS = 96  # at most this number of rivals is used to compute the chance
LEAST_CHANCE = 1e-6  # a film that was drawn had at least this chance


def _chance_rule() -> tuple[Array64, Array64]:
    """Returns at which quantiles of a film's belief its chance is computed, and their weights.

    A film wins with high beliefs, so the quantiles are closer together near the highest: they are
    1 - x ** 4 for the points x of the Gauss-Legendre rule from 0 to 1. The weights add up to 1.
    """
    points, weights = np.polynomial.legendre.leggauss(CHANCE_POINTS)
    root = (points + 1.0) / 2.0
    return 1.0 - root**4, 2.0 * root**3 * weights


_CHANCE_LEVELS, _CHANCE_WEIGHTS = _chance_rule()


@dataclass(frozen=True)
class WildConfig:
    """Settings of wild cards, which are picks that give new and little-known films a chance.

    Attributes:
        card_share: share of the cards (messages with films) that get a wild card at middle
            adventurousness (0.5).
        new_share: share of the wild cards that go to new films, if a new film suits. Without this
            share the many films with few ratings would nearly always win over the few new ones.
        max_impressions: how often one film may be shown as a wild card.
        taken_rate: share of picks that people usually accept, the mean of the first belief about a
            film.
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
    max_gap: float = 5.0


@dataclass(frozen=True, eq=False)
class WildPool:
    """The films that may be a wild card now, with beliefs about how often people accept each.

    A wild card is a pick that gives a new or little-known film a chance.

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
        """Returns the films that may be a wild card after one of them has been shown once more.

        A wild card is a random pick that gives a new or little-known film a chance. The belief
        about the film stays the same, since nobody has answered yet. film: row of the film.
        """
        left = self.impressions_left - (self.films == film)
        keep = left > 0
        if keep.all():
            return replace(self, impressions_left=left)
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

    A wild card is a pick that gives a new or little-known film a chance. count: (films,) number of
    ratings. new: (films,) True if the film came into the catalogue lately. impressions: (films,)
    how often it was shown as a wild card so far. rewards: (films,) sum of the rewards, 0 to 1 each,
    that people's acts gave these impressions.
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
    """Decides at random whether a message gets a wild card (a film drawn at random).

    The chance is `card_chance`, which grows with the person's adventurousness.
    """
    chance = card_chance(adventurousness, config)
    return chance > 0 and bool(rng.random() < chance)


def card_chance(adventurousness: float, config: WildConfig) -> float:
    """Returns the chance that a message gets a wild card (a film drawn at random).

    It grows with adventurousness (0 to 1) and is 0 up to `min_adventurousness`.
    """
    if adventurousness <= config.min_adventurousness:
        return 0.0
    return min(1.0, config.card_share * 2 * adventurousness)


class Suiting(NamedTuple):
    """Which films of the pool may be drawn for a message.

    Attributes:
        films: (k,) True for each of the k films of the pool that may be drawn.
        behind: (k,) the distance from the film's score to that of the message's film with the
            lowest score, in standard deviations of the best allowed films' scores.
    """

    films: Bools
    behind: Array64


def suiting(
    scores: Array64, allowed: Bools, chosen: Ints64, spread: float, pool: WildPool
) -> Suiting:
    """Returns which films of the pool may be drawn for a message, and how far each is behind.

    scores: (films,) the person's scores. allowed: (films,) True if a film may be shown. chosen:
    (n,) rows of the message's other films. spread: standard deviation of the best allowed films'
    scores.
    """
    free = allowed.copy()
    free[chosen] = False
    suits = free[pool.films]
    if not suits.any() or not len(chosen):
        return Suiting(np.zeros(len(pool.films), np.bool_), np.zeros(len(pool.films)))
    last = float(scores[chosen].min())
    behind = (last - scores[pool.films]) / spread if spread > 0 else np.zeros(len(pool.films))
    return Suiting(suits & (behind <= pool.config.max_gap), behind)


def draw_wild_card(suited: Suiting, pool: WildPool, rng: np.random.Generator) -> int:
    """Returns the row of the film drawn for the last place of a message, or -1 if no film suits.

    suited: what `suiting` returned for the message and the pool.
    """
    suits, behind = suited
    if not suits.any():
        return -1
    new = suits & pool.new
    only_new = new.any() and rng.random() < pool.config.new_share
    some = np.flatnonzero(new if only_new else suits)
    belief = np.clip(rng.beta(pool.taken[some], pool.refused[some]), *BELIEF_LIMITS)
    value = -behind[some] + SPREADS_PER_LOG_ODDS * (logit(belief) - logit(pool.config.taken_rate))
    return int(pool.films[some[int(np.argmax(value))]])


def draw_chance(film: int, suited: Suiting, pool: WildPool) -> float:
    """Returns the chance that `draw_wild_card` returns this film row, for the same arguments.

    It is 0 for a film that cannot be drawn. If many films may be drawn, it is an estimate.
    """
    suits, behind = suited
    at = np.flatnonzero(suits & (pool.films == film))
    if not len(at):
        return 0.0
    place, new = int(at[0]), suits & pool.new
    if not new.any():
        return _chance_to_win(place, np.flatnonzero(suits), behind, pool)
    share = pool.config.new_share
    chance = (1 - share) * _chance_to_win(place, np.flatnonzero(suits), behind, pool)
    if pool.new[place]:
        chance += share * _chance_to_win(place, np.flatnonzero(new), behind, pool)
    return chance


def _chance_to_win(place: int, among: Ints64, behind: Array64, pool: WildPool) -> float:
    """Returns the chance that a film has the greatest value in a random draw of a wild card.

    A film's value is its score plus a random bonus from the belief about how often it is accepted.
    The chance is the integral, over the film's own bonus, of the chance that no rival has a greater
    value. If there are many rivals, every n-th in the order of `behind` represents the others.

    place: the film's position in the pool. among: positions of all films in the draw. behind: (k,)
    how far each film's score is behind, in standard deviations. pool: the films with their beliefs.
    """
    rivals = among[among != place]
    rivals = rivals[np.argsort(behind[rivals], kind="stable")]
    step = -(-len(rivals) // CHANCE_RIVALS) if len(rivals) else 1
    rivals = rivals[step // 2 :: step]
    own = betaincinv(pool.taken[place], pool.refused[place], _CHANCE_LEVELS)
    needed = logit(np.clip(own, *BELIEF_LIMITS))[:, None]
    needed = expit(needed + (behind[rivals] - behind[place]) / SPREADS_PER_LOG_ODDS)
    low, high = BELIEF_LIMITS
    lower = betainc(pool.taken[rivals], pool.refused[rivals], needed)
    lower = np.where(needed >= high, 1.0, np.where(needed < low, 0.0, lower))
    return float(_CHANCE_WEIGHTS @ np.prod(lower, axis=1) ** step)

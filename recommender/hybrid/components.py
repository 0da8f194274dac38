"""The components of the blend: how each model's scores are calibrated, and how its weight grows.

The blend is a weighted sum of the scores of several models. A scorer is a model that gives every
film a score. To make the scores of different scorers comparable, each scorer has a component. It
shifts and scales the scorer's scores to mean 0 and standard deviation 1 over the films that the
scorer covers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.hybrid.config import RankingConfig
from recommender.numeric.arrays import Array64, Bools, Ints
from recommender.numeric.top_k import top_k

COVERAGE_BITS = {"item": 1, "factors": 2, "newcomer": 2, "tags": 4}
"""The bit of each component (model in the blend) in a film's coverage code. The code is the sum
of the bits of all components that can score the film. The newcomer model and the factor models
can score the same films."""
GROWTH_POWER = 3  # exponent of the number of ratings in the weight of a component
LEVEL_FILMS = 20  # kinds of films are compared by the mean score of this number of their best
MAX_LOGIT = 50.0  # beyond it, a logistic function is 0 or 1 to all digits
MIN_COVERED_WEIGHT = 1e-3  # a sum of weights that is a divisor is at least this
EQUAL_VARIANCE = 1e-6  # a smaller share of the mean square is an error of the fit or of rounding


@dataclass(frozen=True, eq=False)
class Component:
    """The calibration of one scorer (a model that scores films) in the blend, a weighted sum.

    Attributes:
        name: "item", "factors", "newcomer" or "tags".
        centre: mean of the scorer's scores over the films that it can score.
        spread: standard deviation of these scores, or 1 if they are all equal.
        weight: weight of the scorer in the blend.
        covered: (films,) how much of the scorer's score counts for a film: 1 if it can score the
            film, 0 if it cannot. A film without ratings has `RankingModel.unrated_share` in the
            factor models and the newcomer model.
    """

    name: str
    centre: float
    spread: float
    weight: float
    covered: Bools | Array64

    @property
    def scale(self) -> float:
        """How much the score of the blend (weighted sum) grows if the scorer's score grows by 1."""
        return self.weight / self.spread


def calibrated_component(name: str, scores: Array64, weight: float, covered: Bools) -> Component:
    """Returns the calibration of a scorer (a model that scores films) in the blend.

    name: "item", "factors", "newcomer" or "tags". scores: the scorer's scores of the films that it
    can score. weight: its weight in the blend. covered: (films,) True for films that it can score.
    """
    centre = float(scores.mean())
    return Component(name, centre, spread_divisor(float(scores.std()), centre), weight, covered)


def spread_divisor(spread: float, centre: float) -> float:
    """Returns the standard deviation to divide scores by: `spread`, or 1 if all scores are equal.

    Scores count as equal if they only differ by rounding. centre: mean of the scores.
    """
    return spread if spread > 1e-9 * max(1.0, abs(centre)) else 1.0


def spread_from_moments(square: float, centre: float) -> float:
    """Returns the standard deviation to divide a factor model's scores by; 1 if all are equal.

    The factors of films with the same ratings differ a little, because they are not solved exactly.
    Divided by so small a spread, such differences would decide what is recommended. square: mean of
    the squared scores. centre: mean of the scores.
    """
    variance = square - centre * centre
    spread = float(np.sqrt(variance)) if variance > EQUAL_VARIANCE * square else 0.0
    return spread_divisor(spread, centre)


def standardise(values: Array64) -> Array64:
    """Returns the values shifted and scaled to mean 0 and standard deviation 1."""
    if not len(values):
        return values
    centre = float(values.mean())
    return np.asarray((values - centre) / spread_divisor(float(values.std()), centre))


def standard_place(value: float, values: Array64) -> float:
    """Returns by how many standard deviations a value is above the mean of other values.

    values: (n,) the other values. If it is empty, the result is 0.
    """
    if not len(values):
        return 0.0
    centre = float(values.mean())
    return (value - centre) / spread_divisor(float(values.std()), centre)


def content_gate(evidence: float, fame: float, ratings: int, config: RankingConfig) -> float:
    """Returns a factor, 0 to 1, on the weight of the content model for a person.

    It is the chance that the person's films are better predicted from facts, such as tags, than
    from other people's ratings. It is a logistic function of the three numbers below.

    evidence: how well facts find a loved film from the person's other loved films, 0 to 1
    (`ContentTaste.evidence`). fame: mean percentile, 0 to 1, of their loved films by popularity.
    ratings: number of their ratings.
    """
    away = config.gate_bias + config.gate_content * evidence - config.gate_fame * fame
    against = np.clip(config.gate_ratings * np.log1p(ratings) - away, -MAX_LOGIT, MAX_LOGIT)
    return float(1.0 / (1.0 + np.exp(against)))


def trust(people: int, half: float) -> float:
    """Returns a factor, 0 to 1, on the weight of models of other people's ratings.

    people: number of people who rated. half: number of people at which it is one half.
    """
    return people**2 / (people**2 + half**2)


def coverage_boosts(
    components: list[Component],
    popularity_weight: float,
    redistribution: float,
    unrated_share: float,
) -> Array64:
    """Returns (codes,) a factor on the sum of popularity and all components for the films with each
    coverage code, which is the sum of the `COVERAGE_BITS` of the components that can score a film.

    A component is a model in the blend, a weighted sum of scores. The factor is 1 if all components
    can score the film. If some cannot, the factor is larger, so that the others take over a share
    of their weight.

    Args:
        components: the components.
        popularity_weight: the weight of popularity.
        redistribution: the share of the weight that is taken over, 0 to 1.
        unrated_share: how much of a factor model's score counts for a film without ratings, 0 to 1.
    """
    bits = np.array([COVERAGE_BITS[component.name] for component in components], np.int64)
    weights = np.array([component.weight for component in components], np.float64)
    silent = np.where(bits == COVERAGE_BITS["factors"], 1.0 - unrated_share, 1.0)
    missing = (np.arange(1 << len(COVERAGE_BITS))[:, None] & bits == 0) @ (weights * silent)
    covering = np.maximum(popularity_weight + weights.sum() - missing, MIN_COVERED_WEIGHT)
    return np.asarray(1.0 + redistribution * missing / covering)


def raise_chosen(
    scores: Array64, kinds: Sequence[Ints], margin: float, share: float
) -> tuple[float, ...]:
    """Raises the scores of films of the kinds that a person chose in the quiz.

    Afterwards, the best films of each kind score higher than the best of all films did, by
    `margin`. A list then has films of each kind, even of a kind whose films few people know.
    Returns what is added to the scores of each kind's films. A film of several kinds gets the
    largest of these amounts.

    scores: (films,) scores, which are changed. kinds: rows of the films of each kind. share: factor
    on the rise, 0 to 1.
    """
    if not kinds:
        return ()
    level = float(scores[top_k(scores, LEVEL_FILMS)].mean())
    raised, most = [], np.zeros(len(scores))
    for rows in kinds:
        own = scores[rows]
        best = float(own[top_k(own, LEVEL_FILMS)].mean()) if len(rows) else level
        raised.append(share * max(0.0, level - best + margin))
        most[rows] = np.maximum(most[rows], raised[-1])
    scores += most
    return tuple(raised)


def growth(ratings: int, half: float) -> float:
    """Returns a factor, 0 to 1, on the weight of a model for a person with some number of ratings.

    It is 0 without ratings, grows slowly at first, is one half at `half` ratings, and approaches 1
    soon after.
    """
    return float(ratings**GROWTH_POWER / (ratings**GROWTH_POWER + half**GROWTH_POWER))

"""Finds films for a group that meets again and again, and remembers who was served worst.

The strategy is "average without misery" (Masthoff 2004, "Group modeling: selecting a sequence of
television items to suit a group of viewers"), with the stars that each person would probably give.
Their average is a cautious one: the fewer stars a person would give, the more each star counts. So
a film that everybody likes well enough comes before one that all but one of them love.

The memory is the number of nights on which each person was worst off, which means that nobody else
gave the film as few stars. The chance that a person is worst off again lowers a film's score by the
square of that number.

`matinee evaluate groups` measures both on held-out ratings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from recommender.data import Query
from recommender.errors import DataError
from recommender.models.stars import StarModel
from recommender.numeric.arrays import Array64, Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.groups.group import (
    FILMS_PER_PICK,
    MIN_RANKED,
    RATING_STEP,
    GroupPick,
    GroupRecommendations,
    calibrate,
)
from recommender.pipeline.recommender import Recommender

LOWEST, HIGHEST = 0.5, 5.0  # stars that can be given
LOW_STARS = 2.5  # the most stars that mean a spoilt evening
LIKELY = 0.3  # a film spoils an evening if the chance of at most LOW_STARS is above this


@dataclass(frozen=True)
class NightConfig:
    """Settings of the ranking for a group that meets again and again.

    Attributes:
        caution: how much more the low stars of a group count than the high ones, per star. At 0
            the average is the plain one.
        taste: stars that are added for each standard deviation of a person's ranking score. The
            score also knows what is not in the ratings, such as answers of the quiz.
        memory: stars that a film loses if it is certain that a person who was worst off once will
            be worst off again.
    """

    caution: float = 1.5
    taste: float = 0.2
    memory: float = 1.0

    def __post_init__(self) -> None:
        if min(self.caution, self.taste, self.memory) < 0:
            raise DataError("misery-out-of-range")


@dataclass(frozen=True, eq=False)
class Fit:
    """How well films suit the people of a group.

    Attributes:
        stars: (people, films) the stars that each person would probably give.
        spread: (people, films) standard deviation of the stars that they would actually give.
        scores: (people, films) scores of the ranking model, with mean 0 and standard deviation 1
            for each person.
    """

    stars: Array64
    spread: Array64
    scores: Array64


def recommend_for_night(
    model: Recommender,
    queries: Sequence[Query],
    n: int = 10,
    worst_off: Sequence[int] = (),
    config: NightConfig = NightConfig(),
) -> GroupRecommendations:
    """Returns up to n films for several people together, best first.

    The list has at most one film of a series and at most one edition of a film. The time and the
    mood in the queries change nothing.

    queries: one for each person. worst_off: for each person, on how many earlier nights they were
    worst off; empty for a group that has not met before. Raises DataError if there are no queries,
    or if the numbers do not agree.
    """
    if not queries:
        raise DataError("group-empty")
    each = [apply_filters(model.catalogue, query) for query in queries]
    films = np.flatnonzero(np.logical_and.reduce([one.films for one in each]))
    if not len(films):
        return GroupRecommendations((), next((one.loosen for one in each if one.loosen), ()))
    scores = calibrate(np.array([model.score(query) for query in queries]))[:, films]
    wanted = FILMS_PER_PICK * n
    best = top_k(np.sort(scores, axis=0).sum(axis=0), max(wanted, MIN_RANKED))
    fit = fit_of(model.stars, queries, films[best], scores[:, best])
    below = np.sort(scores, axis=1)
    chosen: list[GroupPick] = []
    taken: set[int] = set()
    parts, spoilt = _parts(fit), _chance_of_few_stars(fit) > LIKELY
    for place in rank_for_night(fit, worst_off, config)[:wanted].tolist():
        row = int(films[best][place])
        kin = {int(model.series[row]), int(model.editions[row])}
        if len(chosen) < n and not taken & kin:
            taken |= kin
            own = fit.scores[:, place]
            shares = [
                float(np.searchsorted(all_, one, side="right")) / len(films)
                for all_, one in zip(below, own, strict=True)
            ]
            pick = GroupPick(
                row,
                float(parts[:, place].sum()),
                tuple(parts[:, place].tolist()),
                tuple(shares),
                tuple(np.flatnonzero(spoilt[:, place]).tolist()),
            )
            chosen.append(pick)
    return GroupRecommendations(tuple(chosen))


def fit_of(stars: StarModel | None, queries: Sequence[Query], films: Rows, scores: Array64) -> Fit:
    """Returns how well k films suit each person of a group.

    If nobody's stars can be predicted, because few people have rated, the scores take the place of
    the stars.

    stars: the model that predicts stars; None if it was not fitted. queries: one for each person.
    films: (k,) rows of the films. scores: (people, k) the people's scores of the ranking model.
    """
    if stars is not None:
        predicted = [stars.predict_place(stars.fold_in(query), films) for query in queries]
        spread = np.array([one.spread for one in predicted])
        if spread.mean() < stars.scale_spread:
            return Fit(np.array([one.expected for one in predicted]), spread, scores)
    middle = (LOWEST + HIGHEST) / 2
    return Fit(middle + scores, np.ones(scores.shape), scores)


def rank_for_night(
    fit: Fit, worst_off: Sequence[int] = (), config: NightConfig = NightConfig()
) -> Rows:
    """Returns (films,) the columns of the films, best first; of equals, the earlier one is first.

    A group of one person gets the films that they would give the most stars.

    fit: how well the films suit the people. worst_off: for each person, on how many earlier nights
    they were worst off; empty if on none. Raises DataError for numbers that do not agree.
    """
    people, films = fit.stars.shape
    before = np.array(worst_off or [0] * people, np.float64)
    if fit.scores.shape != fit.stars.shape or before.shape != (people,):
        raise DataError("group-rows-differ")
    if not (np.isfinite(fit.stars).all() and np.isfinite(fit.scores).all()):
        raise DataError("group-scores-missing")
    value = fit.stars + config.taste * fit.scores
    score = cautious_average(value, config.caution)
    if before.any() and people > 1:
        weights = config.memory * (before - before.min()) ** 2
        # Sorted first, so that rounding does not depend on the order of the people.
        lost = np.sort(weights[:, None] * worst_off_chances(fit.stars, fit.spread), axis=0)
        score = score - lost.sum(axis=0)
    return np.lexsort((np.arange(films), -score))


def cautious_average(values: Array64, caution: float) -> Array64:
    """Returns (films,) an average over the people in which low values count more than high ones.

    It is -log(mean(exp(-caution × values))) / caution, which lies between the lowest value and the
    mean.

    values: (people, films). caution: 0 for the mean.
    """
    values = np.sort(values, axis=0)  # so that rounding does not depend on the people's order
    if caution == 0.0:
        return np.asarray(values.mean(axis=0))
    lowest = values[0]
    mean = np.exp(-caution * (values - lowest)).mean(axis=0)
    return np.asarray(lowest - np.log(mean) / caution)


def worst_off_chances(stars: Array64, spread: Array64) -> Array64:
    """Returns (people, films) the chance that nobody else gives a film as few stars as a person.

    Each person's stars are taken to be normal, and are rounded to those that can be given.

    stars: (people, films) expected stars. spread: (people, films) their standard deviations.
    """
    bounds = np.arange(LOWEST, HIGHEST, RATING_STEP) + RATING_STEP / 2
    below = ndtr((bounds - stars[..., None]) / spread[..., None])
    edge = np.zeros((*stars.shape, 1))
    up_to = np.concatenate([below, edge + 1.0], axis=-1)
    exactly = np.diff(np.concatenate([edge, up_to], axis=-1), axis=-1)
    more = 1.0 - up_to
    chances = np.empty(stars.shape)
    for person in range(len(stars)):
        others = np.delete(more, person, axis=0).prod(axis=0)
        chances[person] = (exactly[person] * others).sum(axis=-1)
    return chances


def worst_off(stars: Array64) -> int | None:
    """Returns the index of the one person who gave a film the fewest stars; None if several did.

    stars: (people,) the stars that each person gave or would give; NaN if that is not known.
    """
    known = stars[np.isfinite(stars)]
    if len(known) < 2:
        return None
    lowest = np.flatnonzero(stars == known.min())
    return int(lowest[0]) if len(lowest) == 1 else None


def _parts(fit: Fit) -> Array64:
    """Returns (people, films) what each person adds to the plain average of the stars."""
    return np.asarray(fit.stars / len(fit.stars))


def _chance_of_few_stars(fit: Fit) -> Array64:
    """Returns (people, films) the chance that a film spoils a person's evening: that they give it
    at most LOW_STARS.
    """
    return np.asarray(ndtr((LOW_STARS + RATING_STEP / 2 - fit.stars) / fit.spread))

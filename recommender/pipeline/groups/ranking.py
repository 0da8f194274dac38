"""Ranks films for several people together, and remembers who was served worst.

The strategy is "average without misery" (Masthoff 2004, "Group modeling: selecting a sequence of
television items to suit a group of viewers"), with the stars that each person would probably give.
Their average is a cautious one: the fewer stars a person would give, the more each star counts. So
a film that everybody likes well enough comes before one that all but one of them love.

A list is judged as a whole: by the mean of the stars that each person would give its films. Films
are added one after the other, each so that the list up to it suits the group best. So a film that
suits one person less is followed by one that suits that person more (Serbos et al. 2017, "Fairness
in package-to-group recommendations", build fair lists in the same way).

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
from recommender.numeric.arrays import Array64, Bools, Rows

LOWEST, HIGHEST = 0.5, 5.0  # stars that can be given
RATING_STEP = 0.5  # stars between two ratings that can be given
LOW_STARS = 2.5  # the most stars that mean a spoilt evening
LIKELY = 0.3  # a film spoils an evening if the chance of at most LOW_STARS is above this
UNKNOWN_STARS = 4.0
"""Stars of a film with a mean score if nobody's stars can be predicted. So about the quarter of the
films with a person's lowest scores count as spoiling the evening.
"""
UNKNOWN = -1  # the row of a film of which nothing is known


@dataclass(frozen=True)
class GroupConfig:
    """Settings of the ranking for a group.

    Attributes:
        caution: how much more the low stars of a group count than the high ones, per star. At 0
            the average is the plain one. For a list of n films it is multiplied by the square root
            of n, because the mean of n films is known that much better than one film's stars.
        taste: stars that are added for each standard deviation of a person's ranking score. The
            score also knows what is not in the ratings, such as answers of the quiz.
        memory: stars that a film loses if it is certain that a person who was worst off once will
            be worst off again.
    """

    caution: float = 1.0
    taste: float = 0.1
    memory: float = 2.0

    def __post_init__(self) -> None:
        if min(self.caution, self.taste, self.memory) < 0:
            raise DataError("group-settings-negative")


@dataclass(frozen=True, eq=False)
class Fit:
    """How well films suit the people of a group.

    Attributes:
        stars: (people, films) the stars that each person would probably give.
        spread: (people, films) standard deviation of the stars that they would actually give.
        scores: (people, films) scores of the ranking model, with mean 0 and standard deviation 1
            for each person.
        spoilt: (people, films) True if a film would probably spoil a person's evening.
    """

    stars: Array64
    spread: Array64
    scores: Array64
    spoilt: Bools


def calibrate(scores: Array64) -> Array64:
    """Returns (people, films) scores with mean 0 and standard deviation 1 for each person.

    scores: (people, films) of a model. NaN counts as the person's mean. A person whose scores are
    all equal gets zeros.
    """
    known = np.isfinite(scores)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    centre = np.where(known, scores, 0.0).sum(axis=1, keepdims=True) / count
    away = np.where(known, scores - centre, 0.0)
    spread = np.sqrt((away**2).sum(axis=1, keepdims=True) / count)
    varies = spread > 1e-9 * np.maximum(1.0, np.abs(centre))
    return np.asarray(np.where(varies, away / np.where(varies, spread, 1.0), 0.0))


def fit_of(stars: StarModel | None, queries: Sequence[Query], films: Rows, scores: Array64) -> Fit:
    """Returns how well k films suit each person of a group.

    If nobody's stars can be predicted, because few people have rated, the scores take the place of
    the stars. A film spoils a person's evening if they would probably give it at most LOW_STARS,
    and if that is likelier than for a film of which nothing is known.

    stars: the model that predicts stars; None if it was not fitted. queries: one for each person.
    films: (k,) rows of the films. scores: (people, k) the people's scores of the ranking model.
    """
    if stars is not None:
        rows = np.append(films, UNKNOWN)
        predicted = [stars.predict_place(stars.fold_in(query), rows) for query in queries]
        expected = np.array([one.expected for one in predicted])
        spread = np.array([one.spread for one in predicted])
        if spread[:, :-1].mean() < stars.scale_spread:
            chances = _chances_of_few_stars(expected, spread)
            spoilt = chances[:, :-1] > np.maximum(LIKELY, chances[:, -1:])
            return Fit(expected[:, :-1], spread[:, :-1], scores, spoilt)
    usual, spread = UNKNOWN_STARS + scores, np.ones(scores.shape)
    return Fit(usual, spread, scores, _chances_of_few_stars(usual, spread) > LIKELY)


def rank_for_group(
    fit: Fit,
    n: int,
    worst_off: Sequence[int] = (),
    config: GroupConfig = GroupConfig(),
    kin: Rows | None = None,
) -> Rows:
    """Returns the columns of up to n films, best first; of equals, the earlier one is first.

    A group of one person gets the films that they would give the most stars.

    fit: how well the films suit the people. worst_off: for each person, on how many earlier nights
    they were worst off; empty if on none. kin: (kinds, films) numbers; of films that have the same
    number in a row, only one is returned. None if all films may be. Raises DataError for numbers
    that do not agree.
    """
    people, films = fit.stars.shape
    before = np.array(worst_off or [0] * people, np.float64)
    if fit.scores.shape != fit.stars.shape or before.shape != (people,):
        raise DataError("group-rows-differ")
    if not (np.isfinite(fit.stars).all() and np.isfinite(fit.scores).all()):
        raise DataError("group-scores-missing")
    value = fit.stars + config.taste * fit.scores
    lost = np.zeros(films)
    if before.any() and people > 1:
        weights = config.memory * (before - before.min()) ** 2
        # Sorted first, so that rounding does not depend on the order of the people.
        chances = worst_off_chances(fit.stars, fit.spread)
        lost = np.sort(weights[:, None] * chances, axis=0).sum(axis=0)
    left, total = np.ones(films, np.bool_), np.zeros((people, 1))
    chosen: list[int] = []
    while len(chosen) < n and left.any():
        length = len(chosen) + 1
        score = cautious_average((total + value) / length, config.caution * np.sqrt(length))
        film = int(np.argmax(np.where(left, score - lost / length, -np.inf)))
        chosen.append(film)
        total = total + value[:, [film]]
        left[film] = False
        if kin is not None:
            left &= (kin != kin[:, [film]]).all(axis=0)
    return np.array(chosen, np.int64)


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


def _chances_of_few_stars(stars: Array64, spread: Array64) -> Array64:
    """Returns (people, films) the chance that a person gives a film at most LOW_STARS.

    stars: (people, films) expected stars. spread: (people, films) their standard deviations.
    """
    return np.asarray(ndtr((LOW_STARS + RATING_STEP / 2 - stars) / spread))

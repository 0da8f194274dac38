"""Finds films for a group by the strategy "average without misery".

Each person's scores are brought to one scale and averaged. Films are ranked by the number of people
whose evening they would spoil, fewest first, and then by the average. Masthoff (2004, "Group
modeling: selecting a sequence of television items to suit a group of viewers") compared such
strategies. Real groups chose in nearly this way, and were satisfied with its results.

In her work, an item spoils the evening for a person who would give it a low rating. If the rating
model, which predicts stars, was fitted, it gives the chance of a low rating for each person
(`Dread`). This chance also lowers the film's score for the person. Without a rating model, the
films at the bottom of each person's own ranking spoil the evening. `matinee evaluate groups`
compares both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from recommender.data import Query
from recommender.errors import DataError
from recommender.models.stars import StarModel, StarPrediction
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.contextual_scores import SPREAD_FILMS
from recommender.pipeline.filters import Loosen, apply_filters
from recommender.pipeline.recommender import Recommender

RATING_STEP = 0.5  # stars between two ratings that can be given
FILMS_PER_PICK = 8  # films ranked for each one returned, since only one of a series is kept
MIN_RANKED = 200  # films with the best averages whose stars are predicted, at least
UNKNOWN = -1  # the row of a film of which nothing is known


@dataclass(frozen=True)
class GroupConfig:
    """Settings of group recommendation: which films would spoil the evening for a person.

    Attributes:
        disliked_stars: highest rating that means a spoilt evening.
        max_chance: a film counts as spoiling a person's evening if the chance of such a rating, 0
            to 1, is larger than this. A film about which nothing is known does not count.
        dread: how much a chance of 1 lowers a person's score of a film, in standard deviations of
            the person's scores.
        bottom_share: if the chances are not known, this share of the films, those with a person's
            lowest scores, count as spoiling the evening; at least 0 and below 1.
    """

    disliked_stars: float = 2.5
    max_chance: float = 0.3
    dread: float = 4.0
    bottom_share: float = 0.25

    def __post_init__(self) -> None:
        if not (0.0 <= self.max_chance <= 1.0 and 0.0 <= self.bottom_share < 1.0):
            raise DataError("misery-out-of-range")


@dataclass(frozen=True, eq=False)
class Dread:
    """The chances, 0 to 1, that each person of a group would give a film few stars.

    Such a film is said to spoil the person's evening.

    Attributes:
        chances: (people, films) the chance of each person and film.
        unknown: (people,) the chance of each person for a film about which nothing is known.
        known: (people,) False if the person's stars cannot be predicted. Then the films with their
            lowest scores are assumed to spoil their evening.
    """

    chances: Array64
    unknown: Array64
    known: Bools


@dataclass(frozen=True)
class GroupPick:
    """A film recommended to a group.

    Attributes:
        film: column of the film in the scores given to `rank_for_group`, or its catalogue row in
            the picks of `recommend_for_group`.
        score: mean of the people's scores. A person's score is lowered by the chance that they
            would dislike the film.
        parts: (people,) what each person contributes; the parts add up to the score.
        percentiles: (people,) share of the films whose score for the person is not above this
            film's; 1 for the person's favourite.
        spoilt: indices of the people who would probably dislike the film.
    """

    film: int
    score: float
    parts: tuple[float, ...]
    percentiles: tuple[float, ...]
    spoilt: tuple[int, ...]


@dataclass(frozen=True)
class GroupRecommendations:
    """The films recommended to a group, or the filters that prevent it.

    Attributes:
        picks: the films, best first, given by their catalogue rows.
        loosen: if no film passes everybody's filters, the filters that one person could drop: the
            first person whose own filters exclude all films. Empty if there is no such person.
    """

    picks: tuple[GroupPick, ...]
    loosen: tuple[Loosen, ...] = ()


def recommend_for_group(
    model: Recommender, queries: Sequence[Query], n: int = 10
) -> GroupRecommendations:
    """Returns up to n films for several people together.

    The list has at most one film of a series and at most one edition of a film. queries: one for
    each person. Raises DataError if there are no queries, or if one names rows or columns that the
    catalogue does not have.
    """
    if not queries:
        raise DataError("group-empty")
    each = [apply_filters(model.catalogue, query) for query in queries]
    films = np.flatnonzero(np.logical_and.reduce([one.films for one in each]))
    if not len(films):
        return GroupRecommendations((), next((one.loosen for one in each if one.loosen), ()))
    scores = calibrate(np.array([model.score(query)[films] for query in queries]))
    for own, query in zip(scores, queries, strict=True):
        spread = float(own[top_k(own, SPREAD_FILMS)].std())
        own += model.adjustment(query, films, spread).total
    ranked = FILMS_PER_PICK * n
    dread = None
    if model.stars is not None and len(queries) > 1:
        best = top_k(np.sort(scores, axis=0).sum(axis=0), max(ranked, MIN_RANKED))
        dread = dread_of(model.stars, queries, films, best)
    chosen: list[GroupPick] = []
    taken: set[int] = set()
    for pick in rank_for_group(scores, ranked, dread):
        row = int(films[pick.film])
        kin = {int(model.series[row]), int(model.editions[row])}
        if len(chosen) < n and not taken & kin:
            taken |= kin
            chosen.append(GroupPick(row, pick.score, pick.parts, pick.percentiles, pick.spoilt))
    return GroupRecommendations(tuple(chosen))


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


def dread_of(
    stars: StarModel,
    queries: Sequence[Query],
    films: Rows,
    best: Rows | None = None,
    config: GroupConfig = GroupConfig(),
) -> Dread:
    """Returns the chances that people would give films few stars.

    stars: the model that predicts stars with their uncertainty. queries: one for each person.
    films: rows of the films. best: positions in `films` of the films whose stars are predicted,
    None for all. Any other film gets a chance of 1, so that it is ranked last. If the predictions
    for a person are as uncertain as a random rating, the person's stars count as unpredictable.
    This happens in a server where few people have rated.
    """
    asked = np.arange(len(films)) if best is None else best
    rows = np.append(films[asked], UNKNOWN)
    chances, unknown = np.ones((len(queries), len(films))), np.zeros(len(queries))
    known = np.zeros(len(queries), np.bool_)
    for person, query in enumerate(queries):
        predicted = stars.predict_place(stars.fold_in(query), rows)
        found = misery_chances(predicted, config)
        chances[person, asked], unknown[person] = found[:-1], found[-1]
        known[person] = bool(predicted.spread.mean() < stars.scale_spread)
    return Dread(chances, unknown, known)


def misery_chances(stars: StarPrediction, config: GroupConfig = GroupConfig()) -> Array64:
    """Returns (n,) the chance that each film would get at most `config.disliked_stars`.

    stars: the predictions for n films, with their standard deviations.
    """
    bound = config.disliked_stars + RATING_STEP / 2
    return np.asarray(ndtr((bound - stars.expected) / stars.spread))


def rank_for_group(
    scores: Array64, n: int, dread: Dread | None = None, config: GroupConfig = GroupConfig()
) -> tuple[GroupPick, ...]:
    """Returns the n best films for all people together.

    Of films with equal scores, the earlier one comes first. A group of one person gets the ranking
    of their own scores. scores: (people, films) of the films that may be shown, with mean 0 and
    standard deviation 1 for each person. dread: the chances that people would dislike films; None
    if nobody's stars can be predicted. Raises DataError for shapes that disagree and for NaN.
    """
    if scores.ndim != 2 or (dread is not None and dread.chances.shape != scores.shape):
        raise DataError("group-rows-differ")
    if not np.isfinite(scores).all() or (dread is not None and np.isnan(dread.chances).any()):
        raise DataError("group-scores-missing")
    people, films = scores.shape
    if not people or not films:
        return ()
    if people == 1:
        dread = None
    spoils = _spoils(scores, dread, config)
    wanted = scores
    if dread is not None:
        fear = np.where(dread.known[:, None], dread.chances - dread.unknown[:, None], 0.0)
        scores = wanted - config.dread * fear
    # Sorted first, so that rounding does not depend on the order of the people.
    average = np.sort(scores, axis=0).sum(axis=0) / people
    order = np.lexsort((np.arange(films), -average, spoils.sum(axis=0)))[: max(n, 0)]
    percentiles = [
        np.searchsorted(ascending, own[order], side="right") / films
        for ascending, own in zip(np.sort(wanted, axis=1), wanted, strict=True)
    ]
    return tuple(
        GroupPick(
            int(film),
            float(average[film]),
            tuple((scores[:, film] / people).tolist()),
            tuple(float(own[place]) for own in percentiles),
            tuple(np.flatnonzero(spoils[:, film]).tolist()),
        )
        for place, film in enumerate(order)
    )


def _spoils(scores: Array64, dread: Dread | None, config: GroupConfig) -> Bools:
    """Returns (people, films) True if a person will probably dislike a film.

    A person will probably dislike a film if the chance is above `config.max_chance` and above the
    chance for a film about which nothing is known. If a person's chances are not known, the films
    with their lowest scores count as disliked, a share of `config.bottom_share`. For a group of one
    person, no film counts as disliked. scores: (people, films). dread: the chances that people
    dislike films; None if unknown.
    """
    people, films = scores.shape
    lowest = int(config.bottom_share * films)  # number of films at the bottom
    if people == 1:
        return np.zeros(scores.shape, np.bool_)
    spoils = scores < np.partition(scores, lowest, axis=1)[:, [lowest]]
    if dread is not None:
        limit = np.maximum(config.max_chance, dread.unknown)
        dreaded = dread.chances > limit[:, None]
        spoils = np.where(dread.known[:, None], dreaded, spoils)
    return np.asarray(spoils)

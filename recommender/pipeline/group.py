"""Several people, one ranking: average without misery.

Each person's scores are brought to one scale and averaged; a film that would spoil somebody's
evening stands behind every film that spoils fewer. Of the strategies Masthoff compares (2004,
"Group modeling: selecting a sequence of television items to suit a group of viewers") this is the
one real groups came closest to and were happy with. Her threshold of misery is a low rating, and so
it is here, by each person's posterior (`dread`); where nobody's stars can be predicted, it is the
bottom of each person's own ranking.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from recommender.data import Query
from recommender.errors import DataError
from recommender.models.stars import StarPrediction
from recommender.numeric.arrays import Array64
from recommender.numeric.top_k import top_k
from recommender.pipeline.contextual_scores import SPREAD_FILMS
from recommender.pipeline.filters import Loosen, passing
from recommender.pipeline.recommender import Recommender

STEP = 0.5  # stars between two that can be given


@dataclass(frozen=True)
class GroupConfig:
    """disliked: stars up to which an evening is spoilt; most: chance of that which nobody is asked
    to bear; bottom: share of a person's films, the least wanted first, that would spoil it where no
    chance is known."""

    disliked: float = 2.5
    most: float = 0.3
    bottom: float = 0.25

    def __post_init__(self) -> None:
        if not (0.0 <= self.most <= 1.0 and 0.0 <= self.bottom < 1.0):
            raise DataError("A group's misery is a chance and a share; both go from 0 to 1.")


@dataclass(frozen=True)
class GroupPick:
    """A film for a group, `film` being its column. For each person: parts, their share of the
    score, adding up to it; suits: the share of the films that they want no more than this one, 1
    for their favourite. spoilt: the people whose evening it might spoil, where nothing better was
    left."""

    film: int
    score: float
    parts: tuple[float, ...]
    suits: tuple[float, ...]
    spoilt: tuple[int, ...]


def calibrated(scores: Array64) -> Array64:
    """(people, films) scores of a model, each person's brought to mean 0 and spread 1; silence
    (NaN) counts as the mean, and someone who wants all films alike wants each by 0."""
    known = np.isfinite(scores)
    many = np.maximum(known.sum(axis=1, keepdims=True), 1)
    centre = np.where(known, scores, 0.0).sum(axis=1, keepdims=True) / many
    away = np.where(known, scores - centre, 0.0)
    spread = np.sqrt((away**2).sum(axis=1, keepdims=True) / many)
    told_apart = spread > 1e-9 * np.maximum(1.0, np.abs(centre))
    return np.asarray(np.where(told_apart, away / np.where(told_apart, spread, 1.0), 0.0))


def dread(stars: StarPrediction, config: GroupConfig = GroupConfig()) -> Array64:
    """(n,) the chance that a film would be given at most the stars that spoil an evening."""
    return np.asarray(ndtr((config.disliked + STEP / 2 - stars.expected) / stars.spread))


def rank_for_group(
    wants: Array64, n: int, dreads: Array64 | None = None, config: GroupConfig = GroupConfig()
) -> tuple[GroupPick, ...]:
    """The n best films for all people together. wants: (people, films) calibrated scores of the
    films that may be shown; dreads: (people, films) of `dread`. Ties go to the earlier film. Alone,
    a person gets their own ranking. Raises DataError for shapes that disagree and for NaN."""
    if wants.ndim != 2 or (dreads is not None and dreads.shape != wants.shape):
        raise DataError("A group needs one row of scores for each person and one of dread.")
    if not np.isfinite(wants).all() or (dreads is not None and np.isnan(dreads).any()):
        raise DataError("A group's scores must be numbers; calibrate them first.")
    people, films = wants.shape
    if not people or not films:
        return ()
    spoils = _spoils(wants, dreads, config)
    average = (
        np.sort(wants, axis=0).sum(axis=0) / people
    )  # sorted: the same for any order of people
    order = np.lexsort((np.arange(films), -average, spoils.sum(axis=0)))[: max(n, 0)]
    ascending = np.sort(wants, axis=1)
    suits = [
        np.searchsorted(mine, theirs[order], side="right") / films
        for mine, theirs in zip(ascending, wants, strict=True)
    ]
    return tuple(
        GroupPick(
            int(film),
            float(average[film]),
            tuple((wants[:, film] / people).tolist()),
            tuple(float(each[place]) for each in suits),
            tuple(np.flatnonzero(spoils[:, film]).tolist()),
        )
        for place, film in enumerate(order)
    )


def _spoils(wants: Array64, dreads: Array64 | None, config: GroupConfig) -> npt.NDArray[np.bool_]:
    """(people, films) whether a film would spoil a person's evening."""
    people, films = wants.shape
    if people == 1:
        return np.zeros(wants.shape, np.bool_)
    if dreads is not None:
        return np.asarray(dreads > config.most)
    last = int(config.bottom * films)  # films below which at least so many are wanted less
    if not last:
        return np.zeros(wants.shape, np.bool_)
    bound = np.partition(wants, last, axis=1)[:, last]
    return np.asarray(wants < bound[:, None])


LOOKED_AT = 8  # so many times the films asked for are looked at for other series


@dataclass(frozen=True)
class Together:
    """picks: best first, `film` being rows of the catalogue; loosen: what to give up where nothing
    is left for everybody, as the first person it hinders would have to."""

    picks: tuple[GroupPick, ...]
    loosen: tuple[Loosen, ...] = ()


def recommend_together(model: Recommender, queries: Sequence[Query], n: int = 10) -> Together:
    """Up to n films for all these people together, no two of one series. Raises DataError for rows
    the catalogue does not have, and for nobody."""
    if not queries:
        raise DataError("A group needs somebody; give a query for each person.")
    each = [passing(model.catalogue, query) for query in queries]
    films = np.flatnonzero(np.logical_and.reduce([one.films for one in each]))
    if not len(films):
        return Together((), next((one.loosen for one in each if one.loosen), ()))
    wants = calibrated(np.array([model.score(query)[films] for query in queries]))
    for mine, query in zip(wants, queries, strict=True):
        spread = float(mine[top_k(mine, SPREAD_FILMS)].std())
        mine += model.adjustment(query, films, spread).total
    chosen: list[GroupPick] = []
    taken: set[int] = set()
    for pick in rank_for_group(wants, LOOKED_AT * n):
        row = int(films[pick.film])
        kin = {int(model.series[row]), int(model.editions[row])}
        if len(chosen) < n and not taken & kin:
            taken |= kin
            chosen.append(GroupPick(row, pick.score, pick.parts, pick.suits, pick.spoilt))
    return Together(tuple(chosen))

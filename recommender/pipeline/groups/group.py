"""Finds films for several people together: for a card, for a movie night, and for two who compare.

The ranking, and the papers behind it, are in `recommender/pipeline/groups/ranking.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.data import Query
from recommender.errors import DataError
from recommender.numeric.arrays import Array64, Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.contextual_scores import SPREAD_FILMS
from recommender.pipeline.filters import Loosen, apply_filters
from recommender.pipeline.groups.ranking import calibrate, fit_of, rank_for_group
from recommender.pipeline.recommender import Recommender

FILMS_PER_PICK = 8  # films ranked for each one returned, since only one of a series is kept
MIN_RANKED = 200  # films with the best average scores whose stars are predicted, at least


@dataclass(frozen=True)
class GroupPick:
    """A film recommended to a group.

    Attributes:
        film: the film's catalogue row.
        score: mean of the stars that the people would probably give, changed for time and mood.
        parts: (people,) what each person contributes; the parts add up to the score.
        percentiles: (people,) share of the films whose score for the person is not above this
            film's; 1 for the person's favourite.
        spoilt: indices of the people whose evening the film would probably spoil.
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
    model: Recommender,
    queries: Sequence[Query],
    n: int = 10,
    worst_off: Sequence[int] = (),
) -> GroupRecommendations:
    """Returns up to n films for several people together, best first.

    The list has at most one film of a series and at most one edition of a film. What the time and
    the mood of a query change is measured in the spread of that person's predicted stars.

    queries: one for each person. worst_off: for each person, on how many earlier nights they were
    worst off; empty for a group that has not met before. Raises DataError if there are no queries,
    if one names rows or columns that the catalogue does not have, or if the numbers do not agree.
    """
    if not queries:
        raise DataError("group-empty")
    each = [apply_filters(model.catalogue, query) for query in queries]
    films = np.flatnonzero(np.logical_and.reduce([one.films for one in each]))
    if not len(films):
        return GroupRecommendations((), next((one.loosen for one in each if one.loosen), ()))
    scores = calibrate(np.array([model.score(query) for query in queries]))[:, films]
    spreads = [float(own[top_k(own, SPREAD_FILMS)].std()) for own in scores]
    wanted = scores + _changes(model, queries, films, spreads)
    best = top_k(np.sort(wanted, axis=0).sum(axis=0), max(FILMS_PER_PICK * n, MIN_RANKED))
    fit = fit_of(model.stars, queries, films[best], scores[:, best])
    spreads = fit.stars.std(axis=1).tolist()
    fit = replace(fit, stars=fit.stars + _changes(model, queries, films[best], spreads))
    kin = np.stack([model.series[films[best]], model.editions[films[best]]])
    chosen = rank_for_group(fit, n, worst_off, kin=kin)
    parts = fit.stars[:, chosen] / len(queries)
    shares = [
        np.searchsorted(ascending, own[best[chosen]], side="right") / len(films)
        for ascending, own in zip(np.sort(wanted, axis=1), wanted, strict=True)
    ]
    picks = [
        GroupPick(
            int(films[best[film]]),
            float(parts[:, place].sum()),
            tuple(parts[:, place].tolist()),
            tuple(float(own[place]) for own in shares),
            tuple(np.flatnonzero(fit.spoilt[:, film]).tolist()),
        )
        for place, film in enumerate(chosen.tolist())
    ]
    return GroupRecommendations(tuple(picks))


def _changes(
    model: Recommender, queries: Sequence[Query], films: Rows, spreads: Sequence[float]
) -> Array64:
    """Returns (people, k) what the time and the mood of each query change for k films.

    spreads: for each person, the standard deviation that is the unit of the changes.
    """
    return np.array(
        [
            model.adjustment(query, films, spread).total
            for query, spread in zip(queries, spreads, strict=True)
        ]
    )

"""Films for a group: each person's own scores, with the moment's say, ranked as one.

What is not for one of them is not for the group: films that anybody rated or that are excluded for
anybody are left out, and every filter of every person holds. `recommender.groups` ranks the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.data import Query
from recommender.errors import DataError
from recommender.filters import Loosen, passing
from recommender.groups import GroupPick, calibrated, rank_for_group
from recommender.numeric.top_k import greatest
from recommender.pipeline import SPREAD_OVER, Recommender, sway

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
        spread = float(mine[greatest(mine, SPREAD_OVER)].std())
        mine += sway(model, query, films, spread).total
    chosen: list[GroupPick] = []
    taken: set[int] = set()
    for pick in rank_for_group(wants, LOOKED_AT * n):
        row = int(films[pick.film])
        kin = {int(model.series[row]), int(model.editions[row])}
        if len(chosen) < n and not taken & kin:
            taken |= kin
            chosen.append(GroupPick(row, pick.score, pick.parts, pick.suits, pick.spoilt))
    return Together(tuple(chosen))

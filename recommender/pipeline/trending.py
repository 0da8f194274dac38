"""What people rate and like now."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import numpy as np

from recommender.data import Interactions, Part, Query
from recommender.models.trending import TrendConfig, trend
from recommender.numeric.arrays import frozen
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import passing
from recommender.pipeline.recommender import Recommender


@dataclass(frozen=True)
class TrendingPick:
    """A film that enough people rated lately; rise: log of its rate over its own past."""

    film: int
    score: float
    raters: int
    rise: float
    context: tuple[Part, ...] = ()


def trending(
    model: Recommender,
    recent: Interactions,
    now: datetime,
    query: Query | None = None,
    n: int = 10,
    half_life_days: float = 7.0,
    window_days: float = 30.0,
    min_raters: int = 3,
    order: Literal["heat", "rise"] = "heat",
) -> tuple[TrendingPick, ...]:
    """Up to n films people rate and like now ("heat") or more than they used to ("rise"). With a
    query its filters hold and its hour tilts; what the person rated may still trend."""
    config = TrendConfig(half_life_days, window_days, min_raters)
    asked = query if query is not None else Query()
    everyone = replace(asked, films=frozen((), np.int64), stars=frozen((), np.float64))
    allowed = passing(model.catalogue, everyone).films
    found = trend(recent, model.catalogue.films, now.timestamp(), config)
    keep = allowed[found.rows]
    rows, base = found.rows[keep], (found.heat if order == "heat" else found.rise)[keep]
    spread = float(base.std()) if len(base) else 0.0
    hour = model.adjustment(asked, rows, spread)
    score = base + hour.total
    places = top_k(score, n)
    return tuple(
        TrendingPick(
            int(rows[at]),
            float(score[at]),
            int(found.raters[keep][at]),
            float(found.rise[keep][at]),
            hour.parts(model.lift, int(at), int(rows[at])),
        )
        for at in places
    )

"""Finds the films that people rate and like at present."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import numpy as np

from recommender.context.adjustment import lifted_places
from recommender.data import Interactions, Part, Query
from recommender.models.trending import TrendConfig, trend
from recommender.numeric.arrays import frozen
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.recommender import Recommender


@dataclass(frozen=True)
class TrendingPick:
    """A film that enough people rated lately.

    Attributes:
        film: row of the film.
        score: the number that orders the films: `rise` or heat, changed for the query's time and
            mood. Heat is a sum over recent ratings, to which newer and higher ratings add more.
        raters: number of people who rated the film within the window of recent days.
        rise: logarithm of the film's rate of ratings within the window over its rate before.
        context: what the query's time and mood add to the score.
        lifted: by how many places time and mood raised the film among all films rated now.
    """

    film: int
    score: float
    raters: int
    rise: float
    context: tuple[Part, ...] = ()
    lifted: int = 0


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
    """Returns up to n films that people rate now, best first.

    With a query, its filters apply, and its time and mood change the scores. Unlike in
    recommendations, films that the person has rated may be among the answers.

    recent: ratings with times. now: an aware time. half_life_days: age at which a rating counts
    half. window_days: largest age of ratings that count. min_raters: fewest people who must have
    rated a film. order: "heat" for films that people like now, "rise" for films that people rate
    more often than before.
    """
    config = TrendConfig(half_life_days, window_days, min_raters)
    query = Query() if query is None else query
    unrated = replace(query, films=frozen((), np.int64), stars=frozen((), np.float64))
    allowed = apply_filters(model.catalogue, unrated).films
    found = trend(recent, model.catalogue.films, now.timestamp(), config)
    keep = allowed[found.rows]
    rows, base = found.rows[keep], (found.heat if order == "heat" else found.rise)[keep]
    spread = float(base.std()) if len(base) else 0.0
    adjustment = model.adjustment(query, rows, spread)
    score = base + adjustment.total
    places = top_k(score, n)
    return tuple(
        TrendingPick(
            int(rows[at]),
            float(score[at]),
            int(found.raters[keep][at]),
            float(found.rise[keep][at]),
            adjustment.parts(model.lift, int(at), int(rows[at])),
            lifted_places(base, score, int(at)),
        )
        for at in places
    )

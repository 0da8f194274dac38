"""Films like one film."""

from dataclasses import dataclass

import numpy as np

from recommender.context.adjustment import context_adjustment
from recommender.context.editorial import MAX_TILT
from recommender.context.lift import MAX_LIFT
from recommender.data import Part, Query
from recommender.errors import DataError
from recommender.models.neighbours import Likeness, likeness_to_film
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import passing
from recommender.pipeline.recommender import Recommender
from recommender.pipeline.series import spread_out

SPREAD_FROM = 6  # so many times the films asked for are looked at for other series
CLOSE = 0.05  # likeness within which context may decide between films


@dataclass(frozen=True)
class SimilarPick:
    """A film, its likeness (with the clock's small say in `score`), the measure that found it, the
    shared tags with their shares of the cosine, and what the clock did to it."""

    film: int
    score: float
    likeness: float
    by: str
    shared: tuple[tuple[int, float], ...]
    context: tuple[Part, ...] = ()


def similar(
    model: Recommender,
    film: int,
    query: Query | None = None,
    n: int = 10,
    measure: Likeness = "cosine",
) -> tuple[SimilarPick, ...]:
    """Up to n films like one film. A film without tags is compared by its people, one without
    those by its genres. With a query its filters hold, and its hour decides among films within
    `CLOSE` of each other, never against likeness beyond that. At most two are of one series, and no
    film comes in two editions."""
    if not 0 <= film < len(model.catalogue):
        raise DataError(f"The catalogue has no film row {film}.")
    asked = query if query is not None else Query()
    likenesses, by = likeness_to_film(model.catalogue, model.tags, model.factors, film, measure)
    allowed = passing(model.catalogue, asked).films & (np.nan_to_num(likenesses) > 0)
    allowed[film] = False
    rows = np.flatnonzero(allowed)
    most = CLOSE / 2 / (MAX_TILT + (MAX_LIFT if model.lift.active else 0.0))
    now = context_adjustment(model.context, model.lift, asked, rows, most, most)
    score = likenesses[rows] + now.total
    places = top_k(score, SPREAD_FROM * n)
    found = dict(zip(rows[places].tolist(), places.tolist(), strict=True))
    chosen = spread_out(rows[places], film, model.series, model.editions, n).rows
    return tuple(
        SimilarPick(
            row,
            float(score[found[row]]),
            float(likenesses[row]),
            by,
            model.tags.shared_tags(film, row),
            now.parts(model.lift, found[row], row),
        )
        for row in chosen.tolist()
    )

"""Finds the films that are most like a given film.

The order is by likeness. The query's time and mood decide only between films of nearly the same
likeness.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.content.blocks import EXCLUDED_FACETS
from recommender.context.adjustment import context_adjustment, lifted_places
from recommender.context.editorial import MAX_TILT
from recommender.context.lift import MAX_LIFT
from recommender.data import Part, Query
from recommender.errors import DataError
from recommender.models.neighbours import By
from recommender.models.tags import Measure
from recommender.numeric.arrays import Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.recommender import Recommender

FILMS_PER_PICK = 6  # films looked at for each one returned, since limits on series drop some
TIE_LIKENESS = 0.05  # difference of likeness within which time and mood may decide the order


@dataclass(frozen=True)
class SimilarPick:
    """A film that is like another film.

    Attributes:
        film: row of the film.
        score: the likeness, changed a little for the query's time and mood.
        likeness: the likeness to the other film, at most about 1.
        by: what was compared: "tags", "people", "both", "facts" or the name of a measure of tags.
        shared: pairs (column, share) for each tag that both films have, except praise and
            occasions. The share is what the tag adds to the cosine of the films' tags. The largest
            comes first.
        context: what the query's time and mood add to the score.
        lifted: by how many places time and mood raised the film among all films that may be shown.
    """

    film: int
    score: float
    likeness: float
    by: str
    shared: tuple[tuple[int, float], ...]
    context: tuple[Part, ...] = ()
    lifted: int = 0


@dataclass(frozen=True, eq=False)
class SpreadList:
    """Films that are like one film, after limits on the number of films of a series and on
    editions.

    Attributes:
        rows: (n,) rows of the films to show, best first.
        same_series: (n,) True if a film is of the same series as the one film.
        left_out: rows of further films of the one film's series, which the limit kept out, best
            first.
    """

    rows: Rows
    same_series: npt.NDArray[np.bool_]
    left_out: Rows


def similar(
    model: Recommender,
    film: int,
    query: Query | None = None,
    n: int = 10,
    by: By = "tags",
    measure: Measure | None = None,
) -> tuple[SimilarPick, ...]:
    """Returns up to n films like one film: at most two of any series, and one edition of a film.

    A film without tags is compared by its other facts, and by the people who rated it. With a
    query, its filters apply, and its time and mood decide between films whose likeness differs by
    at most `TIE_LIKENESS`. Raises DataError if the catalogue has no such film row.

    by: what is compared: "tags" (and other facts), "people" who love the films, or "both". measure:
    how tags alone are compared; None to use all facts.
    """
    if not 0 <= film < len(model.catalogue):
        raise DataError("film-row-unknown", row=film)
    query = Query() if query is None else query
    likenesses, used = model.neighbours.likeness(film, by, measure)
    telling = [facet not in EXCLUDED_FACETS for facet in model.catalogue.tag_facets]
    allowed = apply_filters(model.catalogue, query).films & (np.nan_to_num(likenesses) > 0)
    allowed[film] = False
    rows = np.flatnonzero(allowed)
    unit = TIE_LIKENESS / 2 / (MAX_TILT + (MAX_LIFT if model.lift.active else 0.0))
    adjustment = context_adjustment(model.context, model.lift, query, rows, unit, unit)
    score = likenesses[rows] + adjustment.total
    places = top_k(score, FILMS_PER_PICK * n)
    place_of = dict(zip(rows[places].tolist(), places.tolist(), strict=True))
    chosen = spread_out(rows[places], film, model.series, model.editions, n).rows
    return tuple(
        SimilarPick(
            row,
            float(score[place_of[row]]),
            float(likenesses[row]),
            used,
            tuple(tag for tag in model.tags.shared_tags(film, row) if telling[tag[0]]),
            adjustment.parts(model.lift, place_of[row], row),
            lifted_places(likenesses[rows], score, place_of[row]),
        )
        for row in chosen.tolist()
    )


def spread_out(
    ranked: Rows, film: int, series: Rows, editions: Rows, n: int, max_per_series: int = 2
) -> SpreadList:
    """Returns the first n of the ranked films, with limits on series and editions.

    At most `max_per_series` films of any series remain, and only the first of several editions.
    Other editions of the given film are left out.

    ranked: (k,) rows of films like the given film, the most alike first. film: row of the given
    film. series, editions: (films,) equal numbers for films of one series, or for editions of one
    film.
    """
    shown: list[int] = []
    left_out: list[int] = []
    seen = {int(editions[film])}
    count: dict[int, int] = defaultdict(int)
    for row in ranked.tolist():
        if int(editions[row]) in seen:
            continue
        group = int(series[row])
        fits = count[group] < max_per_series
        if fits and len(shown) < n:
            shown.append(row)
            count[group] += 1
        elif not fits and group == series[film]:
            left_out.append(row)
        else:
            continue
        seen.add(int(editions[row]))
    rows = np.array(shown, np.int64)
    return SpreadList(rows, series[rows] == series[film], np.array(left_out, np.int64))

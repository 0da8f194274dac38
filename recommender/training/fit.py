"""From ratings to a fitted `Recommender`. No ratings at all is an ordinary case."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from recommender.context.editorial import fit_context
from recommender.context.events import Events
from recommender.context.lift import LiftModel, features_of
from recommender.context.lift import arrays as lift_arrays
from recommender.context.lift_fit import fit_lift
from recommender.data import Catalogue, Interactions, Query
from recommender.errors import DataError
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.tuning import choose
from recommender.numeric.arrays import Sparse, sparse
from recommender.numeric.progress import Progress
from recommender.pipeline.filters import passing
from recommender.pipeline.long_tail import LongTailPlace, gap, long_tail_by_count, margin
from recommender.pipeline.recommender import Config, Recommender
from recommender.pipeline.shortlist import shortlist

FINGERPRINT = 10  # hexadecimal digits
LIFT = 7  # keeps its random numbers apart from those of the ranking
LIST = 10  # films of the lists from which the long tail's margin is taken


def fit(
    catalogue: Catalogue,
    ratings: Interactions | None,
    config: Config,
    seed: int,
    now: datetime,
    progress: Progress | None = None,
    events: Events | None = None,
) -> Recommender:
    """Fit every model. Ratings of films outside the catalogue are left out; films without ratings
    are scored through what else is known of them. events: what came of picks, over the catalogue's
    rows, from which is learned what moments do. The same input and seed give the same answers.

    Raises DataError for a time without a zone.
    """
    if now.tzinfo is None:
        raise DataError("The training time has no zone; give an aware datetime.")
    matrix = None if ratings is None else stars_over(catalogue, ratings)
    at = now.astimezone(UTC)
    rng = np.random.default_rng(seed)
    ranking = fit_ranking(catalogue, matrix, config.ranking, rng, progress)
    lift = LiftModel(features_of(catalogue))
    if events is not None and len(events):
        lift = fit_lift(lift.features, events, np.random.default_rng([seed, LIFT]))
    model = Recommender(
        version=f"{at:%Y%m%dT%H%M%SZ}-{fingerprint(catalogue, matrix, seed, lift)}",
        trained_at=at,
        ratings=0 if matrix is None else int(matrix.nnz),
        people=0 if matrix is None else int((np.diff(matrix.indptr) > 0).sum()),
        catalogue=catalogue,
        ranking=ranking,
        long_tail=LongTailPlace(long_tail_by_count(ranking.popularity.count), 0.0),
        context=fit_context(catalogue),
        lift=lift,
        config=config,
    )
    return model if matrix is None or not matrix.nnz else _with_margin(model, matrix)


def tuned(
    catalogue: Catalogue,
    ratings: Interactions | None,
    config: Config,
    seed: int,
    progress: Progress | None = None,
) -> Config:
    """The config with the ranking model's settings chosen on a slice of these ratings."""
    if ratings is None:
        return config
    matrix, rng = stars_over(catalogue, ratings), np.random.default_rng(seed)
    return replace(config, ranking=choose(catalogue, matrix, config.ranking, rng, progress).config)


def fingerprint(
    catalogue: Catalogue, matrix: Sparse | None, seed: int, lift: LiftModel | None = None
) -> str:
    """A short name for what a model was fitted on: films, tags, ratings, what was learned of
    moments, and the seed."""
    digest = hashlib.sha256(str(seed).encode())
    digest.update(catalogue.films.ids_array.tobytes())
    for part in (catalogue.tags, matrix):
        if part is not None:
            for array in (part.indptr, part.indices, part.data):
                digest.update(np.ascontiguousarray(array).tobytes())
    if lift is not None and lift.events:
        for array in lift_arrays(lift).values():
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:FINGERPRINT]


def stars_over(catalogue: Catalogue, ratings: Interactions) -> Sparse:
    """Stars (people, films) over the catalogue's rows."""
    one = ratings.newest()
    rows = catalogue.films.rows(one.films.ids(one.film)) if len(one) else np.zeros(0, np.int64)
    keep = rows >= 0
    shape = (len(one.people), len(catalogue))
    return sparse((one.stars[keep], (one.person[keep], rows[keep])), shape)


def _with_margin(model: Recommender, matrix: Sparse) -> Recommender:
    """The model with the long tail's margin, from the lists of some of the people."""
    gaps = []
    for person in _some(model.catalogue, matrix, model.config.tail.people):
        rated = slice(int(matrix.indptr[person]), int(matrix.indptr[person + 1]))
        query = Query(films=matrix.indices[rated], stars=matrix.data[rated])
        films = np.flatnonzero(passing(model.catalogue, query).films)
        scores = model.score(query)[films]
        if len(films):
            chosen = shortlist(model, query, scores, films, LIST).chosen
            gaps.append(gap(scores, model.long_tail.films[films], chosen)[0])
    within = margin(np.array(gaps), model.config.tail.share)
    return replace(model, long_tail=replace(model.long_tail, margin=within))


def _some(catalogue: Catalogue, matrix: Sparse, most: int) -> npt.NDArray[np.int64]:
    """Rows of at most so many people who have rated, from those with few ratings to those with
    many; in whatever order people and films stand, the same ones."""
    lengths = np.diff(matrix.indptr)
    person = np.repeat(np.arange(matrix.shape[0]), lengths)
    total = np.bincount(person, weights=matrix.data, minlength=matrix.shape[0])
    ids = catalogue.films.ids_array[matrix.indices]
    films = np.bincount(person, weights=ids, minlength=matrix.shape[0])
    order = np.lexsort((films, total, lengths))
    order = order[lengths[order] > 0]
    return order[:: max(1, -(-len(order) // max(1, most)))]

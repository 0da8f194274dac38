"""Fits a `Recommender`, which holds all models, to a catalogue and to ratings, if there are any.

`training.artifacts` stores the result.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from recommender.context.editorial import fit_context
from recommender.context.events import Events
from recommender.context.lift import LiftModel, features_of
from recommender.context.lift_fit import fit_lift
from recommender.context.lift_serialize import lift_arrays
from recommender.data import Catalogue, Interactions, Query
from recommender.errors import DataError
from recommender.hybrid.fit import fit_ranking
from recommender.hybrid.tuning import choose
from recommender.numeric.arrays import Sparse, sparse
from recommender.numeric.progress import Progress
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.long_tail import LongTailPlace, gap, long_tail_by_count, margin
from recommender.pipeline.recommender import Config, Recommender
from recommender.pipeline.shortlist import shortlist

FINGERPRINT_DIGITS = 10  # hexadecimal digits of the data's fingerprint
LIFT_STREAM = 7  # seed of the lift's own random numbers, apart from those of the ranking
SAMPLE_LIST_LENGTH = 10  # films of each list from which the long tail's margin is fitted


def fit(
    catalogue: Catalogue,
    ratings: Interactions | None,
    config: Config,
    seed: int,
    now: datetime,
    progress: Progress | None = None,
    events: Events | None = None,
) -> Recommender:
    """Returns the recommender with every model fitted.

    Ratings of films outside the catalogue are left out. Films without ratings are scored by what
    the catalogue says about them. The same input and seed give the same recommender.

    ratings: None for no ratings. now: time of the fit, with a zone. progress: called as the fit
    proceeds. events: accepted and refused picks, with rows of the catalogue, from which the effects
    of time and mood on films (lifts) are learned. Raises DataError if `now` has no zone.
    """
    if now.tzinfo is None:
        raise DataError("training-time-without-zone")
    matrix = None if ratings is None else stars_over(catalogue, ratings)
    at = now.astimezone(UTC)
    rng = np.random.default_rng(seed)
    ranking = fit_ranking(catalogue, matrix, config.ranking, rng, progress)
    lift = LiftModel(features_of(catalogue))
    if events is not None and len(events):
        lift = fit_lift(lift.features, events, np.random.default_rng([seed, LIFT_STREAM]))
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


def tuned_config(
    catalogue: Catalogue,
    ratings: Interactions | None,
    config: Config,
    seed: int,
    progress: Progress | None = None,
) -> Config:
    """Returns the config with the ranking settings that rank best.

    They are judged by a held-out part of the ratings (`recommender.hybrid.tuning`). Without
    ratings the config is returned unchanged.
    """
    if ratings is None:
        return config
    matrix, rng = stars_over(catalogue, ratings), np.random.default_rng(seed)
    return replace(config, ranking=choose(catalogue, matrix, config.ranking, rng, progress).config)


def fingerprint(
    catalogue: Catalogue, matrix: Sparse | None, seed: int, lift: LiftModel | None = None
) -> str:
    """Returns a short hash of what a model was fitted on: films, tags, ratings, seed, lift.

    lift: the learned effects of time and mood on films; None for no effects. matrix: (people,
    films) stars; None without ratings.
    """
    digest = hashlib.sha256(str(seed).encode())
    digest.update(catalogue.films.ids_array.tobytes())
    for part in (catalogue.tags, matrix):
        if part is not None:
            for array in (part.indptr, part.indices, part.data):
                digest.update(np.ascontiguousarray(array).tobytes())
    if lift is not None and lift.events:
        for array in lift_arrays(lift).values():
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:FINGERPRINT_DIGITS]


def stars_over(catalogue: Catalogue, ratings: Interactions) -> Sparse:
    """Returns (people, films) stars: the newest rating of each person and film of the catalogue."""
    one = ratings.newest()
    rows = catalogue.films.rows(one.films.ids(one.film)) if len(one) else np.zeros(0, np.int64)
    keep = rows >= 0
    shape = (len(one.people), len(catalogue))
    return sparse((one.stars[keep], (one.person[keep], rows[keep])), shape)


def _with_margin(model: Recommender, matrix: Sparse) -> Recommender:
    """Returns the model with `LongTailPlace.margin` fitted to the lists of a sample of people.

    The margin decides how often a film with few ratings (of the long tail) takes the last place of
    a list. matrix: (people, films) stars.
    """
    gaps = []
    for person in _sample_people(model.catalogue, matrix, model.config.tail.people):
        rated = slice(int(matrix.indptr[person]), int(matrix.indptr[person + 1]))
        query = Query(films=matrix.indices[rated], stars=matrix.data[rated])
        films = np.flatnonzero(apply_filters(model.catalogue, query).films)
        scores = model.score(query)[films]
        if len(films):
            chosen = shortlist(model, query, scores, films, SAMPLE_LIST_LENGTH).chosen
            gaps.append(gap(scores, model.long_tail.films[films], chosen)[0])
    within = margin(np.array(gaps), model.config.tail.share)
    return replace(model, long_tail=replace(model.long_tail, margin=within))


def _sample_people(catalogue: Catalogue, matrix: Sparse, limit: int) -> npt.NDArray[np.int64]:
    """Returns rows of at most `limit` people with ratings, evenly spread from few ratings to many.

    The sample does not depend on the order of people and films. matrix: (people, films) stars.
    """
    lengths = np.diff(matrix.indptr)
    person = np.repeat(np.arange(matrix.shape[0]), lengths)
    total = np.bincount(person, weights=matrix.data, minlength=matrix.shape[0])
    ids = catalogue.films.ids_array[matrix.indices]
    films = np.bincount(person, weights=ids, minlength=matrix.shape[0])
    order = np.lexsort((films, total, lengths))
    order = order[lengths[order] > 0]
    return order[:: max(1, -(-len(order) // max(1, limit)))]

"""From ratings to a fitted `Recommender`. No ratings at all is an ordinary case."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from recommender.context import fit_context
from recommender.data import Catalogue, DataError, Interactions, Sparse, sparse
from recommender.factorization import FactorModel, Progress, fit_als
from recommender.pipeline import Config, Recommender
from recommender.popularity import fit_popularity
from recommender.tags import fit_tags

FINGERPRINT = 10  # hexadecimal digits


def fit(
    catalogue: Catalogue,
    ratings: Interactions | None,
    config: Config,
    seed: int,
    now: datetime,
    progress: Progress | None = None,
) -> Recommender:
    """Fit every model. Ratings of films outside the catalogue are left out; films without ratings
    are scored through their tags. The same input and seed give the same answers.

    Raises DataError for a time without a zone.
    """
    if now.tzinfo is None:
        raise DataError("The training time has no zone; give an aware datetime.")
    matrix = None if ratings is None else _over(catalogue, ratings)
    factors = None
    if matrix is not None and matrix.nnz:
        factors = _fit_in_order(catalogue, matrix, config, seed, progress)
    at = now.astimezone(UTC)
    return Recommender(
        version=f"{at:%Y%m%dT%H%M%SZ}-{fingerprint(catalogue, matrix, seed)}",
        trained_at=at,
        ratings=0 if matrix is None else int(matrix.nnz),
        people=0 if matrix is None else int((np.diff(matrix.indptr) > 0).sum()),
        catalogue=catalogue,
        popularity=fit_popularity(catalogue, matrix, config.popularity),
        tags=fit_tags(catalogue),
        factors=factors,
        context=fit_context(catalogue),
        config=config,
    )


def _fit_in_order(
    catalogue: Catalogue, matrix: Sparse, config: Config, seed: int, progress: Progress | None
) -> FactorModel:
    """Fit with films in ascending order of id, so that the catalogue's order changes nothing."""
    order = catalogue.films.by_id
    in_order = fit_als(sparse(matrix[:, order]), config.als, np.random.default_rng(seed), progress)
    films, rated = np.empty_like(in_order.films), np.empty_like(in_order.rated)
    films[order], rated[order] = in_order.films, in_order.rated
    return replace(in_order, films=films, rated=rated)


def fingerprint(catalogue: Catalogue, matrix: Sparse | None, seed: int) -> str:
    """A short name for what a model was fitted on: films, tags, ratings and seed."""
    digest = hashlib.sha256(str(seed).encode())
    digest.update(catalogue.films.ids_array.tobytes())
    for part in (catalogue.tags, matrix):
        if part is not None:
            for array in (part.indptr, part.indices, part.data):
                digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:FINGERPRINT]


def _over(catalogue: Catalogue, ratings: Interactions) -> Sparse:
    """Stars (people, films) over the catalogue's rows."""
    one = ratings.newest()
    rows = catalogue.films.rows(one.films.ids(one.film)) if len(one) else np.zeros(0, np.int64)
    keep = rows >= 0
    shape = (len(one.people), len(catalogue))
    return sparse((one.stars[keep], (one.person[keep], rows[keep])), shape)

"""Features of people and films for the rating model, known before it reads any stars.

Who rated what (the implicit feedback of Koren 2008) is described by the leading directions of the
matrix of ones, in which each person's row, or each film's, has length 1. Blocks of side information
describe films further.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import scipy.sparse as sp

from recommender.data import Catalogue
from recommender.models.item_features import ItemFeatures, ItemFeaturesConfig, item_features
from recommender.models.star_draws import SamplerFeatures
from recommender.numeric.arrays import Array64, Rows, sparse

if TYPE_CHECKING:
    Cells: TypeAlias = sp.csr_array[Any, tuple[int, int]]
else:
    Cells = sp.csr_array

VIEWER_TAG_FACET = "free"  # tags that people gave to films they had seen


def star_side(catalogue: Catalogue) -> ItemFeatures:
    """Returns side information for the rating model: tags that editors gave, genres and era.

    Tags that people gave are left out, because they would reveal what is to be predicted: a person
    who gives a tag has seen the film, and "boring" is half a rating. Words of titles are left out
    because they are expensive here and add nothing.
    """
    kept = np.array([facet != VIEWER_TAG_FACET for facet in catalogue.tag_facets], np.float32)
    tags = sparse(catalogue.tags)
    tags.data *= kept[tags.indices]
    tags.eliminate_zeros()
    return item_features(replace(catalogue, tags=tags), ItemFeaturesConfig(words=0.0))


def person_features(
    cells: Cells, width: int, rng: np.random.Generator
) -> tuple[Array64, SamplerFeatures]:
    """Returns a basis (films, at most width) that maps a row of ratings to features, and the
    features of the people of a matrix (people, films)."""
    seen = _unit_rows(cells)
    basis = directions(seen, width, rng)
    rows = np.asarray(seen @ basis)
    return basis, SamplerFeatures(rows, rows[:0], (rows.shape[1],))


def film_features(
    cells: Cells, width: int, known: list[Array64], rng: np.random.Generator
) -> SamplerFeatures:
    """Returns the features of the films of a matrix (people, films): who rated them, and side
    information.

    known: at least one block of side information. Rows after the films of the matrix belong to
    films that nobody rated.
    """
    seen = _unit_rows(cells.T.tocsr())
    by_people = np.asarray(seen @ directions(seen, width, rng))
    films = len(by_people)
    blank = np.zeros((len(known[0]) - films, by_people.shape[1]))
    return SamplerFeatures(
        np.hstack([by_people, *(block[:films] for block in known)]),
        np.hstack([blank, *(block[films:] for block in known)]),
        (by_people.shape[1], *(block.shape[1] for block in known)),
    )


def side_blocks(
    side: ItemFeatures | None, films: Rows, width: int, rng: np.random.Generator
) -> list[Array64]:
    """Returns blocks of side information (len(films), at most width) for the given film rows.

    A wider block is reduced to its leading directions. The first block has no columns.
    """
    found = [np.zeros((len(films), 0))]
    if side is None:
        return found
    start = 0
    for count in side.blocks.values():
        rows: Any = side.rows[start : start + count].T.tocsr()[films].astype(np.float64)
        start += count
        dense = rows.toarray() if count <= width else rows @ directions(rows, width, rng)
        if dense.shape[1] and np.any(dense):
            found.append(np.asarray(dense))
    return found


def directions(rows: Cells, width: int, rng: np.random.Generator, spare: int = 20) -> Array64:
    """Returns (columns, at most `width`) the leading right singular vectors of a sparse matrix.

    They are found by random projection (Halko, Martinsson and Tropp 2011) with five rounds of
    subspace iteration. spare: number of additional columns in the projection.
    """
    most = min(*rows.shape, width + spare)
    if not most or not width:
        return np.zeros((rows.shape[1], 0))
    basis = np.linalg.qr(rows.T @ (rows @ rng.standard_normal((rows.shape[1], most))))[0]
    for _ in range(5):
        basis = np.linalg.qr(rows.T @ (rows @ basis))[0]
    vectors = np.linalg.svd(rows @ basis, full_matrices=False)[2]
    return np.asarray((basis @ vectors.T)[:, :width])


def _unit_rows(cells: Cells) -> Cells:
    """Returns a matrix with equal values in the cells that have ratings, and rows of length 1."""
    counts = np.diff(cells.indptr)
    data = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts)
    return sp.csr_array((data, cells.indices, cells.indptr), shape=cells.shape)

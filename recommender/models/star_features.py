"""Features of people and films for the model that predicts stars. They do not depend on the stars.
A matrix says which films each person rated (the implicit feedback of Koren 2008). The cells with
ratings have equal values. For people, its rows are scaled to length 1. The features of a person are
the coordinates of their row on the leading right singular vectors. The features of films come from
the transposed matrix in the same way. Films also have features from tags, genres and era (side
information), in one block each.
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

VIEWER_TAG_FACET = "free"  # group of the tags that were given by people, not by editors


def star_side(catalogue: Catalogue) -> ItemFeatures:
    """Returns the film features for the model that predicts stars: editors' tags, genres and era.

    Tags that people gave are left out, because they would leak what is to be predicted: a person
    who gives a tag has seen the film, and "boring" reveals much of the rating. Words of titles are
    left out because they cost time in this model and improve nothing.
    """
    kept = np.array([facet != VIEWER_TAG_FACET for facet in catalogue.tag_facets], np.float32)
    tags = sparse(catalogue.tags)
    tags.data *= kept[tags.indices]
    tags.eliminate_zeros()
    return item_features(replace(catalogue, tags=tags), ItemFeaturesConfig(words=0.0))


def person_features(
    cells: Cells, width: int, rng: np.random.Generator
) -> tuple[Array64, SamplerFeatures]:
    """Returns the features of people, from which films they rated, and the directions behind them.

    The directions are the leading right singular vectors (films, at most width) of `cells`, with
    rows scaled to length 1. The features are the product of `cells` and these vectors. The
    directions are the first result, the features the second. cells: (people, films), with a cell
    for each rating. width: largest number of features.
    """
    seen = _unit_rows(cells)
    basis = directions(seen, width, rng)
    rows = np.asarray(seen @ basis)
    return basis, SamplerFeatures(rows, rows[:0], (rows.shape[1],))


def film_features(
    cells: Cells, width: int, known: list[Array64], rng: np.random.Generator
) -> SamplerFeatures:
    """Returns the features of films: who rated them, and the blocks of side information.

    cells: (people, films), with a cell for each rating. width: number of features that describe the
    raters of a film. known: at least one block (all films, columns) of side information; the films
    of `cells` come first, then the films that nobody rated.
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
    """Returns blocks (len(films), at most width) of side information about some films.

    There is one block for each kind of information, such as tags. A wider block is reduced to its
    leading singular directions. The first block has no columns, so that there is always at least
    one block. side: features of all films, or None. films: rows of the films.
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
    """Returns (columns, at most width) the leading right singular vectors of a sparse matrix.

    They are found by random projection (Halko, Martinsson and Tropp 2011) with five rounds of
    subspace iteration. rows: the matrix. spare: number of additional columns in the projection.
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
    """Returns a matrix with the same stored cells, whose rows have length 1.

    All stored values of a row are equal.
    """
    counts = np.diff(cells.indptr)
    data = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts)
    return sp.csr_array((data, cells.indices, cells.indptr), shape=cells.shape)

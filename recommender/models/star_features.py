"""What the rating model knows of people and films before it looks at any star.

Who rated what (Koren 2008's implicit feedback), as the leading directions of the matrix of ones,
each person's row, or each film's, scaled to length one; and blocks of side information of films.
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

VIEWER_TAG_FACET = "free"  # the facet of tags that people wrote about films they had seen


def star_side(catalogue: Catalogue) -> ItemFeatures:
    """What is known of films apart from stars: tags that editors gave, genres and era. People's
    own tags are left out: whoever writes one has seen the film, and "boring" is half a rating, so
    that they would tell what is to be predicted. Words of titles cost much here and add nothing."""
    kept = np.array([facet != VIEWER_TAG_FACET for facet in catalogue.tag_facets], np.float32)
    tags = sparse(catalogue.tags)
    tags.data *= kept[tags.indices]
    tags.eliminate_zeros()
    return item_features(replace(catalogue, tags=tags), ItemFeaturesConfig(words=0.0))


def person_features(
    cells: Cells, width: int, rng: np.random.Generator
) -> tuple[Array64, SamplerFeatures]:
    """The basis (films, at most width) that takes who rated what to features, and the features of
    the people of a matrix (people, films)."""
    seen = _unit_rows(cells)
    basis = directions(seen, width, rng)
    rows = np.asarray(seen @ basis)
    return basis, SamplerFeatures(rows, rows[:0], (rows.shape[1],))


def film_features(
    cells: Cells, width: int, known: list[Array64], rng: np.random.Generator
) -> SamplerFeatures:
    """The features of the films of a matrix (people, films): by whom they were rated, and blocks
    of what is known of them, one at least, whose further rows are films nobody rated."""
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
    """Each block of side information as (len(films), at most width) features of those film rows;
    of a wider block its leading directions. The first has no columns."""
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
    """(columns, at most `width`) the leading right singular vectors of a sparse matrix, by random
    projection (Halko, Martinsson and Tropp 2011) with five rounds of subspace iteration."""
    most = min(*rows.shape, width + spare)
    if not most or not width:
        return np.zeros((rows.shape[1], 0))
    basis = np.linalg.qr(rows.T @ (rows @ rng.standard_normal((rows.shape[1], most))))[0]
    for _ in range(5):
        basis = np.linalg.qr(rows.T @ (rows @ basis))[0]
    vectors = np.linalg.svd(rows @ basis, full_matrices=False)[2]
    return np.asarray((basis @ vectors.T)[:, :width])


def _unit_rows(cells: Cells) -> Cells:
    """Ones where there is a rating, each row scaled to length one."""
    counts = np.diff(cells.indptr)
    data = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts)
    return sp.csr_array((data, cells.indices, cells.indptr), shape=cells.shape)

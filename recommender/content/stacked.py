"""All blocks of facts side by side in one matrix, for quick answers.

A block (`recommender.content.blocks`) is a matrix of one kind of facts, such as genres. An answer
needs the features of a few films in all blocks. Reading one wide matrix takes a fraction of the
time that reading each block takes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, hstack

from recommender.content.blocks import Block
from recommender.numeric.arrays import Array32, Array64, Rows, Sparse, sparse
from recommender.numeric.sparse_rows import compact_rows


@dataclass(frozen=True, eq=False)
class StackedRows:
    """The features of k films in all blocks, with only the columns that one of the films has.

    Attributes:
        columns: (u,) the columns of the stacked matrix that are kept, ascending.
        values: (k, u) the features. The blocks' mean rows (origins) have not been subtracted.
        known: (k, blocks) 1 for films that have facts of the block's kind, 0 for the others.
        along: (k, blocks) scalar product of each film's row of the block with the origin.
    """

    columns: Rows
    values: Array64
    known: Array64
    along: Array64


@dataclass(frozen=True, eq=False)
class StackedBlocks:
    """The columns of all blocks side by side in one matrix. `stacked_blocks` makes one.

    The blocks' origins (mean rows) are subtracted in every product of two films, and a film that
    lacks the facts of a block has the product 0 with every film in that block.

    Attributes:
        blocks: the blocks, at least one.
        rows: (films, features) the rows of all blocks.
        starts: (blocks + 1,) the first column of each block, and the number of all columns.
        levels: (films, 2 * blocks) `Block.known` of each block, then `Block.along` of each, in
            column-major order.
        squares: (blocks,) `Block.square` of each block.
        sample: (blocks * sample, features) the rows of a sample of films, once for each block. In a
            block's rows only the columns of the block are filled.
        sample_known: (blocks, sample) `Block.known` of the sample.
        sample_along: (blocks, sample) `Block.along` of the sample.
    """

    blocks: tuple[Block, ...]
    rows: Sparse
    starts: Rows
    levels: Array32
    squares: Array64
    sample: Sparse
    sample_known: Array64
    sample_along: Array64

    def at(self, films: Rows) -> StackedRows:
        """Returns the features of some films.

        films: (k,) rows of the films in the catalogue.
        """
        columns, values = compact_rows(self.rows, films)
        known = np.stack([block.known[films] for block in self.blocks], axis=1)
        along = np.stack([block.along[films] for block in self.blocks], axis=1)
        return StackedRows(columns, values, known, along)

    def part(self, rows: StackedRows, block: int) -> slice:
        """Returns where the columns of one block are in `rows.columns`. block: its number."""
        begin, end = np.searchsorted(rows.columns, self.starts[block : block + 2])
        return slice(int(begin), int(end))

    def products(self, rows: StackedRows) -> Array64:
        """Returns (blocks, k, k) for each block the scalar products of the rows of k films."""
        plain = np.empty((len(self.blocks), len(rows.values), len(rows.values)))
        for number in range(len(self.blocks)):
            own = rows.values[:, self.part(rows, number)]
            np.matmul(own, own.T, out=plain[number])
        known, along = rows.known.T, rows.along.T
        plain -= known[:, :, None] * along[:, None, :]
        plain -= along[:, :, None] * known[:, None, :]
        plain += (self.squares[:, None] * known)[:, :, None] * known[:, None, :]
        return plain

    def near(self, one: StackedRows, other: StackedRows, weights: Array64) -> Array64:
        """Returns (k, n) scalar products of k films with n films, as a weighted sum of all blocks.

        weights: (blocks,) how much each block counts.
        """
        columns, here, there = np.intersect1d(
            one.columns, other.columns, assume_unique=True, return_indices=True
        )
        worth = weights[np.searchsorted(self.starts, columns, side="right") - 1]
        near = (one.values[:, here] * worth) @ other.values[:, there].T
        known = one.known * weights
        near += (known * self.squares - one.along * weights) @ other.known.T
        near -= known @ other.along.T
        return np.asarray(near)

    def scores(self, rated: StackedRows, gains: Array64, weights: Array64) -> Array64:
        """Returns (films,) scores of all films by their similarity to k rated films.

        In each block, the similarities to the rated films are multiplied by `gains` and added up.
        The sums of all blocks are multiplied by `weights` and added up. rated: the features of the
        k films. gains: (k,) how much each rated film counts. weights: (blocks,) how much each block
        counts.
        """
        worth = np.zeros(self.rows.shape[1], np.float32)
        of = np.searchsorted(self.starts, rated.columns, side="right") - 1
        worth[rated.columns] = weights[of] * (gains @ rated.values)
        total, along = gains @ rated.known, gains @ rated.along
        away = weights * np.stack([self.squares * total - along, -total])
        near = self.rows @ worth
        near += self.levels @ away.reshape(-1).astype(np.float32)
        return np.asarray(near, np.float64)

    def sample_products(self, rated: StackedRows) -> Array64:
        """Returns (blocks, sample, k) for each block the products of a sample with k films."""
        worth = np.zeros((self.rows.shape[1], len(rated.values)), np.float32)
        worth[rated.columns] = rated.values.T
        near = np.asarray(self.sample @ worth, np.float64)
        near = near.reshape(len(self.blocks), -1, len(rated.values))
        known, along = rated.known.T, rated.along.T
        near += self.sample_known[:, :, None] * (self.squares[:, None] * known - along)[:, None, :]
        near -= self.sample_along[:, :, None] * known[:, None, :]
        return near


def stacked_blocks(blocks: tuple[Block, ...], sample_films: Rows) -> StackedBlocks:
    """Returns the blocks side by side in one matrix.

    blocks: at least one block. sample_films: rows of the films of the sample.
    """
    levels = [block.known for block in blocks] + [block.along for block in blocks]
    widths = [block.rows.shape[1] for block in blocks]
    return StackedBlocks(
        blocks,
        sparse(hstack([block.rows for block in blocks])),
        np.concatenate([[0], np.cumsum(widths)]).astype(np.int64),
        np.asfortranarray(np.stack(levels, axis=1), np.float32),
        np.array([block.square for block in blocks]),
        sparse(block_diag([block.rows[sample_films] for block in blocks])),
        np.stack([block.known[sample_films] for block in blocks]),
        np.stack([block.along[sample_films] for block in blocks]),
    )

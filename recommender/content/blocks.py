"""The facts of films as blocks of features: tags, genres, languages, countries, era, people.

A block is a matrix of one kind of facts, such as genres. It has one row for each film and one
column for each feature, such as a genre. Rare features get larger values (inverse document
frequency), and within a block each film's row is scaled to length 1. The mean row of a block is
called its origin. It is subtracted before rows are compared. If a film lacks the facts of a block,
its row equals the origin, so that a missing fact is neither for nor against the film.
"""

from dataclasses import dataclass, replace

import numpy as np

from recommender.data import Catalogue
from recommender.numeric.arrays import Array64, Rows, Sparse, sparse
from recommender.numeric.sparse_rows import sparse_rows

EXCLUDED_FACETS = frozenset({"sensitive", "praise", "occasion"})
"""Facets (groups of tags) that say something else than what a film is like: warnings, how good it
is, when to watch it.
"""
ERA_STEP_YEARS = 5  # years between two features of the era
WELL_DESCRIBED = 0.9  # the quantile of the lengths of films' tags that well-described films have
ENOUGH_TAGS = 0.5  # a film is wholly known if its tags are this part as long
MIN_FILMS = 2  # a feature that fewer films have links nothing and is left out
BLOCK_NAMES = ("tags", "genre", "language", "country", "era", "director", "cast")


@dataclass(frozen=True)
class ContentConfig:
    """Settings of the content model, which scores films by their facts.

    A block holds the features of one kind of facts, such as genres. An interest is a group of
    similar films that a person loves. To measure the evidence of a block, each loved film is left
    out in turn. The catalogue is then ranked by likeness to the person's other loved films, using
    this block alone. The evidence is the mean percentile of the films that were left out, from 0 to
    1; by chance it is one half.

    Attributes:
        tags, genre, language, country, era, director, cast: weight of each block before it is
            multiplied by a person's evidence. A block of weight 0 is left out.
        noise: noise variance of a rating, relative to the variance that the facts explain.
        tag_power: exponent on the catalogue's weights of tags, which are from 1 (fits the film) to
            3 (defines the film). An exponent above 1 makes defining tags count for more.
        named_weight: factor on the effect of the tags that a person names, in the quiz or as a
            mood. With a larger factor, they count for more beside the person's ratings.
        split_margin: a person gets two interests instead of one only if this raises the mean
            percentile of the films left out by more than this number. Half of the distance from
            that percentile to 1 is enough if it is smaller.
        evidence_gain: how strongly a block's weight for a person grows with its evidence.
        evidence_limit: greatest factor on a block's weight.
        evidence_prior: number of imagined films at a percentile of one half that are added to the
            person's films. The more there are, the closer measured evidence is moved to one half.
        evidence_films: largest number of a person's loved films that are left out in turn.
        evidence_sample: number of the catalogue's films among which a film left out is ranked.
    """

    tags: float = 1.0
    genre: float = 0.2
    language: float = 0.2
    country: float = 0.1
    era: float = 0.1
    director: float = 0.1
    cast: float = 0.05
    noise: float = 3.0
    tag_power: float = 1.0
    named_weight: float = 1.2
    split_margin: float = 0.03
    evidence_gain: float = 8.0
    evidence_limit: float = 20.0
    evidence_prior: float = 2.0
    evidence_films: int = 12
    evidence_sample: int = 600

    def weight(self, name: str) -> float:
        """Returns the configured weight of a block. name: the block's name, such as "genre"."""
        return {
            "tags": self.tags,
            "genre": self.genre,
            "language": self.language,
            "country": self.country,
            "era": self.era,
            "director": self.director,
            "cast": self.cast,
        }[name]


@dataclass(frozen=True, eq=False)
class Block:
    """One kind of facts as features of films.

    A film with very few tags probably has others that nobody has added yet. Such a film is partly
    known: its row is shorter than 1, and as much less of the mean row is subtracted from it. What
    is not known of it is then neither for nor against it.

    Attributes:
        name: one of `BLOCK_NAMES`.
        rows: (films, features) the features, scaled so that the mean squared distance of a film
            from the origin is 1.
        columns: (features,) for tags, the column of each feature in the catalogue's tags; for other
            blocks, the column of the fact.
        origin: (features,) mean of the rows of all films that have facts of this kind.
        known: (films,) 1 for films that have facts of this kind, else 0; between them for films
            with few tags. Where it is 0, the film's row is empty, or it is a guess
            (`recommender.content.learned`) from which the origin is already subtracted.
        along: (films,) scalar product of each film's row with the origin.
        square: scalar product of the origin with itself.
    """

    name: str
    rows: Sparse
    columns: Rows
    origin: Array64
    known: Array64
    along: Array64
    square: float

    def at(self, films: Rows) -> "BlockRows":
        """Returns the block's features of some films.

        films: (k,) rows of the films in the catalogue.
        """
        found = sparse_rows(self.rows, films)
        used, place = np.unique(found.columns, return_inverse=True)
        values = np.zeros((len(films), len(used)))
        values[found.rows, place] = found.values
        return BlockRows(used, values, self.known[films], self.along[films])

    def over(self, films: Rows) -> "Block":
        """Returns a block with only the given films, in this order.

        films: (k,) rows of the films in the catalogue.
        """
        rows = sparse(self.rows[films])
        return replace(self, rows=rows, known=self.known[films], along=self.along[films])


@dataclass(frozen=True, eq=False)
class BlockRows:
    """A block's features of k films, with only the columns that at least one of the films has.

    Attributes:
        columns: (u,) the columns of the block that are kept.
        values: (k, u) the features. The block's mean row (its origin) has not been subtracted.
        known: (k,) 1 for films that have facts of the block's kind, 0 for the others; between them
            for films with few tags.
        along: (k,) scalar product of each film's row with the origin.
    """

    columns: Rows
    values: Array64
    known: Array64
    along: Array64


def products(block: Block, one: BlockRows, other: BlockRows) -> Array64:
    """Returns the (k, n) scalar products of the rows of k films with the rows of n films.

    The block's mean row (its origin) is subtracted from all rows first. A film that lacks the facts
    of the block has the product 0 with every film.

    block: one kind of facts. one: the rows of the k films. other: the rows of the n films.
    """
    if one is other:
        plain = one.values @ one.values.T
    else:
        at = np.minimum(np.searchsorted(other.columns, one.columns), len(other.columns) - 1)
        both = np.flatnonzero(other.columns[at] == one.columns) if len(other.columns) else at[:0]
        plain = one.values[:, both] @ other.values[:, at[both]].T
    plain -= one.known[:, None] * other.along
    plain -= one.along[:, None] * other.known
    plain += (block.square * one.known)[:, None] * other.known
    return np.asarray(plain)


def scores(block: Block, one: BlockRows, gains: Array64 | None = None) -> Array64:
    """Returns how similar all films are to k films by one block, as sums over the k films.

    The similarity of two films is the scalar product of their rows, less the block's mean row (its
    origin).

    block: one kind of facts. one: the rows of the k films. gains: (k, m) for each of m sums, the
    factor on the similarity to each of the k films; the result is then (films, m). If None, nothing
    is summed, and the result is (films, k) similarities.
    """
    width = len(one.values) if gains is None else gains.shape[1]
    worth = np.zeros((len(block.origin), width), np.float32)
    worth[one.columns] = one.values.T if gains is None else one.values.T @ gains
    total = one.known if gains is None else one.known @ gains
    away = block.square * total - (one.along if gains is None else one.along @ gains)
    near = np.asarray(block.rows @ worth, np.float64)
    near += block.known[:, None] * away
    near -= block.along[:, None] * total
    return near


def content_blocks(catalogue: Catalogue, config: ContentConfig) -> tuple[Block, ...]:
    """Returns a block of features for each kind of facts in a catalogue, such as tags or languages.

    A kind is left out if its weight in the settings is 0, or if no film has facts of this kind."""
    matrices: dict[str, Sparse] = {
        "tags": _tags(catalogue, config.tag_power),
        "genre": sparse(catalogue.genres),
        "era": _era(catalogue.years),
    }
    matrices |= {each.name: sparse(each.matrix) for each in catalogue.facts}
    blocks = (
        _block(name, matrices[name])
        for name in BLOCK_NAMES
        if config.weight(name) > 0 and name in matrices
    )
    return tuple(block for block in blocks if block.known.any() and block.rows.shape[1] > 1)


def _tags(catalogue: Catalogue, power: float) -> Sparse:
    used = np.array([facet not in EXCLUDED_FACETS for facet in catalogue.tag_facets], np.float32)
    tags = sparse(catalogue.tags)
    tags.data = (tags.data**power * used[tags.indices]).astype(np.float32)
    tags.eliminate_zeros()
    return tags


def _era(years: Array64) -> Sparse:
    """Returns (films, points) features of films' years: how near each year is to points in time.

    The points are five years apart. A film has values above 0 for the point before and the point
    after its year; the two values add up to 1. years: (films,) years of release, NaN if unknown."""
    known = np.flatnonzero(np.isfinite(years))
    place = years[known] / ERA_STEP_YEARS
    below = np.floor(place)
    points, at = np.unique(np.concatenate([below, below + 1]), return_inverse=True)
    values = np.concatenate([1 - (place - below), place - below])
    return sparse((values, (np.concatenate([known, known]), at)), (len(years), len(points)))


def _block(name: str, matrix: Sparse) -> Block:
    films = matrix.shape[0]
    having = np.bincount(matrix.indices[matrix.data > 0], minlength=matrix.shape[1])
    columns = np.flatnonzero(having >= MIN_FILMS)
    rows = sparse(matrix[:, columns])
    described = np.count_nonzero(np.diff(matrix.indptr))
    idf = np.log((1.0 + described) / (1.0 + having[columns])) + 1.0
    rows.data = (rows.data * idf[rows.indices]).astype(np.float32)
    row_of = np.repeat(np.arange(films), np.diff(rows.indptr))
    length = np.sqrt(
        np.bincount(row_of, weights=rows.data.astype(np.float64) ** 2, minlength=films)
    )
    known = (length > 0).astype(np.float64)
    if name == "tags" and known.any():
        enough = ENOUGH_TAGS * float(np.quantile(length[length > 0], WELL_DESCRIBED))
        known = np.minimum(1.0, length / enough)
    rows.data = (rows.data * (known / np.maximum(length, 1e-12))[row_of]).astype(np.float32)
    total = np.bincount(rows.indices, weights=rows.data, minlength=len(columns))
    mean = np.asarray(total / max(1.0, float(known.sum())), np.float64)
    spread = 1.0 - float(mean @ mean)  # mean squared distance of rows of length 1 from their mean
    scale = 1.0 / np.sqrt(spread) if spread > 1e-9 else 0.0
    rows.data = (rows.data * np.float32(scale)).astype(np.float32)
    rows.eliminate_zeros()
    origin = np.asarray(mean * scale)
    along = np.asarray(rows @ origin, np.float64)
    return Block(name, rows, columns, origin, known, along, float(origin @ origin))

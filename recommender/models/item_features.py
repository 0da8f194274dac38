"""What is known of films apart from ratings, as rows for the item-item model.

Tags, genres, era and the words of titles, each a block of (features, films). Rare features weigh
more (inverse document frequency); within a block a film's column has length one, so that a film
with forty tags says no more about its tags than one with four. A film of 1987 stands between the
half-decades that begin in 1985 and 1990, nearer to the first.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.data import Catalogue
from recommender.numeric.arrays import Sparse, sparse

EXCLUDED_FACETS = frozenset({"sensitive"})  # facets that are for filters and never for taste
ERA_STEP_YEARS = 5  # years between the points of the era scale
_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = frozenset(
    _WORD.findall(
        "the a an of and in on to for at with from by my is it no you i ii iii iv v "
        "le la les l de des du un une et der die das und ein eine el los las il lo da o os"
    )
)


@dataclass(frozen=True)
class ItemFeaturesConfig:
    """tags, genres, era, words: the weight of each block, 0 to leave it out; least_words,
    least_tags: films that must share a word or a tag; most_words, most_tags: the commonest so many
    are used."""

    tags: float = 1.0
    genres: float = 1.0
    era: float = 1.0
    words: float = 1.0
    least_words: int = 5
    least_tags: int = 3
    most_words: int = 1500
    most_tags: int = 1500


@dataclass(frozen=True, eq=False)
class ItemFeatures:
    """rows: (features, films) float32; blocks: how many rows each named block has, in order."""

    rows: Sparse
    blocks: Mapping[str, int] = field(default_factory=dict)


def item_features(
    catalogue: Catalogue, config: ItemFeaturesConfig = ItemFeaturesConfig()
) -> ItemFeatures:
    """The side information of a catalogue; blocks that know nothing have no rows."""
    makers: dict[str, tuple[float, Callable[[], Sparse]]] = {
        "tags": (config.tags, lambda: _tags(catalogue, config)),
        "genres": (config.genres, lambda: _common(catalogue.genres, 1, catalogue.genres.shape[1])),
        "era": (config.era, lambda: _era(catalogue.years)),
        "words": (config.words, lambda: _words(catalogue.titles, config)),
    }
    blocks: dict[str, int] = {}
    rows: list[Sparse] = []
    for name, (weight, make) in makers.items():
        if weight <= 0:
            continue
        block = _unit_columns(_rarity(make()))
        block.data *= np.float32(weight)
        blocks[name] = block.shape[0]
        rows.append(block)
    films = len(catalogue)
    stacked = sparse(sp.vstack(rows)) if rows else sparse((0, films))
    return ItemFeatures(stacked, blocks)


def _tags(catalogue: Catalogue, config: ItemFeaturesConfig) -> Sparse:
    used = np.array([facet not in EXCLUDED_FACETS for facet in catalogue.tag_facets], np.float32)
    tags = sparse(catalogue.tags)
    tags.data = np.asarray(tags.data * used[tags.indices], np.float32)
    tags.eliminate_zeros()
    return _common(tags, config.least_tags, config.most_tags)


def _common(matrix: Sparse, least: int, most: int) -> Sparse:
    """(features, films) from (films, features): the `most` commonest features of those that at
    least so many films have; ties in column order."""
    having = np.bincount(matrix.indices, minlength=matrix.shape[1])
    order = np.argsort(-having, kind="stable")[:most]
    return sparse(matrix[:, np.sort(order[having[order] >= least])].T)


def _era(years: npt.NDArray[np.float64]) -> Sparse:
    """(points, films) each film between the two nearest points of the scale of years."""
    known = np.flatnonzero(np.isfinite(years))
    if not len(known):
        return sparse((0, len(years)))
    place = years[known] / ERA_STEP_YEARS
    below = np.floor(place)
    share = place - below
    points, at = np.unique(np.concatenate([below, below + 1]), return_inverse=True)
    cells = (np.concatenate([1 - share, share]), (at, np.concatenate([known, known])))
    made = sparse(cells, (len(points), len(years)))
    made.eliminate_zeros()
    return sparse(made[np.diff(made.indptr) > 0])


def _words(titles: tuple[str, ...], config: ItemFeaturesConfig) -> Sparse:
    """(words, films) words that several titles share, in alphabetical order."""
    split = [sorted(set(_WORD.findall(title.lower())) - _EMPTY_WORDS) for title in titles]
    having = Counter(word for words in split for word in words)
    usual = sorted(
        (word for word, films in having.items() if films >= config.least_words),
        key=lambda word: (-having[word], word),
    )[: config.most_words]
    column = {word: at for at, word in enumerate(sorted(usual))}
    cells = [
        (column[word], film) for film, words in enumerate(split) for word in words if word in column
    ]
    if not cells:
        return sparse((0, len(titles)))
    rows, films = zip(*cells, strict=True)
    return sparse((np.ones(len(cells), np.float32), (rows, films)), (len(column), len(titles)))


def _rarity(block: Sparse) -> Sparse:
    """Each row times log((1 + films) / (1 + films with the feature))."""
    having = np.diff(block.indptr)
    weight = np.log((1.0 + block.shape[1]) / (1.0 + having))
    block.data = (block.data * np.repeat(weight, having)).astype(np.float32)
    block.eliminate_zeros()
    return block


def _unit_columns(block: Sparse) -> Sparse:
    squares = np.bincount(block.indices, weights=block.data**2, minlength=block.shape[1])
    length = np.sqrt(np.where(squares > 0, squares, 1.0))
    block.data = (block.data / length[block.indices]).astype(np.float32)
    return block

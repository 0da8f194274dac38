"""Features of films, such as tags, that the item-item model uses in addition to ratings.

There are four blocks (features, films): tags, genres, era and words of titles. Rare features get
larger values (inverse document frequency). Within a block, each film's column is scaled to length
1, so that a film with forty tags does not count more than a film with four. The era is a position
between half-decades: a film of 1987 has 0.6 of the feature 1985 and 0.4 of the feature 1990.

If the catalogue has tags by editors, films with such tags have no words of titles. Words also link
films that share nothing else ("La La Land" and "Stake Land"), so they are used only for films about
which little else is known.
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

EXCLUDED_FACETS = frozenset({"sensitive"})  # groups of tags that are used only by filters
ERA_STEP_YEARS = 5  # years between two features of the era
_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = frozenset(
    {"the", "a", "an", "of", "and", "in", "on", "to", "for", "at", "with", "from", "by", "my", "is"}
    | {"it", "no", "you", "i", "ii", "iii", "iv", "v"}
    | {"le", "la", "les", "l", "de", "des", "du", "un", "une", "et"}
    | {"der", "die", "das", "und", "ein", "eine", "el", "los", "las", "il", "lo", "da", "o", "os"}
)


@dataclass(frozen=True)
class ItemFeaturesConfig:
    """Settings of the features of films. A block with weight 0 is left out.

    Attributes:
        tags: weight of the block of tags.
        genres: weight of the block of genres.
        era: weight of the block of years.
        words: weight of the block of words in titles. If the catalogue has tags by editors
            (`Catalogue.has_hand_tags`), only films without such tags have words.
        least_words: a word is used only if at least this many titles contain it.
        least_tags: a tag is used only if at least this many films have it.
        most_words: largest number of words; the most common ones are used.
        most_tags: largest number of tags; the most common ones are used.
    """

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
    """The features of a catalogue's films, in one matrix with all blocks below each other.

    Attributes:
        rows: (features, films) values of the features.
        blocks: for each block ("tags", "genres", "era", "words") its number of rows, in the order
            of the rows.
    """

    rows: Sparse
    blocks: Mapping[str, int] = field(default_factory=dict)


def item_features(
    catalogue: Catalogue, config: ItemFeaturesConfig = ItemFeaturesConfig()
) -> ItemFeatures:
    """Returns the features (tags, genres, era, words of titles) of a catalogue's films.

    If no film has features of a kind, that kind has no rows.
    """
    makers: dict[str, tuple[float, Callable[[], Sparse]]] = {
        "tags": (config.tags, lambda: _tags(catalogue, config)),
        "genres": (config.genres, lambda: _common(catalogue.genres, 1, catalogue.genres.shape[1])),
        "era": (config.era, lambda: _era(catalogue.years)),
        "words": (config.words, lambda: _words(catalogue, config)),
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
    """Returns (tags, films) the weights of the most common tags."""
    used = np.array([facet not in EXCLUDED_FACETS for facet in catalogue.tag_facets], np.float32)
    tags = sparse(catalogue.tags)
    tags.data = np.asarray(tags.data * used[tags.indices], np.float32)
    tags.eliminate_zeros()
    return _common(tags, config.least_tags, config.most_tags)


def _common(matrix: Sparse, least: int, most: int) -> Sparse:
    """Returns (features, films) the most common features of a (films, features) matrix.

    least: number of films that must have a feature. most: largest number of features returned. Of
    equally common features, those in earlier columns come first.
    """
    having = np.bincount(matrix.indices, minlength=matrix.shape[1])
    order = np.argsort(-having, kind="stable")[:most]
    return sparse(matrix[:, np.sort(order[having[order] >= least])].T)


def _era(years: npt.NDArray[np.float64]) -> Sparse:
    """Returns (half-decades, films) how near each film's year is to the years 1980, 1985, 1990 and
    so on.

    A film has values above 0 for the half-decade before and the half-decade after its year; the two
    add up to 1. years: (films,), NaN if unknown.
    """
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


def _words(catalogue: Catalogue, config: ItemFeaturesConfig) -> Sparse:
    """Returns (words, films) 1 if a film's title contains a word, else 0.

    The words are in alphabetical order. Words that fewer than `least_words` titles contain are left
    out. If the catalogue has tags from editors, films with such tags have no words.
    """
    titles = catalogue.titles
    left_out = catalogue.hand_tagged & catalogue.has_hand_tags
    split = [
        [] if out else sorted(set(_WORD.findall(title.lower())) - _EMPTY_WORDS)
        for title, out in zip(titles, left_out, strict=True)
    ]
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
    """Multiplies each row by its inverse document frequency, and returns the block.

    It is log((1 + films) / (1 + films with the feature)). block: (features, films).
    """
    having = np.diff(block.indptr)
    weight = np.log((1.0 + block.shape[1]) / (1.0 + having))
    block.data = (block.data * np.repeat(weight, having)).astype(np.float32)
    block.eliminate_zeros()
    return block


def _unit_columns(block: Sparse) -> Sparse:
    """Scales each film's column to length 1, and returns the block. block: (features, films)."""
    squares = np.bincount(block.indices, weights=block.data**2, minlength=block.shape[1])
    length = np.sqrt(np.where(squares > 0, squares, 1.0))
    block.data = (block.data / length[block.indices]).astype(np.float32)
    return block

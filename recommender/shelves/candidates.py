"""Finds the combinations of words that may become shelves, and how good each combination is.

A shelf is a list of films whose name is made of words that fit all of its films.
"""

from dataclasses import dataclass

import numpy as np

from recommender.numeric.arrays import Array64, Floats, Rows
from recommender.shelves.catalogue_words import CatalogueWords

WORD_KINDS = (
    "praise",
    "mood",
    "style",
    "country",
    "occasion",
    "theme",
    "setting",
    "source",
    "genre",
    "era",
)
TELLING_KINDS = frozenset({"mood", "style", "theme"})
"""Kinds of words that say what a film is like. A name without such a word is dull: "1960s Czech
films".
"""

DULL_TAGS = frozenset(
    {"black-and-white", "detectives", "espionage", "gangsters", "martial-arts", "noir", "police"}
    | {"space-travel", "sport", "superheroes"}
)
"""Tags of these kinds that say no more than a genre does: "superhero adventures"."""

SINGLE_WORD_WORTH = 0.7  # worth of a shelf of one word, for which there is no lift


@dataclass(frozen=True)
class ShelfConfig:
    """Which combinations of words become shelves (named lists of films), and how many.

    A shelf has the films that all words of its name fit.

    Attributes:
        min_films: fewest films on a shelf.
        max_films: most films on a shelf.
        narrowing: if any one word is dropped from a name, the other words must fit at least this
            many times as many films, so that each word narrows the shelf.
        lift: among the films that the other words fit, each word must be at least this many times
            as frequent as among all films.
        max_overlap: largest share of films (Jaccard) that two shelves have in common. If two share
            more, the one chosen later is dropped.
        max_twin_overlap: the same for two shelves whose names differ in one word only.
        max_candidates: largest number of combinations to choose from, those with the highest
            `Candidates.worth`.
        max_shelves: largest number of shelves, apart from those that only serve `min_tags`.
        dull_worth: factor on the worth of a combination that names no mood, style, theme, setting
            or source, such as "1960s Czech films".
        min_tags: further shelves are added until every film with at least this many tags is on one.
            Films that no combination fits are left out.
    """

    min_films: int = 6
    max_films: int = 100
    narrowing: float = 1.35
    lift: float = 1.2
    max_overlap: float = 0.4
    max_twin_overlap: float = 0.15
    max_candidates: int = 24_000
    max_shelves: int = 600
    dull_worth: float = 0.05
    min_tags: int = 8


@dataclass(frozen=True, eq=False)
class Candidates:
    """Combinations of words that may become shelves (named lists of films).

    Attributes:
        words: (n, 3) columns of the words; -1 in the places that shorter combinations leave empty.
        worth: (n,) how good each combination is: the logarithm of how many times more frequent its
            words are together than they would be by chance (`find_shelves` defines it exactly).
    """

    words: Rows
    worth: Array64


def find_candidates(words: CatalogueWords, among: Rows, config: ShelfConfig) -> Candidates:
    """Returns every combination of up to three words of different kinds that may name a shelf.

    A shelf is a list of films that all words of its name fit. among: rows of the films that may be
    on a shelf. config: the rules for combinations.
    """
    fits = words.fits[among].astype(np.float32)
    kinds = np.array([WORD_KINDS.index(word.kind) for word in words.words])
    total = max(1, len(among))
    count = fits.sum(axis=0)
    both = fits.T @ fits
    share = count / total
    right = (count >= config.min_films) & (count <= config.max_films)
    found = [(np.flatnonzero(right)[:, None], np.full(int(right.sum()), SINGLE_WORD_WORTH))]
    i, j = np.nonzero(np.triu(kinds[:, None] != kinds[None, :], 1))
    n = both[i, j]
    keep = (n >= config.min_films) & (n <= config.max_films)
    i, j, n = i[keep], j[keep], n[keep]
    given = np.stack([n / count[j], n / count[i]])  # how frequent each is among the other's films
    found.append(_worthy(np.column_stack([i, j]), given, share, config))
    for first in np.flatnonzero(count >= config.min_films).tolist():
        later = np.arange(first + 1, len(kinds))
        later = later[(both[first, later] >= config.min_films) & (kinds[later] != kinds[first])]
        with_first = fits[fits[:, first] > 0][:, later]
        three = with_first.T @ with_first
        right = np.triu((three >= config.min_films) & (three <= config.max_films), 1)
        a, b = np.nonzero(right & (kinds[later][:, None] != kinds[later][None, :]))
        n = three[a, b]
        a, b = later[a], later[b]
        given = np.stack([n / both[a, b], n / both[first, b], n / both[first, a]])
        trio = np.column_stack([np.full(len(a), first), a, b])
        found.append(_worthy(trio, given, share, config))
    columns = [np.pad(w, ((0, 0), (0, 3 - w.shape[1])), constant_values=-1) for w, _ in found]
    combinations = np.concatenate(columns).astype(np.int64)
    worth = np.concatenate([worth for _, worth in found])
    telling = [w.kind in TELLING_KINDS and w.key not in DULL_TAGS for w in words.words]
    dull = ~np.array([*telling, False])[combinations].any(axis=1)  # -1 is the last: no word
    return Candidates(combinations, np.where(dull, config.dull_worth * worth, worth))


def both_genres_narrow(words: CatalogueWords, columns: Rows, config: ShelfConfig) -> bool:
    """Returns True if each genre of a pair of genres narrows a list of films, or if no word is such
    a pair.

    The list (a shelf) has the films that all words of its name fit. In "crime and gangster films",
    "crime" would not narrow the shelf, since nearly all gangster films are crime films. columns:
    the words of the name. config: says by how much a word must narrow a shelf.
    """
    pair = next((int(w) for w in columns if int(w) in words.halves), None)
    if pair is None or len(columns[columns >= 0]) < 2:
        return True
    others = columns[(columns >= 0) & (columns != pair)]
    rest = words.fits[:, others].all(axis=1)
    held = (rest & words.fits[:, pair]).sum() * config.narrowing
    return all((rest & words.fits[:, half]).sum() >= held for half in words.halves[pair])


def _worthy(
    combination: Rows,
    given: Floats,
    share: Floats,
    config: ShelfConfig,
) -> tuple[Rows, Array64]:
    """Returns the combinations of words that may name a shelf (list of films), and how good each
    is.

    The combinations meet the limits `narrowing` and `lift` of the config. combination: (n, words)
    columns of the words. given: (words, n) share of each word among the films that the other words
    of its combination fit. share: (all words,) share of each word among all films.
    """
    lift = given / share[combination].T
    keep = (given.max(axis=0) * config.narrowing <= 1.0) & (lift.min(axis=0) >= config.lift)
    worth = np.minimum(np.log(lift[:, keep].min(axis=0)), 2.0)
    return combination[keep], worth.astype(np.float64)

"""Finds micro-genres (shelves) such as "Bleak single-location thrillers" in a catalogue.

A shelf has a name of one to three words of different kinds (a tag, a genre or a pair of genres, a
country, a decade), and it holds the films that all of these words fit. `ShelfConfig` and
`find_shelves` say which combinations of words become shelves, `grammar` which make a good English
name.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from recommender.data import Catalogue
from recommender.numeric.arrays import Array64, Bools, Floats, Rows, Sparse, sparse
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.grammar import Word, name_of

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
SINGLE_WORD_WORTH = 0.7  # worth of a shelf of one word, for which there is no lift


@dataclass(frozen=True)
class ShelfConfig:
    """Which combinations of words become shelves, and how many.

    Attributes:
        min_films: fewest films on a shelf.
        max_films: most films on a shelf.
        narrowing: each word must narrow the shelf: without the word, the shelf would hold at least
            this many times as many films.
        lift: each word must go with the others: among the films that the others fit, it must be at
            least this many times as frequent as among all films.
        max_overlap: largest share of films (Jaccard) that two shelves have in common. If two share
            more, the one chosen later is dropped.
        max_twin_overlap: the same for two shelves whose names differ in one word only.
        max_candidates: largest number of combinations to choose from, those of the highest worth
            (see `find_shelves`).
        max_shelves: largest number of shelves.
    """

    min_films: int = 6
    max_films: int = 60
    narrowing: float = 1.35
    lift: float = 1.2
    max_overlap: float = 0.4
    max_twin_overlap: float = 0.15
    max_candidates: int = 12_000
    max_shelves: int = 500


@dataclass(frozen=True)
class Shelf:
    """A shelf of films.

    Attributes:
        key: the keys of the words with dots between them. Unlike the shelf's column, it is the same
            in every fit.
        name: English name.
        words: the words of the name.
        films: rows of the films, ascending.
    """

    key: str
    name: str
    words: tuple[Word, ...]
    films: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Shelves:
    """The shelves of a catalogue.

    Attributes:
        shelves: the shelves, in the order in which they were chosen.
        membership: (films, shelves) 1 if a film is on a shelf, otherwise 0.
    """

    shelves: tuple[Shelf, ...]
    membership: Sparse

    def __len__(self) -> int:
        return len(self.shelves)


def find_shelves(catalogue: Catalogue, words: CatalogueWords, config: ShelfConfig) -> Shelves:
    """Returns the shelves of a catalogue.

    The lift of a word says how many times as frequent it is among the films that the other words of
    a combination fit as among all films. The worth of a combination is the logarithm of the
    smallest lift of its words, at most 2. Combinations are chosen one after another, the highest
    value first. The value is the worth, lowered for films that are on shelves already and for words
    that are used already. The shelves thus cover many films and do not repeat themselves. Adult
    films are on no shelf.

    words: the words that shelf names can be made of, and the films that each word fits.
    """
    among = np.flatnonzero(~catalogue.adult & words.fits.any(axis=1))
    found = _candidates(words, among, config)
    shelves: list[Shelf] = []
    order = np.argsort(-found.worth, kind="stable")
    named: list[tuple[int, str]] = []
    for at in order.tolist():
        if len(named) >= config.max_candidates:
            break
        name = name_of([words.words[w] for w in found.words[at] if w >= 0])
        if name is not None and _both_genres_narrow(words, found.words[at], config):
            named.append((at, name))
    if not named:
        return Shelves((), sparse((len(catalogue), 0)))
    rows = np.array([at for at, _ in named])
    chosen = _greedy(words, found.words[rows], found.worth[rows], config)
    for place in chosen:
        at, name = named[place]
        parts = [words.words[w] for w in found.words[at] if w >= 0]
        films = np.flatnonzero(_members(words, found.words[at]) & ~catalogue.adult)
        key = ".".join(word.key for word in parts)
        shelves.append(Shelf(key, name, tuple(parts), tuple(films.tolist())))
    columns = np.repeat(np.arange(len(shelves)), [len(shelf.films) for shelf in shelves])
    rows_on = np.concatenate([np.array(shelf.films, np.int64) for shelf in shelves])
    ones = np.ones(len(rows_on), np.float32)
    return Shelves(
        tuple(shelves), sparse((ones, (rows_on, columns)), (len(catalogue), len(shelves)))
    )


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Combinations of words that may become shelves.

    Attributes:
        words: (n, 3) columns of the words; -1 in the places that shorter combinations leave empty.
        worth: (n,) worth of each combination, as `find_shelves` defines it.
    """

    words: Rows
    worth: Array64


def _candidates(words: CatalogueWords, among: Rows, config: ShelfConfig) -> _Candidates:
    """Returns every combination of up to three words of different kinds that the config allows.

    among: rows of the films that may be on a shelf.
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
    return _Candidates(
        np.concatenate(columns).astype(np.int64), np.concatenate([worth for _, worth in found])
    )


def _both_genres_narrow(words: CatalogueWords, columns: Rows, config: ShelfConfig) -> bool:
    """Returns True if each genre of a pair narrows the shelf, or if no word is a pair of genres.

    "Crime" would not narrow a shelf of gangster films, for instance, since nearly all are crime
    films.
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
    """Returns the combinations that meet `narrowing` and `lift` of the config, and their worth.

    combination: (n, words) columns. given: (words, n) share of each word among the films that the
    others of its combination fit. share: (all words,) share of each word among all films.
    """
    lift = given / share[combination].T
    keep = (given.max(axis=0) * config.narrowing <= 1.0) & (lift.min(axis=0) >= config.lift)
    worth = np.minimum(np.log(lift[:, keep].min(axis=0)), 2.0)
    return combination[keep], worth.astype(np.float64)


def _members(words: CatalogueWords, columns: Rows) -> Bools:
    """Returns (films,) True if all words of a combination fit a film."""
    return np.asarray(words.fits[:, columns[columns >= 0]].all(axis=1))


def _greedy(
    words: CatalogueWords,
    combinations_: Rows,
    worth: Array64,
    config: ShelfConfig,
) -> list[int]:
    """Returns the positions of the combinations that become shelves, in the order chosen.

    combinations_, worth: as `words` and `worth` in `_Candidates`.
    """
    fits = np.ascontiguousarray(words.fits.T)
    films = [np.flatnonzero(fits[some[some >= 0]].all(axis=0)) for some in combinations_]
    counts = np.cumsum([0, *map(len, films)])
    ones = np.ones(counts[-1], np.float32)
    members: Sparse = sp.csr_array(
        (ones, np.concatenate(films), counts), shape=(len(films), fits.shape[1])
    )
    size = np.diff(counts).astype(np.float64)
    used = np.zeros(len(words.words) + 1)  # the last entry is for "no word"
    covered = np.zeros(words.fits.shape[0])
    alive = np.ones(len(worth), bool)
    chosen: list[int] = []
    while len(chosen) < config.max_shelves and alive.any():
        fresh = np.asarray(members @ (1.0 / (1.0 + covered))) / np.sqrt(size)
        novelty = 1.0 / (1.0 + used[combinations_]).prod(axis=1)
        value = np.where(alive, worth * fresh * novelty, -1.0)
        best = int(np.argmax(value))
        chosen.append(best)
        films_of_best = members[[best]].toarray().reshape(-1)
        common = np.asarray(members @ films_of_best)
        likeness = common / (size + size[best] - common)
        alike = _one_word_apart(combinations_, combinations_[best])
        alive &= likeness < np.where(alike, config.max_twin_overlap, config.max_overlap)
        alive[best] = False
        covered += films_of_best
        words_used = combinations_[best]
        used[words_used[words_used >= 0]] += 1.0
    return chosen


def _one_word_apart(combinations_: Rows, one: Rows) -> Bools:
    """Returns (n,) True for the combinations that differ from `one` in exactly one word."""
    words = one[one >= 0]
    shared = (combinations_[:, :, None] == words).any(axis=2).sum(axis=1)
    length = (combinations_ >= 0).sum(axis=1)
    return np.asarray((length == len(words)) & (shared == len(words) - 1) & (shared > 0))

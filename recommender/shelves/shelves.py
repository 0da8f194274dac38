"""Finds micro-genres (shelves) such as "Bleak single-location thrillers" in a catalogue.

A shelf has a name of one to three words of different kinds (a tag, a genre or a pair of genres, a
country, a decade). Its films are those that all of these words fit. `ShelfConfig` and
`find_shelves` say which combinations of words become shelves, `together` which words go together.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from recommender.data import Catalogue
from recommender.numeric.arrays import Array64, Bools, Rows, Sparse, sparse
from recommender.shelves.candidates import (
    Candidates,
    ShelfConfig,
    both_genres_narrow,
    find_candidates,
)
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.together import go_together
from recommender.shelves.words import Word


@dataclass(frozen=True)
class Shelf:
    """A shelf: a list of the films that all of its words fit. A `FilmLanguage` names it.

    Attributes:
        key: the keys of the words with dots between them. Unlike the shelf's column, it is the same
            in every fit.
        words: its words.
        films: rows of the films, ascending.
    """

    key: str
    words: tuple[Word, ...]
    films: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Shelves:
    """The shelves (named lists of films) of a catalogue.

    Attributes:
        shelves: the shelves, in the order in which they were chosen.
        membership: (films, shelves) 1 if a film is on a shelf, otherwise 0.
    """

    shelves: tuple[Shelf, ...]
    membership: Sparse

    def __len__(self) -> int:
        return len(self.shelves)


def find_shelves(catalogue: Catalogue, words: CatalogueWords, config: ShelfConfig) -> Shelves:
    """Returns the shelves of a catalogue: lists of films that all words of the list's name fit.

    The lift of a word in a combination is a ratio: how frequent the word is among the films that
    the other words fit, divided by how frequent it is among all films. The worth of a combination
    is the logarithm of the smallest lift of its words, at most 2. Combinations are chosen one after
    another, the one with the highest value first. The value is the worth, lowered for films that
    are already on shelves and for words that are already used. The shelves thus cover many films
    and do not repeat themselves. Further shelves are then chosen for films with many tags that are
    on no shelf. Adult films are on no shelf.

    words: the words that shelf names can be made of, and the films that each word fits.
    """
    among = np.flatnonzero(~catalogue.adult & words.fits.any(axis=1))
    found = find_candidates(words, among, config)
    shelves: list[Shelf] = []
    order = np.argsort(-found.worth, kind="stable")
    sound: list[int] = []
    for at in order.tolist():
        if len(sound) >= config.max_candidates:
            break
        if _is_sound(words, found.words[at], config):
            sound.append(at)
    if not sound:
        return Shelves((), sparse((len(catalogue), 0)))
    rows = np.array(sound)
    chosen = [sound[at] for at in _greedy(words, found.words[rows], found.worth[rows], config)]
    may_stand = ~catalogue.adult & (np.diff(catalogue.tags.indptr) >= config.min_tags)
    chosen += _shelves_for(may_stand, chosen, words, found, config)
    for at in chosen:
        parts = [words.words[w] for w in found.words[at] if w >= 0]
        films = np.flatnonzero(_members(words, found.words[at]) & ~catalogue.adult)
        key = ".".join(word.key for word in parts)
        shelves.append(Shelf(key, tuple(parts), tuple(films.tolist())))
    columns = np.repeat(np.arange(len(shelves)), [len(shelf.films) for shelf in shelves])
    rows_on = np.concatenate([np.array(shelf.films, np.int64) for shelf in shelves])
    ones = np.ones(len(rows_on), np.float32)
    return Shelves(
        tuple(shelves), sparse((ones, (rows_on, columns)), (len(catalogue), len(shelves)))
    )


def _is_sound(words: CatalogueWords, columns: Rows, config: ShelfConfig) -> bool:
    """Returns True if a combination of words may be a shelf (list of films).

    Its words then go together, and a genre among them adds something. columns: the columns of the
    words.
    """
    together = go_together([words.words[w] for w in columns if w >= 0])
    return together and both_genres_narrow(words, columns, config)


def _shelves_for(
    films: Bools,
    chosen: list[int],
    words: CatalogueWords,
    found: Candidates,
    config: ShelfConfig,
) -> list[int]:
    """Returns further combinations of words for films that are on no shelf.

    A shelf is a named list of films. The combination with the highest product is chosen first: its
    worth (how good it is) times the number of these films that it fits. More are chosen until no
    combination fits a film that is on no shelf.

    films: (films,) True for the films that should be on a shelf. chosen: the combinations chosen so
    far. found: all combinations, with their worth.
    """
    on = np.array([_members(words, found.words[at]) for at in chosen])
    size = on.sum(axis=1)
    left = np.flatnonzero(films & ~on.any(axis=0))
    # Each byte holds eight films, because every step below goes through the whole array.
    with_none = np.column_stack([words.fits[left], np.ones(len(left), np.bool_)])
    fitting = np.packbits(with_none.T, axis=1)
    holds = np.bitwise_and.reduce([fitting[column] for column in found.words.T])  # -1: "no word"
    count = np.bitwise_count(holds).sum(axis=1, dtype=np.int64)  # (combinations,) films left
    useful = np.flatnonzero(count)
    further: list[int] = []
    while len(useful):
        value = count[useful] * found.worth[useful]
        at = int(useful[np.argmax(value)])
        members = _members(words, found.words[at])
        its_films = np.flatnonzero(members)
        common = on[:, its_films].sum(axis=1)
        likeness = common / (size + len(its_films) - common)
        if likeness.max() < config.max_overlap and _is_sound(words, found.words[at], config):
            further.append(at)
            on = np.vstack([on, members])
            size = np.append(size, len(its_films))
            covered = holds[at].copy()
            where = np.flatnonzero(covered)
            before = holds[:, where]
            count -= np.bitwise_count(before & covered[where]).sum(axis=1, dtype=np.int64)
            holds[:, where] = before & ~covered[where]
        useful = useful[(useful != at) & (count[useful] > 0)]
    return further


def _members(words: CatalogueWords, columns: Rows) -> Bools:
    """Returns (films,) True if all words of a combination fit a film. columns: the words."""
    return np.asarray(words.fits[:, columns[columns >= 0]].all(axis=1))


def _greedy(
    words: CatalogueWords,
    combinations_: Rows,
    worth: Array64,
    config: ShelfConfig,
) -> list[int]:
    """Returns the positions of the combinations that become shelves (named lists of films).

    They are in the order chosen. combinations_: (n, 3) columns of the words. worth: (n,) how good
    each combination is.
    """
    fits = np.ascontiguousarray(words.fits.T)
    films = [np.flatnonzero(fits[some[some >= 0]].all(axis=0)) for some in combinations_]
    counts = np.cumsum([0, *map(len, films)])
    ones = np.ones(counts[-1], np.float32)
    members: Sparse = sp.csr_array(
        (ones, np.concatenate(films), counts), shape=(len(films), fits.shape[1])
    )
    holding = members.tocsc()  # which combinations each film is in
    size = np.diff(counts).astype(np.float64)
    length = (combinations_ >= 0).sum(axis=1)
    naming = [np.flatnonzero((combinations_ == at).any(axis=1)) for at in range(len(words.words))]
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
        beside = [
            holding.indices[holding.indptr[film] : holding.indptr[film + 1]] for film in films[best]
        ]
        common = np.bincount(np.concatenate(beside), minlength=len(films))
        likeness = common / (size + size[best] - common)
        words_used = combinations_[best][combinations_[best] >= 0]
        shared = np.bincount(
            np.concatenate([naming[word] for word in words_used]), minlength=len(films)
        )
        one_apart = (length == len(words_used)) & (shared == len(words_used) - 1) & (shared > 0)
        alive &= likeness < np.where(one_apart, config.max_twin_overlap, config.max_overlap)
        alive[best] = False
        covered[films[best]] += 1.0
        used[words_used] += 1.0
    return chosen

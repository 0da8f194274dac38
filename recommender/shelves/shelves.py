"""Micro-genres: shelves such as "Bleak single-location thrillers", found in the catalogue's tags.

A shelf is one to three words (a tag, a genre or two, a country, a decade), each of another kind,
said in good English, and the films that all of them fit. Which are kept: `ShelfConfig` and
`find_shelves` state the rule. What a name may be: `recommender/shelves/grammar.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from recommender.data import Catalogue
from recommender.errors import DataError
from recommender.numeric.arrays import Sparse, sparse
from recommender.shelves.grammar import Word, name_of
from recommender.shelves.words import DEMONYMS, GENRES, decade, genre_pair

FITS = 2  # weight from which on a tag says what a film is
SOURCE_FITS = 1  # a source is so or is not


@dataclass(frozen=True)
class ShelfConfig:
    """Which combinations become shelves, and how many.

    A shelf holds `fewest` to `most` films. Each of its words narrows it: without the word it would
    hold at least `narrowing` times as many. Each belongs to the others: it is at least `lift` times
    as frequent among the films that have those as among all. Of two shelves that share `overlap`
    of their films (Jaccard) the better stays, and already at `twins` where only one word of their
    names differs. At most `keep` are kept.
    """

    fewest: int = 6
    most: int = 60
    narrowing: float = 1.35
    lift: float = 1.2
    overlap: float = 0.4
    twins: float = 0.15
    candidates: int = 12_000
    keep: int = 500


@dataclass(frozen=True)
class Shelf:
    """key: lasting, made of the words' keys; films: rows, ascending."""

    key: str
    name: str
    words: tuple[Word, ...]
    films: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Shelves:
    """The shelves kept, best first, and (films, shelves) 0/1 who stands on which."""

    shelves: tuple[Shelf, ...]
    standing: Sparse

    def __len__(self) -> int:
        return len(self.shelves)


@dataclass(frozen=True, eq=False)
class Vocables:
    """Every word a shelf can be made of, and (films, words) bool which films it fits. halves: of
    a pair of genres, by column, the columns of both."""

    words: tuple[Word, ...]
    fits: npt.NDArray[np.bool_]
    halves: Mapping[int, tuple[int, ...]]


def vocables(
    catalogue: Catalogue, phrases: Mapping[str, str], countries: Sequence[str | None]
) -> Vocables:
    """Words for a catalogue. phrases: tag name -> how it is said, those without are left out;
    countries: (films,) ISO codes of the leading country. Raises DataError for other lengths."""
    films = len(catalogue)
    if len(countries) != films:
        raise DataError("The countries are not as many as the films; give one for each film.")
    found: list[tuple[Word, npt.NDArray[np.bool_]]] = []
    tags = catalogue.tags.tocsc()
    for column, (tag, facet) in enumerate(
        zip(catalogue.tag_names, catalogue.tag_facets, strict=True)
    ):
        if phrase := phrases.get(tag, ""):
            least = SOURCE_FITS if facet == "source" else FITS
            part = slice(int(tags.indptr[column]), int(tags.indptr[column + 1]))
            fits = np.zeros(films, bool)
            fits[tags.indices[part][tags.data[part] >= least]] = True
            found.append((Word(tag, facet, phrase), fits))
    found += _genres(catalogue)
    codes = np.array([country or "" for country in countries])
    for code, demonym in DEMONYMS.items():
        found.append((Word(f"in-{code}", "country", f"{demonym} ~"), codes == code))
    for first in range(1880, 2100, 10):
        made = (catalogue.years >= first) & (catalogue.years < first + 10)
        if made.any():
            found.append((Word(f"{first}s", "era", decade(first)), made))
    found = [(word, fits) for word, fits in found if fits.any()]
    column_of = {word.key: column for column, (word, _) in enumerate(found)}
    return Vocables(
        tuple(word for word, _ in found),
        np.column_stack([fits for _, fits in found]) if found else np.zeros((films, 0), bool),
        {
            column_of[word.key]: tuple(column_of[half] for half in word.halves)
            for word, _ in found
            if word.halves
        },
    )


def _genres(catalogue: Catalogue) -> list[tuple[Word, npt.NDArray[np.bool_]]]:
    has = {
        genre: catalogue.genres[:, [column]].toarray().reshape(-1) > 0
        for column, genre in enumerate(catalogue.genre_names)
        if genre in GENRES
    }
    found = [
        (Word(f"g-{_slug(genre)}", "genre", GENRES[genre].phrase), fits)
        for genre, fits in has.items()
    ]
    for one, other in combinations(sorted(has), 2):
        if phrase := genre_pair(one, other):
            halves = (f"g-{_slug(one)}", f"g-{_slug(other)}")
            key = f"{halves[0]}-{_slug(other)}"
            found.append((Word(key, "genre", phrase, halves), has[one] & has[other]))
    return found


def _slug(genre: str) -> str:
    return genre.lower().replace(" ", "-")


def find_shelves(catalogue: Catalogue, words: Vocables, config: ShelfConfig) -> Shelves:
    """The shelves of a catalogue.

    A combination's worth is its least lift (log, at most 2), plus how far above "fits" its tags'
    weights are. They are taken greedily by worth, less for each film already on other shelves and
    for each time a word was used, so that the shelves cover the films and do not repeat
    themselves; adult films stand on none.
    """
    among = np.flatnonzero(~catalogue.adult & words.fits.any(axis=1))
    found = _candidates(words, among, config)
    shelves: list[Shelf] = []
    order = np.argsort(-found.worth, kind="stable")
    named: list[tuple[int, str]] = []
    for at in order.tolist():
        if len(named) >= config.candidates:
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
    standing = np.concatenate([np.array(shelf.films, np.int64) for shelf in shelves])
    ones = np.ones(len(standing), np.float32)
    return Shelves(
        tuple(shelves), sparse((ones, (standing, columns)), (len(catalogue), len(shelves)))
    )


@dataclass(frozen=True, eq=False)
class _Candidates:
    """words: (n, 3) word columns, -1 where there is none; worth: (n,)."""

    words: npt.NDArray[np.int64]
    worth: npt.NDArray[np.float64]


ALONE = 0.7  # worth of a word that is a shelf by itself: no lift to speak of, but plainest English


def _candidates(words: Vocables, among: npt.NDArray[np.int64], config: ShelfConfig) -> _Candidates:
    """Every combination of up to three words of different kinds that the config lets through."""
    fits = words.fits[among].astype(np.float32)
    kinds = np.array([_kind(word) for word in words.words])
    total = max(1, len(among))
    count = fits.sum(axis=0)
    both = fits.T @ fits
    share = count / total
    right = (count >= config.fewest) & (count <= config.most)
    found = [(np.flatnonzero(right)[:, None], np.full(int(right.sum()), ALONE))]
    i, j = np.nonzero(np.triu(kinds[:, None] != kinds[None, :], 1))
    n = both[i, j]
    keep = (n >= config.fewest) & (n <= config.most)
    i, j, n = i[keep], j[keep], n[keep]
    given = np.stack([n / count[j], n / count[i]])  # how frequent each word is among the other's
    found.append(_worthy(np.column_stack([i, j]), given, share, config))
    for first in np.flatnonzero(count >= config.fewest).tolist():
        later = np.arange(first + 1, len(kinds))
        later = later[(both[first, later] >= config.fewest) & (kinds[later] != kinds[first])]
        mine = fits[fits[:, first] > 0][:, later]
        three = mine.T @ mine
        right = np.triu((three >= config.fewest) & (three <= config.most), 1)
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


def _both_genres_narrow(
    words: Vocables, columns: npt.NDArray[np.int64], config: ShelfConfig
) -> bool:
    """Whether each genre of a pair narrows too: gangster dramas are crime dramas anyway."""
    pair = next((int(w) for w in columns if int(w) in words.halves), None)
    if pair is None or len(columns[columns >= 0]) < 2:
        return True
    others = columns[(columns >= 0) & (columns != pair)]
    rest = words.fits[:, others].all(axis=1)
    held = (rest & words.fits[:, pair]).sum() * config.narrowing
    return all((rest & words.fits[:, half]).sum() >= held for half in words.halves[pair])


def _worthy(
    combination: npt.NDArray[np.int64],
    given: npt.NDArray[np.floating],
    share: npt.NDArray[np.floating],
    config: ShelfConfig,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Those whose words narrow and belong together, and their worth. given: (words, n) how
    frequent each word is among the films that have the others."""
    lift = given / share[combination].T
    keep = (given.max(axis=0) * config.narrowing <= 1.0) & (lift.min(axis=0) >= config.lift)
    worth = np.minimum(np.log(lift[:, keep].min(axis=0)), 2.0)
    return combination[keep], worth.astype(np.float64)


def _kind(word: Word) -> int:
    return KINDS.index(word.kind)


KINDS = (
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


def _members(words: Vocables, columns: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.asarray(words.fits[:, columns[columns >= 0]].all(axis=1))


def _greedy(
    words: Vocables,
    combinations_: npt.NDArray[np.int64],
    worth: npt.NDArray[np.float64],
    config: ShelfConfig,
) -> list[int]:
    """Places of the candidates taken, in order."""
    fits = np.ascontiguousarray(words.fits.T)
    films = [np.flatnonzero(fits[some[some >= 0]].all(axis=0)) for some in combinations_]
    counts = np.cumsum([0, *map(len, films)])
    ones = np.ones(counts[-1], np.float32)
    members: Sparse = sp.csr_array(
        (ones, np.concatenate(films), counts), shape=(len(films), fits.shape[1])
    )
    size = np.diff(counts).astype(np.float64)
    used = np.zeros(len(words.words) + 1)  # the last stands for "no word"
    covered = np.zeros(words.fits.shape[0])
    alive = np.ones(len(worth), bool)
    chosen: list[int] = []
    while len(chosen) < config.keep and alive.any():
        fresh = np.asarray(members @ (1.0 / (1.0 + covered))) / np.sqrt(size)
        weary = 1.0 / (1.0 + used[combinations_]).prod(axis=1)
        value = np.where(alive, worth * fresh * weary, -1.0)
        best = int(np.argmax(value))
        chosen.append(best)
        mine = members[[best]].toarray().reshape(-1)
        common = np.asarray(members @ mine)
        likeness = common / (size + size[best] - common)
        alike = _one_word_apart(combinations_, combinations_[best])
        alive &= likeness < np.where(alike, config.twins, config.overlap)
        alive[best] = False
        covered += mine
        words_used = combinations_[best]
        used[words_used[words_used >= 0]] += 1.0
    return chosen


def _one_word_apart(
    combinations_: npt.NDArray[np.int64], one: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """(n,) which combinations have all words of `one` but one, and another in its place."""
    mine = one[one >= 0]
    shared = (combinations_[:, :, None] == mine).any(axis=2).sum(axis=1)
    said = (combinations_ >= 0).sum(axis=1)
    return np.asarray((said == len(mine)) & (shared == len(mine) - 1) & (shared > 0))

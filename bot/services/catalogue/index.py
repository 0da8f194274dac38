"""An index of texts that quickly gives the few that may fit what was typed.

It holds arrays of numbers, one per text or per three neighbouring letters, and compares no texts
itself: whoever asks compares the typed text with the few candidates.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LETTERS_PER_GRAM = 3
MAX_LONGER = 2  # characters more or fewer in a text of nearly the same letters
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
_LAST_SIGN = "\U0010ffff"
_SIGN_BITS, _TEXT_BITS = 12, 28  # of 64 bits: three letters and the number of a text
_COMMON_SIGNS = 32  # bits for the signs of ASCII; other signs share the other 32 bits


@dataclass(frozen=True)
class TextIndex:
    """Gives the numbers of texts that may fit a typed text. The number of a text is its place.

    Attributes:
        texts: different texts, the one to find first in front.
    """

    texts: Sequence[str]

    def prepare(self) -> None:
        """Computes the arrays that the first question needs."""
        assert self._sorted is not None
        assert self._lengths is not None
        assert self._signs is not None
        assert self._grams is not None

    def beginning(self, start: str) -> NDArray[np.intp]:
        """Returns the numbers of the texts that begin with `start`, in order."""
        texts, numbers = self._sorted
        first = bisect_left(texts, start)
        return np.sort(numbers[first : bisect_left(texts, start + _LAST_SIGN, first)])

    def containing(self, part: str) -> Iterator[int]:
        """Yields the numbers of the texts that contain `part`, in order."""
        if len(part) < LETTERS_PER_GRAM:
            signs = _signs(part)
            numbers = np.flatnonzero((self._signs & signs) == signs).tolist()
        else:
            lists = sorted((self._having(gram) for gram in _grams(part)), key=len)
            rare = lists[0]
            for other in lists[1:3]:  # the rarest three leave little
                rare = np.intersect1d(rare, other, assume_unique=True)
            numbers = rare.tolist()
        yield from (number for number in numbers if part in self.texts[number])

    def within(self, text: str, edits: int) -> NDArray[np.intp]:
        """Returns the numbers of all texts within this many edits of `text`, and of others.

        An edit is a letter too few, too many or wrong, or two neighbouring letters exchanged. It
        changes the set of letters by two at most.
        """
        few = np.abs(self._lengths - np.int32(len(text))) <= edits
        numbers = np.flatnonzero(few)
        changed = np.bitwise_count(self._signs[numbers] ^ _signs(text))
        close: NDArray[np.intp] = numbers[changed <= 2 * edits]
        return close

    def sharing(self, text: str, most: int) -> NDArray[np.int32]:
        """Returns the numbers of about `most` texts that resemble `text`, in order.

        One third are the texts with the most groups of three letters in common, one third those
        with the most in comparison with their length, and one third those with nearly the same
        letters and length: a short text with a typo has no group in common.
        """
        each = most // 3
        lists = [self._having(gram) for gram in _grams(f" {text} ")]
        numbers, shared = np.unique(np.concatenate(lists), return_counts=True)
        alike = shared / (self._lengths[numbers] + len(text))
        found = [numbers[_smallest(-by, each)] for by in (shared + alike, alike)]
        near = np.flatnonzero(np.abs(self._lengths - np.int32(len(text))) <= MAX_LONGER)
        changed = np.bitwise_count(self._signs[near] ^ _signs(text))
        found.append(near[_smallest(changed, each)].astype(np.int32))
        return np.unique(np.concatenate(found))

    @cached_property
    def _sorted(self) -> tuple[list[str], NDArray[np.int32]]:
        """(The texts by the alphabet, the number of each.)"""
        numbers = sorted(range(len(self.texts)), key=self.texts.__getitem__)
        return [self.texts[number] for number in numbers], np.array(numbers, np.int32)

    @cached_property
    def _lengths(self) -> NDArray[np.int32]:
        """The number of characters of each text."""
        return np.fromiter(map(len, self.texts), np.int32, len(self.texts))

    @cached_property
    def _signs(self) -> NDArray[np.uint64]:
        """The characters of each text as a set of 64 bits. Rare characters share a bit."""
        if not self.texts:
            return np.zeros(0, np.uint64)
        signs = _codes("".join(f"{text} " for text in self.texts))
        starts = np.cumsum(self._lengths + 1, dtype=np.int64) - self._lengths - 1
        return np.bitwise_or.reduceat(_bits(signs), starts)

    @cached_property
    def _grams(self) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32]]:
        """(The groups of three letters in ascending order; where the texts of each begin, and the
        end; the numbers of the texts with each, in order.)
        """
        codes = _codes("".join(f" {text} " for text in self.texts))
        grams = _joined(codes) << np.uint64(_TEXT_BITS)
        ends = np.cumsum(self._lengths + 2, dtype=np.int64)
        whose = np.repeat(np.arange(len(self.texts), dtype=np.uint64), self._lengths + 2)
        inside = np.ones(len(codes), np.bool_)
        inside[ends - 1] = inside[ends - 2] = False  # these groups reach into the next text
        pairs = (grams | whose[: len(grams)])[inside[: len(grams)]]
        pairs.sort()
        pairs = pairs[np.diff(pairs, prepend=~pairs[:1]) != 0]
        kinds, starts = np.unique(pairs >> np.uint64(_TEXT_BITS), return_index=True)
        numbers = (pairs & np.uint64((1 << _TEXT_BITS) - 1)).astype(np.int32)
        return kinds, np.append(starts, len(numbers)).astype(np.int64), numbers

    def _having(self, gram: np.uint64) -> NDArray[np.int32]:
        """Returns the numbers of the texts with a group of three letters, in order."""
        kinds, starts, numbers = self._grams
        at = int(np.searchsorted(kinds, gram))
        if at == len(kinds) or kinds[at] != gram:
            return numbers[:0]
        return numbers[starts[at] : starts[at + 1]]


@dataclass(frozen=True, eq=False)
class HashedTexts:
    """Finds which of many texts may be equal to a text, with little memory.

    Attributes:
        hashes: (n,) the hashes of the texts, ascending.
        numbers: (n,) the number of the text with each hash.
    """

    hashes: NDArray[np.int64]
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "HashedTexts":
        """Returns the index of some texts. The number of a text is its place."""
        hashes = np.fromiter(map(hash, texts), np.int64)
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], order.astype(np.int32))

    def having(self, text: str) -> list[int]:
        """Returns the numbers of all texts that equal `text`, in order, and perhaps of others."""
        first, end = (int(np.searchsorted(self.hashes, hash(text), side)) for side in _SIDES)
        return [int(number) for number in self.numbers[first:end]]


def _smallest(values: NDArray[np.number], most: int) -> NDArray[np.intp]:
    """Returns the places of the `most` smallest values; of equal values, the first."""
    ordered = values + 1e-12 * np.arange(len(values))
    return np.argpartition(ordered, most)[:most] if len(values) > most else np.arange(len(values))


def _codes(text: str) -> NDArray[np.uint32]:
    """Returns the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _joined(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Returns a number for each three neighbours. Few rare groups share a number with another."""
    wide = (codes & np.uint32((1 << _SIGN_BITS) - 1)).astype(np.uint64)
    first, second = np.uint64(2 * _SIGN_BITS), np.uint64(_SIGN_BITS)
    return (wide[:-2] << first) | (wide[1:-1] << second) | wide[2:]


def _grams(text: str) -> NDArray[np.uint64]:
    return np.unique(_joined(_codes(text)))


def _bits(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Returns the bit of each code point; that of the space is the first."""
    common = np.uint32(_COMMON_SIGNS)
    places = codes % common + common * (codes > 127)
    return np.uint64(1) << places.astype(np.uint64)


def _signs(text: str) -> np.uint64:
    return np.uint64(np.bitwise_or.reduce(_bits(_codes(text + " "))))

"""Writes the numbers of a title in one way: "Rocky IV", "rocky four" and "Rocky, Part 4" agree."""

from collections.abc import Sequence


def _numbers(words: str, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * at for at, word in enumerate(words.split("|"))}


_UNITS = _numbers("zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve", 0)
_UNITS |= _numbers("thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen", 13)
_TENS = _numbers("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety", 20, 10)
_TIMES = {"hundred": 100, "thousand": 1000}
_ROMAN = _numbers("i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii|xiii|xiv|xv|xvi|xvii|xviii|xix|xx", 1)
_NUMBER_WORDS = frozenset({
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "first", "second", "third", "fourth", "fifth", "sixth", "seventh",
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xx",
})  # fmt: skip
_SAID = _UNITS.keys() | _TENS.keys() | _ROMAN.keys()
_PARTS = frozenset({"part", "chapter", "episode", "vol", "volume"})


def with_digits(key: str) -> str:
    """Returns a title's key with its numbers in digits, and without "part" and the like before
    them.

    A Roman numeral counts at the end, where it numbers a film.

    key: a normalised title (`storage/catalogue/titles.py`).
    """
    words = key.split()
    if _SAID.isdisjoint(words) and _PARTS.isdisjoint(words):
        return key
    if len(words) > 1 and words[-1] in _ROMAN:
        words[-1] = str(_ROMAN[words[-1]])
    kept: list[str] = []
    at = 0
    while at < len(words):
        number, used = _number(words[at:])
        if used:
            if len(kept) > 1 and kept[-1] in _PARTS:
                kept.pop()
            kept.append(str(number))
        else:
            kept.append(words[at])
        at += used or 1
    return " ".join(kept)


def _number(words: Sequence[str]) -> tuple[int, int]:
    """Returns (the number at the beginning, how many words it takes); (0, 0) for no number."""
    first = words[0]
    if first.isascii() and first.isdigit() and len(first) < 7:
        return int(first), 1
    number, used = _UNITS.get(first, _TENS.get(first, 0)), 1
    if first not in _UNITS and first not in _TENS:
        return 0, 0
    if first in _TENS and 0 < _UNITS.get(words[1] if len(words) > 1 else "", 0) < 10:
        number, used = number + _UNITS[words[1]], 2
    if len(words) > used and words[used] in _TIMES:
        number, used = number * _TIMES[words[used]], used + 1
    return number, used


def is_number(word: str) -> bool:
    """True if a word of a title's key is a number or has a number in it."""
    return word in _NUMBER_WORDS or any(sign.isnumeric() for sign in word)

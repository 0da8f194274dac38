"""Parses film titles into a stem, a numeral and a subtitle.

The stem is the part that the titles of a series have in common: "Alien" in "Alien 3".
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]

MAX_NUMERAL = 20  # larger numbers in titles are years, or numbers of people or rooms

_APOSTROPHES = "'’"
_ACCENTED_SCRIPTS = ("LATIN ", "GREEK ", "CYRILLIC ")
_SPLIT = re.compile(r":\s+|\s+[-–—]\s+")
_BETWEEN_WORDS = re.compile(r"[^A-Za-z0-9']+")  # in ASCII text, the same as `_in_word`
_ARTICLES = {"the", "a", "an"}
_COUNTERS = {"part", "vol", "volume", "chapter", "episode"}
_NUMBERS = (
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"),
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    tuple(str(number) for number in range(1, MAX_NUMERAL + 1)),
)
_NUMERALS = {word: at for words in _NUMBERS for at, word in enumerate(words, start=1)}
_NUMERALS |= {"twelve": 12, "thirteen": 13, "deux": 2}
_AMBIGUOUS = {"i", "one", "1", "v", "x", "xi"}  # numerals only after a word such as "part"


@dataclass(frozen=True)
class Title:
    """A film title, parsed into words, a numeral and a subtitle.

    Attributes:
        whole: all words, in lower case and without accents or a leading article.
        stem: the words before the numeral and the subtitle, such as "alien" in "Alien 3".
        numeral: the number in the series, None if there is no numeral.
        subtitled: True if words follow a colon or dash, or follow the numeral.
    """

    whole: Words
    stem: Words
    numeral: int | None
    subtitled: bool


@lru_cache(maxsize=1 << 17)  # every model over a catalogue parses the same titles
def read_title(title: str) -> Title:
    """Returns the parsed title. "Alien³" counts as "Alien 3"."""
    if not title.isascii():
        title = "".join(
            f" {unicodedata.digit(each)}" if each in "²³⁴⁵⁶⁷⁸⁹" else each for each in title
        )
    plain = _without_accents(title.replace("&", " and ").casefold())
    parts = [_words(part) for part in _SPLIT.split(plain)]
    whole = tuple(word for part in parts for word in part)
    stem, numeral = _numbered(parts[0]) if parts else ((), None)
    if numeral is None and len(parts) > 1:  # "Harry Potter and the Deathly Hallows: Part 1"
        _, numeral = _numbered(("", *parts[1]))
    return Title(whole, stem, numeral, len(parts) > 1 or (numeral is not None and stem != whole))


def _without_accents(text: str) -> str:
    """Returns the text without accents of Latin, Greek and Cyrillic letters.

    Marks of other scripts stay, because there they tell one word from another.
    """
    if text.isascii():
        return text
    kept: list[str] = []
    base = ""
    for each in unicodedata.normalize("NFKD", text):
        if not unicodedata.combining(each):
            base = each
        elif not base.isalpha() or unicodedata.name(base, "").startswith(_ACCENTED_SCRIPTS):
            continue
        kept.append(each)
    return "".join(kept)


def _in_word(sign: str) -> bool:
    """Returns True if a character can be in a word: letters, digits, marks and apostrophes."""
    return sign.isalnum() or sign in _APOSTROPHES or unicodedata.category(sign)[0] == "M"


def _words(text: str) -> Words:
    """Returns the words of a text without a leading article, unless it is the only word."""
    if text.isascii():
        spaced = _BETWEEN_WORDS.sub(" ", text)
    else:
        spaced = "".join(each if _in_word(each) else " " for each in text)
    words = [word for part in spaced.split() if (word := part.strip(_APOSTROPHES))]
    return tuple(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _numbered(words: Words) -> tuple[Words, int | None]:
    """Returns the words of a title before its numeral, and the numeral. If there is no numeral,
    returns all words and None.

    A numeral that is not the last word needs a counter such as "part" before it, or it must be the
    digit 2 or 3 ("Step Up 2 the Streets").
    """
    for at in range(1, len(words)):
        counted = words[at - 1] in _COUNTERS
        number = _NUMERALS.get(words[at])
        if number is None or (words[at] in _AMBIGUOUS and not counted):
            continue
        last = at == len(words) - 1 or words[at + 1 : at + 2] == ("d",)
        if counted and at > 1:
            return words[: at - 1], number
        if last or (words[at].isdigit() and number in (2, 3)):
            return words[:at], number
    return words, None

"""Turns film titles into keys that can be compared, for matching, importing and search.

People and data sets write the same title in many ways ("Matrix, The", "The Matrix", "matrix";
"Amélie", "amelie"). `normalise_title` turns them into one key. Titles that differ in a letter, a
vowel sign or a mark of their script have different keys. `bare_title` drops further what people
leave out when they type. `match_key` adds the year, because remakes share a title.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

# Letters that Unicode does not split into a plain letter and an accent, though its collation
# (UTS 10) sorts them so, and the Turkish dotless i, whose capital is I.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "⁄": " "}
)
_ACCENTED_SCRIPTS = ("LATIN ", "GREEK ", "CYRILLIC ")
TYPED_AS = str.maketrans({"ð": "d", "þ": "th"})
"""For letters that have no accent to drop, what people type in their place; a table for
`str.translate`.
"""

# Signs inside a word are dropped without leaving a space (Schindler's, E.T., M*A*S*H, WALL·E).
_INSIDE = re.compile(r"['’‘ʼ`´.*·‧•・]")
_FRACTION = re.compile(r"([¼½¾⅓⅔⅛])")
_RAISED = re.compile(r"(?<=[^\W\d_])(?=[²³¹⁴-⁹])")  # between "Alien" and "³"
_TRAILING_ARTICLE = re.compile(
    r"^(?P<rest>.*\S)\s*,\s*(?P<article>"
    r"the|an?|le|la|les|un|une|el|los|las|una|il|lo|gli|i|uno|der|die|das|ein|eine"
    r"|de|het|een|den|det|en|ett|o|os|as|um|uma|l['’])\s*$",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"the", "a", "an"})


def fold(text: str) -> str:
    """Returns the text in lower case and plain width, without accents of Latin, Greek and Cyrillic.

    Marks of all other scripts stay, because there they tell one word from another.
    """
    if text.isascii():  # there are no accents
        return text.lower()
    for _ in range(3):  # folding a letter can produce a new capital or a new accent
        before = text
        text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
        text = _without_accents(text).casefold().translate(_LETTERS)
        text = unicodedata.normalize("NFKC", text)
        if text == before:
            break
    return text


@lru_cache(maxsize=1 << 17)  # every search index folds the same titles
def normalise_title(title: str) -> str:
    """Returns a title's key: in lower case, without accents and punctuation, "&" as "and".

    A trailing article ("Samouraï, Le") is first moved to the front. Then a leading "the", "a" or
    "an" is dropped. Words that are articles in other languages stay, because "Die Hard" and "La La
    Land" do not begin with an article. Numerals stay unchanged, and so do signs that are no
    punctuation ("#", "$", "+", "♥"). The key of a key is the key itself. The key of a title without
    letters, digits and such signs consists of its punctuation. Only a blank title has the key "".
    """
    moved = _TRAILING_ARTICLE.match(title.strip()) if "," in title else None
    if moved:
        article = moved["article"]
        gap = "" if article[-1] in "'’" else " "
        title = f"{article}{gap}{moved['rest']}"
    plain = fold(title if title.isascii() else _RAISED.sub(" ", _FRACTION.sub(r" \1", title)))
    kept = _INSIDE.sub("", plain.replace("&", " and "))
    words = kept.translate(_KEPT).split()
    if not words:
        return "".join(plain.split()) or "".join(title.split())
    while len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    key = " ".join(words)
    return key if key.isascii() else unicodedata.normalize("NFC", key)


@lru_cache(maxsize=1 << 17)
def bare_title(title: str) -> str:
    """Returns a title's key without what people leave out when they type a title by hand.

    Symbols beside words ("Romeo + Juliet") are dropped, and so are the vowel points of Hebrew and
    Arabic, which few people write. "ð" and "þ" become "d" and "th". A title that consists of
    symbols keeps them.
    """
    return bare_key(normalise_title(title))


def bare_key(key: str) -> str:
    """Returns `bare_title` of every title with this key. If nothing is left out, it is the same
    object, so that tables of both need little memory.
    """
    if key.isascii() and key.replace(" ", "").isalnum():
        return key
    typed = key.translate(TYPED_AS)
    signs = "".join(" " if _is_sign(sign) else "" if _is_point(sign) else sign for sign in typed)
    bare = " ".join(signs.split()) or typed
    return key if bare == key else bare


def former_key(title: str) -> str:
    """Returns the key that earlier versions of Matinee gave a title, without its spaces.

    Those versions dropped the accents and other marks of every script.
    """
    split = unicodedata.normalize("NFKD", normalise_title(title))
    return "".join(sign for sign in split if sign.isalnum())


def match_key(title: str, year: int) -> tuple[str, int]:
    """Returns (the title's key, year). Two records with the same pair are probably one film."""
    return normalise_title(title), year


def _without_accents(text: str) -> str:
    """Returns decomposed text without the accents that follow Latin, Greek or Cyrillic letters.

    Accents that follow no letter are dropped too.
    """
    kept: list[str] = []
    accented = True
    for sign in text:
        if _is_selector(sign) or (accented and _is_accent(sign)):
            continue
        if not unicodedata.category(sign).startswith("M"):
            accented = _takes_accents(sign)
        kept.append(sign)
    return "".join(kept)


@cache
def _name(sign: str) -> str:
    return unicodedata.name(sign, "")


@cache
def _takes_accents(sign: str) -> bool:
    """True if accents after this character are dropped.

    They are dropped after Latin, Greek and Cyrillic letters, and after characters that are no
    letters.
    """
    return not sign.isalpha() or _name(sign).startswith(_ACCENTED_SCRIPTS)


@cache
def _is_accent(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Me") and _name(sign).startswith("COMBINING ")


@cache
def _is_selector(sign: str) -> bool:
    """True for invisible characters that only choose how the character before them is drawn."""
    return "VARIATION SELECTOR" in _name(sign)


@cache
def _is_sign(sign: str) -> bool:
    """True for symbols that are kept in a title's key, such as "$", "♥" and "#".

    These are the characters that Unicode classifies as symbols, or whose Unicode name contains
    "SIGN" ("#" is NUMBER SIGN). The modifier symbols of ASCII and Latin-1 ("^", "~", "|") count as
    punctuation.
    """
    kind = unicodedata.category(sign)
    if kind[0] in "LMN" or (sign < "\u0100" and sign in "^~|¨¯¸"):
        return False
    return kind[0] == "S" or "SIGN" in _name(sign).split()


@cache
def _is_point(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn" and _name(sign).startswith(("HEBREW ", "ARABIC "))


class _KeptSigns(dict[int, str]):
    """What each character becomes in a title's key, by code point; a table for `str.translate`."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = kept = sign if _counts(sign) else _instead(sign)
        return kept


_KEPT = _KeptSigns()


def _counts(sign: str) -> bool:
    """True if a character is kept in a title's key: letters, marks, digits, and symbols such as
    "$".
    """
    return unicodedata.category(sign)[0] in "LMN" or _is_sign(sign)


def _instead(sign: str) -> str:
    """Returns what replaces a dropped character: a space, or "" for an invisible character."""
    return "" if unicodedata.category(sign) == "Cf" else " "


def is_folded(titles: Iterable[str], others: Iterable[str]) -> bool:
    """True if earlier versions took one of the titles for one of the others, but this version does
    not.

    Earlier versions ignored accents and other marks (`former_key`).

    titles: all titles of one film.
    others: all titles of another film.
    """
    both = list(titles), list(others)
    keys = [{normalise_title(name).replace(" ", "") for name in names} for names in both]
    if keys[0] & keys[1]:
        return False
    dropped = {former_key(name) for name in both[0]} & {former_key(name) for name in both[1]}
    return bool(dropped - {""})

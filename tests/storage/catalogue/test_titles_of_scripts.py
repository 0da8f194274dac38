"""Titles that differ in a letter, vowel sign, mark or sign of their script have different keys."""

import unicodedata
from collections import defaultdict
from functools import cache
from itertools import pairwise

import pytest

from storage.catalogue.titles import normalise_title

SCRIPTS = {
    "ARABIC": "سلام", "ARMENIAN": "երկիր", "BENGALI": "ছবি", "CYRILLIC": "кино", "DEVANAGARI": "घर",
    "ETHIOPIC": "ሰላም", "GEORGIAN": "მთა", "GREEK": "νησι", "GUJARATI": "ઘર", "GURMUKHI": "ਘਰ",
    "HANGUL": "영화", "HEBREW": "סרט", "HIRAGANA": "えいが", "KANNADA": "ಮನೆ", "KATAKANA": "エイガ",
    "KHMER": "ផ្ទះ", "LAO": "ເຮືອນ", "LATIN": "film", "MALAYALAM": "വീട്", "MYANMAR": "အိမ်",
    "ORIYA": "ଘର", "SINHALA": "ගෙදර", "TAMIL": "வீடு", "TELUGU": "ఇల్లు", "THAI": "บ้าน",
    "TIBETAN": "ཁང",
}  # fmt: skip
"""The scripts by their names in Unicode, with a word of each."""

LAST_SIGN = 0x20000  # no sign of these scripts is beyond
MAX_SIGNS = 400  # of each script; of Hangul every thirtieth syllable
ACCENTED = ("LATIN", "GREEK", "CYRILLIC")
SIGNS = tuple("$?!#@%&+=♥★☂👻💀🎬🙂🚀½∞√№…—")


@cache
def _signs() -> dict[str, list[str]]:
    """Returns the letters, marks, vowel signs and signs of each script, from Unicode's names."""
    found: dict[str, list[str]] = defaultdict(list)
    for sign in map(chr, range(LAST_SIGN)):
        words = unicodedata.name(sign, "").split()
        kind = unicodedata.category(sign)
        if words and words[0] in SCRIPTS and (kind[0] in "LM" or "SIGN" in words):
            found[words[0]].append(sign)
    return {name: signs[:: 1 + len(signs) // MAX_SIGNS] for name, signs in found.items()}


def _plain(text: str, script: str) -> str:
    """Returns the text without case, width and, where the issue allows it, accents."""
    plain = text
    for _ in range(3):
        plain = unicodedata.normalize("NFKD", plain)
        if script in ACCENTED:
            plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
        plain = unicodedata.normalize("NFKC", plain.casefold())
    return plain.translate({ord(sign): None for sign in "\u200c\u200d·"})


# Letters with a stroke or a tail, which collate as accented ones, and the dotless i.
STROKED = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i"}


@pytest.mark.parametrize("script", SCRIPTS)
def test_titles_that_differ_in_one_sign_have_different_keys(script: str) -> None:
    word, signs = SCRIPTS[script], _signs()[script]
    pairs = [*pairwise(signs), *zip(signs, signs[7:], strict=False)]
    told_apart = 0
    for one, other in pairs:
        same = _plain(one, script) == _plain(other, script)
        titles = [f"{word}{sign}{word}" for sign in (one, other)]
        keys = [normalise_title(title) for title in titles]
        if same:
            assert keys[0] == keys[1], titles
        elif not {one.casefold(), other.casefold()} & STROKED.keys():
            assert keys[0] != keys[1], titles
            told_apart += 1
    assert told_apart >= 80, f"{script} has too few pairs"


@pytest.mark.parametrize("script", sorted(SCRIPTS.keys() - set(ACCENTED)))
def test_no_mark_of_a_script_is_dropped(script: str) -> None:
    word = SCRIPTS[script]
    marks = [sign for sign in _signs()[script] if unicodedata.category(sign)[0] == "M"]
    for mark in marks:
        assert normalise_title(f"{word}{mark}") != normalise_title(word), repr(mark)


def test_titles_of_signs_alone_differ() -> None:
    titles = [*SIGNS, "$$", "??", "👻👻", "?!", "!?"]
    keys = {normalise_title(title) for title in titles}
    assert len(keys) == len(titles)
    assert "" not in keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("दिल", "दोल"), ("రాజు", "రోజు"), ("காதல்", "கோதல்"), ("রাজা", "রোজা"), ("รัก", "รึก"),
        ("ハハ", "パパ"), ("パパ", "ババ"), ("ハ", "ハー"), ("خُدا", "خدا"), ("き", "ぎ"),
    ],
)  # fmt: skip
def test_words_that_were_once_one_are_two(one: str, other: str) -> None:
    assert normalise_title(one) != normalise_title(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amélie", "AMELIE"), ("Ærø", "aero"), ("Αθήνα", "ΑΘΗΝΑ"), ("Ёлки", "елки"), ("ﾊﾟﾊﾟ", "パパ"),
        ("Ｍａｄ", "mad"), ("Kış", "KIŞ"), ("\u212bngström", "angstrom"), ("दि\u200dल", "दिल"),
    ],
)  # fmt: skip
def test_case_width_and_accents_are_folded(one: str, other: str) -> None:
    assert normalise_title(one) == normalise_title(other)

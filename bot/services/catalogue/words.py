"""Understands the names of genres, moods and languages as people type them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from rapidfuzz import fuzz, process

from bot.errors import Sorry
from bot.services.catalogue.search import MIN_TYPO_SCORE
from bot.services.notes import Note, note
from storage.catalogue.csv_rows import GENRE_WORDS
from storage.catalogue.places import COUNTRY_NAMES, LANGUAGE_NAMES
from storage.catalogue.titles import normalise_title

MAX_SUGGESTED = 5  # names that an excuse suggests
_ANY_LANGUAGE = ("", "any", "all", "every", "none")
_NAMED_LANGUAGES = frozenset(LANGUAGE_NAMES.values())
LANGUAGES_OF_COUNTRY: Mapping[str, str] = {
    "AR": "es", "AT": "de", "AU": "en", "BR": "pt", "CL": "es", "CN": "zh", "CO": "es", "CZ": "cs",
    "DE": "de", "DK": "da", "EG": "ar", "ES": "es", "FI": "fi", "FR": "fr", "GB": "en", "GR": "el",
    "HK": "yue", "HU": "hu", "IL": "he", "IN": "hi", "IR": "fa", "IS": "is", "IT": "it", "JP": "ja",
    "KR": "ko", "MX": "es", "NL": "nl", "NO": "no", "PL": "pl", "PT": "pt", "RO": "ro", "RU": "ru",
    "SE": "sv", "TH": "th", "TR": "tr", "TW": "zh", "UA": "uk", "US": "en", "VN": "vi",
}  # fmt: skip
"""For a country's ISO code, the ISO code of the language of most of its films."""


NameKind = Literal["genre", "mood", "language"]
"""What a person may name."""

UNKNOWN = {
    ("genre", True): "no-such-genre-near",
    ("genre", False): "no-such-genre",
    ("mood", True): "no-such-mood-near",
    ("mood", False): "no-such-mood",
    ("language", True): "no-such-language-near",
    ("language", False): "no-such-language",
}
"""The keys of the errors about unknown names, by what was named and whether a name resembles it."""


def plain_word(text: str) -> str:
    """Returns a name in the form in which names are compared: "Sci-Fi" as "sci fi"."""
    return normalise_title(text.replace("-", " ").replace("_", " "))


def genre_words(genres: Sequence[str]) -> dict[str, str]:
    """Returns the genre for each name of a genre and for each other word for one, by the name or
    word.

    The names and words are in the form that `plain_word` returns.

    genres: the names of the genres.
    """
    words = {word: genre for word, genre in GENRE_WORDS.items() if genre in genres}
    return words | {plain_word(genre): genre for genre in genres}


def meant(
    typed: str,
    names: Mapping[str, str],
    kind: NameKind,
    listed: Sequence[str],
    said: Mapping[str, Note] = MappingProxyType({}),
) -> str:
    """Returns the value of the name that a person typed in full, in part or with typos.

    Raises Sorry, with the nearest names, if no name fits.

    names: the value of each name, by the name in the form that `plain_word` returns.
    kind: what the names are, for the error message.
    listed: the names as people read them, the best known first.
    said: the note that says a name in the language of the reader, by the name; a name without one
        is the same in every language.
    """
    wanted = plain_word(typed)
    if wanted in names:
        return names[wanted]
    begun = {value for name, value in names.items() if name.startswith(wanted)}
    if len(wanted) > 2 and len(begun) == 1:
        return begun.pop()
    close = process.extractOne(wanted, names.keys(), scorer=fuzz.ratio, score_cutoff=MIN_TYPO_SCORE)
    if close is not None:
        return names[close[0]]
    near = close_names(typed, listed)
    if near:
        raise Sorry(UNKNOWN[kind, True], typed=typed[:60], near=[said.get(x, x) for x in near])
    some = [said.get(name, name) for name in listed[: 2 * MAX_SUGGESTED]]
    raise Sorry(UNKNOWN[kind, False], typed=typed[:60], choices=some)


def close_names(typed: str, listed: Sequence[str]) -> list[str]:
    """Returns the names that resemble the typed text, the nearest first.

    listed: the names to choose from.
    """
    plain = {name: plain_word(name) for name in listed}
    hits = process.extract(plain_word(typed), plain, scorer=fuzz.WRatio, limit=MAX_SUGGESTED)
    return [name for _, score, name in hits if score >= MIN_TYPO_SCORE]


def language_name(code: str) -> str:
    """Returns the English name of a language; the code itself if the name is not known."""
    names = (name for name, known in LANGUAGE_NAMES.items() if known == code)
    return next(names, code).capitalize()


def language_note(code: str) -> Note:
    """Returns a note that says the name of a language in the language of the reader."""
    return note("film-language", code=code)


def named_languages(codes: Sequence[str]) -> list[str]:
    """Returns those of the codes whose language has a name here, in the same order."""
    return [code for code in codes if code in _NAMED_LANGUAGES]


def language_code(typed: str, codes: Sequence[str]) -> str | None:
    """Returns the code of a language that a person typed as a code, name or country.

    Returns None if they typed that any language is fine. Raises Sorry if no film is in that
    language.

    codes: the languages of the catalogue's films, the most frequent first.
    """
    wanted = plain_word(typed)
    if wanted in _ANY_LANGUAGE:
        return None
    if wanted in codes:
        return wanted
    names = {plain_word(name): code for name, code in LANGUAGE_NAMES.items()}
    for name, country in COUNTRY_NAMES.items():
        if country in LANGUAGES_OF_COUNTRY:
            names.setdefault(name, LANGUAGES_OF_COUNTRY[country])
    said = {language_name(code): language_note(code) for code in named_languages(codes)}
    code = meant(typed, names, "language", list(said), said)
    if code not in codes:
        some = list(said.values())[: 2 * MAX_SUGGESTED]
        raise Sorry("no-films-in-language", spoken=language_note(code), choices=some)
    return code

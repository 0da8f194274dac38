"""Reads the cells of a film history: numbers, years, ids, titles, kinds and yes or no."""

import itertools
import math
import re
from typing import Literal

from storage.imports.history import Kind, SkipReason

_FORCED = re.compile(r'="(.*)"', re.DOTALL)
_GUARDED = re.compile(r"'\s*[=+\-@]")
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_LONGEST = 1_000
_MOST_PEOPLE = 20
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}(?:[.,]\d{0,9})?|[.,]\d{1,9})", re.ASCII)
_YEAR = re.compile(r"\(?(\d{4})(?:[.,]0+)?(?!\d)")
_IMDB = re.compile(r"(?<![a-z0-9])tt(\d{1,10})(?![a-z0-9])", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"\d{1,10}", re.ASCII)
_ID = re.compile(r"(\d{1,10})(?:[.,]0+)?", re.ASCII)
_LETTERBOXD = re.compile(
    r"(?:https?://)?(?:www\.)?(?:(boxd\.it/[A-Za-z0-9]{2,8})|letterboxd\.com/(film/[\w-]+))/?"
)
_WORDS = re.compile(r"[a-z]+")
_FIRST_YEAR, _LAST_YEAR = 1870, 2150
_MOST_ID = 2**31 - 1

Use = Literal["seen", "wanted", "liked"]
"""What it means that a film is in a file."""

_USES: tuple[tuple[frozenset[str], Use], ...] = (
    (frozenset(["watchlist", "wishlist", "towatch", "wanted"]), "wanted"),
    (frozenset(["likes", "liked", "favorites", "favourites"]), "liked"),
    (frozenset(["watched", "seen", "checkins", "checkin"]), "seen"),
)

_NOT = frozenset(("not", "never", "no"))

FILM_TYPES = frozenset(
    [
        "movie",
        "film",
        "movies",
        "feature",
        "featurefilm",
        "documentary",
        "tvmovie",
        "tvfilm",
        "short",
        "shortfilm",
        "shortmovie",
        "tvshort",
        "video",
        "tvspecial",
    ]
)
OTHER_TYPES: dict[str, SkipReason] = {
    **dict.fromkeys(
        [
            "tvseries",
            "tvminiseries",
            "miniseries",
            "tvshow",
            "show",
            "shows",
            "series",
            "season",
            "tv",
            "tvseason",
        ],
        "series",
    ),
    **dict.fromkeys(("tvepisode", "episode"), "episode"),
    **dict.fromkeys(("videogame", "game"), "game"),
}
"""What a type says that is no film, by the type in lower case, without spaces and hyphens."""

_YES_IN_ENGLISH = ("yes", "y", "true", "t", "x", "✓", "✔", "✅", "seen", "watched")
_YES = frozenset((*_YES_IN_ENGLISH, "ja", "j", "oui", "o", "si", "sí", "s", "sim", "да"))


def clean(cell: str) -> str:
    """Returns a cell without white space around it and without what protects it in spreadsheets.

    Files that guard against formulas put an apostrophe before "=", "+", "-" and "@"; spreadsheets
    keep digits as text by ="0123". Line breaks, control characters and halves of characters become
    a space. What is longer than 1,000 characters is cut: nothing that is read is that long.
    """
    cell = cell.strip()
    if not cell.isprintable():
        cell = _UNFIT.sub(" ", cell).strip()
    if len(cell) > _LONGEST:
        cell = cell[:_LONGEST]
    if cell[:1] == "'" and _GUARDED.match(cell):
        return cell[1:].strip()
    if cell[:2] == '="' and (forced := _FORCED.fullmatch(cell)):
        return forced[1].strip()
    return cell


def key(text: str) -> str:
    """Returns a column's name or a type in the form for comparing: small letters and digits."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def number(text: str) -> float | None:
    """Returns a number with a decimal point or comma; None for other texts."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def halves(stars: float) -> float:
    """Returns stars rounded to halves, from 0.5 to 5. The middle between two becomes the higher."""
    return min(max(math.floor(stars * 2 + 0.5 + 1e-9), 1), 10) / 2


def year(text: str) -> int | None:
    """Returns the year with which a text begins, such as "1998", "1998.0" or "1998–2004"."""
    found = _YEAR.match(text)
    return _plausible(int(found[1])) if found else None


def _plausible(given: int) -> int | None:
    return given if _FIRST_YEAR <= given <= _LAST_YEAR else None


def named_year(name: str) -> tuple[str, int | None]:
    """Returns (title, year) of a name such as "The Glass Orchard (1998)"."""
    title, digits = name[:-6].rstrip(), name[-5:-1]
    if name[-6:-5] == "(" and name[-1] == ")" and title and _DIGITS.fullmatch(digits):
        named = _plausible(int(digits))
        return (title, named) if named else (name, None)
    return name, None


def imdb_id(text: str, *, bare: bool = False) -> str | None:
    """Returns an IMDb id such as "tt0111161" from the id or from an address with it; else None.

    bare: True if the id may lack its "tt" and its leading zeros, as in files of MovieLens.
    """
    found = _IMDB.search(text) if "tt" in text.lower() else None
    digits = found[1] if found else text if bare and _DIGITS.fullmatch(text) else ""
    return f"tt{digits:0>7}" if digits.strip("0") else None


def whole_id(text: str) -> int | None:
    """Returns a positive whole number such as a TMDB id; None for other texts."""
    found = _ID.fullmatch(text)
    return int(found[1]) if found and 0 < int(found[1]) <= _MOST_ID else None


def letterboxd_film(text: str) -> str | None:
    """Returns the address of a film at Letterboxd in one form; None for other texts."""
    found = _LETTERBOXD.fullmatch(text)
    if not found:
        return None
    return f"https://{found[1]}" if found[1] else f"https://letterboxd.com/{found[2]}/"


def kind(text: str) -> Kind | SkipReason:
    """Returns what a type such as "TV Movie" or "tvSeries" means; "unknown" if it is blank.

    Types that are not known are "other": they never count as films.
    """
    named = key(text)
    if not named:
        return "unknown"
    return "film" if named in FILM_TYPES else OTHER_TYPES.get(named, "other")


def yes(text: str) -> bool:
    """Returns whether a cell says yes: by a word, a number of times above 0, or a date."""
    return text.casefold() in _YES or any(sign in "123456789" for sign in text)


def people(text: str) -> tuple[str, ...]:
    """Returns the names in a list with commas, semicolons or bars."""
    if not text:
        return ()
    names = (part.strip() for part in re.split(r"[,;|]", text))
    return tuple(name for name in names if name)[:_MOST_PEOPLE]


def use_by_name(file: str) -> Use | None:
    """Returns what a file's name says about its films, or None.

    Words are compared, so that "unwatched.csv" and "not-seen.csv" say nothing.
    """
    words = words_of_name(file)
    joined = {first + second for first, second in itertools.pairwise(words)}
    if _NOT & set(words):
        return None
    for named, use in _USES:
        if named & {*words, *joined}:
            return use
    return None


def words_of_name(file: str) -> list[str]:
    """Returns the words of a file's name in small letters, without its folders and its suffix."""
    name = file.casefold().replace("\\", "/").rpartition("/")[2]
    return _WORDS.findall(name.rpartition(".")[0] or name)

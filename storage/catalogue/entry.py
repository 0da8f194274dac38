"""Says which films may enter the catalogue, and corrects films that are stored already.

Every importer calls `problem` before it writes a film. `presentable` corrects facts that an earlier
version stored, so that no stored film can break a message.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from storage.catalogue.csv_rows import FIRST_YEAR, LAST_YEAR
from storage.catalogue.film_rows import Film
from storage.errors import StorageError

MAX_TITLE = 300  # characters; the longest titles of real films have about 200
MAX_SHOWN_TITLE = 120  # characters of a title that a message shows
MAX_GENRE = 40  # characters; buttons carry the name of a genre
MAX_POSTER = 500  # characters of an address
VALUE = re.compile(r"film#[0-9]+", re.ASCII)
"""The form of the text that Discord sends for a chosen suggestion of a film. No title may have this
form.
"""

_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ue000-\uf8ff"
_HIDDEN = re.compile(f"[{_DIRECTION}{_CONTROL}]+")
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing


def problem(
    title: str, year: int | None, *, other_titles: Iterable[str] = (), genres: Iterable[str] = ()
) -> StorageError | None:
    """Returns why a film may not enter the catalogue; None if it may.

    title: the film's title.
    year: year of the first showing; None if unknown.
    other_titles: the original title and aliases.
    genres: the film's genres.
    """
    for text in (title, *other_titles):
        if found := _title_problem(text):
            return found
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return StorageError(
            "year-out-of-range",
            title=title,
            year=str(year),
            first=str(FIRST_YEAR),
            last=str(LAST_YEAR),
        )
    for genre in genres:
        if is_blank(genre):
            return StorageError("genre-empty", title=title)
        if len(genre) > MAX_GENRE or _HIDDEN.search(genre):
            return StorageError(
                "genre-long", title=title, genre=one_line(genre)[:MAX_GENRE], most=MAX_GENRE
            )
    return None


def is_poster(address: str) -> bool:
    """True if Discord accepts the address as that of a picture: https, with a host, without
    spaces.
    """
    if len(address) > MAX_POSTER or not address.isascii() or re.search(r"[\s<>\"\\]", address):
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(host) and "." in str(host)


def one_line(text: str) -> str:
    """Returns the text on one line, without invisible characters that change its direction."""
    return " ".join(_HIDDEN.sub(" ", text).split()) if _HIDDEN.search(text) else text


def is_blank(text: str) -> bool:
    """True if nothing is visible when the text is shown."""
    return all(unicodedata.category(sign)[0] in "ZC" or sign in _BLANK_LETTERS for sign in text)


def presentable(film: Film) -> Film:
    """Returns the film, changed so that all its facts fit into a message.

    If they all fit, the film is returned unchanged. A title without visible characters becomes
    "Film 17", with the film's id. A title that is too long is cut, and the whole title is kept
    among the aliases. All other facts that do not fit are left out.
    """
    others = (film.original_title or "", *film.aliases)
    fits = len(film.title) <= MAX_SHOWN_TITLE and (film.poster is None or is_poster(film.poster))
    if fits and problem(film.title, film.year, other_titles=filter(None, others),
                        genres=film.genres) is None:  # fmt: skip
        return film
    title = one_line(film.title).strip()
    if is_blank(title) or VALUE.fullmatch(title):
        title = f"Film {film.id}"
    aliases = tuple(name for name in film.aliases if _title_problem(name) is None)
    if len(title) > MAX_SHOWN_TITLE:
        aliases += (title,) if len(title) <= MAX_TITLE else ()
        title = title[: MAX_SHOWN_TITLE - 1].rstrip() + "…"
    original = film.original_title
    genres = (one_line(genre).strip()[:MAX_GENRE] for genre in film.genres)
    return replace(
        film,
        title=title,
        original_title=None if original is None or _title_problem(original) else original,
        aliases=aliases,
        year=film.year if film.year and FIRST_YEAR <= film.year <= LAST_YEAR else None,
        genres=tuple(dict.fromkeys(genre for genre in genres if not is_blank(genre))),
        poster=film.poster if film.poster and is_poster(film.poster) else None,
    )


def _title_problem(title: str) -> StorageError | None:
    if is_blank(title):
        return StorageError("title-empty")
    if len(title) > MAX_TITLE:
        return StorageError(
            "title-long", title=one_line(title)[:30], count=len(title), most=MAX_TITLE
        )
    if re.search(f"[{_CONTROL}]", title):
        return StorageError("title-control-character", title=one_line(title))
    if VALUE.fullmatch(title.strip()):
        return StorageError("title-like-number", title=title)
    return None

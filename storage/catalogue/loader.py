"""Loads a list of films and its vocabulary: the starter catalogue, or an operator's own files.

Everything is checked before anything is returned: either all of a file is good, or a
`CatalogueError` says which line to mend. Judgements of taste (too few tags, two films nobody
could tell apart) belong to the linter.
"""

import difflib
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NoReturn, Protocol

from storage.catalogue.csv_rows import (
    AUDIENCES,
    FACETS,
    FILM_COLUMNS,
    FIRST_YEAR,
    GENRES,
    LAST_YEAR,
    LONGEST_RUNTIME,
    MAX_CAST,
    MAX_GENRES,
    REQUIRED_FILM_COLUMNS,
    REQUIRED_TAG_COLUMNS,
    TAG_COLUMNS,
    CatalogueError,
    CatalogueFile,
    FilmRow,
    TagRow,
)
from storage.catalogue.csv_table import read_table
from storage.catalogue.titles import fold, match_key
from storage.database import revisions

__all__ = ["CatalogueError", "CatalogueFile", "FilmRow", "TagRow", "load_catalogue"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_IMDB = re.compile(r"tt\d{7,10}")
_PHRASE = re.compile(r"[^~]*[^~ ] ~|~ [^~ ][^~]*")
_WEIGHTS = {"1": 1, "2": 2, "3": 3}


class _Refuse(Protocol):
    """Raises a CatalogueError with this sentence for the line at hand."""

    def __call__(self, sentence: str) -> NoReturn: ...


def load_catalogue(
    films: Path | None = None, tags: Path | None = None, more_tags: Path | None = None
) -> CatalogueFile:
    """The films of `films` tagged with the vocabulary of `tags`; by default the starter catalogue.
    `more_tags` are added to the vocabulary.

    Films keep the order of the file. Raises CatalogueError (file, line, sentence) for the first
    thing that is wrong in either file.
    """
    home = resources.files("storage.catalogue")
    tags_file: Path | Traversable = tags if tags is not None else home / "tags.csv"
    films_file: Path | Traversable = films if films is not None else home / "films.csv"
    vocabulary = _load_tags([tags_file] if more_tags is None else [tags_file, more_tags])
    return CatalogueFile(
        films=_load_films(films_file, {tag.slug for tag in vocabulary}, tags_file.name),
        tags=vocabulary,
        films_name=films_file.name,
        tags_name=tags_file.name,
    )


# The vocabulary ----------------------------------------------------------------------------------


def _load_tags(files: Sequence[Path | Traversable]) -> tuple[TagRow, ...]:
    found: dict[str, TagRow] = {}
    words: dict[str, TagRow] = {}  # names and synonyms, folded: one word means one tag
    for file in files:
        for line, cells in read_table(file, TAG_COLUMNS, REQUIRED_TAG_COLUMNS):
            refuse = _refuser(file.name, line)
            tag = _tag(line, cells, refuse)
            if tag.slug in found:
                refuse(f'the tag "{tag.slug}" already stands in line {found[tag.slug].line}.')
            found[tag.slug] = tag
            for word in dict.fromkeys((fold(tag.name), *map(fold, tag.synonyms))):
                other = words.setdefault(word, tag)
                if other is not tag:
                    refuse(
                        f'"{word}" already means the tag "{other.slug}" (line {other.line}); a '
                        "word can lead to one tag only."
                    )
    return tuple(found.values())


def _tag(line: int, cells: Mapping[str, str], refuse: _Refuse) -> TagRow:
    slug, facet = cells["slug"], cells["facet"]
    if not _SLUG.fullmatch(slug):
        refuse(f'"{slug}" is no slug; use small letters, digits and single hyphens.')
    if facet not in FACETS:
        refuse(f'"{facet}" is no facet; choose one of {", ".join(FACETS)}.')
    for column in ("name", "definition"):
        if not cells[column]:
            refuse(f'the tag "{slug}" has no {column}; write one.')
    phrase = cells.get("phrase", "")
    if phrase and not _PHRASE.fullmatch(phrase):
        refuse(
            f'the phrase "{phrase}" does not begin or end with a "~" for the films; write it like '
            "bleak ~ or ~ about grief."
        )
    return TagRow(
        slug=slug,
        facet=facet,
        name=cells["name"],
        definition=cells["definition"],
        synonyms=_several(cells, "synonyms", refuse),
        phrase=phrase,
        line=line,
    )


# The films ---------------------------------------------------------------------------------------


def _load_films(file: Path | Traversable, known: set[str], tags_name: str) -> tuple[FilmRow, ...]:
    found: list[FilmRow] = []
    first: dict[tuple[object, ...], int] = {}
    for line, cells in read_table(file, FILM_COLUMNS, REQUIRED_FILM_COLUMNS):
        refuse = _refuser(file.name, line)
        film = _film(line, cells, known, tags_name, refuse)
        same = (*match_key(film.title, film.year), *sorted(map(fold, film.directors)))
        if same in first:
            refuse(
                f'"{film.title}" ({film.year}) already stands in line {first[same]}; remove one, '
                "or give both their directors if they are two films."
            )
        first[same] = line
        found.append(film)
    return _with_unique_keys(found, file.name)


def _film(
    line: int, cells: Mapping[str, str], known: set[str], tags_name: str, refuse: _Refuse
) -> FilmRow:
    title = cells["title"]
    if not title:
        refuse("the title is empty; write one or remove the line.")
    year = _number(cells, "year", FIRST_YEAR, LAST_YEAR, refuse)
    if year is None:
        refuse(f'"{title}" has no year; write it with four digits.')
    genres = _several(cells, "genres", refuse)
    if len(genres) > MAX_GENRES:
        refuse(f"{len(genres)} genres; keep the {MAX_GENRES} that matter.")
    for genre in genres:
        if genre not in GENRES:
            refuse(f'the genre "{genre}" is unknown{_instead(genre, GENRES)}')
    cast = _several(cells, "cast", refuse)
    if len(cast) > MAX_CAST:
        refuse(f"{len(cast)} names in the cast; keep the {MAX_CAST} who lead.")
    audience = cells.get("audience") or None
    if audience is not None and audience not in AUDIENCES:
        refuse(f'the audience "{audience}" is unknown; choose one of {", ".join(AUDIENCES)}.')
    adult = cells.get("adult", "")
    if adult not in ("", "yes"):
        refuse(f'"{adult}" cannot stand under adult; write yes or leave it empty.')
    imdb = cells.get("imdb") or None
    if imdb is not None and not _IMDB.fullmatch(imdb):
        refuse(f'"{imdb}" is no IMDb id; it is tt and at least seven digits.')
    poster = cells.get("poster") or None
    if poster is not None and not poster.startswith("https://"):
        refuse("the poster is no https address; leave it empty if you have none.")
    return FilmRow(
        key=_slug(title, str(year)),
        title=title,
        original_title=cells.get("original_title") or None,
        aliases=_several(cells, "aliases", refuse),
        year=year,
        runtime=_number(cells, "runtime", 1, LONGEST_RUNTIME, refuse),
        countries=_codes(
            cells, "countries", _COUNTRY, "two capital letters, such as FR or JP", refuse
        ),
        languages=_codes(
            cells, "languages", _LANGUAGE, "two or three small letters, such as fr or ja", refuse
        ),
        directors=_several(cells, "directors", refuse),
        cast=cast,
        genres=genres,
        audience=audience,
        adult=adult == "yes",
        tags=_weighted(cells["tags"], known, tags_name, refuse),
        imdb=imdb,
        poster=poster,
        line=line,
    )


def _weighted(
    cell: str, known: set[str], tags_name: str, refuse: _Refuse
) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for part in cell.split("|") if cell else ():
        slug, _, weight = part.strip().partition(":")
        if slug not in known:
            refuse(f'the tag "{slug}" is not in {tags_name}{_instead(slug, known)}')
        if weight not in _WEIGHTS:
            refuse(
                f'the tag "{slug}" has the weight "{weight}"; write 1 (touches), 2 (fits) or '
                "3 (defines) after a colon."
            )
        if slug in found:
            refuse(f'the tag "{slug}" stands there twice; keep one.')
        found[slug] = _WEIGHTS[weight]
    return tuple(found.items())


# Cells -------------------------------------------------------------------------------------------


def _refuser(name: str, line: int) -> _Refuse:
    return partial(_refuse, name, line)


def _refuse(name: str, line: int, sentence: str) -> NoReturn:
    raise CatalogueError(name, line, sentence)


def _several(cells: Mapping[str, str], column: str, refuse: _Refuse) -> tuple[str, ...]:
    cell = cells.get(column, "")
    if not cell:
        return ()
    values = tuple(value.strip() for value in cell.split("|"))
    if not all(values):
        refuse(f'the {column} have an empty value; remove the "|" too many.')
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        refuse(f'the {column} name "{twice}" twice; keep one.')
    return values


def _codes(
    cells: Mapping[str, str], column: str, shape: re.Pattern[str], how: str, refuse: _Refuse
) -> tuple[str, ...]:
    codes = _several(cells, column, refuse)
    for code in codes:
        if not shape.fullmatch(code):
            refuse(f'the {column} have "{code}"; write {how}.')
    return codes


def _number(
    cells: Mapping[str, str], column: str, low: int, high: int, refuse: _Refuse
) -> int | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    number = int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 9 else -1
    if not low <= number <= high:
        refuse(f'the {column} is "{cell}"; write a whole number from {low} to {high}.')
    return number


def _instead(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=3)
    return f"; did you mean {' or '.join(close)}?" if close else "; correct or remove it."


# Keys --------------------------------------------------------------------------------------------


def _with_unique_keys(films: list[FilmRow], name: str) -> tuple[FilmRow, ...]:
    """Films of one title and year are told apart by their directors, whatever their order."""
    groups: dict[str, list[FilmRow]] = defaultdict(list)
    for film in films:
        groups[film.key].append(film)
    keys: dict[int, str] = {}
    taken = {key for key, group in groups.items() if len(group) == 1}
    for group in groups.values():
        if len(group) == 1:
            continue
        for film in group:
            key = _slug(film.title, str(film.year), *film.directors)
            if key in taken:
                raise CatalogueError(
                    name,
                    film.line,
                    f'"{film.title}" ({film.year}) cannot be told from another film; give both '
                    "their directors, or remove one.",
                )
            taken.add(key)
            keys[film.line] = key
    return tuple(replace(film, key=keys.get(film.line, film.key)) for film in films)


def _slug(*parts: str) -> str:
    """ASCII words joined by hyphens; letters that ASCII cannot show leave a short digest."""
    text = " ".join(parts)
    plain = fold(text.replace("&", " and ")).replace("'", "").replace("’", "")
    words = re.findall(r"[a-z0-9]+", plain)
    if any(sign.isalnum() and not sign.isascii() for sign in plain) or len(words) < len(parts):
        words.append(hashlib.blake2s(text.encode(), digest_size=4).hexdigest())
    return "-".join(words)


FILES = ("films.csv", "tags.csv")


def fingerprint() -> str:
    """The newest revision of the tables and a hash of the starter catalogue's files: where a
    database has taken these in, there is nothing new to take."""
    home = resources.files("storage.catalogue")
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(home.joinpath(name).read_bytes())
    return f"{revisions.head()}-{digest.hexdigest()[:16]}"

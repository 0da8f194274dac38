"""Loads films and their vocabulary: the starter catalogue (which comes with Matinee), or an
operator's own files.

Everything is checked before anything is returned. If a line is wrong, a CatalogueError says which
line to correct. `storage/catalogue/linter.py` finds what can be loaded but should be improved (too
few tags, two films with the same tags).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from storage.catalogue.csv_cells import (
    Refuse,
    close_words,
    codes,
    number,
    refuser,
    split_values,
    unknown_genre,
)
from storage.catalogue.csv_rows import (
    AUDIENCES,
    FACETS,
    FILM_COLUMNS,
    FIRST_YEAR,
    GENRES,
    LAST_YEAR,
    MAX_CAST,
    MAX_GENRES,
    MAX_RUNTIME_MINUTES,
    REQUIRED_FILM_COLUMNS,
    REQUIRED_TAG_COLUMNS,
    TAG_COLUMNS,
    CatalogueFile,
    FilmRow,
    TagRow,
)
from storage.catalogue.csv_table import read_table
from storage.catalogue.entry import is_poster, problem
from storage.catalogue.places import COUNTRY_NAMES, LANGUAGE_NAMES
from storage.catalogue.titles import TYPED_AS, fold, match_key
from storage.database import revisions
from storage.errors import CatalogueError, StorageError

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_IMDB = re.compile(r"tt\d{7,10}")
_PHRASE = re.compile(r"[^~]*[^~ ] ~|~ [^~ ][^~]*")
_WEIGHTS = {"1": 1, "2": 2, "3": 3}


def load_catalogue(
    films: Path | None = None, tags: Path | None = None, more_tags: Path | None = None
) -> CatalogueFile:
    """Returns the films and the vocabulary, by default those that come with Matinee (the starter
    catalogue).

    Films keep the order of the file. Raises CatalogueError for the first thing that is wrong.

    films: file of the films; None for the file of the starter catalogue.
    tags: file of the vocabulary; None for the file of the starter catalogue.
    more_tags: file of tags to add to the vocabulary; None for no more tags.
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
    words: dict[str, TagRow] = {}  # name or synonym in lower case without accents -> its tag
    for file in files:
        for line, cells in read_table(file, TAG_COLUMNS, REQUIRED_TAG_COLUMNS):
            refuse = refuser(file.name, line)
            tag = _tag(line, cells, refuse)
            if tag.slug in found:
                refuse("tag-listed-before", tag=tag.slug, line=str(found[tag.slug].line))
            found[tag.slug] = tag
            for word in dict.fromkeys((fold(tag.name), *map(fold, tag.synonyms))):
                other = words.setdefault(word, tag)
                if other is not tag:
                    refuse("word-taken", word=word, tag=other.slug, line=str(other.line))
    return tuple(found.values())


def _tag(line: int, cells: Mapping[str, str], refuse: Refuse) -> TagRow:
    slug, facet = cells["slug"], cells["facet"]
    if not _SLUG.fullmatch(slug):
        refuse("no-slug", slug=slug)
    if facet not in FACETS:
        refuse("no-facet", facet=facet, choices=tuple(FACETS))
    for column in ("name", "definition"):
        if not cells[column]:
            refuse("tag-lacks-column", tag=slug, column=column)
    phrase = cells.get("phrase", "")
    if phrase and not _PHRASE.fullmatch(phrase):
        refuse("no-phrase", phrase=phrase)
    return TagRow(
        slug=slug,
        facet=facet,
        name=cells["name"],
        definition=cells["definition"],
        synonyms=split_values(cells, "synonyms", refuse),
        phrase=phrase,
        line=line,
    )


# The films ---------------------------------------------------------------------------------------


def _load_films(file: Path | Traversable, slugs: set[str], tags_name: str) -> tuple[FilmRow, ...]:
    found: list[FilmRow] = []
    first: dict[tuple[object, ...], int] = {}
    for line, cells in read_table(file, FILM_COLUMNS, REQUIRED_FILM_COLUMNS):
        refuse = refuser(file.name, line)
        film = _film(line, cells, slugs, tags_name, refuse)
        same = (*match_key(film.title, film.year), *sorted(map(fold, film.directors)))
        if same in first:
            refuse(
                "film-listed-before", title=film.title, year=str(film.year), line=str(first[same])
            )
        first[same] = line
        found.append(film)
    return _with_unique_keys(found, file.name)


def _film(
    line: int, cells: Mapping[str, str], slugs: set[str], tags_name: str, refuse: Refuse
) -> FilmRow:
    title = cells["title"]
    year = number(cells, "year", FIRST_YEAR, LAST_YEAR, refuse)
    if year is None:
        lacking = problem(title, None) or StorageError("no-year", title=title)
        refuse(lacking.key, **lacking.data)
    genres = split_values(cells, "genres", refuse)
    if len(genres) > MAX_GENRES:
        refuse("many-genres", count=len(genres), most=MAX_GENRES)
    for genre in genres:
        if genre not in GENRES:
            unknown = unknown_genre(genre)
            refuse(unknown.key, **unknown.data)
    cast = split_values(cells, "cast", refuse)
    if len(cast) > MAX_CAST:
        refuse("long-cast", count=len(cast), most=MAX_CAST)
    audience = cells.get("audience") or None
    if audience is not None and audience not in AUDIENCES:
        refuse("unknown-audience", audience=audience, choices=tuple(AUDIENCES))
    adult = cells.get("adult", "")
    if adult not in ("", "yes"):
        refuse("no-adult-flag", given=adult)
    imdb = cells.get("imdb") or None
    if imdb is not None and not _IMDB.fullmatch(imdb):
        refuse("no-imdb-id", given=imdb)
    poster = cells.get("poster") or None
    if poster is not None and not is_poster(poster):
        refuse("no-poster-address")
    original_title = cells.get("original_title") or None
    aliases = split_values(cells, "aliases", refuse)
    unfit = problem(title, year, other_titles=filter(None, (original_title, *aliases)))
    if unfit:
        refuse(unfit.key, **unfit.data)
    return FilmRow(
        key=_slug(title, str(year)),
        title=title,
        original_title=original_title,
        aliases=aliases,
        year=year,
        runtime=number(cells, "runtime", 1, MAX_RUNTIME_MINUTES, refuse),
        countries=codes(
            cells,
            "countries",
            _COUNTRY,
            "FR|JP",
            refuse,
            names=COUNTRY_NAMES,
        ),
        languages=codes(
            cells,
            "languages",
            _LANGUAGE,
            "fr|ja",
            refuse,
            names=LANGUAGE_NAMES,
        ),
        directors=split_values(cells, "directors", refuse),
        cast=cast,
        genres=genres,
        audience=audience,
        adult=adult == "yes",
        tags=_weighted_tags(cells["tags"], slugs, tags_name, refuse),
        imdb=imdb,
        poster=poster,
        line=line,
    )


def _weighted_tags(
    cell: str, slugs: set[str], tags_name: str, refuse: Refuse
) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for part in cell.split("|") if cell else ():
        slug, _, weight = part.strip().partition(":")
        if slug not in slugs:
            refuse("tag-not-listed", tag=slug, file=tags_name, near=close_words(slug, slugs))
        if weight not in _WEIGHTS:
            refuse("no-weight", tag=slug, weight=weight)
        if slug in found:
            refuse("tag-given-twice", tag=slug)
        found[slug] = _WEIGHTS[weight]
    return tuple(found.items())


# Keys --------------------------------------------------------------------------------------------


def _with_unique_keys(films: list[FilmRow], name: str) -> tuple[FilmRow, ...]:
    """Returns the films, each with a key of its own.

    The key is made from title and year. Films that share both get their directors added to the key.
    The keys do not depend on the order of the films. Raises CatalogueError if two films still have
    the same key.
    """
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
                    StorageError("films-alike", title=film.title, year=str(film.year)),
                )
            taken.add(key)
            keys[film.line] = key
    return tuple(replace(film, key=keys.get(film.line, film.key)) for film in films)


def _slug(*parts: str) -> str:
    """Returns the parts as ASCII words joined by hyphens, in lower case.

    If a part has letters of another alphabet, or no letters, a short hash of the parts is added.
    """
    text = " ".join(parts)
    plain = fold(text.replace("&", " and ")).translate(TYPED_AS).replace("'", "").replace("’", "")
    words = re.findall(r"[a-z0-9]+", plain)
    if any(sign.isalnum() and not sign.isascii() for sign in plain) or len(words) < len(parts):
        words.append(hashlib.blake2s(text.encode(), digest_size=4).hexdigest())
    return "-".join(words)


# The starter catalogue as a whole -----------------------------------------------------------------

STARTER_FILES = ("films.csv", "tags.csv")


def fingerprint() -> str:
    """Returns the newest revision of the schema and a hash of the files of films that come with
    Matinee.

    A database keeps the fingerprint of the time when these films (the starter catalogue) were last
    merged into it. If it is still the same when the bot starts, the bot does not merge them again.
    """
    home = resources.files("storage.catalogue")
    digest = hashlib.sha256()
    for name in STARTER_FILES:
        digest.update(home.joinpath(name).read_bytes())
    return f"{revisions.head()}-{digest.hexdigest()[:16]}"

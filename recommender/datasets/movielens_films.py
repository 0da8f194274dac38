"""Reads the films of MovieLens folders: titles, genres, free tags and links to other databases.

`movielens` reads the ratings.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from recommender.datasets.text_files import csv_rows, lines_of, torn, whole
from recommender.errors import DatasetError

NO_GENRE = "(no genres listed)"
IMDB_DIGITS = 7  # fewest digits of a film's number at IMDb, which is filled up with zeros
_YEAR = re.compile(r"\s*\((\d{4})(?:[-–](?:\d{4})?)?\)\s*$")
_OTHER_NAME = re.compile(r"\s*\(([^()]*)\)\s*$")
_AKA = re.compile(r"^a\.?k\.?a\.?\s+", re.IGNORECASE)
_ARTICLE = re.compile(
    r"^(?P<rest>.*\S), (?P<article>The|A|An|Le|La|Les|L'|Un|Une|Il|Lo|I|Gli|El|Los|Las|Der|Die|Das"
    r"|Det|Den|De|Het|En|Ett|O|Os|As)$"
)


@dataclass(frozen=True)
class MovieLensFilm:
    """A film of a data set.

    Attributes:
        id: id in the data set.
        title: title with its article first.
        year: year of release, None if unknown.
        aliases: other titles, from the brackets after the title.
        genres: names of the genres.
        tags: free tags in lower case with the number of people who gave each, the most given first.
        imdb: id at IMDb, "tt" and at least seven digits; None if unknown.
        tmdb: id at TMDB, digits; None if unknown.
    """

    id: int
    title: str
    year: int | None
    aliases: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    imdb: str | None = None
    tmdb: str | None = None


def imdb_id(number: int) -> str:
    """Returns the id at IMDb of a film with this number: 99 gives "tt0000099"."""
    return f"tt{number:0{IMDB_DIGITS}d}"


def parse_title(text: str) -> tuple[str, int | None, tuple[str, ...]]:
    """Returns title, year and aliases: ("The Matrix", 1999, ()) for "Matrix, The (1999)".

    Names in brackets become aliases. The year is None if there is no year.
    """
    rest, year = text.strip(), None
    found = _YEAR.search(rest)
    if found:
        year, rest = int(found.group(1)), rest[: found.start()].strip()
    aliases: list[str] = []
    while (other := _OTHER_NAME.search(rest)) and other.start() > 0:
        name = _AKA.sub("", other.group(1).strip())
        if name:
            aliases.insert(0, _article_first(name))
        rest = rest[: other.start()].strip()
    return _article_first(rest), year, tuple(aliases)


def read_csv_films(folder: Path) -> tuple[MovieLensFilm, ...]:
    """Returns the films of movies.csv, with tags and links if tags.csv and links.csv exist.

    Raises DatasetError if a file is damaged.
    """
    tags, links = _tags(folder / "tags.csv"), _links(folder / "links.csv")
    films: list[MovieLensFilm] = []
    path = folder / "movies.csv"
    rows = csv_rows(path, ("movieId", "title", "genres"))
    for line, (identity, title, genres) in rows:
        number = whole(identity, path, line)
        name, year, aliases = parse_title(title)
        imdb, tmdb = links.get(number, (None, None))
        films.append(
            MovieLensFilm(
                number, name, year, aliases, _genres(genres), tags.get(number, ()), imdb, tmdb
            )
        )
    _refuse_torn_genres(path, films)
    return _unique(films, path)


def read_dat_films(folder: Path) -> tuple[MovieLensFilm, ...]:
    """Returns the films of movies.dat: `id::title::genres`, in any encoding.

    If every id is written with at least `IMDB_DIGITS` digits, as in MovieTweetings, the ids are
    numbers of IMDb. Raises DatasetError if the file is missing or damaged.
    """
    path = folder / "movies.dat"
    films: list[MovieLensFilm] = []
    numbers: list[str] = []
    for line, text in lines_of(path):
        fields = text.split("::")
        if len(fields) != 3:
            raise torn(path, line, len(fields), 3)
        name, year, aliases = parse_title(fields[1])
        number = whole(fields[0], path, line)
        numbers.append(fields[0].strip())
        films.append(MovieLensFilm(number, name, year, aliases, _genres(fields[2])))
    if all(number.isdecimal() and len(number) >= IMDB_DIGITS for number in numbers):
        films = [replace(film, imdb=imdb_id(film.id)) for film in films]
    _refuse_torn_genres(path, films)
    return _unique(films, path)


def read_item_films(folder: Path) -> tuple[MovieLensFilm, ...]:
    """Returns the films of u.item of ml-100k.

    The file has 24 columns separated by `|`. The last 19 are flags for the genres in u.genre.

    Raises DatasetError if a file is missing or damaged.
    """
    names = [text.split("|")[0] for _, text in lines_of(folder / "u.genre")]
    path = folder / "u.item"
    films: list[MovieLensFilm] = []
    for line, text in lines_of(path):
        fields = text.split("|")
        if len(fields) != 5 + len(names):
            raise torn(path, line, len(fields), 5 + len(names))
        name, year, aliases = parse_title(fields[1])
        flags = zip(names, fields[5:], strict=True)
        genres = tuple(genre for genre, flag in flags if flag.strip() == "1" and genre != "unknown")
        films.append(MovieLensFilm(whole(fields[0], path, line), name, year, aliases, genres))
    return _unique(films, path)


def _article_first(name: str) -> str:
    """Moves the article of a title to the front: "Matrix, The" gives "The Matrix"."""
    found = _ARTICLE.match(name)
    if not found:
        return name
    article = found.group("article")
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{found.group('rest')}"


def _genres(text: str) -> tuple[str, ...]:
    """Returns the genres in a text such as "Comedy|Drama"."""
    names = (name.strip() for name in text.split("|"))
    return tuple(name for name in names if name and name != NO_GENRE)


def _tags(path: Path) -> dict[int, tuple[tuple[str, int], ...]]:
    """Returns for each film id its free tags, each with the number of people who gave it."""
    if not path.is_file():
        return {}
    counts: dict[int, Counter[str]] = {}
    seen: set[tuple[str, int, str]] = set()
    for line, (person, film, text) in csv_rows(path, ("userId", "movieId", "tag")):
        tag = " ".join(text.lower().split())
        key = (person, whole(film, path, line), tag)
        if tag and key not in seen:
            seen.add(key)
            counts.setdefault(key[1], Counter())[tag] += 1
    return {
        film: tuple(sorted(tags.items(), key=lambda each: (-each[1], each[0])))
        for film, tags in counts.items()
    }


def _links(path: Path) -> dict[int, tuple[str | None, str | None]]:
    """Returns for each film id its ids at IMDb and at TMDB; None for an unknown one."""
    if not path.is_file():
        return {}
    links: dict[int, tuple[str | None, str | None]] = {}
    for line, (film, imdb, tmdb) in csv_rows(path, ("movieId", "imdbId", "tmdbId")):
        digits = imdb.strip().removeprefix("tt")
        links[whole(film, path, line)] = (
            imdb_id(int(digits)) if digits.isdecimal() else None,
            tmdb.strip().removesuffix(".0") or None,
        )
    return links


def _refuse_torn_genres(path: Path, films: list[MovieLensFilm]) -> None:
    """Raises DatasetError if the last line of a file of films was cut off within a genre.

    The line then has no line break at its end, and no other film has its last genre.
    """
    if len(films) < 2 or not films[-1].genres:
        return
    with path.open("rb") as file:
        file.seek(-1, 2)
        if file.read(1) in (b"\n", b"\r"):
            return
    others = {genre for film in films[:-1] for genre in film.genres}
    if films[-1].genres[-1] not in others:
        raise DatasetError("films-cut-off", file=path.name)


def _unique(films: list[MovieLensFilm], path: Path) -> tuple[MovieLensFilm, ...]:
    """Returns the same films as a tuple. Raises DatasetError if an id occurs twice."""
    twice = [film for film, count in Counter(film.id for film in films).items() if count > 1]
    if twice:
        raise DatasetError("film-twice", file=path.name, id=str(twice[0]))
    return tuple(films)

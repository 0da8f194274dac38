"""What the catalogue's two files hold, as values: films, tags, and what may stand in a cell.

`films.csv` has one film a line, `tags.csv` one tag a line; the columns are described in
`FILM_COLUMNS` and `TAG_COLUMNS`. An operator's own list has the same columns.
"""

from dataclasses import dataclass

GENRES = (
    "Action",
    "Adventure",
    "Animation",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "Film Noir",
    "History",
    "Horror",
    "Music",
    "Musical",
    "Mystery",
    "Romance",
    "Science Fiction",
    "Thriller",
    "War",
    "Western",
)
AUDIENCES = ("everyone", "teens", "adults")
FACETS = ("mood", "theme", "style", "setting", "source", "praise", "occasion", "sensitive")
CORE_FACETS = ("mood", "theme", "style", "setting", "source", "praise")  # what a film is made of
MAX_GENRES = 3
MAX_CAST = 5
FIRST_YEAR, LAST_YEAR = 1888, 2100
LONGEST_RUNTIME = 1500  # minutes

# Column -> what it holds. Several values in one cell are separated by "|".
FILM_COLUMNS = {
    "title": "the title people know it by",
    "original_title": "the title in its own language, where that differs",
    "aliases": "other titles people type",
    "year": "of the first showing",
    "runtime": "minutes",
    "countries": "two capital letters each (ISO 3166), the leading one first",
    "languages": "two or three small letters each (ISO 639), the leading one first",
    "directors": "names",
    "cast": "up to five names",
    "genres": "up to three of the known genres, the leading one first",
    "audience": "everyone, teens or adults",
    "adult": "yes for adult content, else empty",
    "tags": "slug:weight, where 1 touches, 2 fits and 3 defines",
    "imdb": "tt and digits, only where certain",
    "poster": "an https address",
}
REQUIRED_FILM_COLUMNS = ("title", "year", "genres", "tags")
TAG_COLUMNS = {
    "slug": "small letters, digits and hyphens; never changes",
    "facet": "one of the facets",
    "name": "as people read it",
    "phrase": "how it stands in a shelf's name, ~ for the films: bleak ~, ~ about grief; or empty",
    "definition": "one line, giving no plot away",
    "synonyms": "other words people type for it",
}
REQUIRED_TAG_COLUMNS = ("slug", "facet", "name", "definition")


class CatalogueError(Exception):
    """A file of the catalogue cannot be used; str() is "films.csv line 17: what to do about it".

    `line` is None where the file as a whole is meant.
    """

    def __init__(self, file: str, line: int | None, sentence: str) -> None:
        self.file = file
        self.line = line
        self.sentence = sentence
        where = file if line is None else f"{file} line {line}"
        super().__init__(f"{where}: {sentence}")


@dataclass(frozen=True, slots=True)
class TagRow:
    """One word of the vocabulary."""

    slug: str
    facet: str
    name: str
    definition: str
    synonyms: tuple[str, ...] = ()
    phrase: str = ""
    line: int = 0  # where it stands in its file


@dataclass(frozen=True, slots=True)
class FilmRow:
    """One film; `tags` are (slug, weight 1–3) in the order of the file."""

    key: str
    title: str
    original_title: str | None
    aliases: tuple[str, ...]
    year: int
    runtime: int | None
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    genres: tuple[str, ...]
    audience: str | None
    adult: bool
    tags: tuple[tuple[str, int], ...]
    imdb: str | None
    poster: str | None
    line: int = 0  # where it stands in its file


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A vocabulary and films tagged with it; every tag of every film is in the vocabulary."""

    films: tuple[FilmRow, ...]
    tags: tuple[TagRow, ...]
    films_name: str = "films.csv"
    tags_name: str = "tags.csv"

"""The types of the lines in the catalogue's two files, and what each cell may contain.

`films.csv` has one film per line and `tags.csv` one tag per line. `FILM_COLUMNS` and `TAG_COLUMNS`
describe the columns. An operator's own list has the same columns.
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
GENRE_WORDS = {
    "animated": "Animation", "anime": "Animation", "cartoon": "Animation", "cartoons": "Animation",
    "biopic": "History", "children": "Family", "childrens": "Family", "comedies": "Comedy",
    "doc": "Documentary", "docs": "Documentary", "docu": "Documentary", "funny": "Comedy",
    "gangster": "Crime", "historical": "History", "kids": "Family", "mafia": "Crime",
    "musicals": "Musical", "noir": "Film Noir", "period": "History", "rom com": "Romance",
    "romantic": "Romance", "romcom": "Romance", "scary": "Horror", "sci fi": "Science Fiction",
    "scifi": "Science Fiction", "sf": "Science Fiction", "suspense": "Thriller",
    "westerns": "Western", "whodunit": "Mystery",
}  # fmt: skip
"""The genre for each other word that people type for it, in lower case and without hyphens."""

AUDIENCES = ("everyone", "teens", "adults")
FACETS = ("mood", "theme", "style", "setting", "source", "praise", "occasion", "sensitive")
CORE_FACETS = ("mood", "theme", "style", "setting", "source", "praise")  # these describe a film
MAX_GENRES = 3
MAX_CAST = 5
FIRST_YEAR, LAST_YEAR = 1888, 2100
MAX_RUNTIME_MINUTES = 1500

# Each column with what it holds. Several values in one cell are separated by "|".
FILM_COLUMNS = (
    "title",  # the title people know it by
    "original_title",  # the title in its own language, where that differs
    "aliases",  # other titles people type
    "year",  # of the first showing
    "runtime",  # minutes
    "countries",  # two capital letters each (ISO 3166), the leading one first
    "languages",  # two or three small letters each (ISO 639), the leading one first
    "directors",  # names
    "cast",  # up to five names
    "genres",  # up to three of the known genres, the leading one first
    "audience",  # everyone, teens or adults
    "adult",  # yes for adult content, else empty
    "tags",  # slug:weight, where 1 touches, 2 fits and 3 defines
    "imdb",  # tt and digits, only where certain
    "poster",  # an https address
)
REQUIRED_FILM_COLUMNS = ("title", "year", "genres", "tags")
TAG_COLUMNS = (
    "slug",  # small letters, digits and hyphens; never changes
    "facet",  # one of the facets
    "name",  # for people to read
    "phrase",  # its part of a shelf's name, ~ for the films: bleak ~, ~ about grief; or empty
    "definition",  # one line, giving no plot away
    "synonyms",  # other words people type for it
)
REQUIRED_TAG_COLUMNS = ("slug", "facet", "name", "definition")


@dataclass(frozen=True, slots=True)
class TagRow:
    """One line of `tags.csv`: a tag of the vocabulary.

    Attributes:
        slug: the tag's permanent key.
        facet: the kind of tag, one of `FACETS`.
        name: the tag's name as people read it.
        definition: what the tag means, in one line that gives no plot away.
        synonyms: other words that people type for the tag.
        phrase: how the tag reads in the name of a shelf (a micro-genre), such as "~ about grief";
            "~" marks the place of the word for the films. Empty if the tag has no phrase.
        line: number of the line in its file.
    """

    slug: str
    facet: str
    name: str
    definition: str
    synonyms: tuple[str, ...] = ()
    phrase: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FilmRow:
    """One line of `films.csv`: a film.

    Attributes:
        key: permanent key, made from title and year, and from the directors if need be.
        title: the title that people know it by.
        original_title: the title in its own language; None if it is the same.
        aliases: other titles that people type.
        year: year of the first showing.
        runtime: minutes; None if unknown.
        countries: ISO 3166 codes, the leading one first.
        languages: ISO 639 codes, the leading one first.
        directors: names.
        cast: up to five names.
        genres: up to three of `GENRES`, the leading one first.
        audience: one of `AUDIENCES`; None if unknown.
        adult: True for adult content.
        tags: (slug, weight) pairs in the order of the file. Weight 1: the tag touches the film;
            2: it fits the film; 3: it defines the film.
        imdb: IMDb id; None if not certain.
        poster: https address; None if there is no poster.
        line: number of the line in its file.
    """

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
    line: int = 0


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A vocabulary and the films tagged with it.

    Attributes:
        films: the films in the order of their file. Each of their tags is in `tags`.
        tags: the vocabulary in the order of its file.
        films_name: name of the films' file, for messages.
        tags_name: name of the vocabulary's file, for messages.
    """

    films: tuple[FilmRow, ...]
    tags: tuple[TagRow, ...]
    films_name: str = "films.csv"
    tags_name: str = "tags.csv"

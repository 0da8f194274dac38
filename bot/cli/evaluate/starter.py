"""Reads the starter catalogue (the films that come with Matinee) and data sets for evaluations.

The catalogue is read into arrays, without a database. The id of each film is its row number in
these arrays.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.services.catalogue import arrays
from bot.services.imports.movielens import SHARED_IDS, external_film
from bot.services.serving.live_shelves import words_of
from bot.wording.operations import evaluate as words
from recommender.data import Catalogue, Interactions, interactions
from recommender.datasets.folder import Folder, folder_of, read_folder
from recommender.datasets.movielens import STARS, MovieLens, read_movielens
from recommender.datasets.movielens_films import MovieLensFilm
from recommender.shelves.candidates import ShelfConfig
from recommender.shelves.catalogue_words import CatalogueWords
from recommender.shelves.shelves import Shelves, find_shelves
from storage.catalogue.csv_rows import FilmRow
from storage.catalogue.film_rows import named
from storage.catalogue.films import Film, Tag
from storage.catalogue.loader import load_catalogue
from storage.catalogue.matching import Named, match

_UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Starter:
    """The starter catalogue: the films that come with Matinee.

    Attributes:
        films: the films; the id of each is its row number in `world`.
        tags: every tag that films can have.
        world: the same films and tags as arrays.
    """

    films: tuple[Film, ...]
    tags: tuple[Tag, ...]
    world: Catalogue

    def words(self) -> CatalogueWords:
        """Returns the words (tags, genres, countries, decades) of which names of shelves are made.

        A shelf is a set of films with a name, such as "Danish films about grief".
        """
        return words_of(
            self.world, {tag.slug: tag for tag in self.tags}, dict(enumerate(self.films))
        )

    def shelves(self) -> Shelves:
        """Returns the shelves (named sets of films) that can be made from the films that come with
        Matinee.
        """
        return find_shelves(self.world, self.words(), ShelfConfig())

    def matches(self, data: MovieLens) -> dict[int, int]:
        """Returns, for each film of a data set, its row in the starter catalogue (which comes with
        Matinee).

        Films that the catalogue lacks are left out. The keys are the films' ids in the data set.
        Films are matched by title and year.
        """
        titles = [Named(film.id, (film.title, *film.aliases), film.year) for film in data.films]
        return match(titles, [named(film) for film in self.films])

    def joined(self, data: MovieLens) -> tuple[Catalogue, int]:
        """Returns a data set's films with the facts of the starter catalogue (which comes with
        Matinee).

        A film that the starter catalogue has gets its title, year, genres, tags, audience and
        facts. Any other film keeps its title, year and genres, and has no tags, as after an import
        into a running bot. The order and the ids are those of the data set. Also returns how many
        of the films are in the starter catalogue.
        """
        row_of = self.matches(data)
        films = [
            replace(self.films[row_of[film.id]], id=film.id)
            if film.id in row_of
            else _imported(film)
            for film in data.films
        ]
        return arrays.catalogue(films, self.tags), len(row_of)

    def ratings(self, data: MovieLens) -> Interactions:
        """Returns a data set's ratings of films that are in the starter catalogue (which comes with
        Matinee).

        Films are matched by title and year. In the result, the film rows are those of the starter
        catalogue.
        """
        row_of = self.matches(data)
        keep = [at for at, film in enumerate(data.film.tolist()) if film in row_of]
        rows = [row_of[film] for film in data.film[keep].tolist()]
        return interactions(
            data.person[keep], rows, data.stars[keep], data.when[keep], films=self.world.films
        )


def starter() -> Starter:
    """Returns the films that come with Matinee (the starter catalogue).

    Raises CatalogueError if a file is damaged.
    """
    file = load_catalogue()
    films = tuple(_film(row, at) for at, row in enumerate(file.films))
    tags = tuple(
        Tag(tag.slug, tag.facet, tag.name, tag.definition, tag.synonyms, tag.phrase)
        for tag in file.tags
    )
    return Starter(films, tags, arrays.catalogue(films, tags))


def read_data(folder: Path, out: Console, scale: int = STARS, catalogue: bool = False) -> Folder:
    """Returns the data set in a folder of any MovieLens layout.

    scale: the highest rating, 5 or 10.
    catalogue: True to join the films with those that come with Matinee, as an import does, and to
        print how many are among them.

    Raises DatasetError if the folder cannot be read, DataError if it has no films or no ratings.
    """
    with out.status(words.reading_data()):
        if not catalogue:
            return read_folder(folder, scale)
        data = read_movielens(folder, scale)
        films, matched = starter().joined(data)
        joined = folder_of(data, films)
    out.print(words.joined_with_starter(matched, len(films)), highlight=False)
    return joined


def _imported(film: MovieLensFilm) -> Film:
    """Returns a film of a data set in the form that an import would store, but without tags."""
    external = external_film(SHARED_IDS, film, {})
    return Film(
        id=film.id,
        key=external.external_id,
        title=external.title,
        original_title=None,
        aliases=(),
        year=external.year,
        runtime=None,
        countries=(),
        languages=(),
        directors=(),
        cast=(),
        genres=external.genres,
        audience=None,
        adult=external.adult,
        poster=None,
        source=external.external_source,
        added_at=_UNKNOWN_TIME,
        retired_at=None,
        tags=(),
    )


def _film(row: FilmRow, at: int) -> Film:
    return Film(
        id=at,
        key=row.key,
        title=row.title,
        original_title=row.original_title,
        aliases=row.aliases,
        year=row.year,
        runtime=row.runtime,
        countries=row.countries,
        languages=row.languages,
        directors=row.directors,
        cast=row.cast,
        genres=row.genres,
        audience=row.audience,
        adult=row.adult,
        poster=row.poster,
        source="starter",
        added_at=_UNKNOWN_TIME,
        retired_at=None,
        tags=row.tags,
    )

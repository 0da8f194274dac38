"""Reads the ratings of MovieLens folders: the csv layout (ml-latest-small, ml-25m), ml-1m, ml-100k.

Each data set's README describes its layout. `movielens_films` reads the films. Data sets in these
layouts may also have ratings from 1 to 10 (MovieTweetings is one): with the scale 10, stars are
half the value, and a value 0 is no rating. Missing tags, links or timestamps are not an error.
Another missing file, a last line that is cut off or a bad number is an error that names the file
and the line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from recommender.data import HIGHEST, LOWEST, Interactions, interactions
from recommender.datasets.movielens_films import (
    MovieLensFilm,
    read_csv_films,
    read_dat_films,
    read_item_films,
)
from recommender.datasets.text_files import encoding_of_numbers, heading_of, id_problem
from recommender.errors import DatasetError, TenPoints

CHUNK_ROWS = 2_000_000  # rows read at once
MAX_SECONDS = 1e11  # larger times are milliseconds
STARS, TEN_POINTS = 5, 10  # scales, by their highest value

# The names that Matinee gives to genres which MovieLens names differently.
GENRE_NAMES: Mapping[str, str] = {
    "Children": "Family",
    "Children's": "Family",
    "Sci-Fi": "Science Fiction",
    "Film-Noir": "Film Noir",
}


@dataclass(frozen=True, eq=False)
class MovieLens:
    """A data set of n ratings.

    Attributes:
        name: name of the folder.
        films: the films.
        person: (n,) ids of people in the data set.
        film: (n,) ids of films in the data set.
        stars: (n,) stars, 0.5 to 5.
        when: (n,) Unix seconds, NaN unknown. Times in milliseconds are divided.
    """

    name: str
    films: tuple[MovieLensFilm, ...]
    person: npt.NDArray[np.int64]
    film: npt.NDArray[np.int64]
    stars: npt.NDArray[np.float32]
    when: npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Layout:
    """How a ratings file is laid out.

    Attributes:
        file: name of the file.
        separator: one character between two cells.
        columns: index of each column by the name that this module gives it, from 0.
        encoding: encoding of the text.
        header: True if the first line names the columns.
    """

    file: str
    separator: str
    columns: Mapping[str, int]
    encoding: str
    header: bool


def read_movielens(folder: Path, scale: int = STARS) -> MovieLens:
    """Returns the data set in a MovieLens folder of any layout.

    scale: `STARS` if the values of the file are stars, `TEN_POINTS` if they go from 1 to 10. Raises
    DatasetError if there is no such scale or the folder cannot be read.
    """
    if scale not in (STARS, TEN_POINTS):
        raise DatasetError("unknown-scale", scale=scale, stars_scale=STARS, points_scale=TEN_POINTS)
    if not folder.is_dir():
        raise DatasetError("no-movielens-folder", folder=str(folder))
    if (folder / "ratings.csv").is_file():
        layout = _csv_layout(folder)
        films = read_csv_films(folder)
    elif (folder / "ratings.dat").is_file():
        places = {"person": 0, "film": 2, "stars": 4, "when": 6}  # '::' counts as two separators
        encoding = encoding_of_numbers(folder / "ratings.dat")
        layout = _Layout("ratings.dat", ":", places, encoding, False)
        films = read_dat_films(folder)
    elif (folder / "u.data").is_file():
        places = {"person": 0, "film": 1, "stars": 2, "when": 3}
        layout = _Layout("u.data", "\t", places, encoding_of_numbers(folder / "u.data"), False)
        films = read_item_films(folder)
    else:
        raise DatasetError("no-ratings-file", folder=str(folder))
    columns = _ratings(folder / layout.file, layout, scale)
    return MovieLens(folder.resolve().name, films, *columns)


def background_ratings(data: MovieLens, films: Mapping[int, int], offset: int = 0) -> Interactions:
    """Returns the ratings of a data set with the film ids that Matinee uses.

    People get the ids -(offset + id). They are negative, so they cannot be ids of Discord users.

    films: Matinee's film id by the data set's film id. Ratings of other films are left out. offset:
    added to the people's ids. Different offsets keep the people of several data sets apart.
    """
    data_set_ids = np.array(sorted(films), np.int64)
    our_ids = np.array([films[int(film)] for film in data_set_ids], np.int64)
    place = np.searchsorted(data_set_ids, data.film)
    place = np.minimum(place, max(len(data_set_ids) - 1, 0))
    known = (
        data_set_ids[place] == data.film if len(data_set_ids) else np.zeros(len(data.film), bool)
    )
    return interactions(
        -(offset + data.person[known]), our_ids[place[known]], data.stars[known], data.when[known]
    )


def _csv_layout(folder: Path) -> _Layout:
    """Returns the layout of ratings.csv, read from its header.

    Raises DatasetError if a column is missing.
    """
    encoding = encoding_of_numbers(folder / "ratings.csv")
    names = heading_of(folder / "ratings.csv", encoding)
    wanted = {"person": "userId", "film": "movieId", "stars": "rating", "when": "timestamp"}
    places = {ours: names.index(name) for ours, name in wanted.items() if name in names}
    missing = [wanted[name] for name in ("person", "film", "stars") if name not in places]
    if missing:
        raise DatasetError("ratings-column-missing", column=missing[0])
    return _Layout("ratings.csv", ",", places, encoding, True)


def _ratings(
    path: Path, layout: _Layout, scale: int
) -> tuple[
    npt.NDArray[np.int64],
    npt.NDArray[np.int64],
    npt.NDArray[np.float32],
    npt.NDArray[np.float64],
]:
    """Returns the columns person, film, stars and when of a ratings file, each (n,).

    If the file is damaged, raises DatasetError with the number of the bad line. scale: `STARS` for
    stars up to 5, `TEN_POINTS` for ratings from 1 to 10.
    """
    order = sorted(layout.columns, key=lambda name: layout.columns[name])
    kinds = {"person": "int64", "film": "int64", "stars": "float32", "when": "float64"}
    parts: list[pd.DataFrame] = []
    try:
        with pd.read_csv(
            path,
            sep=layout.separator,
            header=None,
            skiprows=1 if layout.header else 0,
            names=order,
            usecols=[layout.columns[name] for name in order],
            dtype={name: kinds[name] for name in order},
            chunksize=CHUNK_ROWS,
            encoding=layout.encoding,
            na_filter=True,
        ) as chunks:
            parts.extend(chunks)
    except pd.errors.EmptyDataError:
        pass
    except (ValueError, OverflowError, pd.errors.ParserError) as error:
        raise _complaint(path, layout, scale) from error
    table = pd.concat(parts) if parts else pd.DataFrame({name: [] for name in order})
    stars = table["stars"].to_numpy(np.float32)
    when = (
        table["when"].to_numpy(np.float64)
        if "when" in layout.columns
        else np.full(len(table), np.nan)
    )
    rated = np.ones(len(stars), np.bool_) if scale == STARS else stars != 0
    when = np.where(np.abs(when) > MAX_SECONDS, when / 1000, when)
    if scale == STARS and len(stars) and _is_ten_points(stars):
        raise TenPoints("ten-points", problem=_complaint(path, layout, scale))
    stars = stars * np.float32(HIGHEST / scale)
    bad = not bool(((stars >= LOWEST) & (stars <= HIGHEST))[rated].all())
    torn = "when" in layout.columns and bool(np.isnan(when).any())
    if bad or torn or _cut_off(path):
        raise _complaint(path, layout, scale)
    person, film = table["person"].to_numpy(np.int64), table["film"].to_numpy(np.int64)
    if len(person) and min(person.min(), film.min()) < 0:
        raise _complaint(path, layout, scale)
    return person[rated], film[rated], stars[rated], when[rated]


def _is_ten_points(values: npt.NDArray[np.float32]) -> bool:
    """Returns True if values are unmistakably points from 1 to 10: whole, and some above 5."""
    whole = bool((values == np.round(values)).all())
    return whole and values.min() >= 0 and HIGHEST < values.max() <= TEN_POINTS


def _cut_off(path: Path) -> bool:
    """Returns True if the last line of a ratings file was cut off.

    The line then has no line break at its end, and its last number is shorter than the last number
    of the line before.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 400))
        ending = file.read()
    if not ending or ending.endswith((b"\n", b"\r")):
        return False
    lines = ending.split(b"\n")
    if len(lines) < 3:
        return False
    digits = [
        len(line.strip().replace(b":", b",").replace(b"\t", b",").split(b",")[-1])
        for line in lines[-2:]
    ]
    return digits[1] < digits[0]


def _complaint(path: Path, layout: _Layout, scale: int) -> DatasetError:
    """Returns the error for the first line of a ratings file that is not a rating.

    scale: `STARS` for stars up to 5, `TEN_POINTS` for ratings from 1 to 10.
    """
    needed = max(layout.columns.values()) + 1
    number = 0
    with path.open(encoding=layout.encoding, errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if (number == 1 and layout.header) or not line.strip():
                continue
            fields = line.rstrip("\r\n").split(layout.separator)
            problem = _problem(fields, layout, needed, scale)
            if problem:
                return DatasetError("line-wrong", file=path.name, line=str(number), problem=problem)
    return DatasetError("ratings-cut-off", file=path.name, line=str(number))


def _problem(fields: list[str], layout: _Layout, needed: int, scale: int) -> DatasetError | None:
    """Returns what is wrong with a line; None if nothing is.

    fields: the cells of the line. layout: the columns of the file. needed: the fewest cells that a
    line must have. scale: `STARS` for stars up to 5, `TEN_POINTS` for ratings from 1 to 10.
    """
    if len(fields) < needed:
        return DatasetError("columns-torn", have=len(fields), need=needed)
    for name, place in layout.columns.items():
        text = fields[place].strip().strip('"')
        if name in ("person", "film"):
            problem = id_problem(text)
            if problem is not None:
                return problem
            continue
        try:
            value = float(text)
        except ValueError:
            return DatasetError("no-number", given=text)
        if name == "stars" and scale == TEN_POINTS and not (value == 0 or 1 <= value <= TEN_POINTS):
            return DatasetError("points-out-of-range", given=text, most=TEN_POINTS)
        if name == "stars" and scale == STARS and not LOWEST <= value <= HIGHEST:
            maybe_points = value == 0 or HIGHEST < value <= TEN_POINTS
            return DatasetError(
                "stars-or-points" if maybe_points else "stars-out-of-range",
                given=text,
                least=LOWEST,
                most=HIGHEST,
                points=TEN_POINTS,
            )
    return None

"""Writes tiny data sets of invented ratings in the layouts of MovieLens."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Film:
    """A film as a data set lists it. The genres have their MovieLens names."""

    id: int
    title: str
    genres: tuple[str, ...]


Rating = tuple[int, int, float, int]
"""(person, film, stars, Unix seconds)"""


def write_csv(
    folder: Path,
    films: list[Film],
    ratings: list[Rating],
    tags: tuple[tuple[int, int, str], ...] = (),
    imdb: dict[int, str] | None = None,
) -> Path:
    """Writes the layout of ml-latest-small and ml-25m. Returns the folder.

    tags: (person, film, text). imdb: film -> IMDb id.
    """
    rows = [f'{film.id},"{film.title}",{"|".join(film.genres)}' for film in films]
    _write(folder / "movies.csv", "movieId,title,genres", rows)
    _write(
        folder / "ratings.csv",
        "userId,movieId,rating,timestamp",
        [",".join(map(str, rating)) for rating in ratings],
    )
    _write(
        folder / "tags.csv",
        "userId,movieId,tag,timestamp",
        [f"{person},{film},{text},900000000" for person, film, text in tags],
    )
    known = imdb or {}
    _write(
        folder / "links.csv",
        "movieId,imdbId,tmdbId",
        [f"{film.id},{known.get(film.id, '')}," for film in films],
    )
    return folder


def write_dat(folder: Path, films: list[Film], ratings: list[Rating]) -> Path:
    """Writes the layout of ml-1m, in Latin-1 with two colons. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{film.id}::{film.title}::{'|'.join(film.genres)}" for film in films]
    (folder / "movies.dat").write_text("\n".join([*rows, ""]), encoding="latin-1")
    rows = [f"{p}::{film}::{stars:.0f}::{when}" for p, film, stars, when in ratings]
    (folder / "ratings.dat").write_text("\n".join([*rows, ""]), encoding="latin-1")
    return folder


def write_item(folder: Path, films: list[Film], ratings: list[Rating]) -> Path:
    """Writes the layout of ml-100k, with tabs and a flag per genre. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["unknown", *sorted({genre for film in films for genre in film.genres})]
    rows = [f"{name}|{at}" for at, name in enumerate(names)]
    (folder / "u.genre").write_text("\n".join([*rows, ""]), encoding="latin-1")
    rows = [
        f"{film.id}|{film.title}|01-Jan-1990|||"
        + "|".join(str(int(g in film.genres)) for g in names)
        for film in films
    ]
    (folder / "u.item").write_text("\n".join([*rows, ""]), encoding="latin-1")
    rows = [f"{p}\t{film}\t{stars:.0f}\t{when}" for p, film, stars, when in ratings]
    (folder / "u.data").write_text("\n".join([*rows, ""]), encoding="latin-1")
    return folder


def _write(path: Path, heading: str, rows: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")

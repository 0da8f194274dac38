"""A MovieLens folder in any shape is read rightly, or refused with the cause and no change."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest

from bot.services.app import App
from bot.services.imports import movielens
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from recommender.datasets.corpus import read_corpus
from recommender.errors import DatasetError
from storage.errors import CatalogueError
from tests.bot.folders import Film, Rating, write_csv
from tests.clock import NOW
from tests.house import FEWEST_FILMS, stocked

FILMS = [
    Film(1, "Zzyzx Café, Le (1971)", ("Drama",)),
    Film(2, "Qwert Harbour (1983)", ("Comedy", "War")),
    Film(3, "Überstadt (a.k.a. Stadt, Die) (1990)", ("War",)),
]
RATINGS: list[Rating] = [
    (1, 1, 4, 1_700_000_001), (1, 2, 5, 1_700_000_002), (2, 3, 2, 1_700_000_003),
]  # fmt: skip
TITLES = {"Le Zzyzx Café", "Qwert Harbour", "Überstadt"}
Change = Callable[[Path], None]


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """An application into which all tests of this module import."""
    data = tmp_path_factory.mktemp("data")
    await stocked(data / "matinee.sqlite3", FEWEST_FILMS)
    async with open_app(Settings(data=data), lambda: NOW) as app:
        yield app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "set", FILMS, RATINGS)


def each(change: Callable[[str], str], encoding: str = "utf-8", end: str = "\n") -> Change:
    """Returns a change of every file's text. encoding, end: those that the files get."""

    def rewrite(folder: Path) -> None:
        for path in folder.glob("*.csv"):
            text = change(path.read_text(encoding="utf-8"))
            path.write_bytes(text.replace("\n", end).encode(encoding))

    return rewrite


def put(name: str, text: str) -> Change:
    """Returns a change that replaces the text of a file."""
    return lambda folder: (folder / name).write_bytes(text.encode()) and None


def heading_quoted(text: str) -> str:
    first, rest = text.split("\n", 1)
    return ",".join(f'"{name}"' for name in first.split(",")) + "\n" + rest


def dat(encoding: str) -> Change:
    """Returns a change of the folder to the layout of ml-1m and ml-10m."""

    def rewrite(folder: Path) -> None:
        for path in folder.glob("*.csv"):
            path.unlink()
        rows = [f"{film.id}::{film.title}::{'|'.join(film.genres)}" for film in FILMS]
        (folder / "movies.dat").write_bytes("\n".join([*rows, ""]).encode(encoding))
        lines = ["::".join(map(str, rating)) for rating in RATINGS]
        (folder / "ratings.dat").write_bytes("\n".join([*lines, ""]).encode())

    return rewrite


READABLE: dict[str, Change] = {
    "utf-8": each(str),
    "utf-8 with a byte order mark": each(str, "utf-8-sig"),
    "latin-1": each(str, "latin-1"),
    "windows line ends": each(str, end="\r\n"),
    "quoted headings": each(heading_quoted),
    "all of it": each(heading_quoted, "utf-8-sig", "\r\n"),
    "milliseconds": put(
        "ratings.csv",
        "userId,movieId,rating,timestamp\n"
        + "".join(f"{a},{b},{c},{when}000\n" for a, b, c, when in RATINGS),
    ),
    "no tags and links": lambda f: [(f / n).unlink() for n in ("tags.csv", "links.csv")] and None,
    "ml-1m, latin-1": dat("latin-1"),
    "ml-10m, utf-8": dat("utf-8"),
    "utf-8 with a mark, dat": dat("utf-8-sig"),
}
HEADING = "userId,movieId,rating,timestamp\n"
REFUSED: dict[str, tuple[Change, str]] = {
    "no movies": (lambda folder: (folder / "movies.csv").unlink(), "movies.csv is missing"),
    "no ratings file": (lambda f: (f / "ratings.csv").unlink(), "can't find ratings.csv"),
    "only a heading": (put("ratings.csv", HEADING), "have any ratings"),
    "only headings": (put("movies.csv", "movieId,title,genres\n"), "have any films in it"),
    "empty files": (put("movies.csv", ""), "can't find the column “movieId”"),
    "unknown films": (
        put("ratings.csv", HEADING + "1,99,4,1\n"),
        "has 1 rating, but it's for a film that isn't listed",
    ),
    "ten points": (put("ratings.csv", HEADING + "1,1,9,1\n1,2,3,1\n"), "add --scale 10"),
    "eleven points": (put("ratings.csv", HEADING + "1,1,11,1\n"), "11 stars"),
    "a long id of a film": (
        put("movies.csv", f"movieId,title,genres\n{2**63},A (1990),War\n"),
        "movies.csv line 2: I can't use 9223372036854775808 as an ID",
    ),
    "a long id of a person": (
        put("ratings.csv", HEADING + f"1,1,4,1\n{2**64},1,4,1\n"),
        "ratings.csv line 3: I can't use 18446744073709551616 as an ID",
    ),
    "a negative id": (put("ratings.csv", HEADING + "-7,1,4,1\n"), "I can't use -7 as an ID"),
    "a blank title": (put("movies.csv", "movieId,title,genres\n1,,War\n"), "There's no title"),
    "a title of a year": (
        put("movies.csv", "movieId,title,genres\n1, (1990),War\n"),
        "There's no title",
    ),
    "an endless title": (
        put("movies.csv", f"movieId,title,genres\n1,{'x' * 5000} (1990),War\n"),
        "Film 1 in the data set: The title “xxx",
    ),
    "year 0": (put("movies.csv", "movieId,title,genres\n1,A (0000),War\n"), "1888 to 2100"),
    "year 9999": (put("movies.csv", "movieId,title,genres\n1,A (9999),War\n"), "1888 to 2100"),
    "semicolons": (each(lambda text: text.replace(",", ";")), "has semicolons between its columns"),
    "tabs": (each(lambda text: text.replace(",", "\t")), "has tabs between its columns"),
    "utf-16": (each(str, "utf-16"), "saved as UTF-16"),
}


@pytest.mark.parametrize("shape", READABLE)
async def test_it_is_read_rightly(app: App, folder: Path, shape: str) -> None:
    READABLE[shape](folder)
    done = await movielens.import_folder(app, folder)
    assert (done.films, done.ratings, done.people) == (3, 3, 2)
    found = [title for (title,) in await stored(app)]
    assert set(found[-3:]) == TITLES
    corpus = read_corpus(app.settings.corpus)
    assert sorted(corpus.stars) == [2, 4, 5]
    assert np.isclose(sorted(corpus.when), [1_700_000_001, 1_700_000_002, 1_700_000_003]).all()


@pytest.mark.parametrize("shape", REFUSED)
async def test_it_is_refused_with_the_cause(app: App, folder: Path, shape: str) -> None:
    await movielens.import_folder(app, folder)
    corpus = app.settings.corpus.read_bytes()
    films = await stored(app)
    change, cause = REFUSED[shape]
    change(folder)
    with pytest.raises((DatasetError, CatalogueError)) as refused:
        await movielens.import_folder(app, folder)
    assert cause in said(refused.value)
    assert app.settings.corpus.read_bytes() == corpus
    assert await stored(app) == films


async def test_ten_points_are_read_with_the_scale(app: App, folder: Path) -> None:
    put("ratings.csv", HEADING + "1,1,9,1\n1,2,3,1\n")(folder)
    await movielens.import_folder(app, folder, 10)
    assert sorted(read_corpus(app.settings.corpus).stars) == [1.5, 4.5]


async def stored(app: App) -> list[tuple[str]]:
    async with app.db.read() as conn:
        rows = await conn.exec_driver_sql("SELECT title FROM films ORDER BY id")
        return [tuple(row) for row in rows]

"""What is written for Letterboxd comes back equal when it is read."""

from datetime import date

import pytest

from storage.imports.letterboxd_export import ExportedFilm, letterboxd_files
from storage.imports.reader import read_history
from storage.imports.values import halves

FILMS = (
    ExportedFilm(
        "The Glass Orchard", 1998, ("Ana Example",), "tt9900001", 9900001, 4.5, date(2024, 2, 28)
    ),
    ExportedFilm('Rain, Then "Salt"', 2011, ("Luc", "Mia"), None, 9900002, 3, watched=True),
    ExportedFilm("=HYPERLINK(1)", 2001, stars=0.5, watched_on=date(2023, 12, 31)),
    ExportedFilm("-30-", 1959, watched=True, wanted=True),
    ExportedFilm("Été perdu", None, imdb="tt9900003", wanted=True),
    ExportedFilm("Class (1984)", 1985, stars=5),
)


def test_films_come_back_equal() -> None:
    written = letterboxd_files(FILMS)
    assert [name for name, _ in written.files] == [
        "letterboxd-watched.csv",
        "letterboxd-watchlist.csv",
    ]
    read = [row for name, data in written.files for row in read_history(name, data).rows]
    watched = [each for each in FILMS if each.watched or each.stars]
    wanted = [each for each in FILMS if each.wanted]
    assert [
        (row.title, row.year, row.imdb, row.tmdb, row.directors, row.stars, row.seen_on)
        for row in read
    ] == [
        (each.title, each.year, each.imdb, each.tmdb, each.directors, each.stars, each.watched_on)
        for each in watched
    ] + [
        (each.title, each.year, each.imdb, each.tmdb, each.directors, None, None) for each in wanted
    ]
    assert [(row.seen, row.wanted) for row in read] == [(True, False)] * len(watched) + [
        (False, True)
    ] * len(wanted)


def test_no_cell_is_a_formula() -> None:
    text = letterboxd_files(FILMS).files[0][1].decode()
    assert "'=HYPERLINK(1)" in text
    assert "'-30-" in text
    assert "\n=" not in text
    assert ",=" not in text


@pytest.mark.parametrize(
    ("stars", "rounded"), [(3.7, 3.5), (3.75, 4), (0.1, 0.5), (5, 5), (4.4, 4.5), (1.5, 1.5)]
)
def test_stars_are_rounded_to_halves_and_counted(stars: float, rounded: float) -> None:
    assert halves(stars) == rounded
    written = letterboxd_files([ExportedFilm("Rain", stars=stars)])
    assert written.rounded == (stars != rounded)
    (row,) = read_history(*written.files[0]).rows
    assert row.stars == rounded


def test_large_files_are_parts_below_a_megabyte() -> None:
    films = [ExportedFilm(f"Film {n} {'x' * 900}", stars=4) for n in range(2_500)]
    written = letterboxd_files(films)
    assert [name for name, _ in written.files] == [
        f"letterboxd-watched-{part}.csv" for part in (1, 2, 3)
    ]
    assert all(len(data) < 1_000_000 for _, data in written.files)
    assert sum(len(read_history(*file).rows) for file in written.files) == len(films)


def test_nothing_is_no_file() -> None:
    assert letterboxd_files(()).files == ()

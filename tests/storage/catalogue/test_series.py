"""The series that people rate as series are complete; `series.csv` lists only films that exist."""

from collections import Counter

import pytest

from storage.catalogue.balance import balance, load_series
from storage.catalogue.csv_rows import CatalogueFile
from tests.starter import starter_catalogue

MIN_SERIES = 60


def test_every_film_of_the_series_is_in_the_catalogue() -> None:
    films = Counter((film.title, film.year) for film in starter_catalogue().films)
    series = load_series()
    assert len(series) >= MIN_SERIES
    for name, listed in series.items():
        assert len(listed) >= 2, name
        assert len(set(listed)) == len(listed), name
        assert [film for film in listed if films[film] != 1] == [], name


@pytest.mark.parametrize(
    ("series", "fewest"),
    [
        ("Star Wars", 11), ("Harry Potter", 8), ("Marvel (MCU)", 35), ("DC", 20),
        ("James Bond", 25), ("Mission: Impossible", 8), ("Fast & Furious", 10),
        ("Jurassic Park", 7), ("Alien", 6), ("Terminator", 6), ("Rocky & Creed", 9),
        ("Pixar", 27), ("Disney animation", 60), ("Ghibli", 20), ("Shrek", 4), ("Toy Story", 4),
        ("Middle-earth", 6), ("Scream", 6), ("Saw", 10), ("Halloween", 11),
        ("Final Destination", 6), ("Godzilla", 30), ("The Matrix", 4), ("Spider-Man", 8),
    ],
)  # fmt: skip
def test_the_series_that_people_know_are_whole(series: str, fewest: int) -> None:
    assert len(load_series()[series]) >= fewest


def test_the_balance_counts_the_films_of_each_long_series_and_each_year() -> None:
    films = starter_catalogue().films
    tables = {t.title: dict(t.rows) for t in balance(CatalogueFile(films, ()))}
    series = load_series()
    assert tables["series"]["Star Wars"] == len(series["Star Wars"])
    of_any = {film for listed in series.values() for film in listed}
    assert tables["series"]["in-any-series"] == len(of_any)
    assert sum(tables["years"].values()) == len(films)
    one = next(film for film in films if film.title == "Shrek 2")
    few = {t.title: dict(t.rows) for t in balance(CatalogueFile((one,), ()))}
    assert (few["series"], few["years"]) == ({"in-any-series": 1}, {"2004": 1})

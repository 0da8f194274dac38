"""What people type finds films that are only named, after all other films that it may mean."""

from dataclasses import replace

import pytest

from bot.errors import Sorry
from bot.services.catalogue.library import Library
from storage.catalogue.films import Film
from tests.starter import starter_library

KNOWN = (
    (1, "Heat", 1995, ("Leon's Heat",)),
    (2, "Léon: The Professional", 1994, ("Leon",)),
    (3, "Dune", 1984, ()),
    (4, "Dune", 2021, ()),
    (5, "The Heathers", 1988, ()),
    (6, "Seven", 1995, ()),
)
ONLY_NAMED = (
    (11, "Heat", 1986, (), 900),
    (12, "Heat", 1995, (), 5_000_000),
    (13, "Leon", 1999, (), 800),
    (14, "Hea", 2001, (), 7_000_000),
    (15, "Quietmoor", 2003, ("Stillmoor",), 50),
    (16, "Quietmoor", 2010, (), 70),
    (17, "Seventh", 1995, ("Dune",), 60),
)


def film(film_id: int, title: str, year: int, aliases: tuple[str, ...]) -> Film:
    pattern = next(iter(starter_library().films.values()))
    return replace(
        pattern, id=film_id, title=title, original_title=None, aliases=aliases, year=year
    )


@pytest.fixture(scope="module")
def library() -> Library:
    films = {each[0]: film(*each) for each in KNOWN}
    films[6] = replace(films[6], more_titles=("Dune", "Die sieben Sünden"))
    for film_id, title, year, more, votes in ONLY_NAMED:
        named = film(film_id, title, year, ())
        films[film_id] = replace(named, more_titles=more, votes=votes, only_named=True)
    return Library(films, {}, {film_id: 1.0 / film_id for film_id, *_ in KNOWN})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("heat", 1),
        ("Heat (1986)", 11),
        ("heat 1986", 11),
        ("Heat (1995)", 1),
        ("leon", 2),
        ("Leon (1994)", 2),
        ("Leon (1999)", 13),
        ("Leon (1995)", 2),
        ("stillmoor", 15),
        ("quietmoor (2010)", 16),
        ("die sieben sünden", 6),
        ("Dune (2021)", 4),
        ("hea", 14),
        ("Quietmor (2010)", 16),
    ],
)
def test_a_typed_title_means_the_film_that_is_not_only_named(
    library: Library, typed: str, meant: int
) -> None:
    assert library.find(typed).id == meant


def test_several_films_of_one_title_are_asked_about(library: Library) -> None:
    for typed, of in (("dune", 2), ("quietmoor", 2)):
        with pytest.raises(Sorry) as question:
            library.find(typed)
        assert question.value.key == "title-of-several"
        assert len(question.value.data["films"]) == of  # type: ignore[arg-type]


def test_suggestions_name_them_last(library: Library) -> None:
    found = {typed: library.titles.suggest(typed) for typed in ("hea", "heat", "leon", "quietmoor")}
    assert found["hea"][:5] == [1, 5, 14, 12, 11]
    assert found["heat"][:4] == [1, 5, 12, 11]
    assert found["leon"][:3] == [2, 1, 13]
    assert found["quietmoor"][:2] == [16, 15]
    assert library.titles.suggest("Heat (1986)")[0] == 11
    assert library.titles.suggest("")[:6] == [1, 2, 3, 4, 5, 6]


def test_the_name_of_a_known_film_stays(library: Library) -> None:
    assert library.name(1) == "Heat (1995)"
    assert library.name(12).startswith("Heat (1995) · ")
    assert library.find(library.name(12)).id == 12
    assert library.find(library.name(1)).id == 1

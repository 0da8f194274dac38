"""The search for films forgives typos. Options typed by hand are understood."""

from datetime import UTC, datetime

import pytest

from bot.errors import Sorry
from bot.services.catalogue.library import Library
from storage.catalogue.films import Film, Tag

TITLES = [
    ("The Matrix", 1999), ("Amélie", 2001), ("Solaris", 1972), ("Solaris", 2002), ("1984", 1984),
    ("Seven Samurai", 1954), ("The Godfather", 1972), ("The Godfather Part II", 1974),
    ("Some Like It Hot", 1959), ("Fast & Furious", 2009),
]  # fmt: skip


def film(at: int, title: str, year: int) -> Film:
    return Film(
        id=at,
        key=f"{title}-{year}",
        title=title,
        original_title="Le Fabuleux Destin d'Amélie Poulain" if title == "Amélie" else None,
        aliases=(),
        year=year,
        runtime=100,
        countries=(),
        languages=(),
        directors=(),
        cast=(),
        genres=("Drama", "Comedy") if at % 2 else ("Science Fiction",),
        audience="everyone",
        adult=False,
        poster=None,
        source="starter",
        added_at=datetime(2026, 1, 1, tzinfo=UTC),
        retired_at=None,
        tags=(("tense", 2), ("witty", 1)),
    )


@pytest.fixture
def library() -> Library:
    films = [film(at, title, year) for at, (title, year) in enumerate(TITLES, start=1)]
    tags = [
        Tag("tense", "mood", "Tense", "Keeps you waiting.", ("gripping",)),
        Tag("witty", "mood", "Witty", "Quick with words.", ()),
        Tag("bleak", "mood", "Bleak", "No comfort.", ()),
    ]
    return Library(
        {each.id: each for each in films}, {tag.slug: tag for tag in tags}, {8: 5.0, 7: 4.0}
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("matrix", "The Matrix (1999)"),
        ("Matrix, The", "The Matrix (1999)"),
        ("amelie", "Amélie (2001)"),
        ("fabuleux destin", "Amélie (2001)"),
        ("godfather", "The Godfather (1972)"),
        ("the god", "The Godfather Part II (1974)"),  # the better known of the titles that begin so
        ("sevn samurai", "Seven Samurai (1954)"),
        ("fast and furious", "Fast & Furious (2009)"),
        ("solaris (2002)", "Solaris (2002)"),
    ],
)
def test_the_intended_film_comes_first(library: Library, typed: str, first: str) -> None:
    assert library.choices(typed)[0].name == first


def test_empty_text_gives_the_best_known_films(library: Library) -> None:
    assert [choice.value for choice in library.choices("")][:2] == ["8", "7"]


def test_choices_keep_to_discords_limits(library: Library) -> None:
    for choice in library.choices("a"):
        assert 1 <= len(choice.name) <= 100
        assert library.find(choice.value).id == int(choice.value)


def test_a_title_that_is_a_number_beats_an_id(library: Library) -> None:
    assert library.find("1984").year == 1984
    assert library.find("3").title == "Solaris"


def test_a_small_typo_is_forgiven(library: Library) -> None:
    assert library.find("sevn samurai").title == "Seven Samurai"


def test_two_films_of_one_title_are_asked_about(library: Library) -> None:
    with pytest.raises(Sorry, match=r"Solaris \(1972\).*Solaris \(2002\)"):
        library.find("solaris")
    assert library.find("Solaris (2002)").year == 2002


def test_an_unknown_title_says_so(library: Library) -> None:
    with pytest.raises(Sorry, match="I don't know “zzzzqqqq”"):
        library.find("zzzzqqqq")
    with pytest.raises(Sorry):
        library.find("  ")


def test_genres_and_moods_forgive_and_refuse(library: Library) -> None:
    assert library.genre("science ficton") == "Science Fiction"
    assert library.mood("gripping").slug == "tense"
    with pytest.raises(Sorry, match=r"no genre called “polka”.*Comedy"):
        library.genre("polka")
    with pytest.raises(Sorry, match="no mood called"):
        library.mood("bleak")  # no film has it

"""The search for films forgives typos. Options typed by hand are understood."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import Sorry
from bot.services.catalogue.library import Library
from bot.services.notes import quoted
from bot.wording.errors.said import said
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
    assert [choice.value for choice in library.choices("")][:2] == ["film#8", "film#7"]


def test_choices_keep_to_discords_limits(library: Library) -> None:
    for choice in library.choices("a"):
        assert 1 <= len(choice.name) <= 100
        assert library.find(choice.value).title == choice.name[:-7]


def test_a_chosen_film_is_never_taken_for_a_title() -> None:
    """Titles that read like the ids of other films, such as "1984"; each is what was chosen."""
    films = {at: film(at, str(12 - at), 1990 + at) for at in range(1, 12)}
    numbered = Library(films, {}, {})
    for choice in numbered.choices(""):
        chosen = numbered.find(choice.value)
        assert choice.name == f"{chosen.title} ({chosen.year})"
    assert numbered.find("3").title == "3"  # typed by hand, it is a title


def test_a_number_is_always_a_title(library: Library) -> None:
    assert library.find("1984").year == 1984
    with pytest.raises(Sorry, match=r"unknown-title.*typed=3"):
        library.find("3")
    with pytest.raises(Sorry, match="no-such-film"):
        library.find("film#99")


def test_a_number_of_a_year_is_no_id() -> None:
    library = Library({1917: film(1917, "Trainspotting", 1996)}, {}, {})
    with pytest.raises(Sorry, match=r"unknown-title.*typed=1917"):
        library.find("1917")


def test_films_of_one_name_are_told_apart_and_named_once() -> None:
    emma = film(1, "Emma", 1996)
    films = {
        1: replace(emma, directors=("Douglas McGrath",), aliases=("Jane Austen's Emma",)),
        2: replace(emma, id=2, directors=("Diarmuid Lawrence",), aliases=("Emma", "emma")),
        3: replace(emma, id=3, title="Eros", countries=("IT",)),
        4: replace(emma, id=4, title="Eros", countries=("HK",)),
        5: replace(emma, id=5, title="Him", runtime=90),
        6: replace(emma, id=6, title="Him", runtime=None),
        7: replace(emma, id=7, title="Her"),
        8: replace(emma, id=8, title="Her"),
    }
    library = Library(films, {}, {})
    names = [choice.name for choice in library.choices("")]
    assert names == [
        "Emma (1996) · Douglas McGrath", "Emma (1996) · Diarmuid Lawrence", "Eros (1996) · IT",
        "Eros (1996) · HK", "Him (1996) · 90′", "Him (1996) · ?",
        "Her (1996) · #1", "Her (1996) · #2",
    ]  # fmt: skip
    for film_id, name in enumerate(names, start=1):
        assert library.find(name).id == film_id
        assert library.name(film_id) == name
    for typed in ("emma", "Emma (1996)", "emma 1996"):
        with pytest.raises(Sorry) as asked:
            library.find(typed)
        assert asked.value.key == "title-of-several"
        assert asked.value.data["films"] == [quoted(name) for name in names[:2]]


def test_another_year_is_another_film(library: Library) -> None:
    assert library.find("Amélie (2002)").year == 2001  # of the festival, of the release
    assert library.find("amelie 2001").year == 2001
    with pytest.raises(Sorry, match="unknown-title-near") as asked:
        library.find("Amélie (2019)")
    assert said(asked.value).startswith(
        "I don't have “Amélie (2019)” yet. Did you mean “Amélie (2001)”"
    )


def test_what_a_person_typed_is_repeated_without_effect(library: Library) -> None:
    with pytest.raises(Sorry) as asked:
        library.find("<@1> https://x.example \u202e [a](b)")
    text = said(asked.value, markdown=True)
    assert "<@1>" not in text
    assert "\u202e" not in text
    assert "https://" not in text


def test_a_small_typo_is_forgiven(library: Library) -> None:
    assert library.find("sevn samurai").title == "Seven Samurai"


def test_two_films_of_one_title_are_asked_about(library: Library) -> None:
    with pytest.raises(Sorry, match=r"Solaris \(1972\).*Solaris \(2002\)"):
        library.find("solaris")
    assert library.find("Solaris (2002)").year == 2002


def test_an_unknown_title_says_so(library: Library) -> None:
    with pytest.raises(Sorry, match=r"unknown-title.*typed=zzzzqqqq"):
        library.find("zzzzqqqq")
    with pytest.raises(Sorry):
        library.find("  ")


def test_genres_and_moods_forgive_and_refuse(library: Library) -> None:
    assert library.genre("science ficton") == "Science Fiction"
    assert library.mood("gripping").slug == "tense"
    with pytest.raises(Sorry, match=r"no-such-genre .*typed=polka.*Comedy"):
        library.genre("polka")
    with pytest.raises(Sorry, match="no-such-mood"):
        library.mood("bleak")  # no film has it


@pytest.mark.parametrize(
    ("typed", "genre"),
    [("sci-fi", "Science Fiction"), ("SciFi", "Science Fiction"), ("dramma", "Drama"),
     ("science_fiction", "Science Fiction"), ("comedies", "Comedy"), ("funny", "Comedy"),
     ("sci", "Science Fiction")],
)  # fmt: skip
def test_genres_are_understood_as_people_type_them(
    library: Library, typed: str, genre: str
) -> None:
    assert library.genre(typed) == genre
    assert library.genre_choices(typed)[0].name == genre


def test_the_nearest_genres_are_suggested_and_not_the_alphabet() -> None:
    names = [*(f"Aa {at}" for at in range(60)), "Western", "Zombies"]
    films = {
        at: replace(film(at, f"Film {at}", 1990), genres=tuple(names[at % 62 :]))
        for at in range(99)
    }
    library = Library(films, {}, {})
    with pytest.raises(Sorry, match=r"no-such-genre-near.*Zombies"):
        library.genre("zombies, and war")
    menu = library.menu_genres(())
    assert len(menu) == 25
    assert {"Western", "Zombies"} <= set(menu)  # most films have them
    assert "Aa 0" in library.menu_genres({"Aa 0"})


def test_the_most_used_moods_are_suggested_and_not_the_alphabet() -> None:
    moods = {at: f"mood-{at:02}" for at in range(20)}
    tags = {slug: Tag(slug, "mood", slug, "", (), "") for slug in moods.values()}
    films = {
        at: replace(film(at, f"Film {at}", 1990), tags=tuple((moods[n], 3) for n in range(at, 20)))
        for at in range(20)
    }
    with pytest.raises(Sorry, match="no-such-mood ") as refused:
        Library(films, tags, {}).mood("qqqq")
    assert list(refused.value.data["choices"]) == [moods[at] for at in range(19, 9, -1)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("korean", "ko"), ("Korean", "ko"), ("ko", "ko"), ("korea", "ko"), ("south korea", "ko"),
     ("koraen", "ko"), ("한국어", "ko"), ("any", None), ("", None), ("Français", "fr")],
)  # fmt: skip
def test_languages_are_understood_as_people_type_them(typed: str, code: str | None) -> None:
    korean = replace(film(1, "Oldboy", 2003), languages=("ko",))
    french = replace(film(2, "Amour", 2012), languages=("fr", "de"))
    library = Library({1: korean, 2: french}, {}, {})
    assert library.language(typed) == code
    with pytest.raises(Sorry, match="no-films-in-language") as refused:
        library.language("swahili")
    assert "any films in Swahili yet. Try Korean, French, or German." in said(refused.value)
    with pytest.raises(Sorry, match=r"no-such-language.*typed=qqq"):
        library.language("qqq")


def test_a_search_without_adult_films_has_the_tables_of_all_and_finds_none_of_them() -> None:
    solaris = film(1, "Solaris", 1972)
    films = {1: solaris, 2: replace(solaris, id=2, adult=True), 3: film(3, "Solar Wind", 1990)}
    films[4] = replace(films[3], id=4, title="Solarium Nights", adult=True)
    every = Library(films, {}, {2: 9.0, 4: 8.0})
    shown = every.shown(adult_ok=False)
    assert shown.titles.tables is every.titles.tables
    for typed in ("", "solaris", "sol", "lar", "solariz", "solarium nigths", "solaris 1972"):
        assert set(shown.titles.suggest(typed)) <= {1, 3}
    assert shown.titles.suggest("sol", 2) == [1, 3]
    assert shown.find("solaris").id == 1
    with pytest.raises(Sorry, match="unknown-title"):
        shown.find("solarium nights")
    assert every.find("solarium nigths").id == 4

"""The linter finds every kind of problem, and none in the starter catalogue."""

from collections import Counter
from dataclasses import replace
from importlib import resources

import pytest

from storage.catalogue.balance import best_known, neither_english_nor_best_known
from storage.catalogue.csv_rows import CORE_FACETS, CatalogueFile, FilmRow, TagRow
from storage.catalogue.film_rules import film_problems
from storage.catalogue.linter import lint, shortfalls
from tests.starter import starter_catalogue

TAGS = tuple(
    TagRow(f"{facet}-{number}", facet, f"{facet} {number}", "A definition.", line=line)
    for line, (facet, number) in enumerate(
        ((facet, number) for facet in (*CORE_FACETS, "sensitive") for number in range(4)), 2
    )
)


def film(number: int, **changes) -> FilmRow:
    """Returns a film without any problem; its tags depend on its number."""
    a, b = number % 4, number // 4
    places = (a, a + b, a + 2 * b, a + 3 * b, b, 2 * a + b)  # no two facets split films alike
    slugs = [
        f"{facet}-{(place + step) % 4}"
        for facet, place in zip(CORE_FACETS, places, strict=True)
        for step in (0, 1)
    ]
    row = FilmRow(
        key=f"film-{number}-2000",
        title=f"Film {number}",
        original_title=None,
        aliases=(),
        year=2000,
        runtime=100,
        countries=("FR",),
        languages=("fr",),
        directors=("Ann One",),
        cast=(),
        genres=("Drama",),
        audience="teens",
        adult=False,
        tags=tuple((slug, 3 if at < 6 else 2) for at, slug in enumerate(slugs)),
        imdb=None,
        poster=None,
        line=number + 2,
    )
    return replace(row, **changes)


def catalogue(*films: FilmRow) -> CatalogueFile:
    used = {slug for row in films for slug, _ in row.tags}
    return CatalogueFile(films, tuple(tag for tag in TAGS if tag.slug in used))


def problems_of(*films: FilmRow) -> list[str]:
    return [str(problem) for problem in lint(catalogue(*films)).problems]


FILMS = [film(number) for number in range(16)]


def test_nothing_is_wrong_with_good_films():
    report = lint(catalogue(*FILMS))
    assert report.problems == ()
    assert report.ok
    assert (report.films, report.tags) == (16, 24)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tags": (("mood-0", 3), ("theme-0", 3))}, "count=2,"),
        (
            {"tags": tuple((tag.slug, 3) for tag in TAGS if tag.facet == "mood")},
            "facets=mood,",
        ),
        ({"tags": tuple((slug, 2) for slug, _ in FILMS[0].tags)}, "no-defining-tag"),
        ({"tags": (*FILMS[0].tags, ("made-up", 1))}, "tag=made-up"),
        ({"tags": tuple((tag.slug, 1) for tag in TAGS)}, "count=24, most=20"),
        ({"tags": tuple((slug, 3) for slug, _ in FILMS[0].tags)}, "many-defining-tags"),
        ({"year": 1700}, "impossible-year"),
        ({"runtime": 3}, "runtime=3"),
        ({"runtime": 9000}, "runtime=9000"),
        ({"countries": ()}, "column=countries"),
        ({"directors": ()}, "column=directors"),
        ({"audience": None}, "no-audience"),
    ],
)
def test_a_film_to_mend_is_named_with_its_line(changes, words):
    found = problems_of(film(0, **changes), *FILMS[1:])
    assert any("file=films.csv, line=2," in line and words in line for line in found), found


def test_sensitive_tags_do_not_count_against_the_limit():
    full = tuple((tag.slug, 2) for tag in TAGS if tag.facet != "sensitive")[:20]
    warned = (*full, *((f"sensitive-{number}", 1) for number in range(4)))
    assert not any("many-tags" in line for line in problems_of(film(0, tags=warned), *FILMS[1:]))


@pytest.mark.parametrize(
    ("changes", "extra", "words"),
    [
        ({"audience": "everyone"}, ("suicide", 1), "tags=suicide"),
        ({"audience": "everyone"}, ("child-harm", 2), None),
        ({"audience": "everyone"}, ("torture", 2), "tags=torture"),
        ({"audience": "everyone"}, ("torture", 1), None),
        ({"audience": "teens"}, ("suicide", 2), None),
        ({"adult": True}, None, "adult-without-audience"),
        ({"adult": True, "audience": "adults"}, None, None),
        ({"audience": "adults"}, ("with-children", 2), "adults-with-children"),
        ({}, ("hidden-gem", 2), None),
        ({"countries": ("UA", "DE")}, ("russia", 2), "tag=ukraine, other=russia"),
        ({"countries": ("GE",)}, ("russia", 1), "tag=caucasus, other=russia"),
        ({"countries": ("TW",)}, ("china", 1), "tag=taiwan, other=china"),
        ({"countries": ("UA", "RU")}, ("russia", 2), None),
        ({"countries": ("DK",)}, ("russia", 2), None),
    ],
)
def test_facts_that_contradict_each_other(changes, extra, words):
    row = film(0, **changes)
    row = replace(row, tags=(*row.tags, extra)) if extra else row
    found = film_problems(row, {tag.slug: tag for tag in TAGS})
    found = [str(one) for one in found if one.key != "tag-not-in-vocabulary"]
    assert ([words in line for line in found] == [True]) if words else found == []


def test_a_hidden_gem_is_no_hit():
    tags = (*FILMS[0].tags, ("hidden-gem", 1), ("box-office-hit", 1))
    found = film_problems(film(0, tags=tags), {})
    assert any("tags=box-office-hit" in str(one) for one in found)


def test_a_country_is_no_word_for_a_tag_of_another():
    russia = TagRow("russia", "setting", "Russia", "A place.", synonyms=("ukraine",), line=9)
    found = [str(p) for p in lint(CatalogueFile((), (russia,))).problems]
    assert any("country-as-word (word=ukraine" in line for line in found)
    whole = [
        str(p) for p in lint(CatalogueFile((), (replace(russia, synonyms=("moscow",)),))).problems
    ]
    assert not any("country-as-word" in line for line in whole)


def test_films_nobody_could_tell_apart():
    twin = film(3, title="Twin", line=40)
    found = problems_of(*FILMS, twin)
    assert len(found) == 1
    assert "line=40, problem=films-indistinguishable" in found[0]
    assert problems_of(*FILMS, replace(twin, genres=("Comedy",))) == []


def test_a_tag_at_one_film_or_none():
    lonely = replace(FILMS[0], tags=(*FILMS[0].tags, ("sensitive-0", 1)))
    assert any("tag-used-once" in line for line in problems_of(lonely, *FILMS[1:]))
    whole = CatalogueFile(tuple(FILMS), TAGS)
    assert any("tag-unused" in str(problem) for problem in lint(whole).problems)


def test_tags_at_nearly_the_same_films():
    def both(rows):
        extra = (("sensitive-0", 1), ("sensitive-1", 1))
        return [replace(row, tags=(*row.tags, *extra)) for row in rows]

    found = problems_of(*both(FILMS[:5]), *FILMS[5:])
    assert any("tag=sensitive-0, other=sensitive-1, share=1.0" in line for line in found)
    assert problems_of(*both(FILMS[:4]), *FILMS[4:]) == []  # four films may be chance


def test_balance_counts_films():
    report = lint(catalogue(*FILMS[:-1], film(15, year=1931, languages=("ja", "en"))))
    tables = {table.title: dict(table.rows) for table in report.balance}
    assert tables["decades"] == {"1930s": 1, "2000s": 15}
    assert tables["languages"] == {"fr": 15, "ja": 1, "en": 1}
    assert tables["leading-languages"] == {"fr": 15, "ja": 1}
    assert tables["genres"] == {"Drama": 16}
    assert tables["tags-in-the-vocabulary"]["mood"] == 4
    assert tables["tags-of-weight-3-at-a-film"] == {"6": 16}
    assert tables["weights"] == {"1": 0, "2": 96, "3": 96}
    assert tables["films-with-a-warning-by-audience"] == {"everyone": 0, "teens": 0, "adults": 0}


def test_what_a_whole_catalogue_lacks_is_told():
    told = [str(lack) for lack in shortfalls(catalogue(*FILMS, film(16, year=1925)))]
    wanted = (
        "few-films (n=17",
        "few-countries (n=1",
        "few-languages (n=1",
        "=1930s; 1940s",
        "=Action",
    )
    for words in wanted:
        assert any(words in lack for lack in told), words


def test_the_best_known_are_those_whose_tags_say_so():
    rows = [replace(FILMS[0], tags=(("box-office-hit", 3),)), FILMS[1], FILMS[2]]
    assert best_known(rows, 1) == (rows[0].key,)
    assert neither_english_nor_best_known(rows) == ()
    english = replace(FILMS[3], languages=("en",))
    many = [replace(rows[0], key=f"known-{at}") for at in range(300)]
    assert neither_english_nor_best_known([*many, FILMS[2], english]) == (FILMS[2],)


# The starter catalogue ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def starter() -> CatalogueFile:
    return starter_catalogue()


def test_the_starter_catalogue_passes(starter):
    assert [str(problem) for problem in lint(starter).problems] == []


def test_the_starter_catalogue_is_broad(starter):
    assert shortfalls(starter) == ()
    tables = {table.title: dict(table.rows) for table in lint(starter).balance}
    assert sum("en" not in film.languages[:1] for film in starter.films) * 3 >= len(starter.films)
    assert set(tables["audiences"]) == {"everyone", "teens", "adults"}
    assert min(tables["genres"].values()) >= 10


def test_occasions_agree_with_the_facts(starter):
    for film in starter.films:
        given = {slug for slug, _ in film.tags}
        if "weeknight-short" in given:
            assert film.runtime is None or film.runtime <= 105, film.title
        if "long-evening" in given:
            assert film.runtime >= 115, film.title
        if given & {"with-children", "whole-family"}:
            assert film.audience != "adults", film.title


def test_the_films_stand_in_order_of_year(starter):
    years = [film.year for film in starter.films]
    assert years == sorted(years)


def test_names_and_keys_are_unique(starter):
    names = Counter(tag.name for tag in starter.tags)
    assert max(names.values()) == 1
    assert len({film.key for film in starter.films}) == len(starter.films)


def test_no_cell_would_confuse_a_spreadsheet_or_a_diff():
    for name in ("films.csv", "tags.csv"):
        text = (resources.files("storage.catalogue") / name).read_text(encoding="utf-8")
        assert "\r" not in text
        assert text.endswith("\n")

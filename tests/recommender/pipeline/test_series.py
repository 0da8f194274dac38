"""Series found from titles: real films as facts, and lists that are not only sequels."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import Catalogue, Vocabulary
from recommender.datasets.folder import read_folder
from recommender.numeric.arrays import sparse
from recommender.pipeline.series import editions, series
from recommender.pipeline.similar import spread_out
from recommender.pipeline.titles import read_title
from tests.movielens import FOLDER, needs_movielens

Film = tuple[str, float, str]
NONE = np.arange(50)  # every film a series of its own


def catalogue(films: Sequence[Film]) -> Catalogue:
    """Returns a catalogue of films given as title, year and genres separated by blanks."""
    names = sorted({genre for _, _, genres in films for genre in genres.split()})
    table = np.zeros((len(films), len(names)), np.float32)
    for row, (_, _, genres) in enumerate(films):
        for genre in genres.split():
            table[row, names.index(genre)] = 1
    n = len(films)
    return Catalogue(
        films=Vocabulary(np.arange(n) + 100),
        titles=tuple(title for title, _, _ in films),
        years=np.array([year for _, year, _ in films], np.float64),
        runtimes=np.full(n, np.nan),
        genres=sparse(table),
        genre_names=tuple(names),
        tags=sparse((n, 0)),
        tag_names=(),
        tag_facets=(),
        audience=np.full(n, -1, np.int8),
        adult=np.zeros(n, np.bool_),
    )


SERIES: dict[str, list[Film]] = {
    "parts": [
        ("The Godfather", 1972, "Crime Drama"),
        ("The Godfather Part II", 1974, "Crime Drama"),
        ("The Godfather: Part III", 1990, "Crime Drama Mystery"),
    ],
    "plural, raised numeral, subtitle": [
        ("Alien", 1979, "Horror SciFi"),
        ("Aliens", 1986, "Action Adventure Horror SciFi"),
        ("Alien³", 1992, "Action Horror SciFi Thriller"),
        ("Alien: Resurrection", 1997, "Action Horror SciFi"),
    ],
    "digits": [
        ("Toy Story", 1995, "Animation Comedy"),
        ("Toy Story 2", 1999, "Animation Comedy"),
        ("Toy Story 3", 2010, "Animation Comedy"),
    ],
    "volumes": [("Kill Bill: Vol. 1", 2003, "Action"), ("Kill Bill: Vol. 2", 2004, "Action")],
    "subtitles": [
        ("The Lord of the Rings: The Fellowship of the Ring", 2001, "Fantasy"),
        ("The Lord of the Rings: The Two Towers", 2002, "Fantasy"),
        ("The Lord of the Rings: The Return of the King", 2003, "Fantasy"),
    ],
    "dashes": [
        ("Mission: Impossible", 1996, "Action"),
        ("Mission: Impossible II", 2000, "Action"),
        ("Mission: Impossible – Fallout", 2018, "Action"),
    ],
    "a name and the": [
        ("Harry Potter and the Philosopher's Stone", 2001, "Fantasy"),
        ("Harry Potter and the Goblet of Fire", 2005, "Fantasy"),
        ("Harry Potter and the Deathly Hallows: Part 2", 2011, "Fantasy"),
    ],
    "a number mid-title": [
        ("Step Up", 2006, "Dance Romance"),
        ("Step Up 2 the Streets", 2008, "Dance Romance"),
    ],
    "numbers in words": [
        ("Ocean's Eleven", 2001, "Crime"),
        ("Ocean's Twelve", 2004, "Crime"),
        ("Ocean's Thirteen", 2007, "Crime"),
    ],
    "words of return": [
        ("The Pink Panther", 1963, "Comedy Crime"),
        ("The Return of the Pink Panther", 1975, "Comedy Crime"),
    ],
    "one word more": [
        ("The Matrix", 1999, "Action SciFi"),
        ("The Matrix Reloaded", 2003, "Action SciFi"),
    ],
    "a whole title within": [
        ("Planet of the Apes", 1968, "Action SciFi"),
        ("Escape from the Planet of the Apes", 1971, "Action SciFi"),
    ],
    "far apart but alike": [
        ("Mad Max", 1979, "Action Adventure SciFi"),
        ("Mad Max: Fury Road", 2015, "Action Adventure SciFi Thriller"),
    ],
    "one colour each": [
        ("Three Colours: Blue", 1993, "Drama"),
        ("Three Colours: Red", 1994, "Drama Romance"),
    ],
}
APART: dict[str, list[Film]] = {
    "letters in common": [("Star Wars", 1977, "SciFi"), ("Starman", 1984, "SciFi")],
    "a word in common": [
        ("Star Wars", 1977, "Adventure SciFi"),
        ("Star Trek", 2009, "Adventure SciFi"),
    ],
    "two words of three": [("Before Sunrise", 1995, "Drama"), ("Before I Fall", 2017, "Drama")],
    "numbers that are none": [
        ("Apollo 11", 2019, "Documentary"),
        ("Apollo 13", 1995, "Drama"),
        ("Apollo 18", 2011, "Drama"),
    ],
    "a number of things": [("Super", 2010, "Comedy Drama"), ("Super 8", 2011, "Drama SciFi")],
    "seven and eight": [("Seven", 1995, "Crime"), ("The Hateful Eight", 2015, "Crime")],
    "one word, longer": [("Blade", 1998, "Action Horror"), ("Blade Runner", 1982, "Action SciFi")],
    "one word, a nation": [
        ("Alien", 1979, "Horror SciFi"),
        ("Alien Nation", 1988, "Crime SciFi Horror"),
    ],
    "one title, two films": [("Crash", 1996, "Drama"), ("Crash", 2004, "Drama")],
    "a plural of other kin": [("Ghost", 1990, "Drama Romance"), ("Ghosts", 1997, "Horror")],
    "a title at the end": [
        ("Your Name", 2016, "Drama Romance"),
        ("Call Me by Your Name", 2017, "Drama Romance"),
    ],
    "a title at the start": [
        ("High Heels", 1991, "Comedy Drama"),
        ("High Heels and Low Lifes", 2001, "Comedy Drama"),
    ],
    "a name of long ago": [
        ("Robin Hood", 1973, "Animation Comedy"),
        ("Robin Hood: Prince of Thieves", 1991, "Adventure Drama"),
    ],
    "one common word": [("Ray: A Life", 2001, "Drama"), ("Ray: Another", 2003, "Drama")],
    "vowel signs": [("दिल 2", 1990, "Drama Romance"), ("दोल 3", 1992, "Drama Romance")],
    "voiced kana": [("パパ 2", 1990, "Drama Romance"), ("ババ 3", 1992, "Drama Romance")],
    "nothing at all": [("", 1990, "Drama"), ("", 1991, "Drama"), ("???", 1992, "Drama")],
}


@pytest.mark.parametrize("case", SERIES)
def test_series_are_found(case: str) -> None:
    assert not series(catalogue(SERIES[case])).any()


@pytest.mark.parametrize("case", APART)
def test_what_only_looks_like_a_series_is_none(case: str) -> None:
    films = APART[case]
    assert series(catalogue(films)).tolist() == list(range(len(films)))


def test_a_sequel_belongs_to_the_film_it_continues() -> None:
    films = [
        ("Babe: Pig in the City", 1998, "Children Drama"),
        ("The Babe", 1992, "Drama"),
        ("Babe", 1995, "Children Drama"),
        ("Halloween", 1978, "Horror"),
        ("Halloween II", 1981, "Horror"),
        ("Neighbors", 1981, "Comedy"),
        ("Neighbors", 2014, "Comedy"),
        ("Neighbors 2: Sorority Rising", 2016, "Comedy"),
    ]
    assert series(catalogue(films)).tolist() == [0, 1, 0, 3, 3, 5, 6, 6]


def test_all_at_once_they_stay_apart_from_each_other() -> None:
    films = [film for case in SERIES.values() for film in case]
    found = series(catalogue(films))
    sizes = [len(case) for case in SERIES.values()]
    starts = np.cumsum([0, *sizes[:-1]])
    assert found.tolist() == np.repeat(starts, sizes).tolist()


def test_editions_are_the_same_title_about_the_same_year() -> None:
    films: list[Film] = [
        ("Whiplash", 2013, "Drama"),
        ("Whiplash", 2014, "Drama"),
        ("Whiplash", np.nan, "Drama"),
        ("The Illusionist", 2006, "Drama"),
        ("The Illusionist", 2010, "Drama"),
        ("Amélie", 2001, "Comedy"),
        ("Amelie", 2001, "Comedy"),
    ]
    assert editions(catalogue(films)).tolist() == [0, 0, 2, 3, 4, 5, 5]


@settings(max_examples=60)
@given(st.permutations(range(14)), st.integers(0, 100))
def test_the_order_of_the_films_changes_no_series(order: list[int], seed: int) -> None:
    everything = [film for case in (*SERIES.values(), *APART.values()) for film in case]
    films = [everything[at] for at in np.random.default_rng(seed).permutation(len(everything))[:14]]
    plain, moved = series(catalogue(films)), series(catalogue([films[at] for at in order]))
    for one, first in enumerate(order):
        for other, second in enumerate(order):
            assert (moved[one] == moved[other]) == (plain[first] == plain[second])


@settings(max_examples=100)
@given(st.lists(st.text(max_size=12), max_size=12), st.integers(1888, 2030))
def test_any_titles_can_be_read(titles: list[str], year: int) -> None:
    films = [(title, year + at, "Drama") for at, title in enumerate(titles)]
    for found in (series(catalogue(films)), editions(catalogue(films))):
        assert ((found >= 0) & (found <= np.arange(len(films)))).all()


# Lists


def test_two_of_the_same_series_are_shown_and_the_rest_is_said() -> None:
    kin = NONE.copy()
    kin[[1, 2, 3, 4]] = 0
    found = spread_out(np.arange(1, 12), 0, kin, NONE, 5)
    assert found.rows.tolist() == [1, 2, 5, 6, 7]
    assert found.same_series.tolist() == [True, True, False, False, False]
    assert found.left_out.tolist() == [3, 4]


def test_other_series_do_not_fill_the_list_either() -> None:
    kin = NONE.copy()
    kin[[6, 7, 8]] = 5
    found = spread_out(np.arange(5, 12), 0, kin, NONE, 4)
    assert found.rows.tolist() == [5, 6, 9, 10]
    assert not found.left_out.size


def test_an_edition_stands_once_and_never_beside_itself() -> None:
    same = NONE.copy()
    same[3], same[5] = 0, 4
    found = spread_out(np.array([3, 5, 4, 6]), 0, NONE, same, 4)
    assert found.rows.tolist() == [5, 6]


@settings(max_examples=100)
@given(
    st.permutations(range(1, 20)),
    st.lists(st.integers(0, 6), min_size=20, max_size=20),
    st.integers(0, 19),
    st.integers(0, 3),
)
def test_a_list_keeps_order_and_bounds(
    ranked: list[int], groups: list[int], n: int, most: int
) -> None:
    kin = np.array(groups, np.int64)
    found = spread_out(np.array(ranked), 0, kin, NONE, n, most)
    assert len(found.rows) <= n
    assert [row for row in ranked if row in found.rows] == found.rows.tolist()
    assert np.bincount(kin[found.rows], minlength=7).max() <= most
    left = [row for row in ranked if row not in found.rows]
    if len(found.rows) < n:  # only what would be one too many is missing
        assert all((kin[found.rows] == kin[row]).sum() == most for row in left)
    assert set(found.left_out) <= {row for row in left if kin[row] == kin[0]}


@needs_movielens
def test_real_titles() -> None:
    world = read_folder(FOLDER).catalogue
    found = series(world)
    row = {
        (title, int(year)): at
        for at, (title, year) in enumerate(zip(world.titles, world.years, strict=True))
        if np.isfinite(year)
    }
    potter = {found[at] for (title, _), at in row.items() if title.startswith("Harry Potter and")}
    assert len(potter) == 1
    apart = [("Star Wars: Episode IV - A New Hope", 1977), ("Starman", 1984), ("Stargate", 1994)]
    assert len({found[row[film]] for film in apart}) == 3
    assert found[row["Star Trek: First Contact", 1996]] == found[row["Star Trek: Nemesis", 2002]]
    sizes = np.bincount(found)
    assert (sizes > 1).sum() > 300
    assert sizes.max() < 20


@given(st.text(st.characters(min_codepoint=1, max_codepoint=127)))
def test_plain_titles_are_read_like_titles_with_accents(title: str) -> None:
    assert read_title(f"{title} e 2") == read_title(f"{title} é 2")

"""Shelves: their words go together, their films fit, and there are many different ones."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from recommender.data import Vocabulary
from recommender.errors import DataError
from recommender.shelves.candidates import DULL_TAGS, TELLING_KINDS, ShelfConfig
from recommender.shelves.catalogue_words import catalogue_words
from recommender.shelves.shelves import find_shelves
from recommender.shelves.together import KIN, ROLE_OF_TAG, go_together, role_of
from recommender.shelves.words import COUNTRIES, GENRES, Word, genre_key
from storage.catalogue import csv_rows
from tests.starter import starter

BLEAK = Word("bleak", "mood")
CULT = Word("cult", "praise")
DRAMA = Word("g-drama", "genre")
NOIR = Word("g-film-noir", "genre")
SCIENCE_FICTION = Word("g-science-fiction", "genre")
CRIME_DRAMA = Word("g-crime-drama", "genre", halves=("g-crime", "g-drama"))
GRIEF = Word("grief", "theme")
HEIST = Word("heist", "theme")
PARIS = Word("paris", "setting")
LATIN_AMERICA = Word("latin-america", "setting")
TRUE = Word("true-story", "source")
SCORE = Word("great-score", "style")
SEVENTIES = Word("1970s", "era")
NEO_NOIR = Word("neo-noir", "style")


@pytest.mark.parametrize(
    ("words", "together"),
    [
        ((BLEAK,), True),
        ((BLEAK, CULT, DRAMA), True),
        ((GRIEF, PARIS, DRAMA), True),
        ((TRUE, PARIS), True),
        ((GRIEF, SCORE), False),  # great scores about grief?
        ((GRIEF, TRUE), False),  # a life about grief?
        ((SCORE, PARIS), False),
        ((TRUE, GRIEF, PARIS), False),
        ((NEO_NOIR, CULT, BLEAK), True),
        ((NEO_NOIR, NOIR), False),  # they mean the same
        ((HEIST, CRIME_DRAMA), False),  # so do a half of the pair and the theme
        ((HEIST, SCIENCE_FICTION), False),
        ((GRIEF, SCIENCE_FICTION), True),
        ((LATIN_AMERICA, GRIEF), True),
        ((LATIN_AMERICA, GRIEF, SEVENTIES), False),  # too much at once
    ],
)
def test_which_words_go_together(words: tuple[Word, ...], together: bool) -> None:
    assert go_together(words) == together
    assert go_together(words[::-1]) == together


def test_every_genre_of_a_catalogue_has_a_word() -> None:
    """The two rooms may not import each other, so both have the list."""
    assert GENRES == csv_rows.GENRES


def test_every_key_of_the_rules_is_a_word() -> None:
    tags = {tag.slug for tag in starter().tags}
    keys = {genre_key(genre) for genre in GENRES} | {f"in-{code}" for code in COUNTRIES}
    keys |= {f"{first}s" for first in range(1880, 2100, 10)} | tags
    assert {key for group in KIN for key in group} <= keys
    assert set(ROLE_OF_TAG) <= tags


def test_the_phrases_of_the_vocabulary_stand_where_their_roles_say() -> None:
    starts = {"subject": "~ about ", "origin": "~ based on ", "place": "~ set "}
    for tag in starter().tags:
        role = role_of(Word(tag.slug, tag.facet))
        if tag.phrase:
            assert tag.phrase.startswith(starts.get(role, "~ ")) != (role == "quality"), tag.slug


def test_every_genre_of_the_catalogue_and_most_countries_have_words() -> None:
    home = starter()
    assert set(home.world.genre_names) <= set(GENRES)
    leading = [film.countries[0] for film in home.films if film.countries]
    named = sum(country in COUNTRIES or country == "US" for country in leading)
    assert named >= 0.97 * len(leading)


# The starter catalogue's shelves -----------------------------------------------------------------


def test_a_few_hundred_shelves_of_six_to_a_hundred_films_none_like_another() -> None:
    home, config = starter(), ShelfConfig()
    found = home.shelves().shelves
    assert 200 <= len(found) <= 1.2 * config.max_shelves
    assert len({shelf.key for shelf in found}) == len(found)
    assert all(6 <= len(shelf.films) <= 100 for shelf in found)
    assert all(len(shelf.key) <= 80 for shelf in found), "keys are part of button ids"
    for one, other in combinations(found, 2):
        common = len(set(one.films) & set(other.films))
        union = len(one.films) + len(other.films) - common
        assert common < config.max_overlap * union, (one.key, other.key)


def test_the_films_of_a_shelf_fit_all_its_words_and_no_others_do() -> None:
    home = starter()
    words = home.words()
    column = {word.key: at for at, word in enumerate(words.words)}
    for shelf in home.shelves().shelves:
        fits = words.fits[:, [column[word.key] for word in shelf.words]].all(axis=1)
        assert np.flatnonzero(fits & ~home.world.adult).tolist() == list(shelf.films), shelf.key


def test_shelves_cover_the_films_and_do_not_wear_words_out() -> None:
    home = starter()
    found = home.shelves()
    on = np.asarray(found.membership.sum(axis=1)).reshape(-1)
    assert (on > 0).mean() >= 0.95
    used = Counter(word.key for shelf in found.shelves for word in shelf.words)
    assert max(used.values()) <= 0.06 * len(found)
    assert len(used) >= 200


def test_no_shelf_is_named_by_a_sensitive_theme() -> None:
    assert not any(
        word.kind == "sensitive" for shelf in starter().shelves().shelves for word in shelf.words
    )


def test_the_order_of_the_films_changes_nothing_but_ties() -> None:
    home = starter()
    order = np.random.default_rng(3).permutation(len(home.films))
    world = home.world
    turned = replace(
        world,
        films=Vocabulary(world.films.ids_array[order]),
        titles=tuple(world.titles[at] for at in order),
        years=world.years[order],
        runtimes=world.runtimes[order],
        genres=world.genres[order],
        tags=world.tags[order],
        audience=world.audience[order],
        adult=world.adult[order],
    )
    words = replace(home.words(), fits=home.words().fits[order])
    here = {shelf.key for shelf in home.shelves().shelves}
    there = {shelf.key for shelf in find_shelves(turned, words, ShelfConfig()).shelves}
    assert len(here & there) >= 0.95 * len(here)


def test_countries_must_be_as_many_as_films() -> None:
    with pytest.raises(DataError, match="countries-differ-in-length"):
        catalogue_words(starter().world, {}, ["FR"])


def test_a_catalogue_without_tags_has_no_shelves_but_those_of_its_facts() -> None:
    home = starter()
    bare = find_shelves(
        home.world, catalogue_words(home.world, {}, [None] * len(home.films)), ShelfConfig()
    )
    kinds = {word.kind for shelf in bare.shelves for word in shelf.words}
    assert kinds <= {"genre", "era"}


def test_every_film_with_many_tags_stands_on_a_shelf() -> None:
    home = starter()
    on_shelf = np.asarray(home.shelves().membership.sum(axis=1)).reshape(-1) > 0
    many = np.diff(home.world.tags.indptr) >= ShelfConfig().min_tags
    assert not (many & ~on_shelf & ~home.world.adult).any()


def test_no_shelf_is_dull() -> None:
    for shelf in starter().shelves().shelves:
        telling = [word.key for word in shelf.words if word.kind in TELLING_KINDS]
        assert set(telling) - DULL_TAGS, shelf.key


def test_a_film_set_abroad_stands_on_no_shelf_of_its_makers_country() -> None:
    home = starter()
    keys = [film.key for film in home.films]
    abroad = keys.index("the-look-of-silence-2014")  # made in Denmark, set in Indonesia
    shelves = [shelf for shelf in home.shelves().shelves if abroad in shelf.films]
    assert shelves
    assert not any(word.key == "in-DK" for shelf in shelves for word in shelf.words)

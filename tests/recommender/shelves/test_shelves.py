"""Shelves: their names are good English, their films fit, and there are many different ones."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import Vocabulary
from recommender.errors import DataError
from recommender.shelves.candidates import DULL_TAGS, TELLING_KINDS, ShelfConfig
from recommender.shelves.catalogue_words import catalogue_words
from recommender.shelves.grammar import MAX_NAME_LENGTH, Word, name_of
from recommender.shelves.shelves import find_shelves
from recommender.shelves.words import DEMONYMS, GENRES, genre_pair
from tests.starter import starter

BLEAK = Word("bleak", "mood", "bleak ~")
CAST = Word("ensemble", "style", "ensemble ~")
LAUDED = Word("lauded", "praise", "critically acclaimed ~")
CULT = Word("cult", "praise", "cult ~")
DRAMA = Word("g-drama", "genre", "dramas")
NOIR = Word("g-noir", "genre", "film noirs")
GRIEF = Word("grief", "theme", "~ about loss and grief")
HEIST = Word("heist", "theme", "heist ~")
PARIS = Word("paris", "setting", "~ set in Paris")
TRUE = Word("true", "source", "~ based on real life")
SCORE = Word("score", "style", "~ with great scores")
SEVENTIES = Word("1970s", "era", "1970s ~")
FRENCH = Word("in-FR", "country", "French ~")
NEO_NOIR = Word("neo-noir", "style", "neo-noir ~")
QUIET = Word("suggestion", "style", "quietly frightening ~")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((BLEAK,), "Bleak films"),
        ((DRAMA,), "Dramas"),
        ((DRAMA, CAST, LAUDED), "Critically acclaimed ensemble dramas"),
        ((CULT, BLEAK), "Bleak cult films"),
        ((FRENCH, SEVENTIES, HEIST), "1970s French heist films"),
        ((GRIEF, PARIS, DRAMA), "Dramas about loss and grief set in Paris"),
        ((PARIS, TRUE), "Films based on real life set in Paris"),
        ((BLEAK, QUIET), "Bleak, quietly frightening films"),
        ((GRIEF, SCORE), None),  # great scores about grief?
        ((GRIEF, TRUE), None),  # a life about grief?
        ((SCORE, PARIS), None),
        ((NEO_NOIR, CULT, BLEAK), "Bleak cult neo-noir films"),
        ((NEO_NOIR, NOIR), None),  # the same word twice
        ((TRUE, GRIEF, PARIS), None),
    ],
)
def test_names(words: tuple[Word, ...], name: str | None) -> None:
    assert name_of(words) == name
    assert name_of(words[::-1]) == name


def test_two_genres_are_one_noun_only_if_that_is_usual() -> None:
    assert genre_pair("Comedy", "Romance") == genre_pair("Romance", "Comedy") == "romantic comedies"
    assert genre_pair("Drama", "Crime") == "crime dramas"
    assert genre_pair("Drama", "Comedy") == "comedy dramas"
    assert genre_pair("Animation", "Family") == "animated family films"
    assert genre_pair("Drama", "Thriller") is None
    assert genre_pair("Western", "War") is None


def test_every_genre_of_the_catalogue_and_most_countries_have_words() -> None:
    home = starter()
    assert set(home.world.genre_names) <= set(GENRES)
    leading = [film.countries[0] for film in home.films if film.countries]
    named = sum(country in DEMONYMS or country == "US" for country in leading)
    assert named >= 0.97 * len(leading)


def test_every_phrase_of_the_vocabulary_makes_a_name() -> None:
    for tag in starter().tags:
        if tag.phrase:
            word = Word(tag.slug, tag.facet, tag.phrase)
            assert name_of([word]), tag.slug


@given(st.lists(st.sampled_from(range(400)), min_size=1, max_size=3, unique=True))
def test_any_name_is_whole(picked: list[int]) -> None:
    words = starter().words().words
    chosen = [words[at % len(words)] for at in picked]
    if len({word.kind for word in chosen}) < len(chosen):
        return
    name = name_of(chosen)
    assert name is None or (
        len(name) <= MAX_NAME_LENGTH
        and name[0] == name[0].upper()
        and "~" not in name
        and "  " not in name
    )


# The starter catalogue's shelves -----------------------------------------------------------------


def test_a_few_hundred_shelves_of_six_to_sixty_films_none_like_another() -> None:
    home, config = starter(), ShelfConfig()
    found = home.shelves().shelves
    assert 200 <= len(found) <= 1.2 * config.max_shelves
    assert len({shelf.name for shelf in found}) == len({shelf.key for shelf in found}) == len(found)
    assert all(6 <= len(shelf.films) <= 60 for shelf in found)
    assert all(len(shelf.key) <= 80 for shelf in found), "keys are part of button ids"
    for one, other in combinations(found, 2):
        common = len(set(one.films) & set(other.films))
        union = len(one.films) + len(other.films) - common
        assert common < config.max_overlap * union, (one.name, other.name)


def test_the_films_of_a_shelf_fit_all_its_words_and_no_others_do() -> None:
    home = starter()
    words = home.words()
    column = {word.key: at for at, word in enumerate(words.words)}
    for shelf in home.shelves().shelves:
        fits = words.fits[:, [column[word.key] for word in shelf.words]].all(axis=1)
        assert np.flatnonzero(fits & ~home.world.adult).tolist() == list(shelf.films), shelf.name


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
    here = {shelf.name for shelf in home.shelves().shelves}
    there = {shelf.name for shelf in find_shelves(turned, words, ShelfConfig()).shelves}
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
        assert set(telling) - DULL_TAGS, shelf.name


def test_a_film_set_abroad_stands_on_no_shelf_of_its_makers_country() -> None:
    home = starter()
    keys = [film.key for film in home.films]
    abroad = keys.index("the-look-of-silence-2014")  # made in Denmark, set in Indonesia
    shelves = [shelf for shelf in home.shelves().shelves if abroad in shelf.films]
    assert shelves
    assert not any(word.key == "in-DK" for shelf in shelves for word in shelf.words)

"""Shelves have English names made of their words, and every language names them in its own way."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.notes import from_text, note, to_text
from bot.services.view_models import shelf_note
from bot.wording.errors.said import said
from bot.wording.shelves import languages
from bot.wording.shelves.english import English
from bot.wording.shelves.english_words import DEMONYMS, GENRE_WORDS
from bot.wording.shelves.languages import film_language
from bot.wording.speech import speaking
from bot.wording.speech.places import limit_of
from bot.wording.speech.pseudo import CLOSE, OPEN
from recommender.shelves.together import go_together
from recommender.shelves.words import COUNTRIES, GENRE_PAIRS, GENRES, Word, genre_key
from tests.starter import starter

NAMES = Path(__file__).with_name("shelf_names.txt")
"""The names of the starter catalogue's shelves, as people know them."""

ENGLISH = English()
BLEAK = Word("bleak", "mood", "bleak ~")
CAST = Word("ensemble-cast", "style", "ensemble ~")
LAUDED = Word("critically-acclaimed", "praise", "critically acclaimed ~")
CULT = Word("cult", "praise", "cult ~")
DRAMA = Word("g-drama", "genre")
GRIEF = Word("grief", "theme", "~ about loss and grief")
HEIST = Word("heist", "theme", "heist ~")
PARIS = Word("paris", "setting", "~ set in Paris")
TRUE = Word("true-story", "source", "~ based on real life")
SEVENTIES = Word("1970s", "era")
FRENCH = Word("in-FR", "country")
NEO_NOIR = Word("neo-noir", "style", "neo-noir ~")
QUIET = Word("suggestion", "style", "quietly frightening ~")


def pair(one: str, other: str) -> Word:
    """Returns the word for two genres."""
    return Word(f"{one}-{other.removeprefix('g-')}", "genre", halves=(one, other))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((BLEAK,), "Bleak films"),
        ((DRAMA,), "Dramas"),
        ((Word("g-animation", "genre"),), "Animated films"),
        ((DRAMA, CAST, LAUDED), "Critically acclaimed ensemble dramas"),
        ((CULT, BLEAK), "Bleak cult films"),
        ((FRENCH, SEVENTIES, HEIST), "1970s French heist films"),
        ((GRIEF, PARIS, DRAMA), "Dramas about loss and grief set in Paris"),
        ((PARIS, TRUE), "Films based on real life set in Paris"),
        ((BLEAK, QUIET), "Bleak, quietly frightening films"),
        ((NEO_NOIR, CULT, BLEAK), "Bleak cult neo-noir films"),
        ((pair("g-comedy", "g-romance"), FRENCH), "French romantic comedies"),
        ((pair("g-comedy", "g-drama"),), "Comedy dramas"),
        ((pair("g-crime", "g-drama"),), "Crime dramas"),
        ((pair("g-animation", "g-family"),), "Animated family films"),
        ((pair("g-horror", "g-science-fiction"),), "Science fiction horror films"),
    ],
)
def test_english_names(words: tuple[Word, ...], name: str) -> None:
    assert ENGLISH.shelf(words) == name
    assert ENGLISH.shelf(words[::-1]) == name


def test_the_starter_catalogue_has_the_shelves_that_people_know() -> None:
    names = [ENGLISH.shelf(shelf.words) for shelf in starter().shelves().shelves]
    assert names == NAMES.read_text("utf-8").splitlines()
    assert len(set(names)) == len(names)


def test_english_has_words_for_every_genre_and_country() -> None:
    assert {genre_key(genre) for genre in GENRES} == set(GENRE_WORDS)
    assert set(COUNTRIES) == set(DEMONYMS)
    for halves in GENRE_PAIRS:
        assert "None" not in ENGLISH.shelf([pair(*halves)])


@given(st.lists(st.sampled_from(range(532)), min_size=1, max_size=3, unique=True))
def test_any_name_is_whole_and_fits_a_menu(picked: list[int]) -> None:
    words = starter().words().words
    chosen = [words[at % len(words)] for at in picked]
    if len({word.kind for word in chosen}) < len(chosen) or not go_together(chosen):
        return
    name = ENGLISH.shelf(chosen)
    assert len(name) <= limit_of("menu option")
    assert name[0] == name[0].upper()
    assert "~" not in name
    assert "  " not in name


# The interface ------------------------------------------------------------------------------------


class Polish:
    """A language that puts things in another order, as a test of the interface."""

    def shelf(self, words: Sequence[Word]) -> str:
        return "Filmy: " + ", ".join(word.key for word in words)

    def favourites(self, member: str, mood: Word) -> str:
        return f"{mood.key} ulubione: {member}"

    def tag(self, slug: str, name: str) -> str:
        return f"<{slug}>"

    def genre(self, name: str) -> str:
        return name.upper()


def test_a_language_makes_its_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "film_language", Polish)
    monkeypatch.setattr("bot.wording.picks.shelves.film_language", Polish)
    shelf = starter().shelves().shelves[0]
    keys = ", ".join(word.key for word in shelf.words)
    assert said(shelf_note(shelf)) == f"Filmy: {keys}"
    assert said(note("favourites-of", member="June", mood=list(BLEAK))) == "bleak ulubione: June"
    reason = note("your-taste", tags=note("tag", slug="bleak", name="bleak"), moods=None)
    assert said(reason) == "more of what you like: <bleak>"
    assert said(note("genre", name="War")) == "WAR"


def test_names_are_escaped_once_and_survive_being_stored() -> None:
    shelf = note("shelf", words=[list(Word("own", "mood", "*bold* ~")), list(FRENCH)])
    assert said(from_text(to_text(shelf))) == "*bold* French films"
    assert said(shelf, markdown=True) == r"\*bold\* French films"
    favourites = note("favourites-of", member="*June*", mood=list(BLEAK))
    assert said(favourites, markdown=True) == r"\*June\*'s bleak favourites"
    about = Word("about", "mood", "~ about nothing")
    assert said(note("favourites-of", member="June", mood=list(about))) == (
        "June's favourites about nothing"
    )


def test_the_pseudo_locale_marks_names() -> None:
    with speaking("pseudo"):
        found = film_language()
        names = [
            found.shelf([BLEAK]),
            found.favourites("June", BLEAK),
            found.tag("bleak", "bleak"),
            found.genre("War"),
        ]
    assert all(name.startswith(OPEN) and name.endswith(CLOSE) for name in names)

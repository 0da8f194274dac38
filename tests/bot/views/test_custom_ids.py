"""A custom_id survives a round trip and stays within Discord's limit. Foreign ones are ignored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.catalogue.moods import MOODS
from bot.services.notes import note
from bot.services.view_models import FilmCard, Filters, Line
from bot.views.buttons import card_row, mood_row, read_filters
from bot.views.custom_ids import MAX_CHARACTERS, Unreadable, custom_id, long_ids, parse, short_ids
from tests.starter import starter_catalogue

words = st.text(st.characters(blacklist_characters=":", blacklist_categories=("Cs",)), max_size=12)


@given(action=words.filter(bool), arguments=st.lists(words, max_size=5))
def test_round_trip(action: str, arguments: list[str]) -> None:
    pressed = parse(custom_id(action, *arguments))
    assert pressed is not None
    assert (pressed.action, list(pressed.arguments)) == (action, arguments)


@given(st.text(max_size=200))
def test_any_text_parses_or_is_foreign(text: str) -> None:
    pressed = parse(text)
    assert pressed is None or (len(text) <= MAX_CHARACTERS and text.startswith("mt1:"))


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="not a custom_id"):
        custom_id("rate", "a:b")
    with pytest.raises(ValueError, match="not a custom_id"):
        custom_id("rate", "x" * 100)


def test_a_missing_or_malformed_number_is_a_value_error() -> None:
    pressed = parse("mt1:rate:12:x")
    assert pressed is not None
    assert pressed.number(0) == 12
    for position in (1, 2):
        with pytest.raises(ValueError):  # noqa: PT011 the two cases have different messages
            pressed.number(position)


@given(st.lists(st.integers(0, 2**63 - 1), max_size=3))
def test_ids_of_people_take_few_characters(ids: list[int]) -> None:
    text = short_ids(ids)
    assert long_ids(text) == tuple(ids)
    assert text is None or len(text) <= 41
    assert long_ids(None) == ()


@pytest.mark.parametrize("text", ["a.b.c.d", "A", "a..b", "é", "-1", "a b", "0" * 14])
def test_malformed_ids_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        long_ids(text)


def test_a_genre_with_an_awkward_name_breaks_no_button() -> None:
    for genre in ("Doku: Natur & Technik, lang und breit", "a:b:c", ":" * 40):
        line = Line(1, "Title", 1999, 100, (genre,), None)
        filters = Filters(genre, "x" * 60, 1000, (2**60, 2**60 + 1, 2**60 + 2))
        card = FilmCard(
            "recommend",
            note("you"),
            line,
            (),
            (),
            "v",
            1,
            1,
            (),
            filters,
            moods=tuple(MOODS),
            another=True,
        )
        for item in (*card_row(card).children, *mood_row(card).children):
            pressed = parse(item.custom_id)
            assert pressed is not None
            if pressed.action in ("another", "mood"):
                again, _ = read_filters(pressed)
                assert genre.replace(":", " ").startswith(again.genre or "")


def test_the_longest_card_of_a_group_fits() -> None:
    catalogue = starter_catalogue()
    genre = max((genre for film in catalogue.films for genre in film.genres), key=len)
    tags = [tag.slug for tag in catalogue.tags if tag.facet == "mood"]
    for mood in (max(tags, key=len), *MOODS):
        others = (2**60, 2**60 + 1, 2**60 + 2)
        filters = Filters(genre, mood, 1000, others, "yue", 2020, surprise=True)
        line = Line(999_999, "Title", 1999, 100, (genre,), None)
        card = FilmCard(
            "recommend", note("you"), line, (), (), "v", 1, 1, (), filters, moods=tuple(MOODS),
            another=True,
        )  # fmt: skip
        for row in (card_row(card), mood_row(card)):
            for item in row.children:
                pressed = parse(item.custom_id)
                assert pressed is not None, item.custom_id
                if pressed.action in ("another", "mood"):
                    again, private = read_filters(pressed)
                    assert (again.others, again.genre, private) == (filters.others, genre, False)
                    assert (again.language, again.decade, again.surprise) == ("yue", 2020, True)
                    assert pressed.number(4) == 999_999

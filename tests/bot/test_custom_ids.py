"""custom_ids survive a round trip, stay within Discord's limit, and nobody else's are ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.custom_ids import LONGEST, custom_id, parse

words = st.text(st.characters(blacklist_characters=":", blacklist_categories=("Cs",)), max_size=12)


@given(action=words.filter(bool), arguments=st.lists(words, max_size=5))
def test_round_trip(action: str, arguments: list[str]) -> None:
    pressed = parse(custom_id(action, *arguments))
    assert pressed is not None
    assert (pressed.action, list(pressed.arguments)) == (action, arguments)


@given(st.text(max_size=200))
def test_anything_parses_or_is_not_ours(text: str) -> None:
    pressed = parse(text)
    assert pressed is None or (len(text) <= LONGEST and text.startswith("mt1:"))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="not a custom_id"):
        custom_id("rate", "a:b")
    with pytest.raises(ValueError, match="not a custom_id"):
        custom_id("rate", "x" * 100)


def test_a_missing_or_wordy_number_is_a_value_error() -> None:
    pressed = parse("mt1:rate:12:x")
    assert pressed is not None
    assert pressed.number(0) == 12
    for position in (1, 2):
        with pytest.raises(ValueError):  # noqa: PT011 the two cases differ in words
            pressed.number(position)

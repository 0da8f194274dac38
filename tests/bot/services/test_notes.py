"""Notes survive being stored."""

from bot.services.notes import WRITTEN, from_text, note, to_text
from bot.wording.errors.said import said


def test_a_note_is_read_back_with_the_notes_in_it() -> None:
    told = note("because", film="Amélie", stars=4.5, tags=["warm", "witty"], also=note("short"))
    assert from_text(to_text(told)) == told


def test_texts_of_earlier_versions_are_said_unchanged() -> None:
    for text in ("because you loved Up", "", "{} and {film}", "17", '{"a": 1}', "[1]", "null"):
        assert from_text(text) == note(WRITTEN, text=text)
        assert said(from_text(text)) == text

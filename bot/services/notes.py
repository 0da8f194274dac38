"""Notes: what a service wants to tell people, as a key and data. `bot/wording` turns it into a
text.

    note("early-guess", left=3)             # a service
    NOTES = {"early-guess": early_guess}    # the wording, with a text or a function

The text is in the language of the reader. A note can be stored and sent between processes, since
its data are plain values.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from recommender.remarks import told


@runtime_checkable
class Keyed(Protocol):
    """An object with a key and data: an error, a problem that an error lists, or a note."""

    @property
    def key(self) -> str:
        """The name of the sentence, which `bot/wording` has."""

    @property
    def data(self) -> Mapping[str, object]:
        """The values of the sentence's placeholders, by their names."""


WRITTEN = "written"
"""The key of a note whose data are a finished text. Earlier versions stored such texts."""


@dataclass(frozen=True)
class Note:
    """Something to tell people.

    Attributes:
        key: the name of the sentence, which `bot/wording` has.
        data: the values that the sentence contains, not escaped and not formatted: strings,
            numbers, None, lists of strings, and other notes.
    """

    key: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        if self.key == WRITTEN:
            return str(self.data["text"])
        return told(self.key, self.data)


def note(key: str, /, **data: object) -> Note:
    """Returns a note. key: the name of the sentence. data: the values that it contains."""
    return Note(key, data)


def written(text: str) -> Note:
    """Returns a note whose data are a finished text, such as the name of a genre."""
    return note(WRITTEN, text=text)


def quoted(text: str) -> Note:
    """Returns a note that is a text in the quotation marks of the reader's language."""
    return note("quoted", text=text)


def enumerated(words: Sequence[str | Note]) -> Note | None:
    """Returns a note that lists at most three words with commas, such as names of tags.

    The list has no "and", because names of tags may contain one. None for no words.
    """
    places = ("first", "second", "third")
    return note("words", **dict(zip(places, words, strict=False))) if words else None


def of_error(error: Keyed) -> Note:
    """Returns an error, or a remark of the recommender, as a note.

    A note can be stored and sent to another process.
    """
    return Note(error.key, {name: _as_note(value) for name, value in error.data.items()})


def _as_note(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_as_note(each) for each in value]
    return of_error(value) if isinstance(value, Keyed) else value


def to_text(value: Note) -> str:
    """Returns a note (a key and data) as text, to be stored or sent to another process."""
    return json.dumps(_plain(value), ensure_ascii=False, default=str)


def from_text(text: str) -> Note:
    """Returns the note (a key and data) that `to_text` turned into a text. Any other text becomes
    the data of a note.
    """
    try:
        found = _read(json.loads(text))
    except ValueError:
        found = None
    return found if isinstance(found, Note) else written(text)


def _plain(value: object) -> object:
    if isinstance(value, Note):
        return {"note": value.key, "data": {name: _plain(v) for name, v in value.data.items()}}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _read(value: object) -> object:
    if isinstance(value, list):
        return [_read(each) for each in value]
    if isinstance(value, dict) and isinstance(value.get("note"), str):
        data = value.get("data")
        return Note(value["note"], {n: _read(v) for n, v in data.items()} if data else {})
    return value

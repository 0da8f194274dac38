"""What a service has to tell, as a key and data. The wording says it in the language of the reader.

    note("early-guess", left=3)             # a service
    NOTES = {"early-guess": early_guess}    # the wording of its room, with a text or a function

A note can be stored and sent between processes, since its data is plain.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

WRITTEN = "written"
"""Key of a note that holds a finished text: what earlier versions stored."""


@dataclass(frozen=True)
class Note:
    """Something to tell people.

    Attributes:
        key: names the sentence.
        data: the values in it, not escaped and not formatted: strings, numbers, None, lists of
            strings, and other notes.
    """

    key: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


def note(key: str, /, **data: object) -> Note:
    """Returns a note."""
    return Note(key, data)


def to_text(value: Note) -> str:
    """Returns a note as text, to be stored or sent to another process."""
    return json.dumps(_plain(value), ensure_ascii=False)


def from_text(text: str) -> Note:
    """Returns the note that `to_text` wrote. Any other text becomes a note that holds it."""
    try:
        found = _read(json.loads(text))
    except ValueError:
        found = None
    return found if isinstance(found, Note) else note(WRITTEN, text=text)


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

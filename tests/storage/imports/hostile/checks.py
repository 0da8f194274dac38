"""Reads a hostile file, and checks that its sentence is complete."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from bot.wording.errors.said import said
from storage.imports.history import History, HistoryLimits, UnreadableHistory
from storage.imports.reader import read_history

MOST_SECONDS = 4.0
"""Processor time that any file may take."""

MOST_SIGNS = 600
"""Characters of any sentence about a file: Discord's messages and embeds have little room."""

_PLACEHOLDER = re.compile(
    r"\{(?:best|columns?|element|files?|line|megabytes|more|most|n|profiles)\}|(?<=.)\bNone\b"
)


@dataclass(frozen=True)
class HostileFile:
    """A file that is refused.

    Attributes:
        what: what is wrong with it.
        name: its name.
        make: returns its bytes.
        key: the key of the sentence that says why it is refused.
        says: values that the sentence has to contain.
        limits: the limits under which it is read.
    """

    what: str
    name: str
    make: Callable[[], bytes]
    key: str
    says: Mapping[str, object] = field(default_factory=dict)
    limits: HistoryLimits = field(default_factory=HistoryLimits)


def refused(file: HostileFile) -> str:
    """Reads a file that has to be refused. Returns the sentence, for the terminal."""
    data = file.make()
    before = time.process_time()
    with pytest.raises(UnreadableHistory) as caught:
        read_history(file.name, data, limits=file.limits)
    took = time.process_time() - before
    assert caught.value.key == file.key, said(caught.value)
    for name, value in file.says.items():
        assert caught.value.data[name] == value, name
    assert took < MOST_SECONDS, f"{took:.1f} s of processor time"
    for sentence in (said(caught.value), said(caught.value, markdown=True)):
        whole(sentence.replace(str(caught.value.data["file"]).strip() or "a file", "a file"))
    return said(caught.value)


def read(name: str, data: str | bytes) -> History:
    """Reads a file that has to be read, within bounded time, and checks its remarks."""
    content = data.encode() if isinstance(data, str) else data
    before = time.process_time()
    history = read_history(name, content)
    took = time.process_time() - before
    assert took < MOST_SECONDS, f"{took:.1f} s of processor time"
    for remark in history.remarks:
        whole(said(remark, markdown=True))
    return history


def remarks(history: History) -> dict[str, Mapping[str, object]]:
    """Returns what is said about a history, by key."""
    return {remark.key: remark.data for remark in history.remarks}


def whole(sentence: str) -> None:
    """Checks that a sentence has its placeholders filled, ends, and is short enough to be shown."""
    assert sentence[-1:] == ".", sentence
    assert not _PLACEHOLDER.search(sentence), sentence
    assert len(sentence) <= MOST_SIGNS, len(sentence)
    assert sentence.isprintable(), sentence

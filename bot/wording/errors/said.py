"""Says errors and notes.

Both carry a key and data; the tables of the rooms have the sentences:

    raise Sorry("no-such-stars", least=0.5)            # a service
    REFUSALS = {"no-such-stars": N_("Stars start at {least}.")}    # the wording of its room

A sentence of a table is a text with the data as placeholders, or a function that takes them. In the
data, a list becomes a list in words, and another error becomes its sentence.
"""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from bot.services.notes import WRITTEN
from bot.services.wording import safe
from bot.wording import (
    catalogue,
    delivery,
    feedback,
    imports,
    interaction,
    operations,
    people,
    picks,
    posts,
    quiz,
    serving,
    settings,
    training,
)
from bot.wording.errors import experiments, recommender, storage
from bot.wording.speech import N_, Sentence, listed, translated

ROOMS = (
    catalogue,
    delivery,
    feedback,
    imports,
    interaction,
    operations,
    people,
    picks,
    posts,
    quiz,
    serving,
    settings,
    training,
)
SENTENCES: Mapping[str, Sentence] = {
    **{key: said for room in ROOMS for key, said in {**room.REFUSALS, **room.NOTES}.items()},
    **experiments.REFUSALS,
    **recommender.REFUSALS,
    **storage.REFUSALS,
    WRITTEN: N_("{text}"),
}
"""Key of an error or a note -> its sentence. No two rooms use the same key; a test checks that."""


@runtime_checkable
class Keyed(Protocol):
    """What carries a key and data: errors, the problems that some errors list, and notes."""

    @property
    def key(self) -> str:
        """Names the sentence."""

    @property
    def data(self) -> Mapping[str, object]:
        """The values of the sentence's placeholders."""


def said(error: Keyed, *, markdown: bool = False) -> str:
    """Returns the sentence of an error or a note, in the language that is spoken.

    markdown: True to escape the data, for Discord; the terminal needs no escaping.
    """
    sentence = SENTENCES.get(error.key)
    if sentence is None:
        return str(error)  # a sentence of a room that is not converted yet
    values = {name: _shown(value, markdown) for name, value in error.data.items()}
    return translated(sentence, **values) if isinstance(sentence, str) else sentence(**values)


def _shown(value: object, markdown: bool) -> Any:
    """Returns a value in the form for a sentence.

    Strings become a list in words, and errors and notes become sentences, a list of them too.
    Numbers and times are left to the sentence.
    """
    if isinstance(value, Keyed):
        return said(value, markdown=markdown)
    if isinstance(value, list | tuple) and value and all(isinstance(one, Keyed) for one in value):
        return [said(one, markdown=markdown) for one in value]
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return listed(_shown(each, markdown) for each in value)
    if isinstance(value, str):
        return safe(value) if markdown else value
    return value

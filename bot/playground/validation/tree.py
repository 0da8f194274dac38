"""The kinds of components (Discord's components/reference), and one pass over a component tree.

The functions of `controls.py` and `layouts.py` read one kind each; `components.py` puts them
together.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.playground.records.objects import JSON
from bot.playground.records.snowflakes import Snowflakes
from bot.playground.validation import fields
from bot.playground.validation.errors import Problems

ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
OBJECT_SELECTS = (5, 6, 7, 8)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23

IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
IN_LABEL = (SELECT, TEXT_INPUT, *OBJECT_SELECTS, UPLOAD, RADIO, CHECKBOXES, CHECKBOX)

_MAX_ID = 2**31 - 1


@dataclass
class Reading:
    """The check of one message's or modal's components, and what it has seen so far.

    To read a component means to check it and to return it in the form in which Discord sends it
    back.

    Attributes:
        problems: where errors are reported.
        ids: makes the ids of pictures and files.
        files: the names of the message's attachments.
        readers: the function that reads components of each type, by the type's number.
        modal: True for a modal, False for a message.
        seen: the custom ids seen so far.
        numbers: the component ids seen so far.
        count: the number of components seen so far.
        text: the number of characters in the text displays seen so far.
    """

    problems: Problems
    ids: Snowflakes
    files: frozenset[str]
    readers: Mapping[int, "Reader"]
    modal: bool = False
    seen: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    count: int = 0
    text: int = 0

    def children(self, key: str, found: list[JSON], allowed: tuple[int, ...]) -> list[JSON]:
        """Checks the list of components in the field `key`.

        Returns the components in the form in which Discord sends them back.

        found: the list.
        allowed: the types of components that may be in it.
        """
        result = []
        for place, node in enumerate(found):
            with self.problems.at(key, place):
                result.append(self.component(node, allowed))
        return result

    def component(self, node: JSON, allowed: tuple[int, ...]) -> JSON:
        """Checks one component with everything inside it.

        Returns the component in the form in which Discord sends it back.

        allowed: the types of components that are allowed here.
        """
        kind = fields.choice(self.problems, node, "type", allowed, required=True)
        if kind is None:
            return {"type": 0}
        self.count += 1
        result: JSON = {"type": kind}
        number = fields.whole(self.problems, node, "id", 0, _MAX_ID)
        if number:
            if number in self.numbers:
                with self.problems.at("id"):
                    self.problems.say("Component id must be unique.")
            self.numbers.add(number)
            result["id"] = number
        return result | self.readers[kind](self, node)


Reader = Callable[[Reading, JSON], JSON]
"""A function that reads the fields which only one kind of component has."""


def walk(components: list[JSON]) -> Iterator[JSON]:
    """Yields every component of a tree, each before the components inside it."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk([component[key]])

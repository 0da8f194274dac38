"""The `custom_id` of every persistent button, select and modal: versioned, short, never trusted.

It is `mt1:<action>:<argument>:<argument>…`, at most 100 characters. The 1 after "mt" is the
version, which is increased if the meaning of custom_ids changes. A person can forge a custom_id.
Therefore film ids are checked against the catalogue, and what an action may do depends on the
person who pressed, not on the custom_id.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

VERSION = "mt1"
MAX_CHARACTERS = 100


class Unreadable(ValueError):
    """A custom_id of this bot cannot be read: it is forged, or from another version of the bot."""


@dataclass(frozen=True)
class CustomId:
    """A parsed custom_id.

    Attributes:
        action: the name of the action.
        arguments: the arguments as text; empty text for an argument that was not given.
    """

    action: str
    arguments: tuple[str, ...] = ()

    def number(self, position: int) -> int:
        """Returns the argument at `position` as a number. Raises Unreadable if it is not one."""
        found = whole(self.text(position) or "")
        if found is None:
            raise Unreadable(str(self))
        return found

    def text(self, position: int) -> str | None:
        """Returns the argument at `position`, or None if it is absent or empty."""
        return self.arguments[position] or None if position < len(self.arguments) else None

    def __str__(self) -> str:
        return custom_id(self.action, *self.arguments)


def custom_id(action: str, *arguments: object) -> str:
    """Returns the text of a custom_id.

    action: the name of what the button or form does.

    Raises ValueError if it is too long or an argument holds a colon.
    """
    parts = ["" if argument is None else str(argument) for argument in arguments]
    text = ":".join((VERSION, action, *parts))
    if any(":" in part for part in parts) or len(text) > MAX_CHARACTERS:
        raise ValueError(f"not a custom_id: {text!r}")
    return text


def whole(text: str) -> int | None:
    """Returns the number written in `text` as 1 to 18 ASCII digits; None for any other text."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MAX_IDS = 3


def short_ids(ids: Sequence[int]) -> str | None:
    """Returns numeric ids as text, in base 36 and joined by dots; None if there are no ids."""
    return ".".join(map(_short, ids)) or None


def long_ids(text: str | None) -> tuple[int, ...]:
    """Returns the ids that `short_ids` wrote. Raises Unreadable for any other text."""
    parts = text.split(".") if text else []
    if len(parts) > MAX_IDS or any(not re.fullmatch("[0-9a-z]{1,13}", part) for part in parts):
        raise Unreadable(text)
    return tuple(int(part, len(DIGITS)) for part in parts)


def _short(number: int) -> str:
    signs = ""
    while number:
        number, sign = divmod(number, len(DIGITS))
        signs = DIGITS[sign] + signs
    return signs or "0"


def parse(text: str) -> CustomId | None:
    """Returns a parsed custom_id; None if it is from another bot or another version of this bot."""
    version, *rest = text.split(":")
    if version != VERSION or not rest or len(text) > MAX_CHARACTERS:
        return None
    return CustomId(rest[0], tuple(rest[1:]))

"""The `custom_id` of every persistent button, select and modal: versioned, short, never trusted.

`mt1:<action>:<argument>:<argument>…`, at most 100 characters. A new meaning takes a new version.
Film ids in them are checked against the catalogue, and what a person may do is checked from who
pressed, not from what the id says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

VERSION = "mt1"
LONGEST = 100


class Unreadable(ValueError):
    """A custom_id of ours that says nothing usable: forged, or from another version."""


@dataclass(frozen=True)
class CustomId:
    """A parsed custom_id: what to do, and the arguments as text."""

    action: str
    arguments: tuple[str, ...] = ()

    def number(self, position: int) -> int:
        """The argument at `position` as a whole number; Unreadable where it is none."""
        found = whole(self.text(position) or "")
        if found is None:
            raise Unreadable(f"no whole number at {position} in {str(self)!r}")
        return found

    def text(self, position: int) -> str | None:
        """The argument at `position`, or None where it is absent or empty."""
        return self.arguments[position] or None if position < len(self.arguments) else None

    def __str__(self) -> str:
        return custom_id(self.action, *self.arguments)


def custom_id(action: str, *arguments: object) -> str:
    """The text of a custom_id; ValueError when it is too long or an argument holds a colon."""
    parts = ["" if argument is None else str(argument) for argument in arguments]
    text = ":".join((VERSION, action, *parts))
    if any(":" in part for part in parts) or len(text) > LONGEST:
        raise ValueError(f"not a custom_id: {text!r}")
    return text


def whole(text: str) -> int | None:
    """The whole number that `text` writes in plain digits, at most 18; None for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_IDS = 3


def short_ids(ids: Sequence[int]) -> str | None:
    """Ids of people in as few signs as fit into a custom_id; None for none."""
    return ".".join(map(_short, ids)) or None


def long_ids(text: str | None) -> tuple[int, ...]:
    """The ids again; Unreadable for anything else."""
    parts = text.split(".") if text else []
    if len(parts) > MOST_IDS or any(not re.fullmatch("[0-9a-z]{1,13}", part) for part in parts):
        raise Unreadable(f"no ids in {text!r}")
    return tuple(int(part, len(DIGITS)) for part in parts)


def _short(number: int) -> str:
    signs = ""
    while number:
        number, sign = divmod(number, len(DIGITS))
        signs = DIGITS[sign] + signs
    return signs or "0"


def parse(text: str) -> CustomId | None:
    """The parts of one of our custom_ids, or None for anybody else's or another version's."""
    version, *rest = text.split(":")
    if version != VERSION or not rest or len(text) > LONGEST:
        return None
    return CustomId(rest[0], tuple(rest[1:]))

"""Checks of one field of a request body.

Each function checks the field `key` of the object `node`, and reports what is wrong to `problems`.
A missing field is an error only if it is `required`.
"""

from typing import Any

from bot.playground.records.objects import JSON
from bot.playground.validation.errors import Problems

REQUIRED = "This field is required"


def string(
    problems: Problems, node: JSON, key: str, low: int, high: int, *, required: bool = False
) -> str | None:
    """Returns the text in a field; None if the field is absent, null or wrong.

    The text must have `low` to `high` characters.

    problems: collects the errors.
    node, key: the object, and the name of its field to check.
    required: True if the absence of the field is an error.
    """
    value = node.get(key)
    with problems.at(key):
        if value is None:
            if required:
                problems.say(REQUIRED)
        elif not isinstance(value, str):
            problems.say("Could not interpret this as a string.")
        elif not low <= len(value) <= high:
            problems.say(f"Must be between {low} and {high} in length.")
        else:
            return value
    return None


def whole(
    problems: Problems, node: JSON, key: str, low: int, high: int, *, required: bool = False
) -> int | None:
    """Returns the whole number in a field; None if the field is absent, null or wrong.

    The number must be from `low` to `high`.

    problems: collects the errors.
    node, key: the object, and the name of its field to check.
    required: True if the absence of the field is an error.
    """
    value = node.get(key)
    with problems.at(key):
        if value is None:
            if required:
                problems.say(REQUIRED)
        elif isinstance(value, bool) or not isinstance(value, int):
            problems.say(f"Value {value!r:.40} is not a whole number.")
        elif not low <= value <= high:
            problems.say(f"Must be between {low} and {high}.")
        else:
            return value
    return None


def flag(problems: Problems, node: JSON, key: str, default: bool = False) -> bool:
    """Returns the boolean in a field; `default` if the field is absent, null or wrong.

    problems: collects the errors.
    node, key: the object, and the name of its field to check.
    """
    value = node.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        with problems.at(key):
            problems.say("Must be either true or false.")
        return default
    return value


def array(
    problems: Problems, node: JSON, key: str, low: int, high: int, *, required: bool = False
) -> list[Any]:
    """Returns the list in a field; [] if the field is absent, null or wrong.

    The list must have `low` to `high` items.

    problems: collects the errors.
    node, key: the object, and the name of its field to check.
    required: True if the absence of the field is an error.
    """
    value = node.get(key)
    with problems.at(key):
        if value is None:
            if required:
                problems.say(REQUIRED)
        elif not isinstance(value, list):
            problems.say("Only lists can be used here.")
        elif not low <= len(value) <= high:
            problems.say(f"Must be between {low} and {high} in length.")
        else:
            return value
    return []


def objects(
    problems: Problems, node: JSON, key: str, low: int, high: int, *, required: bool = False
) -> list[JSON]:
    """Returns the list of objects in a field. Wrong items are reported and become empty.

    The list must have `low` to `high` objects.

    problems: collects the errors.
    node, key: the object, and the name of its field to check.
    required: True if the absence of the field is an error.
    """
    found: list[JSON] = []
    for place, item in enumerate(array(problems, node, key, low, high, required=required)):
        if isinstance(item, dict):
            found.append(item)
        else:
            with problems.at(key, place):
                problems.say("Only dictionaries can be used here.")
            found.append({})
    return found


def choice(
    problems: Problems, node: JSON, key: str, allowed: tuple[Any, ...], *, required: bool = False
) -> Any:
    """Returns the field's value; None if it is absent or not among the allowed values.

    Reports a problem for a value that is not allowed, and for a required field that is absent.

    problems: collects the errors.
    node, key: the object, and the name of its field to check.
    required: True if the absence of the field is an error.
    """
    value = node.get(key)
    with problems.at(key):
        if value is None:
            if required:
                problems.say(REQUIRED)
        elif value not in allowed or isinstance(value, bool):
            problems.say(f"Value must be one of {allowed}.")
        else:
            return value
    return None


def snowflake(value: Any) -> int | None:
    """Returns the id that a value contains, as text or as a number; None if it is not an id."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        return int(value)
    return None

"""Checks the options of a command that a person has filled in, as Discord's client does."""

from typing import Any

from bot.playground.records.channels import Channel
from bot.playground.records.objects import JSON
from bot.playground.validation import fields
from bot.playground.world.interactions import resolution
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

SUBCOMMANDS = (1, 2)
"""The option types of a subcommand and of a group of subcommands."""

_KINDS = {3: "text", 4: "a whole number", 5: "true or false", 6: "a member", 7: "a channel"}
_KINDS |= {8: "a role", 9: "a member or role", 10: "a number", 11: "a file"}


def full_name(name: str, options: list[JSON]) -> str:
    """Returns the full name of a command, with its subcommand ("watchlist add").

    options: its options as Discord sends them.
    """
    while options and options[0]["type"] in SUBCOMMANDS:
        name = f"{name} {options[0]['name']}"
        options = options[0].get("options") or []
    return name


def read_options(
    world: World,
    channel: Channel,
    definitions: list[JSON],
    given: list[JSON],
    resolved: JSON,
) -> list[JSON]:
    """Returns the options in Discord's form, in the order in which they are given.

    definitions: the command's options.
    given: what the person filled in.
    resolved: gets the users, channels, roles and files that were chosen.

    Raises ApiError with a sentence for the person if an option is wrong or missing.
    """
    by_name = {x["name"]: x for x in definitions}
    if any(x["type"] in SUBCOMMANDS for x in definitions):
        chosen = given[0] if len(given) == 1 else {}
        definition = by_name.get(str(chosen.get("name")))
        if definition is None:
            raise refuse(f"Choose one of: {', '.join(by_name)}.")
        inner = read_options(
            world,
            channel,
            definition.get("options") or [],
            [x for x in chosen.get("options") or [] if isinstance(x, dict)],
            resolved,
        )
        return [{"name": definition["name"], "type": definition["type"], "options": inner}]
    result: list[JSON] = []
    for node in given:
        name = str(node.get("name"))
        if name not in by_name:
            raise refuse(f"This command has no option {name!r}.")
        if any(x["name"] == name for x in result):
            raise refuse(f"Option {name!r} is given twice.")
        value = _value(world, channel, by_name[name], node.get("value"), resolved)
        result.append({"name": name, "type": by_name[name]["type"], "value": value})
    filled = {x["name"] for x in result}
    missing = [x for x in by_name if by_name[x].get("required") and x not in filled]
    if missing:
        raise refuse(f"Option {missing[0]!r} is required.")
    return result


def _value(
    world: World, channel: Channel, definition: JSON, value: Any, resolved: JSON
) -> str | int | float | bool:
    name, kind = definition["name"], definition["type"]
    wrong = refuse(f"Option {name!r} takes {_KINDS.get(kind, 'something else')}.")
    if kind == 3:
        if not isinstance(value, str):
            raise wrong
        low = definition.get("min_length", 0)
        high = definition.get("max_length", 6000)
        if not low <= len(value) <= high:
            raise refuse(f"Option {name!r} takes {low} to {high} characters.")
    elif kind in (4, 10):
        value = _number(value, whole=kind == 4)
        if value is None:
            raise wrong
        low = definition.get("min_value", -(2**53))
        high = definition.get("max_value", 2**53)
        if not low <= value <= high:
            least = f"at least {low}" if low > -(2**53) else ""
            most = f"at most {high}" if high < 2**53 else ""
            raise refuse(f"Option {name!r} must be {' and '.join(filter(None, (least, most)))}.")
    elif kind == 5:
        if not isinstance(value, bool):
            raise wrong
    elif kind in (6, 7, 8, 9, 11):
        number = fields.snowflake(value)
        if number is None or not resolution.resolve(world, channel, kind, number, resolved):
            raise wrong
        value = str(number)
    else:
        raise refuse(f"The playground cannot fill option {name!r}.")
    choices = definition.get("choices") or []
    if choices and value not in [x["value"] for x in choices]:
        raise refuse(f"Option {name!r} takes one of: {', '.join(x['name'] for x in choices)}.")
    return value  # type: ignore[no-any-return]


def _number(value: Any, *, whole: bool) -> int | float | None:
    try:
        if isinstance(value, bool):
            return None
        if whole:
            return int(value) if not isinstance(value, float) or value == int(value) else None
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None

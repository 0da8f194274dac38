"""Checks the commands that an application registers.

The rules are from Discord's interactions/application-commands.
"""

import re
from typing import Any

from bot.playground.records.objects import JSON
from bot.playground.validation import fields
from bot.playground.validation.errors import Problems

CHAT, USER, MESSAGE = 1, 2, 3
MAX_COMMANDS = {CHAT: 100, USER: 15, MESSAGE: 15}
MAX_CHARACTERS = 8000
MAX_CREATES_PER_DAY = 200

NO_NAME = "Command names are lower case: letters, digits, - _ ' only."
LANGUAGES = frozenset(
    {"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt"}
    | {"hu", "nl", "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs"}
    | {"el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"}
)
"""Discord's codes of languages (reference, locales)."""

_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
_SUB, _GROUP = 1, 2
_VALUES = (3, 4, 5, 6, 7, 8, 9, 10, 11)


def check(problems: Problems, node: JSON, *, in_guild: bool) -> JSON:
    """Checks one command that an application registers.

    Returns the command in the form in which Discord sends it back, without ids.

    problems: collects the errors.
    node: the command as the bot sent it.
    in_guild: True if the command is registered in one guild only.
    """
    kind = fields.choice(problems, node, "type", (CHAT, USER, MESSAGE)) or CHAT
    made: JSON = {
        "type": kind,
        "name": _name(problems, node, free=kind != CHAT),
        "name_localizations": _localized(problems, node, "name", 32, free=kind != CHAT),
        "description_localizations": _localized(problems, node, "description", 100),
        "default_member_permissions": _permissions(problems, node),
        "dm_permission": fields.flag(problems, node, "dm_permission", True),
        "nsfw": fields.flag(problems, node, "nsfw"),
    }
    if kind == CHAT:
        text = fields.string(problems, node, "description", 1, 100, required=True)
        made["description"] = text
        options = _options(problems, node, (_SUB, _GROUP, *_VALUES))
        if options:
            made["options"] = options
    else:
        made["description"] = ""
        for key in ("description", "options"):
            if node.get(key):
                with problems.at(key):
                    problems.say("Context menu commands cannot have this.")
    _check_contexts(problems, node, made, in_guild=in_guild)
    if _characters(made) > MAX_CHARACTERS:
        problems.say(f"Command exceeds maximum size ({MAX_CHARACTERS})")
    return made


def check_set(problems: Problems, commands: list[JSON]) -> None:
    """Reports to `problems` if a name is used twice or there are too many commands of a kind.

    commands: all commands of one guild, or all global ones.
    """
    seen: set[tuple[str, int]] = set()
    for place, command in enumerate(commands):
        key = (command["name"], command["type"])
        if key in seen:
            with problems.at(place, "name"):
                problems.say("Application command names must be unique")
        seen.add(key)
    for kind, most in MAX_COMMANDS.items():
        if sum(x["type"] == kind for x in commands) > most:
            problems.say(f"Maximum number of application commands reached ({most}).")


def _name(problems: Problems, node: JSON, *, free: bool) -> str | None:
    name = fields.string(problems, node, "name", 1, 32, required=True)
    if name is None or free:
        return name
    if not _is_name(name):
        with problems.at("name"):
            problems.say(NO_NAME)
    return name


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and text == text.lower()


def _localized(
    problems: Problems, node: JSON, key: str, longest: int, *, free: bool = True
) -> JSON | None:
    """Returns the translations of a text, by Discord's codes of languages, or None.

    Each translation must follow the same rules as the text.

    problems: collects the errors.
    node, key: the object, and the name of the text's field.
    longest: greatest number of characters.
    free: False if the text is a name in small letters.
    """
    field = f"{key}_localizations"
    found = node.get(field)
    if found is None:
        return None
    with problems.at(field):
        if not isinstance(found, dict):
            problems.say("Only dictionaries may be used in a DictType")
            return None
        for code in found:
            if code not in LANGUAGES:
                with problems.at(code):
                    problems.say("Discord has no such language.")
            text = fields.string(problems, found, code, 1, longest, required=True)
            if text is not None and not free and not _is_name(text):
                with problems.at(code):
                    problems.say(NO_NAME)
    return found


def _permissions(problems: Problems, node: JSON) -> str | None:
    value: Any = node.get("default_member_permissions")
    if value is None:
        return None
    number = fields.snowflake(value)
    if number is None:
        with problems.at("default_member_permissions"):
            problems.say("Must be a permission bit set.")
    return str(number)


def _check_contexts(problems: Problems, node: JSON, made: JSON, *, in_guild: bool) -> None:
    contexts, types = node.get("contexts"), node.get("integration_types")
    for key, value, allowed in (
        ("contexts", contexts, (0, 1, 2)),
        ("integration_types", types, (0, 1)),
    ):
        if value is None:
            continue
        with problems.at(key):
            if in_guild:
                problems.say("Only global commands have this.")
            elif not isinstance(value, list) or not value or any(x not in allowed for x in value):
                problems.say(f"Must be a list of some of {allowed}.")
    listed = types if isinstance(types, list) else [0]
    if isinstance(contexts, list) and 2 in contexts and 1 not in listed:
        with problems.at("contexts"):
            problems.say("Private channels need a command for user installs.")
    if not in_guild:
        made["contexts"] = contexts
        made["integration_types"] = types or [0]


def _options(problems: Problems, node: JSON, allowed: tuple[int, ...]) -> list[JSON]:
    found = fields.objects(problems, node, "options", 0, 25)
    if any(x.get("type") in (_SUB, _GROUP) for x in found):
        allowed = tuple(x for x in allowed if x in (_SUB, _GROUP))
    result = []
    names: set[str | None] = set()
    optional = False
    for place, option in enumerate(found):
        with problems.at("options", place):
            made = _option(problems, option, allowed)
            if made["name"] in names:
                with problems.at("name"):
                    problems.say("Option names must be unique")
            names.add(made["name"])
            if made.get("required") and optional:
                with problems.at("required"):
                    problems.say("Required options must be placed before non-required options")
            optional = optional or not made.get("required")
            result.append(made)
    return result


def _option(problems: Problems, node: JSON, allowed: tuple[int, ...]) -> JSON:
    kind = fields.choice(problems, node, "type", allowed, required=True)
    made: JSON = {
        "type": kind,
        "name": _name(problems, node, free=False),
        "name_localizations": _localized(problems, node, "name", 32, free=False),
        "description": fields.string(problems, node, "description", 1, 100, required=True),
        "description_localizations": _localized(problems, node, "description", 100),
    }
    if kind in (_SUB, _GROUP):
        inner = (_SUB,) if kind == _GROUP else _VALUES
        options = _options(problems, node, inner)
        return made | {"options": options}
    if fields.flag(problems, node, "required"):
        made["required"] = True
    choices = _choices(problems, node, kind)
    if choices:
        made["choices"] = choices
    if fields.flag(problems, node, "autocomplete"):
        made["autocomplete"] = True
        with problems.at("autocomplete"):
            if choices:
                problems.say("Autocomplete options cannot have choices.")
            if kind not in (3, 4, 10):
                problems.say("Only text and number options can have autocomplete.")
    if kind == 3:
        for key, low in (("min_length", 0), ("max_length", 1)):
            length = fields.whole(problems, node, key, low, 6000)
            if length is not None:
                made[key] = length
    if kind in (4, 10):
        for key in ("min_value", "max_value"):
            value = node.get(key)
            if value is not None:
                made[key] = value
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    with problems.at(key):
                        problems.say("Must be a number.")
    if kind == 7 and node.get("channel_types"):
        made["channel_types"] = fields.array(problems, node, "channel_types", 0, 20)
    return made


def _choices(problems: Problems, node: JSON, kind: int | None) -> list[JSON]:
    result = []
    names: set[Any] = set()
    for place, choice in enumerate(fields.objects(problems, node, "choices", 0, 25)):
        with problems.at("choices", place):
            name = fields.string(problems, choice, "name", 1, 100, required=True)
            value = choice.get("value")
            if kind == 3:
                fields.string(problems, choice, "value", 1, 100, required=True)
            elif isinstance(value, bool) or not isinstance(value, (int, float)):
                with problems.at("value"):
                    problems.say("Must be a number.")
            if name in names:
                with problems.at("name"):
                    problems.say("Choice names must be unique")
            names.add(name)
            localized = _localized(problems, choice, "name", 100)
            result.append({"name": name, "name_localizations": localized, "value": value})
    return result


def _characters(node: JSON) -> int:
    total = len(node.get("name") or "") + len(node.get("description") or "")
    for choice in node.get("choices") or []:
        total += len(choice["name"] or "") + len(str(choice["value"]))
    return total + sum(map(_characters, node.get("options") or []))

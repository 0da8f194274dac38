"""Checks the components that people act on: buttons, menus, and the inputs of modals.

Each function checks one component. It reports what is wrong to `reading.problems`, and returns the
component in the form in which Discord sends it back.
"""

from bot.playground.records.objects import JSON
from bot.playground.validation import fields
from bot.playground.validation.emoji import is_unicode
from bot.playground.validation.tree import (
    BUTTON,
    CHECKBOXES,
    IN_LABEL,
    OBJECT_SELECTS,
    SELECT,
    TEXT_INPUT,
    Reading,
)


def _custom_id(reading: Reading, node: JSON) -> str | None:
    found = fields.string(reading.problems, node, "custom_id", 1, 100, required=True)
    if found in reading.seen:
        with reading.problems.at("custom_id"):
            reading.problems.say("Component custom id cannot be duplicated")
    if found is not None:
        reading.seen.add(found)
    return found


def _emoji(reading: Reading, node: JSON) -> JSON:
    found = node.get("emoji")
    if found is None:
        return {}
    with reading.problems.at("emoji"):
        if not isinstance(found, dict):
            reading.problems.say("Only dictionaries can be used here.")
            return {}
        if found.get("id") is not None:
            with_name = {"id": str(found["id"]), "name": str(found.get("name") or "")}
            return {"emoji": with_name | {"animated": bool(found.get("animated"))}}
        name = found.get("name")
        if not isinstance(name, str) or not is_unicode(name):
            reading.problems.say("Invalid emoji")
            return {}
        return {"emoji": {"name": name}}


def row(reading: Reading, node: JSON) -> JSON:
    """Checks a row: up to five buttons or one menu; in a modal, one text input.

    Returns the row in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    problems = reading.problems
    found = fields.objects(problems, node, "components", 1, 5, required=True)
    kinds = (TEXT_INPUT,) if reading.modal else (BUTTON, SELECT, *OBJECT_SELECTS)
    if len(found) > 1 and any(x.get("type") != BUTTON for x in found):
        with problems.at("components"):
            problems.say("A row holds up to five buttons or a single other component.")
    return {"components": reading.children("components", found, kinds)}


def button(reading: Reading, node: JSON) -> JSON:
    """Checks a button (with a custom id, a link, or a purchase).

    Returns the button in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    problems = reading.problems
    style = fields.choice(problems, node, "style", (1, 2, 3, 4, 5, 6), required=True)
    label = fields.string(problems, node, "label", 0, 80)
    result: JSON = {"style": style, "disabled": fields.flag(problems, node, "disabled")}
    result |= _emoji(reading, node)
    if label:
        result["label"] = label
    if not label and "emoji" not in result and style != 6:
        with problems.at("label"):
            problems.say("A button needs a label or an emoji.")
    if style == 6:
        if fields.snowflake(node.get("sku_id")) is None:
            with problems.at("sku_id"):
                problems.say(fields.REQUIRED)
        result["sku_id"] = str(node.get("sku_id"))
        return result
    if style == 5:
        url = fields.string(problems, node, "url", 1, 512, required=True)
        if url is not None and not url.startswith(("http://", "https://", "discord://")):
            with problems.at("url"):
                problems.say("Scheme must be one of ('http', 'https', 'discord').")
        if node.get("custom_id") is not None:
            with problems.at("custom_id"):
                problems.say("A custom id and url cannot both be specified")
        return result | {"url": url}
    if node.get("url") is not None:
        with problems.at("url"):
            problems.say("A custom id and url cannot both be specified")
    return result | {"custom_id": _custom_id(reading, node)}


def _options(reading: Reading, node: JSON, low: int, high: int, *, icons: bool) -> list[JSON]:
    problems = reading.problems
    result = []
    values: set[str] = set()
    for place, option in enumerate(
        fields.objects(problems, node, "options", low, high, required=True)
    ):
        with problems.at("options", place):
            made: JSON = {
                "label": fields.string(problems, option, "label", 1, 100, required=True),
                "value": fields.string(problems, option, "value", 1, 100, required=True),
            }
            description = fields.string(problems, option, "description", 0, 100)
            if description:
                made["description"] = description
            if icons:
                made |= _emoji(reading, option)
            if fields.flag(problems, option, "default"):
                made["default"] = True
            if made["value"] in values:
                with problems.at("value"):
                    problems.say("The specified option value is already used")
            values.add(made["value"])
            result.append(made)
    return result


def _range(reading: Reading, node: JSON, most: int, options: int | None) -> tuple[int, int]:
    problems = reading.problems
    low = fields.whole(problems, node, "min_values", 0, most)
    high = fields.whole(problems, node, "max_values", 1, most)
    low = 1 if low is None else low
    if high is None:
        high = 1 if node.get("type") != CHECKBOXES or options is None else options
    with problems.at("max_values"):
        if low > high:
            problems.say("Must be at least min_values.")
        if options is not None and options and high > options:
            problems.say(f"Must be at most the number of options ({options}).")
    if reading.modal and low == 0 and fields.flag(problems, node, "required", True):
        with problems.at("min_values"):
            problems.say("Must be at least 1 where an answer is required.")
    return low, high


def select(reading: Reading, node: JSON) -> JSON:
    """Checks a menu of texts, users, roles or channels.

    Returns the menu in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    problems = reading.problems
    result: JSON = {"custom_id": _custom_id(reading, node)}
    placeholder = fields.string(problems, node, "placeholder", 0, 150)
    if placeholder:
        result["placeholder"] = placeholder
    options: list[JSON] | None = None
    if node["type"] == SELECT:
        options = result["options"] = _options(reading, node, 1, 25, icons=True)
    low, high = _range(reading, node, 25, None if options is None else len(options))
    result |= {"min_values": low, "max_values": high}
    if options is not None and sum(bool(x.get("default")) for x in options) > high:
        with problems.at("options"):
            problems.say("More options are chosen than max_values allows.")
    if options is None:
        defaults = fields.objects(problems, node, "default_values", 0, 25)
        if defaults:
            result["default_values"] = [{**x, "id": str(x.get("id"))} for x in defaults]
        if len(defaults) > high:
            with problems.at("default_values"):
                problems.say("More values are chosen than max_values allows.")
        if node["type"] == 8 and node.get("channel_types"):
            result["channel_types"] = node["channel_types"]
    disabled = fields.flag(problems, node, "disabled")
    if reading.modal:
        if disabled:
            with problems.at("disabled"):
                problems.say("Components of a modal cannot be disabled.")
        result["required"] = fields.flag(problems, node, "required", True)
    else:
        result["disabled"] = disabled
    return result


def text_input(reading: Reading, node: JSON) -> JSON:
    """Checks a text input of a modal, and returns it in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    problems = reading.problems
    result: JSON = {
        "custom_id": _custom_id(reading, node),
        "style": fields.choice(problems, node, "style", (1, 2), required=True),
        "required": fields.flag(problems, node, "required", True),
        "min_length": fields.whole(problems, node, "min_length", 0, 4000) or 0,
        "max_length": fields.whole(problems, node, "max_length", 1, 4000) or 4000,
    }
    if result["min_length"] > result["max_length"]:
        with problems.at("max_length"):
            problems.say("Must be at least min_length.")
    for key, most in (("value", 4000), ("placeholder", 100)):
        found = fields.string(problems, node, key, 0, most)
        if found:
            result[key] = found
    label = fields.string(problems, node, "label", 1, 45)
    if label:
        result["label"] = label
    return result


def label(reading: Reading, node: JSON) -> JSON:
    """Checks a label of a modal and the one component in it.

    Returns both in the form in which Discord sends them back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    problems = reading.problems
    result: JSON = {"label": fields.string(problems, node, "label", 1, 45, required=True)}
    description = fields.string(problems, node, "description", 1, 100)
    if description:
        result["description"] = description
    inner = node.get("component")
    with problems.at("component"):
        if not isinstance(inner, dict):
            problems.say(fields.REQUIRED)
            return result | {"component": {"type": 0}}
        result["component"] = reading.component(inner, IN_LABEL)
        if inner.get("type") == TEXT_INPUT and inner.get("label") is not None:
            with problems.at("label"):
                problems.say("A text input inside a label has no label of its own.")
    return result


def radio(reading: Reading, node: JSON) -> JSON:
    """Checks a radio group: two to ten options, of which one is chosen.

    Returns the group in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    options = _options(reading, node, 2, 10, icons=False)
    if sum(bool(x.get("default")) for x in options) > 1:
        with reading.problems.at("options"):
            reading.problems.say("Only one option can be chosen.")
    return {
        "custom_id": _custom_id(reading, node),
        "required": fields.flag(reading.problems, node, "required", True),
        "options": options,
    }


def checkboxes(reading: Reading, node: JSON) -> JSON:
    """Checks a group of one to ten checkboxes.

    Returns the group in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    options = _options(reading, node, 1, 10, icons=False)
    low, high = _range(reading, node, 10, len(options))
    return {
        "custom_id": _custom_id(reading, node),
        "required": fields.flag(reading.problems, node, "required", True),
        "min_values": low,
        "max_values": high,
        "options": options,
    }


def checkbox(reading: Reading, node: JSON) -> JSON:
    """Checks a single checkbox, and returns it in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    default = fields.flag(reading.problems, node, "default")
    return {"custom_id": _custom_id(reading, node), "default": default}


def upload(reading: Reading, node: JSON) -> JSON:
    """Checks a file upload of a modal, and returns it in the form in which Discord sends it back.

    reading: collects the errors.
    node: the component as the bot sent it.
    """
    low, high = _range(reading, node, 10, None)
    required = fields.flag(reading.problems, node, "required", True)
    made: JSON = {"custom_id": _custom_id(reading, node), "required": required}
    return made | {"min_values": low, "max_values": high}

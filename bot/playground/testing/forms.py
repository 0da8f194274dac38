"""Fills in commands and modals: makes the JSON that the page of a person sends for them."""

from typing import Any

from bot.playground.records.objects import JSON
from bot.playground.testing.messages import SELECT_TYPES
from bot.playground.validation import tree


def options_of(definition: JSON, inner: list[str], values: dict[str, Any]) -> list[JSON]:
    """Returns the filled-in options of a command in the form in which the page sends them.

    definition: the command as registered.
    inner: the names of the subcommand group and of the subcommand, if there are any.
    values: the value of each option by name; an option with the value None is left out.
    """
    definitions = {x["name"]: x for x in definition.get("options") or []}
    if inner:
        sub = definitions.get(inner[0], {})
        options = options_of(sub, inner[1:], values)
        return [{"name": inner[0], "type": sub.get("type", 1), "options": options}]
    return [
        {"name": name, "type": definitions.get(name, {}).get("type", 3), "value": value}
        for name, value in values.items()
        if value is not None
    ]


def filled(part: JSON, values: dict[str, Any]) -> JSON:
    """Returns a component of a modal as it is submitted.

    part: the component as the bot sent it.
    values: the values by custom id; a component that is missing there gets its default.
    """
    if part["type"] == tree.ROW:
        return {"type": tree.ROW, "components": [filled(x, values) for x in part["components"]]}
    if part["type"] == tree.LABEL:
        return {"type": tree.LABEL, "component": filled(part["component"], values)}
    if part["type"] == tree.TEXT:
        return {"type": tree.TEXT}
    custom_id, kind = part["custom_id"], part["type"]
    made: JSON = {"type": kind, "custom_id": custom_id}
    chosen = [x["value"] for x in part.get("options") or [] if x.get("default")]
    if kind in (*SELECT_TYPES, tree.UPLOAD, tree.CHECKBOXES):
        return made | {"values": values.get(custom_id, chosen)}
    default: Any = part.get("value", "")
    if kind == tree.RADIO:
        default = chosen[0] if chosen else None
    elif kind == tree.CHECKBOX:
        default = bool(part.get("default"))
    return made | {"value": values.get(custom_id, default)}

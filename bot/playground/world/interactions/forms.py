"""Submits a modal that a person has filled in, after the checks that Discord's client makes."""

from bot.playground.records.interactions import Interaction
from bot.playground.records.objects import JSON
from bot.playground.validation import fields, tree
from bot.playground.world.interactions import resolution
from bot.playground.world.interactions.lifecycle import MODAL, OWNERS, TOKEN_SECONDS, begin
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World


def submit(world: World, user_id: int, modal_id: int, given: list[JSON]) -> Interaction:
    """Submits a modal that was opened for this member.

    modal_id: the id of the interaction that the bot answered with the modal.
    given: the modal's components, filled in.

    Raises ApiError with a sentence for the person if the modal is gone or an answer is wrong.
    """
    opener = world.interactions.get(modal_id)
    if opener is None or opener.modal is None or opener.user_id != user_id:
        raise refuse("There is no such form open for this member.", 404)
    if opener.age() > TOKEN_SECONDS:
        raise refuse("The form has been open for too long; open it again.")
    answers: dict[str, JSON] = {}
    for node in tree.walk(given):
        if isinstance(node.get("custom_id"), str):
            answers[node["custom_id"]] = node
    resolved: JSON = {}
    filled = [_filled(world, opener, x, answers, resolved) for x in opener.modal["components"]]
    data: JSON = {"custom_id": opener.modal["custom_id"], "components": filled}
    if resolved:
        data["resolved"] = resolved
    triggering = {k: v for k, v in opener.metadata.items() if k != "original_response_message_id"}
    return begin(
        world,
        MODAL,
        user_id,
        opener.channel,
        data,
        opener.metadata[OWNERS],
        name=opener.name,
        message=opener.message,
        metadata={"triggering_interaction_metadata": triggering},
    )


def _filled(
    world: World, opener: Interaction, part: JSON, answers: dict[str, JSON], resolved: JSON
) -> JSON:
    made: JSON = {"type": part["type"], "id": part["id"]}
    if part["type"] == tree.ROW:
        inner = [_answer(world, opener, x, answers, resolved, "") for x in part["components"]]
        return made | {"components": inner}
    if part["type"] == tree.LABEL:
        label = part["label"]
        inner_part = part["component"]
        return made | {"component": _answer(world, opener, inner_part, answers, resolved, label)}
    return made


def _answer(
    world: World,
    opener: Interaction,
    part: JSON,
    answers: dict[str, JSON],
    resolved: JSON,
    label: str,
) -> JSON:
    kind = part["type"]
    label = label or part.get("label") or part["custom_id"]
    node = answers.get(part["custom_id"], {})
    made: JSON = {"type": kind, "id": part["id"], "custom_id": part["custom_id"]}
    if kind == tree.TEXT_INPUT:
        text = node.get("value") or ""
        if not isinstance(text, str) or len(text) > part["max_length"]:
            raise refuse(f"“{label}” takes at most {part['max_length']} characters.")
        if not text and part["required"]:
            raise refuse(f"“{label}” needs an answer.")
        if text and len(text) < part["min_length"]:
            raise refuse(f"“{label}” takes at least {part['min_length']} characters.")
        return made | {"value": text}
    if kind == tree.CHECKBOX:
        return made | {"value": bool(node.get("value"))}
    if kind == tree.RADIO:
        chosen = node.get("value")
        if chosen is None and part["required"]:
            raise refuse(f"“{label}” needs an answer.")
        if chosen is not None and chosen not in [x["value"] for x in part["options"]]:
            raise refuse(f"“{label}”: that is none of the options.")
        return made | {"value": chosen}
    if kind == tree.UPLOAD:
        if part["required"]:
            raise refuse(f"The playground cannot upload a file to “{label}”.")
        return made | {"values": []}
    values = node.get("values") or []
    if not values and not part["required"]:
        return made | {"values": []}
    if not values:
        raise refuse(f"“{label}” needs an answer.")
    made["values"] = resolution.check_values(part, values)
    target = resolution.OPTION_OF_SELECT.get(kind)
    for value in made["values"] if target else []:
        number = fields.snowflake(value) or 0
        if not resolution.resolve(world, opener.channel, target or 0, number, resolved):
            raise refuse(f"“{label}”: that cannot be chosen here.")
    return made

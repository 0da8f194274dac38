"""The page's calls that start interactions and wait for their outcomes."""

import base64
from typing import Any

from bot.playground.records.interactions import DONE, FAILED, THINKING
from bot.playground.records.objects import JSON, User
from bot.playground.validation import fields
from bot.playground.web.calls import PageRoute, find_channel, find_message
from bot.playground.world.channels import uploads
from bot.playground.world.interactions import forms, invocations, lifecycle
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

MAX_WAIT_SECONDS = 60.0


async def post_command(world: World, person: User, data: JSON) -> JSON:
    """Uses a command for the person. Returns the id of the interaction that begins."""
    interaction = invocations.use_command(
        world,
        person.id,
        find_channel(world, person, data),
        str(data.get("name")),
        fields.snowflake(data.get("type", 1)) or 1,
        _objects(data.get("options")),
        fields.snowflake(data.get("target")),
    )
    return {"interaction": str(interaction.id)}


def _objects(value: Any) -> list[JSON]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(x, dict) for x in value):
        raise refuse("Options and components are lists of objects.")
    return value


async def post_file(world: World, person: User, data: JSON) -> JSON:
    """Takes a file that the person chose for an option of a command. Returns its id and name.

    The field `content` holds its bytes in base 64.
    """
    try:
        content = base64.b64decode(str(data.get("content")), validate=True)
    except ValueError:
        raise refuse("The content of the file is not in base 64.") from None
    file = uploads.made_attachment(str(data.get("filename") or "file"), content, world.ids)
    world.uploads[file.id] = file
    return {"id": str(file.id), "filename": file.filename}


async def post_autocomplete(world: World, person: User, data: JSON) -> JSON:
    """Returns the suggestions for the option that the person is typing."""
    interaction = invocations.autocomplete(
        world,
        person.id,
        find_channel(world, person, data),
        str(data.get("name")),
        _objects(data.get("options")),
    )
    await lifecycle.wait_for_state(interaction, world.answer_seconds + 1)
    if interaction.choices is None:
        return {"error": lifecycle.NO_ANSWER}
    return {"choices": interaction.choices, "first_response_ms": interaction.first_response_ms}


async def post_component(world: World, person: User, data: JSON) -> JSON:
    """Presses a button or chooses from a menu. Returns the id of the interaction that begins."""
    channel, message = find_message(world, person, data)
    custom_id, values = str(data.get("custom_id")), data.get("values")
    interaction = invocations.press(world, person.id, channel, message.id, custom_id, values)
    return {"interaction": str(interaction.id)}


async def post_modal(world: World, person: User, data: JSON) -> JSON:
    """Submits a modal for the person. Returns the id of the interaction that begins."""
    modal = fields.snowflake(data.get("modal")) or 0
    interaction = forms.submit(world, person.id, modal, _objects(data.get("components")))
    return {"interaction": str(interaction.id)}


async def get_interaction(world: World, person: User, data: JSON) -> JSON:
    """Returns the outcome of an interaction.

    The field `wait` says for how many seconds at most to wait for the bot's first response. With
    `until=done`, the call waits for the end of the interaction, also for at most `wait` seconds.
    """
    interaction = world.interactions.get(fields.snowflake(data["id"]) or 0)
    if interaction is None or interaction.user_id != person.id:
        raise refuse("There is no such interaction of this member's.", 404)
    try:
        wait = min(float(data.get("wait", 0)), MAX_WAIT_SECONDS)
    except ValueError:
        raise refuse("wait is a number of seconds.") from None
    states: tuple[str, ...] = (DONE, FAILED)
    if data.get("until") != "done":
        states = (*states, THINKING)
    if wait > 0:
        await lifecycle.wait_for_state(interaction, wait, states)
    return lifecycle.outcome(world, interaction, files="")


ROUTES: tuple[PageRoute, ...] = (
    ("POST", "/api/commands", post_command),
    ("POST", "/api/files", post_file),
    ("POST", "/api/autocomplete", post_autocomplete),
    ("POST", "/api/components", post_component),
    ("POST", "/api/modals", post_modal),
    ("GET", "/api/interactions/{id}", get_interaction),
)

"""Takes the bot's answers to an interaction: the first response, follow-ups, and edits of both.

The rules are from Discord's interactions/receiving-and-responding. Every function raises `ApiError`
if the rules forbid the answer.
"""

from bot.playground.records import permissions
from bot.playground.records.channels import EPHEMERAL, LOADING, Message
from bot.playground.records.events import Event
from bot.playground.records.interactions import DONE, FAILED, THINKING, Interaction
from bot.playground.records.objects import JSON
from bot.playground.validation import components, fields
from bot.playground.validation.errors import ApiError, Problems, refusal
from bot.playground.world import rendering
from bot.playground.world.channels import drafts, messages
from bot.playground.world.channels.uploads import Upload
from bot.playground.world.interactions.lifecycle import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    OWNERS,
    TOKEN_SECONDS,
    change_state,
)
from bot.playground.world.world import World

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, OPEN_MODAL = 4, 5, 6, 7, 8, 9

MAX_FOLLOW_UPS = 5
"""How many follow-ups an app may send that is installed only by a user."""

_COMMAND_REPLY, _CONTEXT_REPLY = 20, 23


def answer(world: World, interaction_id: int, token: str, body: JSON, files: list[Upload]) -> JSON:
    """Gives the first response to an interaction.

    Returns the JSON that the bot gets if it sets `with_response`.

    Raises ApiError 10062 if the interaction is unknown or three seconds have passed, 40060 if it
    was acknowledged before, and 50035 for wrong fields.
    """
    interaction = world.interactions.get(interaction_id)
    if interaction is None or interaction.token != token:
        raise refusal(10062)
    if interaction.answer is not None:
        raise refusal(40060)
    if interaction.age() > world.answer_seconds or interaction.state == FAILED:
        raise refusal(10062)
    problems = Problems()
    kind = fields.choice(problems, body, "type", _answers_to(interaction), required=True)
    problems.raise_any()
    data = body.get("data")
    data = data if isinstance(data, dict) else {}
    before = interaction.age()
    state, message = DONE, None
    if kind == MESSAGE:
        message = _reply(world, interaction, data, files)
        interaction.original_id = message.id
    elif kind == DEFER:
        message = _reply(world, interaction, {"flags": data.get("flags")}, [], loading=True)
        interaction.original_id = message.id
        state = THINKING
    elif kind == DEFER_UPDATE:
        interaction.original_id = None if interaction.message is None else interaction.message.id
    elif kind == UPDATE:
        message = _update(world, interaction, data, files)
        interaction.original_id = message.id
    elif kind == CHOICES:
        interaction.choices = _choices(interaction, data)
    else:
        interaction.modal = _modal(world, interaction, data)
    interaction.answer = kind
    interaction.first_response_ms = round(before * 1000, 3)
    if interaction.deadline is not None:
        interaction.deadline.cancel()
    change_state(world, interaction, state)
    if interaction.modal is not None:
        world.emit(Event("modal", interaction.modal, reader=interaction.user_id))
    return _callback(world, interaction, kind, message)


def _answers_to(interaction: Interaction) -> tuple[int, ...]:
    if interaction.kind == AUTOCOMPLETE:
        return (CHOICES,)
    if interaction.kind == COMMAND:
        return (MESSAGE, DEFER, OPEN_MODAL)
    if interaction.kind == COMPONENT:
        return (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, OPEN_MODAL)
    if interaction.message is not None:
        return (MESSAGE, DEFER, DEFER_UPDATE, UPDATE)
    return (MESSAGE, DEFER)


def _callback(world: World, interaction: Interaction, kind: int, message: Message | None) -> JSON:
    summary: JSON = {"id": str(interaction.id), "type": interaction.kind}
    result: JSON = {"interaction": summary}
    if message is not None:
        summary["response_message_id"] = str(message.id)
        summary["response_message_loading"] = bool(message.flags & LOADING)
        summary["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
        if kind in (MESSAGE, UPDATE):
            result["resource"] = {"type": kind, "message": rendering.message(world, message)}
    return result


def _under_data(error: ApiError) -> ApiError:
    """Returns the error with all errors of fields moved below `data`.

    In a response to an interaction, the fields of the message are inside `data`.
    """
    if error.errors is not None:
        error.errors = {"data": error.errors}
    return error


def _reply(
    world: World,
    interaction: Interaction,
    data: JSON,
    files: list[Upload],
    *,
    loading: bool = False,
    reference: int | None = None,
    metadata: JSON | None = None,
) -> Message:
    try:
        draft = drafts.read(world, data, files, interaction=True, loading=loading)
    except ApiError as error:
        raise _under_data(error) from None
    old: JSON | None = None
    if interaction.kind == COMMAND and reference is None:
        user = interaction.metadata["user"]
        old = {"id": str(interaction.id), "type": 2, "name": interaction.name, "user": user}
    kind = _COMMAND_REPLY if interaction.command_type == 1 else _CONTEXT_REPLY
    if reference is None and interaction.message is not None:
        reference = interaction.message.id
    if reference is not None:
        kind = messages.REPLY
    return messages.respond(
        world,
        interaction.channel,
        draft,
        kind=kind,
        metadata=interaction.metadata | (metadata or {}),
        interaction=old,
        reader=interaction.user_id,
        flags=(LOADING if loading else 0) | _forced_flags(world, interaction),
        reference=reference,
    )


def _forced_flags(world: World, interaction: Interaction) -> int:
    """Returns the flag EPHEMERAL if only the person may see the answers; else 0.

    This is so if a person has installed the app for themselves and lacks the permission to use
    external apps, or to send messages here.
    """
    channel = interaction.channel
    if "0" in interaction.metadata[OWNERS] or channel.guild_id is None:
        return 0
    needed = permissions.USE_EXTERNAL_APPS | permissions.sending(channel)
    granted = world.permissions(interaction.user_id, channel)
    return 0 if granted & needed == needed else EPHEMERAL


def _update(world: World, interaction: Interaction, data: JSON, files: list[Upload]) -> Message:
    message = interaction.message
    if message is None or message.id not in interaction.channel.messages:
        raise refusal(10008)
    try:
        return messages.edit(world, interaction.channel, message, data, files)
    except ApiError as error:
        raise _under_data(error) from None


def _choices(interaction: Interaction, data: JSON) -> list[JSON]:
    problems = Problems()
    options = interaction.data["options"]
    while options and options[0].get("type") in (1, 2):
        options = options[0].get("options") or []
    kind = next((x["type"] for x in options if x.get("focused")), 3)
    result = []
    with problems.at("data"):
        for place, node in enumerate(fields.objects(problems, data, "choices", 0, 25)):
            with problems.at("choices", place):
                name = fields.string(problems, node, "name", 1, 100, required=True)
                value = node.get("value")
                if kind == 3:
                    fields.string(problems, node, "value", 1, 100, required=True)
                elif isinstance(value, bool) or not isinstance(value, (int, float)):
                    with problems.at("value"):
                        problems.say("Must be a number.")
                result.append({"name": name, "value": value})
    problems.raise_any()
    return result


def _modal(world: World, interaction: Interaction, data: JSON) -> JSON:
    problems = Problems()
    with problems.at("data"):
        modal: JSON = {
            "id": str(interaction.id),
            "title": fields.string(problems, data, "title", 1, 45, required=True),
            "custom_id": fields.string(problems, data, "custom_id", 1, 100, required=True),
            "components": components.modal_components(problems, data, world.ids),
        }
    problems.raise_any()
    return modal


def by_token(world: World, token: str) -> Interaction:
    """Returns the interaction that has this token and was acknowledged.

    Raises ApiError 10015 if there is no such interaction, 50027 if its token is no longer valid.
    """
    interaction = world.interaction_tokens.get(token)
    if interaction is None or interaction.answer is None:
        raise refusal(10015)
    if interaction.age() > TOKEN_SECONDS:
        raise refusal(50027)
    return interaction


def follow_up(world: World, interaction: Interaction, body: JSON, files: list[Upload]) -> Message:
    """Sends a follow-up message. The first one after a deferral replaces "thinking …"."""
    original = interaction.original
    if original is not None and original.flags & LOADING:
        return _finish_loading(world, interaction, original, body, files)
    if "0" not in interaction.metadata[OWNERS] and len(interaction.followups) >= MAX_FOLLOW_UPS:
        raise refusal(40094)
    reference = None if original is None else original.id
    extra: JSON = {}
    if interaction.answer in (MESSAGE, DEFER) and interaction.original_id is not None:
        extra["original_response_message_id"] = str(interaction.original_id)
    try:
        message = _reply(world, interaction, body, files, reference=reference, metadata=extra)
    except ApiError as error:
        if error.errors is not None and "data" in error.errors:
            error.errors = error.errors["data"]
        raise
    interaction.followups.append(message.id)
    change_state(world, interaction, interaction.state)
    return message


def edit(
    world: World, interaction: Interaction, message: Message, body: JSON, files: list[Upload]
) -> Message:
    """Edits one of the messages that answer an interaction."""
    if message.flags & LOADING:
        return _finish_loading(world, interaction, message, body, files)
    message = messages.edit(world, interaction.channel, message, body, files)
    change_state(world, interaction, interaction.state)
    return message


def _finish_loading(
    world: World, interaction: Interaction, message: Message, body: JSON, files: list[Upload]
) -> Message:
    ephemeral = message.flags & EPHEMERAL
    flags = fields.whole(Problems(), body, "flags", 0, 2**53) or 0
    flags = flags & ~EPHEMERAL | ephemeral
    draft = drafts.read(world, {**body, "flags": flags}, files, interaction=True)
    messages.apply(world, interaction.channel, message, draft, edited=False)
    change_state(world, interaction, DONE)
    return message


def remove(world: World, interaction: Interaction, message: Message) -> None:
    """Deletes one of the messages that answer an interaction."""
    messages.delete(world, interaction.channel, message)
    change_state(world, interaction, DONE)


def find(interaction: Interaction, wanted: str) -> Message:
    """Returns one of the messages that answer an interaction.

    wanted: "@original" or the message's id.

    Raises ApiError 10008 if there is no such message.
    """
    channel = interaction.channel.messages
    if wanted == "@original":
        message = interaction.original
    else:
        number = fields.snowflake(wanted)
        own = {interaction.original_id, *interaction.followups}
        message = channel.get(number) if number is not None and number in own else None
    if message is None:
        raise refusal(10008)
    return message

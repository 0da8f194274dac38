"""The states of an interaction, from what the person does to the bot's answer.

The bot has three seconds to acknowledge an interaction, whose token is valid for fifteen minutes
(Discord's interactions/receiving-and-responding). `invocations.py` checks what a person does before
an interaction begins; `responses.py` takes the bot's answers.
"""

import asyncio
import secrets
import time
from typing import Any

from bot.playground.records import payloads, permissions
from bot.playground.records.channels import DM, FILE_LIMIT_BYTES, Channel, Message
from bot.playground.records.events import Event
from bot.playground.records.interactions import DONE, FAILED, Interaction
from bot.playground.records.objects import JSON
from bot.playground.world import rendering
from bot.playground.world.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5

TOKEN_SECONDS = 15 * 60.0

OWNERS = "authorizing_integration_owners"
"""The field that says who has installed the application, in interactions and their messages."""

NO_ANSWER = "The application did not respond"


def begin(
    world: World,
    kind: int,
    user_id: int,
    channel: Channel,
    data: JSON,
    owners: JSON,
    *,
    name: str = "",
    message: Message | None = None,
    command_type: int = 1,
    metadata: JSON | None = None,
) -> Interaction:
    """Sends an interaction to the bot. Without a response it becomes FAILED after three seconds.

    (`world.answer_seconds` says how many.)

    kind: Discord's interaction type.
    data: the field `data`.
    owners: the field `authorizing_integration_owners`, which says who has installed the
        application.
    message: the message whose component was used, or None.
    metadata: fields that this kind of interaction adds to the `interaction_metadata` of the
        messages that answer it.

    Needs a running event loop.
    """
    new_id = world.ids.next()
    base: JSON = {
        "id": str(new_id),
        "type": kind,
        "user": payloads.user(world.users[user_id]),
        OWNERS: owners,
    }
    interaction = Interaction(
        new_id,
        secrets.token_urlsafe(48),
        kind,
        user_id,
        channel,
        data,
        base | (metadata or {}),
        time.monotonic(),
        name,
        message,
        command_type,
    )
    world.interactions[new_id] = interaction
    world.interaction_tokens[interaction.token] = interaction
    loop = asyncio.get_running_loop()
    interaction.deadline = loop.call_later(world.answer_seconds, _expire, world, interaction)
    world.emit(
        Event(
            "INTERACTION_CREATE",
            _payload(world, interaction, owners),
            channel.guild_id,
            channel.id,
            message,
        )
    )
    return interaction


def change_state(
    world: World, interaction: Interaction, state: str, error: str | None = None
) -> None:
    """Sets an interaction's state, wakes the tasks that wait for it, and tells the person's page.

    error: the sentence for the person if the interaction failed.
    """
    interaction.state = state
    interaction.error = error
    interaction.change.set()
    interaction.change = asyncio.Event()
    if interaction.kind != AUTOCOMPLETE:
        data: JSON = {"id": str(interaction.id)}
        world.emit(Event("interaction", data, reader=interaction.user_id))


def _expire(world: World, interaction: Interaction) -> None:
    if interaction.answer is None:
        change_state(world, interaction, FAILED, NO_ANSWER)


async def wait_for_state(
    interaction: Interaction, seconds: float, states: tuple[str, ...] = (DONE, FAILED)
) -> bool:
    """Waits until an interaction is in one of `states`, for at most `seconds`.

    Returns True if it has such a state, False if the time is over.
    """
    try:
        async with asyncio.timeout(seconds):
            while interaction.state not in states:
                await interaction.change.wait()
    except TimeoutError:
        return False
    return True


def _payload(world: World, interaction: Interaction, owners: JSON) -> JSON:
    channel = interaction.channel
    guild = world.guild_of(channel)
    user = payloads.user(world.users[interaction.user_id])
    place = rendering.channel(world, channel)
    payload: JSON = {
        "id": str(interaction.id),
        "application_id": str(world.application.id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": place,
        "locale": "en-US",
        "entitlements": [],
        "entitlement_sku_ids": [],
        OWNERS: owners,
        "context": 1 if channel.kind == DM else 0,
        "attachment_size_limit": FILE_LIMIT_BYTES,
        "app_permissions": str(app_permissions(world, channel)),
    }
    if guild is None:
        place["recipients"] = [user]
        payload["user"] = user
    else:
        granted = world.permissions(interaction.user_id, channel)
        place["permissions"] = str(granted)
        payload["guild_id"] = str(guild.id)
        payload["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        payload["guild_locale"] = guild.locale
        payload["member"] = rendering.member(world, guild.members[interaction.user_id]) | {
            "permissions": str(granted)
        }
    if interaction.message is not None:
        payload["message"] = rendering.message(world, interaction.message)
    return payload


def app_permissions(world: World, channel: Channel) -> int:
    """Returns the bot's permissions in a channel, as a bit set.

    In a server without the bot, they are the permissions of an app that a user has installed.
    """
    guild = world.guild_of(channel)
    if guild is not None and world.bot.id not in guild.members:
        return permissions.FOR_USER_APPS
    return world.permissions(world.bot.id, channel) if guild else permissions.IN_DM


def outcome(world: World, interaction: Interaction, *, files: str) -> JSON:
    """Returns an interaction's state and answers, as the page gets them.

    files: the address below which attachments are found, without a slash at the end.
    """

    def shown(message: Message | None) -> JSON | None:
        if message is None:
            return None
        return rendering.message(world, message, interaction.user_id, files=files)

    messages: dict[int, Message] = interaction.channel.messages
    followups: list[Any] = [shown(messages.get(x)) for x in interaction.followups]
    return {
        "id": str(interaction.id),
        "state": interaction.state,
        "error": interaction.error,
        "first_response_ms": interaction.first_response_ms,
        "message": shown(interaction.original),
        "modal": interaction.modal,
        "followups": [x for x in followups if x is not None],
    }

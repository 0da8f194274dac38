"""What the page's calls do: one function for each, from the member and their data to JSON."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.playground.records import payloads, permissions
from bot.playground.records.channels import Channel, Message
from bot.playground.records.events import Event
from bot.playground.records.interactions import DONE, FAILED, THINKING
from bot.playground.records.objects import JSON, User
from bot.playground.records.snowflakes import iso
from bot.playground.validation import fields
from bot.playground.world import emoji, rendering
from bot.playground.world.channels import messages, reactions
from bot.playground.world.interactions import forms, invocations, lifecycle
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

Answer = Callable[[World, User, JSON], Awaitable[Any]]

LONGEST_WAIT = 30.0


def find_channel(world: World, person: User, data: JSON) -> Channel:
    """The channel asked for, if the person can see it."""
    channel = world.channels.get(fields.snowflake(data.get("channel")) or 0)
    if channel is None or not world.permissions(person.id, channel):
        raise refuse("There is no such channel for this member.", 404)
    return channel


def find_message(world: World, person: User, data: JSON) -> tuple[Channel, Message]:
    """The message asked for and its channel, if the person can see them."""
    channel = find_channel(world, person, data)
    message = channel.messages.get(fields.snowflake(data.get("message")) or 0)
    if message is None or message.visible_to not in (None, person.id):
        raise refuse("That message is gone.", 404)
    return channel, message


def clock_state(world: World) -> JSON:
    """What time it is in the world."""
    return {"now": iso(world.clock.now()), "real": world.clock.is_real}


async def get_state(world: World, person: User, data: JSON) -> JSON:
    """Everything the page shows around the messages."""
    guilds = [x for x in world.guilds.values() if person.id in x.members]
    return {
        "me": payloads.user(person),
        "members": [
            {
                "id": str(x.id),
                "username": x.username,
                "global_name": x.global_name,
                "accent": x.accent,
                "manager": any(
                    permissions.in_guild(guild, x.id) & permissions.MANAGE_GUILD for guild in guilds
                ),
            }
            for x in world.people()
        ],
        "guilds": [
            {
                "id": str(guild.id),
                "name": guild.name,
                "channels": [
                    _place(world, person, world.channels[x])
                    for x in guild.channels
                    if world.permissions(person.id, world.channels[x])
                ],
            }
            for guild in guilds
        ],
        "dms": [
            _place(world, person, x) | {"recipient": payloads.user(world.bot)}
            for x in world.channels.values()
            if x.recipient_id == person.id
        ],
        "bot": {"user": payloads.user(world.bot), "online": world.bot_online},
        "commands": [x for x in world.commands.values() if invocations.usable(world, person.id, x)],
        "clock": clock_state(world),
        "zone": None,
    }


def _place(world: World, person: User, channel: Channel) -> JSON:
    granted = world.permissions(person.id, channel)
    return {
        "id": str(channel.id),
        "name": channel.name or world.bot.username,
        "type": channel.kind,
        "nsfw": channel.nsfw,
        "topic": channel.topic,
        "can_send": bool(granted & permissions.SEND_MESSAGES),
        "can_manage": bool(granted & permissions.MANAGE_MESSAGES),
        "can_react": bool(granted & permissions.ADD_REACTIONS),
    }


async def get_messages(world: World, person: User, data: JSON) -> list[JSON]:
    """Messages of a channel, oldest first."""
    channel = find_channel(world, person, data)
    if not world.permissions(person.id, channel) & permissions.READ_MESSAGE_HISTORY:
        return []
    limit = fields.snowflake(data.get("limit", 50)) or 50
    found = messages.history(
        channel,
        before=fields.snowflake(data.get("before")),
        limit=min(limit, 100),
        reader=person.id,
    )
    return [rendering.message(world, x, person.id, files="") for x in reversed(found)]


async def post_command(world: World, person: User, data: JSON) -> JSON:
    """Use a command."""
    interaction = invocations.use_command(
        world,
        person.id,
        find_channel(world, person, data),
        str(data.get("name")),
        fields.snowflake(data.get("type", 1)) or 1,
        _list(data.get("options")),
        fields.snowflake(data.get("target")),
    )
    return {"interaction": str(interaction.id)}


def _list(value: Any) -> list[JSON]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(x, dict) for x in value):
        raise refuse("Options and components are lists of objects.")
    return value


async def post_autocomplete(world: World, person: User, data: JSON) -> JSON:
    """Suggestions for the focused option."""
    interaction = invocations.autocomplete(
        world,
        person.id,
        find_channel(world, person, data),
        str(data.get("name")),
        _list(data.get("options")),
    )
    await lifecycle.settled(interaction, lifecycle.ACKNOWLEDGE_SECONDS + 1)
    if interaction.choices is None:
        return {"error": lifecycle.NO_ANSWER}
    return {"choices": interaction.choices, "first_response_ms": interaction.first_response_ms}


async def post_component(world: World, person: User, data: JSON) -> JSON:
    """Press a button or choose from a menu."""
    channel, message = find_message(world, person, data)
    custom_id, values = str(data.get("custom_id")), data.get("values")
    interaction = invocations.press(world, person.id, channel, message.id, custom_id, values)
    return {"interaction": str(interaction.id)}


async def post_modal(world: World, person: User, data: JSON) -> JSON:
    """Submit a form."""
    modal = fields.snowflake(data.get("modal")) or 0
    interaction = forms.submit(world, person.id, modal, _list(data.get("components")))
    return {"interaction": str(interaction.id)}


async def get_interaction(world: World, person: User, data: JSON) -> JSON:
    """How an interaction stands; `wait` seconds for it to move, `until=done` to the end."""
    interaction = world.interactions.get(fields.snowflake(data["id"]) or 0)
    if interaction is None or interaction.user_id != person.id:
        raise refuse("There is no such interaction of this member's.", 404)
    try:
        wait = min(float(data.get("wait", 0)), LONGEST_WAIT)
    except ValueError:
        raise refuse("wait is a number of seconds.") from None
    states: tuple[str, ...] = (DONE, FAILED)
    if data.get("until") != "done":
        states = (*states, THINKING)
    if wait > 0:
        await lifecycle.settled(interaction, wait, states)
    return lifecycle.outcome(world, interaction, files="")


async def post_reaction(world: World, person: User, data: JSON) -> JSON:
    """React."""
    channel, message = find_message(world, person, data)
    wanted = emoji.parse(world, str(data.get("emoji")))
    reactions.add(world, channel, message, person.id, wanted)
    return {}


async def delete_reaction(world: World, person: User, data: JSON) -> JSON:
    """Take one's reaction back."""
    channel, message = find_message(world, person, data)
    wanted = emoji.parse(world, str(data.get("emoji")))
    reactions.remove(world, channel, message, person.id, person.id, wanted)
    return {}


async def delete_all_reactions(world: World, person: User, data: JSON) -> JSON:
    """Clear all reactions, or all of one emoji."""
    channel, message = find_message(world, person, data)
    wanted = None if data.get("emoji") is None else emoji.parse(world, str(data["emoji"]))
    reactions.clear(world, channel, message, person.id, wanted)
    return {}


async def post_message(world: World, person: User, data: JSON) -> JSON:
    """Say something."""
    channel = find_channel(world, person, data)
    body = {"content": data.get("content")}
    message = messages.send(world, channel, person.id, body, [])
    return rendering.message(world, message, person.id, files="")


async def delete_message(world: World, person: User, data: JSON) -> JSON:
    """Delete one's own message, or as a moderator anyone's."""
    channel, message = find_message(world, person, data)
    if message.visible_to is not None:
        raise refuse("A message only you can see is dismissed, not deleted.")
    granted = world.permissions(person.id, channel)
    if message.author_id != person.id and not (
        granted & permissions.MANAGE_MESSAGES and channel.guild_id is not None
    ):
        raise refuse("Only moderators delete other people's messages.", 403)
    messages.delete(world, channel, message)
    return {}


async def post_dismiss(world: World, person: User, data: JSON) -> JSON:
    """Hide an ephemeral message."""
    wanted = fields.snowflake(data.get("message")) or 0
    for channel in world.channels.values():
        message = channel.messages.get(wanted)
        if message is not None and message.visible_to == person.id:
            message.dismissed = True
            data = {"channel": str(channel.id), "ids": [str(wanted)]}
            world.emit(Event("dismiss", data, reader=person.id))
            return {}
    raise refuse("There is no such message to hide.", 404)


async def post_clock(world: World, person: User, data: JSON) -> JSON:
    """Set, move or release the clock."""
    clock = world.clock
    try:
        if data.get("real"):
            clock.real()
        elif "now" in data:
            clock.set(datetime.fromisoformat(str(data["now"])))
        elif "advance" in data:
            clock.advance(float(data["advance"]))
        else:
            raise refuse("Say now, advance or real.")
    except (ValueError, TypeError) as error:
        raise refuse(f"The clock was not set: {error}.") from None
    return clock_state(world)


ANSWERS: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "/api/state", get_state),
    ("GET", "/api/messages", get_messages),
    ("POST", "/api/messages", post_message),
    ("DELETE", "/api/messages", delete_message),
    ("POST", "/api/commands", post_command),
    ("POST", "/api/autocomplete", post_autocomplete),
    ("POST", "/api/components", post_component),
    ("POST", "/api/modals", post_modal),
    ("POST", "/api/reactions", post_reaction),
    ("DELETE", "/api/reactions", delete_reaction),
    ("DELETE", "/api/reactions/all", delete_all_reactions),
    ("POST", "/api/dismiss", post_dismiss),
    ("POST", "/api/clock", post_clock),
    ("GET", "/api/interactions/{id}", get_interaction),
)

"""Starts the interactions of a person who uses a command, presses a button or opens a menu.

With Discord, the client of the person makes these checks before it sends anything. Here the server
makes them. If something is wrong, the functions raise `ApiError` with one sentence for the person,
and nothing reaches the bot.
"""

from bot.playground.records import permissions
from bot.playground.records.channels import DM, Channel
from bot.playground.records.interactions import Interaction
from bot.playground.records.objects import JSON
from bot.playground.validation import fields, tree
from bot.playground.world import rendering
from bot.playground.world.channels import moderation, threads
from bot.playground.world.interactions import resolution
from bot.playground.world.interactions.lifecycle import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    OWNERS,
    begin,
)
from bot.playground.world.interactions.options import SUBCOMMANDS, full_name, read_options
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World


def usable(world: World, user_id: int, command: JSON, channel: Channel | None = None) -> bool:
    """True if a member may use a command in `channel`, or in any channel at all if that is None."""
    places = [channel] if channel is not None else list(world.channels.values())
    return any(_usable_in(world, user_id, command, place) for place in places)


def _usable_in(world: World, user_id: int, command: JSON, channel: Channel) -> bool:
    contexts = command.get("contexts")
    if channel.kind == DM:
        if command.get("guild_id") or channel.recipient_id != user_id:
            return False
        return 1 in contexts if contexts is not None else bool(command["dm_permission"])
    guild = world.guilds[channel.guild_id or 0]
    if command.get("guild_id") not in (None, str(guild.id)):
        return False
    owners = _owners(world, user_id, channel, command)
    if user_id not in guild.members or not owners:
        return False
    if contexts is not None and 0 not in contexts:
        return False
    granted = world.permissions(user_id, channel)
    if not granted & permissions.USE_APPLICATION_COMMANDS:
        return False
    if command.get("nsfw") and not channel.nsfw:
        return False
    wanted = command.get("default_member_permissions")
    if wanted is None or "0" not in owners:
        return True
    needed = int(wanted) or permissions.ADMINISTRATOR
    return granted & needed == needed


def _owners(world: World, user_id: int, channel: Channel, command: JSON) -> JSON:
    return world.owners(user_id, channel, command.get("integration_types", (0,)))


def _command(world: World, user_id: int, channel: Channel, name: str, kind: int) -> JSON:
    found = [
        x
        for x in world.commands.values()
        if x["name"] == name
        and x["type"] == kind
        and x.get("guild_id") in (None, str(channel.guild_id))
    ]
    if not found:
        raise refuse(f"There is no command {name!r} here.", 404)
    command = max(found, key=lambda x: "guild_id" in x)
    if not world.permissions(user_id, channel) & permissions.VIEW_CHANNEL:
        raise refuse("This member cannot see that channel.", 403)
    if not usable(world, user_id, command, channel):
        raise refuse(f"This member cannot use {name!r} in this channel.", 403)
    threads.require_active(channel)
    moderation.require_turn(world, channel, user_id)
    return command


def use_command(
    world: World,
    user_id: int,
    channel: Channel,
    name: str,
    kind: int = 1,
    options: list[JSON] | None = None,
    target: int | None = None,
) -> Interaction:
    """Uses a command for a person, and returns the interaction that begins.

    kind: 1 for a slash command, 2 for a command on a user, 3 for one on a message.
    options: the options of a slash command as Discord sends them.
    target: the id of the user or message.
    """
    command = _command(world, user_id, channel, name, kind)
    data: JSON = {"id": command["id"], "name": name, "type": kind}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    resolved: JSON = {}
    metadata: JSON = {"name": name, "command_type": kind}
    if kind == 1:
        data["options"] = read_options(
            world, channel, command.get("options") or [], options or [], resolved
        )
        metadata["name"] = full_name(name, data["options"])
    else:
        data["target_id"] = str(target)
        if kind == 2:
            resolution.user(world, channel, target, resolved)
            metadata["target_user"] = resolved["users"][str(target)]
        else:
            message = world.message(channel.id, target or 0)
            resolved["messages"] = {str(target): rendering.message(world, message)}
            metadata["target_message_id"] = str(target)
    if resolved:
        data["resolved"] = resolved
    return begin(
        world,
        COMMAND,
        user_id,
        channel,
        data,
        _owners(world, user_id, channel, command),
        name=str(metadata["name"]),
        command_type=kind,
        metadata=metadata,
    )


def autocomplete(
    world: World, user_id: int, channel: Channel, name: str, options: list[JSON]
) -> Interaction:
    """Asks the bot for suggestions for the option that has `focused` set.

    Returns the interaction that begins.
    """
    command = _command(world, user_id, channel, name, 1)
    data: JSON = {"id": command["id"], "name": name, "type": 1, "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    definitions, given = command.get("options") or [], options
    while given and given[0].get("type") in SUBCOMMANDS:
        inner: JSON = next((x for x in definitions if x["name"] == given[0].get("name")), {})
        definitions, given = inner.get("options") or [], given[0].get("options") or []
    focused = next((x for x in given if x.get("focused")), None)
    definition: JSON = next(
        (x for x in definitions if focused and x["name"] == focused.get("name")), {}
    )
    if focused is None or not definition.get("autocomplete"):
        raise refuse("No option with suggestions is focused.")
    focused["type"] = definition["type"]
    focused["value"] = str(focused.get("value", ""))
    owners = _owners(world, user_id, channel, command)
    return begin(world, AUTOCOMPLETE, user_id, channel, data, owners, name=name)


def press(
    world: World,
    user_id: int,
    channel: Channel,
    message_id: int,
    custom_id: str,
    values: list[str] | None = None,
) -> Interaction:
    """Presses a button of a message, or chooses `values` in one of its menus.

    Returns the interaction that begins.
    """
    message = world.message(channel.id, message_id)
    if not world.permissions(user_id, channel) & permissions.VIEW_CHANNEL:
        raise refuse("This member cannot see that channel.", 403)
    if world.is_timed_out(world.guild_of(channel), user_id):
        raise refuse("This member is in a time-out.", 403)
    moderation.require_turn(world, channel, user_id)
    if message.visible_to not in (None, user_id):
        raise refuse("Only the one who asked can see that message.", 403)
    found = [x for x in tree.walk(message.components) if x.get("custom_id") == custom_id]
    if not found:
        raise refuse("That message has no such button or menu.", 404)
    component = found[0]
    if component.get("disabled"):
        raise refuse("That button or menu is disabled.")
    data: JSON = {
        "custom_id": custom_id,
        "component_type": component["type"],
        "id": component["id"],
    }
    if component["type"] != tree.BUTTON:
        data["values"] = resolution.check_values(component, values)
        resolved: JSON = {}
        kind = resolution.OPTION_OF_SELECT.get(component["type"])
        for value in data["values"] if kind else []:
            number = fields.snowflake(value) or 0
            if not resolution.resolve(world, channel, kind or 0, number, resolved):
                raise refuse("That cannot be chosen here.")
        if resolved:
            data["resolved"] = resolved
    metadata: JSON = {"interacted_message_id": str(message.id)}
    asked: JSON = message.metadata or {}
    owners = asked.get(OWNERS) or {"0": str(channel.guild_id or 0)}
    return begin(
        world,
        COMPONENT,
        user_id,
        channel,
        data,
        owners,
        name=custom_id,
        message=message,
        metadata=metadata,
    )

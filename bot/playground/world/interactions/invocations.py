"""Starts the interactions of a person who uses a command, presses a button or opens a menu.

With Discord, the client of the person makes these checks before it sends anything. Here the server
makes them. If something is wrong, the functions raise `ApiError` with one sentence for the person,
and nothing reaches the bot.
"""

from typing import Any

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
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

_SUBCOMMANDS = (1, 2)
_KINDS = {3: "text", 4: "a whole number", 5: "true or false", 6: "a member", 7: "a channel"}
_KINDS |= {8: "a role", 9: "a member or role", 10: "a number"}


def usable(world: World, user_id: int, command: JSON, channel: Channel | None = None) -> bool:
    """True if a member may use a command in `channel`, or anywhere at all if that is None."""
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

    kind: 1 for a slash command, 2 for a command on a user, 3 for one on a message. options: the
    options of a slash command as Discord sends them. target: the id of the user or message.
    """
    command = _command(world, user_id, channel, name, kind)
    data: JSON = {"id": command["id"], "name": name, "type": kind}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    resolved: JSON = {}
    metadata: JSON = {"name": name, "command_type": kind}
    if kind == 1:
        data["options"] = _options(
            world, user_id, channel, command.get("options") or [], options or [], resolved
        )
        metadata["name"] = _full_name(name, data["options"])
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
    """Requests suggestions from the bot for the option that has `focused` set."""
    command = _command(world, user_id, channel, name, 1)
    data: JSON = {"id": command["id"], "name": name, "type": 1, "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    definitions, given = command.get("options") or [], options
    while given and given[0].get("type") in _SUBCOMMANDS:
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


def _full_name(name: str, options: list[JSON]) -> str:
    while options and options[0]["type"] in _SUBCOMMANDS:
        name = f"{name} {options[0]['name']}"
        options = options[0].get("options") or []
    return name


def _options(
    world: World,
    user_id: int,
    channel: Channel,
    definitions: list[JSON],
    given: list[JSON],
    resolved: JSON,
) -> list[JSON]:
    by_name = {x["name"]: x for x in definitions}
    if any(x["type"] in _SUBCOMMANDS for x in definitions):
        chosen = given[0] if len(given) == 1 else {}
        definition = by_name.get(str(chosen.get("name")))
        if definition is None:
            raise refuse(f"Choose one of: {', '.join(by_name)}.")
        inner = _options(
            world,
            user_id,
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
    elif kind in (6, 7, 8, 9):
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


def press(
    world: World,
    user_id: int,
    channel: Channel,
    message_id: int,
    custom_id: str,
    values: list[str] | None = None,
) -> Interaction:
    """Presses a button of a message, or chooses `values` in one of its menus."""
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

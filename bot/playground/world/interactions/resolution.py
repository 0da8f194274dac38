"""Looks up the ids that a person chose, for the `resolved` part of an interaction."""

from typing import Any

from bot.playground.records import message_payloads, payloads
from bot.playground.records.channels import Channel
from bot.playground.records.objects import JSON
from bot.playground.validation.errors import ApiError
from bot.playground.world import rendering
from bot.playground.world.world import World

OPTION_OF_SELECT = {5: 6, 6: 8, 7: 9, 8: 7}
"""For the component type of each menu, the option type of what people choose in it (user, role,
channel …).
"""


def refuse(sentence: str, status: int = 400) -> ApiError:
    """Returns an error with a sentence for the person at the page.

    status: the HTTP status.
    """
    return ApiError(status, 0, sentence)


def resolve(world: World, channel: Channel, kind: int, number: int, resolved: JSON) -> bool:
    """Looks up a chosen id, and adds the user, channel, role or file with this id to `resolved`.

    kind: the option type: 6 user, 7 channel, 8 role, 9 user or role, 11 file.
    number: the id.

    Returns False if there is no such user, channel, role or file here.
    """
    if kind == 11 and number in world.uploads:
        file = message_payloads.option_file(channel.id, world.uploads[number])
        resolved.setdefault("attachments", {})[str(number)] = file
        return True
    guild = world.guild_of(channel)
    if kind in (6, 9) and number in world.users:
        user(world, channel, number, resolved)
        return True
    if kind in (8, 9) and guild is not None and number in guild.roles:
        resolved.setdefault("roles", {})[str(number)] = payloads.role(guild.roles[number])
        return True
    if kind == 7 and guild is not None and number in guild.channels:
        place = world.channels[number]
        granted = str(world.permissions(world.bot.id, place))
        found = rendering.channel(world, place) | {"permissions": granted}
        resolved.setdefault("channels", {})[str(number)] = found
        return True
    return False


def user(world: World, channel: Channel, number: int | None, resolved: JSON) -> None:
    """Adds a user to `resolved`; also their membership if they are a member of the channel's guild.

    Raises ApiError 10013 if there is no such user.

    number: the user's id.
    resolved: the `resolved` part of the interaction, which is changed.
    """
    found = world.user(number or 0)
    resolved.setdefault("users", {})[str(found.id)] = payloads.user(found)
    guild = world.guild_of(channel)
    if guild is not None and found.id in guild.members:
        member = payloads.partial_member(guild.members[found.id])
        granted = str(world.permissions(found.id, channel))
        resolved.setdefault("members", {})[str(found.id)] = member | {"permissions": granted}


def check_values(component: JSON, values: Any) -> list[str]:
    """Returns the values chosen in a menu, as texts.

    Raises ApiError, with a sentence for the person, if the menu does not allow this choice.
    """
    if not isinstance(values, list) or len(set(map(str, values))) != len(values):
        raise refuse("Choose each option once.")
    low, high = component.get("min_values", 1), component.get("max_values", 1)
    if not low <= len(values) <= high:
        raise refuse(f"Choose {low} to {high} of the options.")
    options = component.get("options")
    made = [str(x) for x in values]
    if options is not None and not set(made) <= {x["value"] for x in options}:
        raise refuse("That is none of the options.")
    return made

"""The page's calls that change the settings of a channel or a member, as a server's owner could.

Anybody at the page may use them.
"""

from collections.abc import Callable
from datetime import timedelta

from bot.playground.records import permissions
from bot.playground.records.channels import FORUM, Channel, Overwrite
from bot.playground.records.objects import JSON, User
from bot.playground.validation import fields
from bot.playground.web.calls import PageRoute, find_channel
from bot.playground.world.channels import messages, threads
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

PERMISSIONS = {
    "View Channel": permissions.VIEW_CHANNEL,
    "Send Messages": permissions.SEND_MESSAGES,
    "Send Messages in Threads": permissions.SEND_MESSAGES_IN_THREADS,
    "Read Message History": permissions.READ_MESSAGE_HISTORY,
    "Add Reactions": permissions.ADD_REACTIONS,
    "Embed Links": permissions.EMBED_LINKS,
    "Use Application Commands": permissions.USE_APPLICATION_COMMANDS,
    "Use External Apps": permissions.USE_EXTERNAL_APPS,
    "Manage Messages": permissions.MANAGE_MESSAGES,
    "Send Polls": permissions.SEND_POLLS,
    "Connect": permissions.CONNECT,
    "Create Events": permissions.CREATE_EVENTS,
}
"""The permissions that the page can grant and take away in a channel, by Discord's names."""

MAX_SLOW_SECONDS = 21_600


def _parent(world: World, channel: Channel) -> Channel:
    return world.channels[channel.parent_id] if channel.parent_id else channel


def state(world: World, person: User, channel: Channel) -> JSON:
    """Returns the settings of a channel, and what the bot and the person may do there."""
    guild = world.guild_of(channel)
    if guild is None:
        return {"guild": None, "installed": person.id in world.installed_by}
    thread = channel.thread
    return {
        "guild": guild.name,
        "guild_id": str(guild.id),
        "available": guild.available,
        "has_bot": world.bot.id in guild.members,
        "installed": person.id in world.installed_by,
        "permissions": {
            who: {name: bool(world.permissions(user, channel) & bit) for name, bit in _names()}
            for who, user in (("bot", world.bot.id), ("me", person.id))
        },
        "slow_seconds": channel.slow_seconds,
        "blocked_words": sorted(guild.blocked_words),
        "timed_out": world.is_timed_out(guild, person.id),
        "thread": None if thread is None else {"archived": thread.archived},
        "forum": channel.kind == FORUM,
    }


def _names() -> list[tuple[str, int]]:
    return list(PERMISSIONS.items())


def _permission(world: World, person: User, channel: Channel, data: JSON) -> None:
    bit = PERMISSIONS.get(str(data.get("name")))
    if bit is None:
        raise refuse("There is no such permission.")
    place = _parent(world, channel)
    target = world.bot if data.get("who") == "bot" else person
    former = place.overwrites.get(target.id, Overwrite(target.id, 1))
    allow, deny = former.allow & ~bit, former.deny & ~bit
    if data.get("on"):
        allow |= bit
    else:
        deny |= bit
    world.set_overwrite(place, target, allow=allow, deny=deny)


def _slow(world: World, person: User, channel: Channel, data: JSON) -> None:
    seconds = fields.snowflake(data.get("seconds"))
    if seconds is None or not 0 <= seconds <= MAX_SLOW_SECONDS:
        raise refuse(f"Slow mode takes 0 to {MAX_SLOW_SECONDS} seconds.")
    world.set_slow_mode(channel, seconds)


def _words(world: World, person: User, channel: Channel, data: JSON) -> None:
    guild = world.guild_of(channel)
    if guild is not None:
        world.block_words(guild, *str(data.get("words") or "").split())


def _time_out(world: World, person: User, channel: Channel, data: JSON) -> None:
    guild = world.guild_of(channel)
    minutes = fields.snowflake(data.get("minutes")) or 0
    until = world.clock.now() + timedelta(minutes=minutes) if minutes else None
    if guild is not None:
        world.time_out(guild, person, until)


def _thread(world: World, person: User, channel: Channel, data: JSON) -> None:
    name = str(data.get("name") or "").strip() or "A thread"
    if channel.kind == FORUM:
        messages.begin_post(world, channel, person.id, name, {"content": name}, [])
    elif channel.thread is None:
        threads.begin(world, channel, name, person.id)
    else:
        threads.change(world, channel, archived=not channel.thread.archived)


def _forum(world: World, person: User, channel: Channel, data: JSON) -> None:
    guild = world.guild_of(channel)
    if guild is not None:
        world.add_channel(guild, "forum", kind=FORUM)


def _install(world: World, person: User, channel: Channel, data: JSON) -> None:
    world.install_for(person, bool(data.get("on")))


_ACTS: dict[str, Callable[[World, User, Channel, JSON], None]] = {
    "permission": _permission,
    "slow": _slow,
    "words": _words,
    "time-out": _time_out,
    "thread": _thread,
    "forum": _forum,
    "install": _install,
}


async def get_settings(world: World, person: User, data: JSON) -> JSON:
    """Returns the settings of a channel."""
    return state(world, person, find_channel(world, person, data))


async def post_setting(world: World, person: User, data: JSON) -> JSON:
    """Changes one setting of a channel or member. Returns the new settings."""
    channel = find_channel(world, person, data)
    act = _ACTS.get(str(data.get("act")))
    if act is None or (channel.guild_id is None and act is not _install):
        raise refuse("There is no such setting here.")
    act(world, person, channel, data)
    if not world.permissions(person.id, channel):
        return {"guild": None, "installed": person.id in world.installed_by}
    return state(world, person, channel)


ROUTES: tuple[PageRoute, ...] = (
    ("GET", "/api/settings", get_settings),
    ("POST", "/api/settings", post_setting),
)

"""The page's calls about members, servers, channels and commands, and about the clock."""

from datetime import datetime

from bot.playground.records import payloads, permissions
from bot.playground.records.channels import FORUM, Channel
from bot.playground.records.objects import JSON, Guild, User
from bot.playground.records.snowflakes import iso
from bot.playground.validation import fields
from bot.playground.web import gatherings
from bot.playground.web.calls import PageRoute
from bot.playground.world.guilds import voice
from bot.playground.world.interactions import invocations
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World


def clock_state(world: World) -> JSON:
    """Returns the local Discord's time, and whether it is the machine's own time."""
    return {"now": iso(world.clock.now()), "real": world.clock.is_real}


async def get_state(world: World, person: User, data: JSON) -> JSON:
    """Returns everything that the page shows apart from messages, as the person may see it."""
    guilds = [x for x in world.guilds.values() if person.id in x.members]
    return {
        "me": payloads.user(person) | {"installed": person.id in world.installed_by},
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
                "has_bot": world.bot.id in guild.members,
                "members": [_member(guild, x) for x in guild.members if x in world.users],
                "channels": [
                    _place(world, person, world.channels[x])
                    for x in guild.channels
                    if world.permissions(person.id, world.channels[x])
                ]
                + [
                    _place(world, person, x)
                    for x in world.threads(guild)
                    if world.permissions(person.id, x)
                ],
                "events": gatherings.events_of(world, guild, person),
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


def _member(guild: Guild, user_id: int) -> JSON:
    """Returns a member of a guild, for the list of its members."""
    granted = permissions.in_guild(guild, user_id)
    return {"id": str(user_id), "manager": bool(granted & permissions.MANAGE_GUILD)}


def _place(world: World, person: User, channel: Channel) -> JSON:
    granted = world.permissions(person.id, channel)
    return {
        "id": str(channel.id),
        "name": channel.name or world.bot.username,
        "type": channel.kind,
        "parent": None if channel.parent_id is None else str(channel.parent_id),
        "slow_seconds": channel.slow_seconds,
        "nsfw": channel.nsfw,
        "topic": channel.topic,
        "people": [str(x) for x in voice.members(world, channel)],
        "user_limit": channel.user_limit,
        "can_connect": bool(granted & permissions.CONNECT),
        "can_send": channel.kind != FORUM and bool(granted & permissions.sending(channel)),
        "can_manage": bool(granted & permissions.MANAGE_MESSAGES),
        "can_react": bool(granted & permissions.ADD_REACTIONS),
    }


async def post_clock(world: World, person: User, data: JSON) -> JSON:
    """Sets the clock, moves it, or lets it show the machine's own time again."""
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


async def post_guild(world: World, person: User, data: JSON) -> JSON:
    """Simulates an event of a server that concerns the bot.

    The call's field `guild` is the server's id. `do` is "hide" (an outage makes the server
    unavailable), "show", "kick" or "invite".
    """
    guild = world.guild(fields.snowflake(data.get("guild")) or 0)
    acts = {
        "hide": world.hide_guild,
        "show": world.show_guild,
        "kick": world.remove_guild,
        "invite": world.invite_bot,
    }
    act = acts.get(str(data.get("do")))
    if act is None:
        raise refuse(f"Say one of {', '.join(acts)}.")
    act(guild)
    return {"available": guild.available, "member": world.bot.id in guild.members}


ROUTES: tuple[PageRoute, ...] = (
    ("POST", "/api/guild", post_guild),
    ("GET", "/api/state", get_state),
    ("POST", "/api/clock", post_clock),
)

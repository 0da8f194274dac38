"""REST routes: guilds, and the channels, roles, emoji and members of guilds."""

from bot.playground.records import payloads
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation.errors import refusal
from bot.playground.world import intents, rendering


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    routes.add("GET", "/guilds/{guild}", get_guild)
    routes.add("GET", "/guilds/{guild}/channels", get_guild_channels)
    routes.add("GET", "/guilds/{guild}/roles", get_roles)
    routes.add("GET", "/guilds/{guild}/emojis", get_emojis)
    routes.add("GET", "/guilds/{guild}/members", get_members)
    routes.add("GET", "/guilds/{guild}/members/{user}", get_member)


def get_guild(call: Call) -> Reply:
    """Returns the guild that the path names."""
    guild = call.guild()
    payload = rendering.guild(call.world, guild)
    if call.query.get("with_counts") in ("1", "true", "True"):
        payload["approximate_member_count"] = len(guild.members)
        payload["approximate_presence_count"] = len(guild.members)
    return Reply(200, payload)


def get_guild_channels(call: Call) -> Reply:
    """Returns the channels of the guild that the path names."""
    world = call.world
    return Reply(200, [rendering.channel(world, world.channels[x]) for x in call.guild().channels])


def get_roles(call: Call) -> Reply:
    """Returns the roles of the guild that the path names."""
    return Reply(200, [payloads.role(x) for x in call.guild().roles.values()])


def get_emojis(call: Call) -> Reply:
    """Returns the guild's own emoji (developers.discord.com, "List Guild Emojis")."""
    bot = call.world.bot
    return Reply(200, [payloads.guild_emoji(x, bot) for x in call.guild().emojis.values()])


def get_member(call: Call) -> Reply:
    """Returns one member of a guild. Raises ApiError 10007 if the user is no member."""
    user = call.world.user(call.number("user"))
    member = call.guild().members.get(user.id)
    if member is None:
        raise refusal(10007)
    return Reply(200, rendering.member(call.world, member))


def get_members(call: Call) -> Reply:
    """Returns members of a guild in the order of their ids.

    Raises ApiError 50001 if the application may not use the members intent.
    """
    if not call.world.application.privileged & intents.GUILD_MEMBERS:
        raise refusal(50001)
    limit, after = call.whole("limit", 1, 1, 1000), call.bound("after") or 0
    found = sorted(x for x in call.guild().members if x > after)[:limit]
    members = call.guild().members
    return Reply(200, [rendering.member(call.world, members[x]) for x in found])

"""REST routes: channels (Discord's resources/channel)."""

from bot.playground.records import permissions
from bot.playground.records.events import Event
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.world import rendering
from bot.playground.world.channels.access import require


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    routes.add("GET", "/channels/{channel}", get_channel)
    routes.add("POST", "/channels/{channel}/typing", post_typing, count=5, seconds=5.0)


def require_bot(call: Call, *needed: int) -> None:
    """Checks that the bot can see the channel that the path names and has the permissions `needed`.

    Raises ApiError 50001 if it cannot see the channel, 50013 if it lacks a permission.
    """
    require(call.world, call.world.bot.id, call.channel(), *needed)


def get_channel(call: Call) -> Reply:
    """Returns a channel. Raises ApiError 50001 if the bot cannot see it."""
    require_bot(call)
    return Reply(200, rendering.channel(call.world, call.channel()))


def post_typing(call: Call) -> Reply:
    """Shows people in the channel that the bot is typing."""
    channel = call.channel()
    require_bot(call, permissions.sending(channel))
    data = {"channel": str(channel.id), "user": str(call.world.bot.id)}
    call.world.emit(Event("typing", data, channel.guild_id, channel.id))
    return Reply()

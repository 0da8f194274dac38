"""REST routes: who is in which voice channel (Discord's resources/voice)."""

from bot.playground.records import permissions
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.channels.access import require


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    routes.add("GET", "/guilds/{guild}/voice-states/@me", get_own_state)
    routes.add("GET", "/guilds/{guild}/voice-states/{user}", get_state)


def get_own_state(call: Call) -> Reply:
    """Returns the bot's voice state. Raises ApiError 10065 if it is in no voice channel."""
    return _state(call, call.world.bot.id)


def get_state(call: Call) -> Reply:
    """Returns a member's voice state.

    Raises ApiError 10065 if the member is in no voice channel, 50001 or 50013 if the bot may not
    connect to that channel.
    """
    return _state(call, call.number("user"))


def _state(call: Call, user_id: int) -> Reply:
    world, guild = call.world, call.guild()
    found = world.voice_states.get((guild.id, user_id))
    if found is None:
        raise refusal(10065)
    if user_id != world.bot.id and found.channel_id is not None:
        require(world, world.bot.id, world.channels[found.channel_id], permissions.CONNECT)
    return Reply(200, rendering.voice_state(world, guild, found))

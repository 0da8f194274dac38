"""REST routes: reactions to messages (Discord's resources/message)."""

from bot.playground.records import payloads
from bot.playground.records.permissions import READ_MESSAGE_HISTORY
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.rest.channels import require_bot
from bot.playground.world import emoji
from bot.playground.world.channels import reactions

_ALL = "/channels/{channel}/messages/{message}/reactions"
_ONE_EMOJI = _ALL + "/{emoji}"

WINDOW_SECONDS = 0.25
"""The rate limit of changing reactions: Discord allows one change in a quarter of a second."""


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    bucket = "take reactions"
    routes.add("GET", _ONE_EMOJI, get_reactions, count=10)
    routes.add("PUT", f"{_ONE_EMOJI}/@me", put_reaction, count=1, seconds=WINDOW_SECONDS)
    for user, handler in (("@me", delete_own_reaction), ("{user}", delete_reaction)):
        path = f"{_ONE_EMOJI}/{user}"
        routes.add("DELETE", path, handler, bucket=bucket, count=1, seconds=WINDOW_SECONDS)
    routes.add("DELETE", _ALL, clear_reactions, count=1, seconds=WINDOW_SECONDS)
    routes.add("DELETE", _ONE_EMOJI, clear_emoji, count=1, seconds=WINDOW_SECONDS)


def get_reactions(call: Call) -> Reply:
    """Returns the users who reacted with one emoji, in the order of their ids.

    The query parameter `type` chooses normal reactions (0, the default) or super reactions (1).
    """
    require_bot(call, READ_MESSAGE_HISTORY)
    limit = call.whole("limit", 25, 1, 100)
    wanted = emoji.parse(call.world, call.path["emoji"])
    message = call.message()
    burst = bool(call.whole("type", 0, 0, 1))
    after = call.bound("after") or 0
    found = reactions.users(message, wanted, burst=burst, after=after, limit=limit)
    return Reply(200, [payloads.user(call.world.users[x]) for x in found])


def put_reaction(call: Call) -> Reply:
    """Adds a reaction of the bot to a message."""
    world = call.world
    require_bot(call)
    wanted = emoji.parse(world, call.path["emoji"])
    reactions.add(world, call.channel(), call.message(), world.bot.id, wanted)
    return Reply()


def delete_own_reaction(call: Call) -> Reply:
    """Removes the bot's own reaction."""
    return _remove(call, call.world.bot.id)


def delete_reaction(call: Call) -> Reply:
    """Removes another user's reaction."""
    return _remove(call, call.number("user"))


def _remove(call: Call, user_id: int) -> Reply:
    world = call.world
    require_bot(call)
    wanted = emoji.parse(world, call.path["emoji"])
    reactions.remove(world, call.channel(), call.message(), world.bot.id, user_id, wanted)
    return Reply()


def clear_reactions(call: Call) -> Reply:
    """Removes all reactions of a message."""
    reactions.clear(call.world, call.channel(), call.message(), call.world.bot.id)
    return Reply()


def clear_emoji(call: Call) -> Reply:
    """Removes all reactions with one emoji."""
    wanted = emoji.parse(call.world, call.path["emoji"])
    reactions.clear(call.world, call.channel(), call.message(), call.world.bot.id, wanted)
    return Reply()

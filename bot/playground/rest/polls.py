"""REST routes: polls (Discord's resources/poll)."""

from bot.playground.records import payloads
from bot.playground.records.permissions import READ_MESSAGE_HISTORY
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.rest.channels import require_bot
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.channels import polls


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    one = "/channels/{channel}/polls/{message}"
    routes.add("GET", f"{one}/answers/{{answer}}", get_voters)
    routes.add("POST", f"{one}/expire", post_expire)


def get_voters(call: Call) -> Reply:
    """Returns the users who voted for one answer, in the order of their ids."""
    require_bot(call, READ_MESSAGE_HISTORY)
    poll = call.message().poll
    if poll is None:
        raise refusal(10008)
    voters = polls.answer(poll, call.number("answer")).voters
    limit, after = call.whole("limit", 25, 1, 100), call.bound("after") or 0
    found = sorted(x for x in voters if x > after)[:limit]
    return Reply(200, {"users": [payloads.user(call.world.users[x]) for x in found]})


def post_expire(call: Call) -> Reply:
    """Ends a poll of the bot before its time."""
    world = call.world
    require_bot(call)
    message = call.message()
    polls.end(world, call.channel(), message, world.bot.id)
    return Reply(200, rendering.message(world, message))

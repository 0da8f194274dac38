"""REST: channels, messages, reactions (Discord's resources/channel and resources/message)."""

from bot.playground.records import payloads, permissions
from bot.playground.records.channels import Message
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.records.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation import fields
from bot.playground.validation.errors import refusal
from bot.playground.world import emoji, rendering
from bot.playground.world.channels import messages, reactions
from bot.playground.world.channels.messages import require
from bot.playground.world.intents import MESSAGE_CONTENT, without_content

_REACTION = "/channels/{channel}/messages/{message}/reactions/{emoji}"


def register(routes: Routes) -> None:
    """Add the routes."""
    routes.add("GET", "/channels/{channel}", get_channel)
    routes.add("GET", "/channels/{channel}/messages", get_messages, count=10)
    routes.add("POST", "/channels/{channel}/messages", post_message, count=5, seconds=5.0)
    routes.add("POST", "/channels/{channel}/typing", post_typing, count=5, seconds=5.0)
    routes.add("POST", "/channels/{channel}/messages/bulk-delete", post_bulk_delete, count=1)
    one = "/channels/{channel}/messages/{message}"
    routes.add("GET", one, get_message)
    routes.add("PATCH", one, patch_message, count=5, seconds=5.0)
    routes.add("DELETE", one, delete_message, count=5)
    slow = 0.25
    routes.add("GET", _REACTION, get_reactions, count=10)
    routes.add("PUT", f"{_REACTION}/@me", put_reaction, count=1, seconds=slow)
    taking = "take reactions"
    routes.add(
        "DELETE", f"{_REACTION}/@me", delete_own_reaction, bucket=taking, count=1, seconds=slow
    )
    routes.add(
        "DELETE", _REACTION + "/{user}", delete_reaction, bucket=taking, count=1, seconds=slow
    )
    routes.add("DELETE", f"{one}/reactions", clear_reactions, count=1, seconds=slow)
    routes.add("DELETE", _REACTION, clear_emoji, count=1, seconds=slow)


def _need(call: Call, *needed: int) -> None:
    require(call.world, call.world.bot.id, call.channel(), *needed)


def _seen(call: Call, message: Message) -> JSON:
    payload = rendering.message(call.world, message)
    if call.world.application.privileged & MESSAGE_CONTENT:
        return payload
    return without_content(call.world, message, payload)


def get_channel(call: Call) -> Reply:
    """A channel the bot can see."""
    _need(call)
    return Reply(200, rendering.channel(call.world, call.channel()))


def get_messages(call: Call) -> Reply:
    """History, newest first; empty without READ_MESSAGE_HISTORY."""
    _need(call)
    channel = call.channel()
    limit = call.whole("limit", 50, 1, 100)
    if not call.world.permissions(call.world.bot.id, channel) & READ_MESSAGE_HISTORY:
        return Reply(200, [])
    found = messages.history(
        channel,
        before=call.bound("before"),
        after=call.bound("after"),
        around=call.bound("around"),
        limit=limit,
    )
    return Reply(200, [_seen(call, x) for x in found])


def get_message(call: Call) -> Reply:
    """One message."""
    _need(call, VIEW_CHANNEL, READ_MESSAGE_HISTORY)
    return Reply(200, _seen(call, call.message()))


def post_message(call: Call) -> Reply:
    """A new message."""
    world = call.world
    body = call.object()
    message = messages.send(world, call.channel(), world.bot.id, body, call.files)
    return Reply(200, rendering.message(world, message))


def patch_message(call: Call) -> Reply:
    """Edit one of the bot's own."""
    world = call.world
    _need(call)
    message = call.message()
    if message.author_id != world.bot.id:
        raise refusal(50005)
    message = messages.edit(world, call.channel(), message, call.object(), call.files)
    return Reply(200, rendering.message(world, message))


def delete_message(call: Call) -> Reply:
    """Delete one: one's own, or with MANAGE_MESSAGES anyone's."""
    _need(call)
    message = call.message()
    if message.author_id != call.world.bot.id:
        _need(call, permissions.MANAGE_MESSAGES)
    messages.delete(call.world, call.channel(), message)
    return Reply()


def post_bulk_delete(call: Call) -> Reply:
    """Delete 2 to 100."""
    _need(call, permissions.MANAGE_MESSAGES)
    found = call.object().get("messages")
    ids = [fields.snowflake(x) for x in found] if isinstance(found, list) else []
    messages.delete_bulk(call.world, call.channel(), [x for x in ids if x is not None])
    return Reply()


def post_typing(call: Call) -> Reply:
    """Show that the bot is writing."""
    _need(call, permissions.SEND_MESSAGES)
    channel = call.channel()
    data = {"channel": str(channel.id), "user": str(call.world.bot.id)}
    call.world.emit(Event("typing", data, channel.guild_id, channel.id))
    return Reply()


def get_reactions(call: Call) -> Reply:
    """Who reacted with one emoji, by id."""
    _need(call, READ_MESSAGE_HISTORY)
    limit = call.whole("limit", 25, 1, 100)
    wanted = emoji.parse(call.world, call.path["emoji"])
    message = call.message()
    if call.whole("type", 0, 0, 1):
        return Reply(200, [])
    found = reactions.users(message, wanted, after=call.bound("after") or 0, limit=limit)
    return Reply(200, [payloads.user(call.world.users[x]) for x in found])


def put_reaction(call: Call) -> Reply:
    """The bot reacts."""
    world = call.world
    _need(call)
    wanted = emoji.parse(world, call.path["emoji"])
    reactions.add(world, call.channel(), call.message(), world.bot.id, wanted)
    return Reply()


def delete_own_reaction(call: Call) -> Reply:
    """The bot takes its reaction back."""
    return _take(call, call.world.bot.id)


def delete_reaction(call: Call) -> Reply:
    """The bot takes someone's reaction away."""
    return _take(call, call.number("user"))


def _take(call: Call, user_id: int) -> Reply:
    world = call.world
    _need(call)
    wanted = emoji.parse(world, call.path["emoji"])
    reactions.remove(world, call.channel(), call.message(), world.bot.id, user_id, wanted)
    return Reply()


def clear_reactions(call: Call) -> Reply:
    """All reactions go."""
    reactions.clear(call.world, call.channel(), call.message(), call.world.bot.id)
    return Reply()


def clear_emoji(call: Call) -> Reply:
    """All reactions of one emoji go."""
    wanted = emoji.parse(call.world, call.path["emoji"])
    reactions.clear(call.world, call.channel(), call.message(), call.world.bot.id, wanted)
    return Reply()

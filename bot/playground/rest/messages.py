"""REST routes: messages of channels (Discord's resources/message)."""

from bot.playground.records import permissions
from bot.playground.records.channels import Message
from bot.playground.records.objects import JSON
from bot.playground.records.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.rest.channels import require_bot
from bot.playground.validation import fields
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.channels import messages
from bot.playground.world.intents import MESSAGE_CONTENT, without_content


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    routes.add("GET", "/channels/{channel}/messages", get_messages, count=10)
    routes.add("POST", "/channels/{channel}/messages", post_message, count=5, seconds=5.0)
    routes.add("POST", "/channels/{channel}/messages/bulk-delete", post_bulk_delete, count=1)
    one = "/channels/{channel}/messages/{message}"
    routes.add("GET", one, get_message)
    routes.add("PATCH", one, patch_message, count=5, seconds=5.0)
    routes.add("DELETE", one, delete_message, count=5)


def _visible(call: Call, message: Message) -> JSON:
    payload = rendering.message(call.world, message)
    if call.world.application.privileged & MESSAGE_CONTENT:
        return payload
    return without_content(call.world, message, payload)


def get_messages(call: Call) -> Reply:
    """Returns messages of a channel, newest first.

    The list is empty if the bot lacks the permission READ_MESSAGE_HISTORY.
    """
    require_bot(call)
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
    return Reply(200, [_visible(call, x) for x in found])


def get_message(call: Call) -> Reply:
    """Returns the message that the path names."""
    require_bot(call, VIEW_CHANNEL, READ_MESSAGE_HISTORY)
    return Reply(200, _visible(call, call.message()))


def post_message(call: Call) -> Reply:
    """Sends a message of the bot."""
    world = call.world
    body = call.object()
    message = messages.send(world, call.channel(), world.bot.id, body, call.files)
    return Reply(200, rendering.message(world, message))


def patch_message(call: Call) -> Reply:
    """Edits one of the bot's own messages.

    Raises ApiError 50005 if somebody else wrote the message.
    """
    world = call.world
    require_bot(call)
    message = call.message()
    if message.author_id != world.bot.id:
        raise refusal(50005)
    message = messages.edit(world, call.channel(), message, call.object(), call.files)
    return Reply(200, rendering.message(world, message))


def delete_message(call: Call) -> Reply:
    """Deletes a message of the bot, or of anybody if the bot has MANAGE_MESSAGES."""
    require_bot(call)
    message = call.message()
    if message.author_id != call.world.bot.id:
        require_bot(call, permissions.MANAGE_MESSAGES)
    messages.delete(call.world, call.channel(), message)
    return Reply()


def post_bulk_delete(call: Call) -> Reply:
    """Deletes 2 to 100 messages of a channel at once."""
    require_bot(call, permissions.MANAGE_MESSAGES)
    found = call.object().get("messages")
    ids = [fields.snowflake(x) for x in found] if isinstance(found, list) else []
    messages.delete_bulk(call.world, call.channel(), [x for x in ids if x is not None])
    return Reply()

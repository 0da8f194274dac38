"""The page's calls about messages and reactions."""

from bot.playground.records import permissions
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON, User
from bot.playground.validation import fields
from bot.playground.web import shown
from bot.playground.web.calls import PageRoute, find_channel, find_message
from bot.playground.world import emoji
from bot.playground.world.channels import messages, reactions
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World


async def get_messages(world: World, person: User, data: JSON) -> list[JSON]:
    """Returns messages of a channel, oldest first."""
    channel = find_channel(world, person, data)
    if not world.permissions(person.id, channel) & permissions.READ_MESSAGE_HISTORY:
        return []
    limit = fields.snowflake(data.get("limit", 50)) or 50
    found = messages.history(
        channel,
        before=fields.snowflake(data.get("before")),
        limit=min(limit, 100),
        reader=person.id,
    )
    return [shown.message(world, x, person.id) for x in reversed(found)]


async def post_message(world: World, person: User, data: JSON) -> JSON:
    """Sends a message of the person.

    `reply` is the id of the message that it answers, if any. `poll` is a poll in the form in which
    Discord takes it, if any.
    """
    channel = find_channel(world, person, data)
    body: JSON = {"content": data.get("content"), "poll": data.get("poll")}
    if data.get("reply") is not None:
        _, answered = find_message(world, person, data | {"message": data["reply"]})
        if answered.visible_to is not None:
            raise refuse("A message that only you can see cannot be answered.")
        body["message_reference"] = {"message_id": str(answered.id)}
    message = messages.send(world, channel, person.id, body, [])
    return shown.message(world, message, person.id)


async def delete_message(world: World, person: User, data: JSON) -> JSON:
    """Deletes the person's own message, or anybody's if the person is a moderator."""
    channel, message = find_message(world, person, data)
    if message.visible_to is not None:
        raise refuse("A message only you can see is dismissed, not deleted.")
    granted = world.permissions(person.id, channel)
    if message.author_id != person.id and not (
        granted & permissions.MANAGE_MESSAGES and channel.guild_id is not None
    ):
        raise refuse("Only moderators delete other people's messages.", 403)
    messages.delete(world, channel, message)
    return {}


async def post_dismiss(world: World, person: User, data: JSON) -> JSON:
    """Hides an ephemeral message from the person, who is the only one to see it."""
    wanted = fields.snowflake(data.get("message")) or 0
    for channel in world.channels.values():
        message = channel.messages.get(wanted)
        if message is not None and message.visible_to == person.id:
            message.dismissed = True
            data = {"channel": str(channel.id), "ids": [str(wanted)]}
            world.emit(Event("dismiss", data, reader=person.id))
            return {}
    raise refuse("There is no such message to hide.", 404)


async def post_reaction(world: World, person: User, data: JSON) -> JSON:
    """Adds a reaction of the person to a message. `burst` makes it a super reaction."""
    channel, message = find_message(world, person, data)
    wanted = emoji.parse(world, str(data.get("emoji")))
    reactions.add(world, channel, message, person.id, wanted, burst=bool(data.get("burst")))
    return {}


async def delete_reaction(world: World, person: User, data: JSON) -> JSON:
    """Removes the person's own reaction: the super reaction if `burst` is set."""
    channel, message = find_message(world, person, data)
    wanted = emoji.parse(world, str(data.get("emoji")))
    burst = bool(data.get("burst"))
    reactions.remove(world, channel, message, person.id, person.id, wanted, burst=burst)
    return {}


async def delete_all_reactions(world: World, person: User, data: JSON) -> JSON:
    """Clears all reactions of a message, or all with one emoji."""
    channel, message = find_message(world, person, data)
    wanted = None if data.get("emoji") is None else emoji.parse(world, str(data["emoji"]))
    reactions.clear(world, channel, message, person.id, wanted)
    return {}


ROUTES: tuple[PageRoute, ...] = (
    ("GET", "/api/messages", get_messages),
    ("POST", "/api/messages", post_message),
    ("DELETE", "/api/messages", delete_message),
    ("POST", "/api/dismiss", post_dismiss),
    ("POST", "/api/reactions", post_reaction),
    ("DELETE", "/api/reactions", delete_reaction),
    ("DELETE", "/api/reactions/all", delete_all_reactions),
)

"""Sends, edits and deletes messages by Discord's rules (resources/message)."""

from datetime import timedelta

from bot.playground.records import permissions
from bot.playground.records.channels import (
    COMPONENTS_V2,
    EPHEMERAL,
    POLL_RESULT,
    Channel,
    Message,
)
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.records.snowflakes import time_of
from bot.playground.validation.errors import ApiError, refusal
from bot.playground.world.channels import drafts, moderation, polls, posting, threads
from bot.playground.world.channels.access import require
from bot.playground.world.channels.drafts import Draft
from bot.playground.world.channels.uploads import Upload
from bot.playground.world.world import World

REPLY = 19

NONCE_KEPT = timedelta(minutes=3)
"""For this time a second message with the same nonce is not sent. Discord says "the past few
minutes"."""


def send(
    world: World,
    channel: Channel,
    author_id: int,
    body: JSON,
    files: list[Upload],
    *,
    id: int | None = None,
) -> Message:
    """Sends a message of a user, or a message of the bot that answers no interaction.

    id: the message's id; None makes a new one.

    Raises ApiError if the author may not send it or a field is wrong.
    """
    if channel.recipient_id is not None and author_id == world.application.bot_id:
        recipient = world.users[channel.recipient_id]
        shared = any(
            {recipient.id, author_id} <= guild.members.keys() for guild in world.guilds.values()
        )
        if not recipient.dms_open or not shared:
            raise refusal(50007)
    threads.require_text(channel)
    require(world, author_id, channel, permissions.sending(channel))
    moderation.require_turn(world, channel, author_id)
    draft = drafts.read(world, body, files)
    moderation.check(world, channel, draft)
    if draft.embeds:
        require(world, author_id, channel, permissions.EMBED_LINKS)
    if draft.attachments:
        require(world, author_id, channel, permissions.ATTACH_FILES)
    if draft.poll is not None:
        require(world, author_id, channel, permissions.SEND_POLLS)
    if draft.reference is not None:
        require(world, author_id, channel, permissions.READ_MESSAGE_HISTORY)
    if draft.nonce is not None and draft.enforce_nonce:
        forgotten = world.clock.now() - NONCE_KEPT
        for earlier in reversed(channel.messages.values()):
            if earlier.timestamp < forgotten:
                break
            if earlier.nonce == draft.nonce and earlier.author_id == author_id:
                return earlier
    reference = draft.reference
    if reference is not None and reference not in channel.messages:
        if (body["message_reference"] or {}).get("fail_if_not_exists", True):
            raise _wrong_reference("Unknown message")
        reference = None
    if reference is not None and channel.messages[reference].kind == POLL_RESULT:
        raise _wrong_reference("Cannot reply to a system message")
    threads.wake(world, channel, author_id)
    moderation.note_turn(world, channel, author_id)
    message = _from_draft(world, channel, author_id, draft, id)
    message.kind = 0 if reference is None else REPLY
    message.reference = reference
    if not world.permissions(author_id, channel) & permissions.MENTION_EVERYONE:
        message.mention_everyone = False
    return posting.post(world, channel, message)


def _wrong_reference(sentence: str) -> ApiError:
    nested = {"_errors": [{"code": 50035, "message": sentence}]}
    return ApiError(400, 50035, "Invalid Form Body", {"message_reference": nested})


def begin_post(
    world: World, forum: Channel, author_id: int, name: str, body: JSON, files: list[Upload]
) -> Channel:
    """Begins a post in a forum: a thread and its first message, which have the same id.

    Raises ApiError if the author may not do so or a field is wrong.
    """
    require(world, author_id, forum, permissions.SEND_MESSAGES)
    drafts.read(world, body, files)  # a wrong message must leave no thread
    thread = threads.begin(world, forum, name, author_id)
    send(world, thread, author_id, body, files, id=thread.id)
    return thread


def respond(
    world: World,
    channel: Channel,
    draft: Draft,
    *,
    kind: int,
    metadata: JSON,
    interaction: JSON | None,
    reader: int,
    flags: int = 0,
    reference: int | None = None,
) -> Message:
    """Sends a message that answers an interaction.

    draft: its content.
    kind: Discord's message type.
    metadata, interaction: the message's fields `interaction_metadata` and, in an older form,
        `interaction`.
    reader: the only user who sees the message if it is ephemeral.
    flags: flags that are added to the draft's.
    reference: id of the message to which it replies, or None.
    """
    moderation.check(world, channel, draft)
    bot = world.application.bot_id
    if draft.poll is not None:
        member = world.permissions(bot, channel)  # nothing where only a person has installed it
        require(world, bot if member else reader, channel, permissions.SEND_POLLS)
    threads.wake(world, channel, bot)
    message = _from_draft(world, channel, bot, draft)
    message.kind = kind
    message.flags |= flags
    message.webhook = True
    message.metadata = metadata
    message.interaction = interaction
    message.reference = reference
    message.visible_to = reader if message.flags & EPHEMERAL else None
    return posting.post(world, channel, message)


def _from_draft(
    world: World, channel: Channel, author_id: int, draft: Draft, id: int | None = None
) -> Message:
    made = id or world.ids.next()
    message = Message(
        made,
        channel.id,
        author_id,
        time_of(made),
        draft.content,
        flags=draft.flags,
        embeds=draft.embeds,
        components=draft.components,
        attachments=draft.attachments,
        mentions=draft.mentions,
        mention_roles=draft.mention_roles,
        mention_everyone=draft.mention_everyone,
        tts=draft.tts,
        nonce=draft.nonce,
        poll=draft.poll,
    )
    polls.await_end(world, channel, message)
    return message


def edit(
    world: World, channel: Channel, message: Message, body: JSON, files: list[Upload]
) -> Message:
    """Edits a message of the bot. The caller must have checked who may edit it.

    Raises ApiError 520003 if it has a poll, 50021 if it tells how a poll ended, 50035 if a field is
    wrong.
    """
    if message.poll is not None:
        raise refusal(520003)
    if message.kind == POLL_RESULT:
        raise refusal(50021)
    draft = drafts.read(world, body, files, existing=message, interaction=message.webhook)
    return apply(world, channel, message, draft, keeps_mentions="content" not in body)


def apply(
    world: World,
    channel: Channel,
    message: Message,
    draft: Draft,
    *,
    keeps_mentions: bool = False,
    edited: bool = True,
) -> Message:
    """Changes a message to the content of `draft` and emits MESSAGE_UPDATE.

    keeps_mentions: True to keep the old mentions, except in a message with COMPONENTS_V2.
    edited: False to keep the time of the last edit.
    """
    moderation.check(world, channel, draft)
    threads.require_active(channel)
    message.content = draft.content
    message.embeds = draft.embeds
    message.components = draft.components
    message.attachments = draft.attachments
    message.flags = draft.flags
    if draft.poll is not None:
        message.poll = draft.poll
        polls.await_end(world, channel, message)
    if not keeps_mentions or message.flags & COMPONENTS_V2:
        message.mentions = draft.mentions
        message.mention_roles = draft.mention_roles
    if edited:
        message.edited = world.clock.now()
    posting.announce_change(world, channel, message)
    return message


def delete(world: World, channel: Channel, message: Message) -> None:
    """Removes one message and emits MESSAGE_DELETE."""
    del channel.messages[message.id]
    data: JSON = {"id": str(message.id), "channel_id": str(channel.id)}
    if channel.guild_id is not None and not message.flags & EPHEMERAL:
        data["guild_id"] = str(channel.guild_id)
    event = Event("MESSAGE_DELETE", data, channel.guild_id, channel.id, message)
    world.emit(event)


def delete_bulk(world: World, channel: Channel, ids: list[int]) -> None:
    """Removes 2 to 100 messages at once.

    Raises ApiError 50016 for another number of messages, 50034 if one is older than two weeks.
    """
    if not 2 <= len(set(ids)) <= 100:
        raise refusal(50016)
    oldest = world.clock.now() - timedelta(days=14)
    if any(time_of(x) < oldest for x in ids):
        raise refusal(50034)
    found = [x for x in ids if x in channel.messages]
    for message_id in found:
        del channel.messages[message_id]
    data: JSON = {"ids": [str(x) for x in found], "channel_id": str(channel.id)}
    if channel.guild_id is not None:
        data["guild_id"] = str(channel.guild_id)
    if found:
        world.emit(Event("MESSAGE_DELETE_BULK", data, channel.guild_id, channel.id))


def history(
    channel: Channel,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = 50,
    reader: int | None = None,
) -> list[Message]:
    """Returns up to `limit` messages of a channel, the latest first.

    before, after: a message's id; only messages that arrived before or after it are returned.
    around: a message's id; the messages before and after it are returned. If the channel does not
        have the message with the given id, ids are compared instead of the order of arrival.
    reader: ephemeral messages are included only if this user sees them.
    """
    seen = [
        x
        for x in channel.messages.values()
        if not x.flags & EPHEMERAL or (x.visible_to == reader and not x.dismissed)
    ]
    places = {x.id: place for place, x in enumerate(seen)}
    if around is not None:
        place = places[around] if around in places else sum(x.id < around for x in seen)
        start = max(0, place - limit // 2)
        return seen[start : start + limit][::-1]
    if after is not None:
        seen = seen[places[after] + 1 :] if after in places else [x for x in seen if x.id > after]
        return seen[:limit][::-1]
    if before is not None:
        seen = seen[: places[before]] if before in places else [x for x in seen if x.id < before]
    return seen[-limit:][::-1]

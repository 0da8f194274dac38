"""Messages as Discord's JSON (reference: message resource).

Every function returns an object with all fields that Discord's published API description requires.
The bot gets attachments from the address of Discord's CDN, the web page from its own address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.records.channels import (
    EPHEMERAL,
    POLL_RESULT,
    Attachment,
    Channel,
    Message,
    Reaction,
)
from bot.playground.records.objects import JSON, Application, User
from bot.playground.records.payloads import user
from bot.playground.records.polls import poll
from bot.playground.records.snowflakes import iso

CDN = "https://cdn.discordapp.com"

BURST_COLORS = ["#f23f42", "#ffb02e"]
"""The colours of a super reaction's animation."""


def emoji(reaction: Reaction) -> JSON:
    """Returns the JSON of a reaction's emoji."""
    payload: JSON = {
        "id": None if reaction.id is None else str(reaction.id),
        "name": reaction.name,
    }
    if reaction.id is not None:
        payload["animated"] = reaction.animated
    return payload


def reactions(message: Message, reader: int) -> list[JSON]:
    """Returns a message's reactions as the user `reader` sees them."""
    return [
        {
            "emoji": emoji(x),
            "count": len(x.users) + len(x.bursts),
            "count_details": {"burst": len(x.bursts), "normal": len(x.users)},
            "burst_colors": BURST_COLORS if x.bursts else [],
            "me_burst": reader in x.bursts,
            "burst_me": reader in x.bursts,
            "burst_count": len(x.bursts),
            "me": reader in x.users,
        }
        for x in message.reactions
    ]


def attachment(message: Message, attachment: Attachment, files: str) -> JSON:
    """Returns the JSON of a file of a message.

    files: the address below which attachments are found, without a slash at the end.
    """
    url = f"{files}/attachments/{message.channel_id}/{attachment.id}/{attachment.filename}"
    payload: JSON = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.data),
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }
    if attachment.description is not None:
        payload["description"] = attachment.description
    if attachment.width is not None and attachment.height is not None:
        payload |= {"width": attachment.width, "height": attachment.height}
    if message.flags & EPHEMERAL:
        payload["ephemeral"] = True
    return payload


def option_file(channel_id: int, file: Attachment) -> JSON:
    """Returns the JSON of a file that somebody chose for an option of a command.

    It is not part of a message. The bot gets it from the CDN (Discord's documentation,
    interactions/receiving-and-responding, "Resolved Data Structure").
    """
    url = f"{CDN}/ephemeral-attachments/{channel_id}/{file.id}/{file.filename}"
    return {
        "id": str(file.id),
        "filename": file.filename,
        "size": len(file.data),
        "url": url,
        "proxy_url": url,
        "content_type": file.content_type,
        "ephemeral": True,
    }


@dataclass(frozen=True, slots=True)
class MessageContext:
    """The records that are needed to write a message as JSON.

    Attributes:
        application: the application whose bot writes messages.
        users: users by id; authors and mentioned users are among them.
        channels: channels by id; the message's channel is needed if it replies to a message.
        reader: the user who sees the message.
        files: the address below which attachments are found, without a slash at the end.
    """

    application: Application
    users: Mapping[int, User]
    channels: Mapping[int, Channel]
    reader: int
    files: str = CDN


def message(context: MessageContext, message_: Message, *, nested: bool = False) -> JSON:
    """Returns a message's JSON as `context.reader` gets it.

    nested: True to leave out the reactions, and the message to which this one replies.
    """
    application, users, files = context.application, context.users, context.files
    payload: JSON = {
        "id": str(message_.id),
        "channel_id": str(message_.channel_id),
        "type": message_.kind,
        "author": user(users[message_.author_id]),
        "content": message_.content,
        "timestamp": iso(message_.timestamp),
        "edited_timestamp": None if message_.edited is None else iso(message_.edited),
        "flags": message_.flags,
        "tts": message_.tts,
        "pinned": False,
        "mention_everyone": message_.mention_everyone,
        "mentions": [user(users[x]) for x in message_.mentions],
        "mention_roles": [str(x) for x in message_.mention_roles],
        "attachments": [attachment(message_, x, files) for x in message_.attachments],
        "embeds": linked(message_.embeds, message_, files),
        "components": linked(message_.components, message_, files),
    }
    if message_.reactions and not nested:
        payload["reactions"] = reactions(message_, context.reader)
    if message_.nonce is not None:
        payload["nonce"] = message_.nonce
    if message_.webhook:
        payload["application_id"] = str(application.id)
        payload["webhook_id"] = str(application.id)
    elif message_.author_id == application.bot_id:
        payload["application_id"] = str(application.id)
    if message_.metadata is not None:
        payload["interaction_metadata"] = message_.metadata
    if message_.interaction is not None:
        payload["interaction"] = message_.interaction
    if message_.poll is not None:
        payload["poll"] = poll(message_.poll, context.reader)
    if message_.reference is not None:
        payload |= _reference(context, message_, message_.reference, nested=nested)
    return payload


def _reference(context: MessageContext, message_: Message, target: int, *, nested: bool) -> JSON:
    channel = context.channels[message_.channel_id]
    reference: JSON = {"type": 0, "channel_id": str(channel.id), "message_id": str(target)}
    if channel.guild_id is not None:
        reference["guild_id"] = str(channel.guild_id)
    if nested or message_.kind == POLL_RESULT:
        return {"message_reference": reference}
    found = channel.messages.get(target)
    referenced = None if found is None else message(context, found, nested=True)
    return {"message_reference": reference, "referenced_message": referenced}


def linked(node: Any, message_: Message, files: str) -> Any:
    """Returns embeds or components in which each file name is replaced by the file's address.

    A file name is written `attachment://name`.

    node: the embeds or components.
    message_: the message with the files.
    files: the address below which attachments are found, without a slash at the end.
    """
    if isinstance(node, list):
        return [linked(x, message_, files) for x in node]
    if not isinstance(node, dict):
        return node
    result = {key: linked(value, message_, files) for key, value in node.items()}
    url = result.get("url")
    if isinstance(url, str) and url.startswith("attachment://"):
        for file in message_.attachments:
            if file.filename == url.removeprefix("attachment://"):
                address = attachment(message_, file, files)["url"]
                result["url"] = address
                if "proxy_url" in result:
                    result["proxy_url"] = address
                if "content_type" in result:
                    result |= {"content_type": file.content_type, "attachment_id": str(file.id)}
                    result |= {"width": file.width, "height": file.height}
    return result

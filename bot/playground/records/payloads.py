"""The world's records as Discord's JSON (reference: user, guild, channel, message resources).

Every function gives a whole object as Discord's description requires it. `files` is the address
attachments are found under: the bot is told Discord's, the page its own.
"""

from typing import TYPE_CHECKING, Any

from bot.playground.records.objects import (
    DM,
    EPHEMERAL,
    JSON,
    Attachment,
    Channel,
    Emoji,
    Guild,
    Member,
    Message,
    Reaction,
    Role,
    User,
)
from bot.playground.records.snowflakes import iso

if TYPE_CHECKING:
    from bot.playground.world.world import World

CDN = "https://cdn.discordapp.com"

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes of one uploaded file."""


def user(user: User) -> JSON:
    """A user as others see them."""
    payload: JSON = {
        "id": str(user.id),
        "username": user.username,
        "discriminator": "0001" if user.bot else "0",
        "global_name": user.global_name,
        "avatar": None,
        "banner": None,
        "accent_color": int(user.accent[1:], 16),
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    if user.bot:
        payload["bot"] = True
    return payload


def own_user(user_: User) -> JSON:
    """A user as they see themselves."""
    return user(user_) | {
        "mfa_enabled": True,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


def partial_member(member: Member) -> JSON:
    """A member without the user, as messages carry them."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": iso(member.joined_at),
        "nick": member.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role_id) for role_id in member.roles],
        "mute": False,
        "deaf": False,
    }


def member(world: "World", member: Member) -> JSON:
    """A member with the user."""
    return partial_member(member) | {"user": user(world.users[member.user_id])}


def role(role: Role) -> JSON:
    """A role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def guild_emoji(world: "World", emoji: Emoji) -> JSON:
    """A guild's own emoji."""
    return {
        "id": str(emoji.id),
        "name": emoji.name,
        "roles": [],
        "require_colons": True,
        "managed": False,
        "animated": emoji.animated,
        "available": True,
        "user": user(world.bot),
    }


def channel(world: "World", channel: Channel) -> JSON:
    """A guild's channel, or a direct message as the bot sees it."""
    last = next(reversed(channel.messages), None)
    payload: JSON = {
        "id": str(channel.id),
        "type": channel.kind,
        "last_message_id": None if last is None else str(last),
        "flags": 0,
    }
    if channel.kind == DM:
        recipient = world.users[channel.recipient_id or 0]
        return payload | {"recipients": [user(recipient)]}
    return payload | {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "topic": channel.topic,
        "position": channel.position,
        "permission_overwrites": [
            {"id": str(x.id), "type": x.kind, "allow": str(x.allow), "deny": str(x.deny)}
            for x in channel.overwrites.values()
        ],
        "nsfw": channel.nsfw,
        "last_pin_timestamp": None,
    }


def guild(world: "World", guild: Guild) -> JSON:
    """A guild, without its channels and members."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": str(guild.owner_id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role(x) for x in guild.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [guild_emoji(world, x) for x in guild.emojis.values()],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create(world: "World", guild_: Guild) -> JSON:
    """A guild as the gateway introduces it to a bot without the members and presences intents."""
    own = guild_.members[world.application.bot_id]
    return guild(world, guild_) | {
        "joined_at": iso(own.joined_at),
        "large": len(guild_.members) > 250,
        "unavailable": False,
        "member_count": len(guild_.members),
        "voice_states": [],
        "members": [member(world, own)],
        "channels": [
            {k: v for k, v in channel(world, world.channels[x]).items() if k != "guild_id"}
            for x in guild_.channels
        ],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def emoji(reaction: Reaction) -> JSON:
    """The emoji of a reaction."""
    payload: JSON = {
        "id": None if reaction.id is None else str(reaction.id),
        "name": reaction.name,
    }
    if reaction.id is not None:
        payload["animated"] = reaction.animated
    return payload


def reactions(message: Message, reader: int) -> list[JSON]:
    """A message's reactions as one user sees them."""
    return [
        {
            "emoji": emoji(x),
            "count": len(x.users),
            "count_details": {"burst": 0, "normal": len(x.users)},
            "burst_colors": [],
            "me_burst": False,
            "burst_me": False,
            "burst_count": 0,
            "me": reader in x.users,
        }
        for x in message.reactions
    ]


def attachment(message: Message, attachment: Attachment, files: str = CDN) -> JSON:
    """A file on a message."""
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


def message(
    world: "World",
    message_: Message,
    reader: int | None = None,
    *,
    files: str = CDN,
    nested: bool = False,
) -> JSON:
    """A message as `reader` (the bot unless given) sees it; `nested` leaves out what it answers."""
    reader = world.application.bot_id if reader is None else reader
    payload: JSON = {
        "id": str(message_.id),
        "channel_id": str(message_.channel_id),
        "type": message_.kind,
        "author": user(world.users[message_.author_id]),
        "content": message_.content,
        "timestamp": iso(message_.timestamp),
        "edited_timestamp": None if message_.edited is None else iso(message_.edited),
        "flags": message_.flags,
        "tts": message_.tts,
        "pinned": False,
        "mention_everyone": message_.mention_everyone,
        "mentions": [user(world.users[x]) for x in message_.mentions],
        "mention_roles": [str(x) for x in message_.mention_roles],
        "attachments": [attachment(message_, x, files) for x in message_.attachments],
        "embeds": linked(message_.embeds, message_, files),
        "components": linked(message_.components, message_, files),
    }
    if message_.reactions and not nested:
        payload["reactions"] = reactions(message_, reader)
    if message_.nonce is not None:
        payload["nonce"] = message_.nonce
    if message_.webhook:
        payload["application_id"] = str(world.application.id)
        payload["webhook_id"] = str(world.application.id)
    elif message_.author_id == world.application.bot_id:
        payload["application_id"] = str(world.application.id)
    if message_.metadata is not None:
        payload["interaction_metadata"] = message_.metadata
    if message_.interaction is not None:
        payload["interaction"] = message_.interaction
    if message_.reference is not None:
        _refer(world, payload, message_, message_.reference, reader, files, nested)
    return payload


def _refer(
    world: "World",
    payload: JSON,
    message_: Message,
    target: int,
    reader: int,
    files: str,
    nested: bool,
) -> None:
    channel_ = world.channels[message_.channel_id]
    payload["message_reference"] = {
        "type": 0,
        "channel_id": str(channel_.id),
        "message_id": str(target),
    }
    if channel_.guild_id is not None:
        payload["message_reference"]["guild_id"] = str(channel_.guild_id)
    if not nested:
        found = channel_.messages.get(target)
        payload["referenced_message"] = (
            None if found is None else message(world, found, reader, files=files, nested=True)
        )


def linked(node: Any, message_: Message, files: str) -> Any:
    """Embeds or components with `attachment://name` turned into the file's address."""
    if isinstance(node, list):
        return [linked(x, message_, files) for x in node]
    if not isinstance(node, dict):
        return node
    result = {key: linked(value, message_, files) for key, value in node.items()}
    url = result.get("url")
    if isinstance(url, str) and url.startswith("attachment://"):
        for file in message_.attachments:
            if file.filename == url.removeprefix("attachment://"):
                known = attachment(message_, file, files)
                result["url"] = known["url"]
                if "proxy_url" in result:
                    result["proxy_url"] = known["url"]
                if "content_type" in result:
                    result |= {"content_type": file.content_type, "attachment_id": str(file.id)}
                    result |= {"width": file.width, "height": file.height}
    return result

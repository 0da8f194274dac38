"""Users, guilds and channels as Discord's JSON (reference: user, guild and channel resources).

Every function returns an object with all fields that Discord's published API description requires.
Messages are in `message_payloads.py`.
"""

from collections.abc import Iterable

from bot.playground.records.channels import DM, FORUM, VOICE, Channel, ThreadState
from bot.playground.records.objects import JSON, Emoji, Guild, Member, Role, User
from bot.playground.records.snowflakes import iso, time_of


def user(user: User) -> JSON:
    """Returns a user's JSON as other users get it."""
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
    """Returns a user's JSON with the fields that only this user gets (`/users/@me`)."""
    return user(user_) | {
        "mfa_enabled": True,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


def partial_member(member: Member) -> JSON:
    """Returns a member's JSON without the field `user`, as in a message's field `member`."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": (
            None if member.timed_out_until is None else iso(member.timed_out_until)
        ),
        "flags": 0,
        "joined_at": iso(member.joined_at),
        "nick": member.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role_id) for role_id in member.roles],
        "mute": False,
        "deaf": False,
    }


def member(member: Member, user_: User) -> JSON:
    """Returns a member's JSON with the field `user`."""
    return partial_member(member) | {"user": user(user_)}


def role(role: Role) -> JSON:
    """Returns a role's JSON."""
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


def guild_emoji(emoji: Emoji, creator: User) -> JSON:
    """Returns the JSON of an emoji that belongs to a guild.

    creator: the user who added it.
    """
    return {
        "id": str(emoji.id),
        "name": emoji.name,
        "roles": [],
        "require_colons": True,
        "managed": False,
        "animated": emoji.animated,
        "available": True,
        "user": user(creator),
    }


def channel(channel: Channel, recipient: User | None = None) -> JSON:
    """Returns the JSON of a guild's channel, or of the bot's direct message with `recipient`.

    `recipient` is None for a guild's channel.
    """
    last = next(reversed(channel.messages), None)
    payload: JSON = {
        "id": str(channel.id),
        "type": channel.kind,
        "last_message_id": None if last is None else str(last),
        "flags": 0,
    }
    if channel.kind == DM:
        return payload | {"recipients": [] if recipient is None else [user(recipient)]}
    if channel.thread is not None:
        return payload | _thread(channel, channel.thread)
    if channel.kind == FORUM:
        payload |= {"available_tags": [], "default_reaction_emoji": None}
        payload |= {"default_sort_order": None, "default_forum_layout": 0}
    if channel.kind == VOICE:
        payload |= {"bitrate": 64000, "user_limit": channel.user_limit, "rtc_region": None}
    return payload | {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "parent_id": None,
        "rate_limit_per_user": channel.slow_seconds,
        "topic": channel.topic,
        "position": channel.position,
        "permission_overwrites": [
            {"id": str(x.id), "type": x.kind, "allow": str(x.allow), "deny": str(x.deny)}
            for x in channel.overwrites.values()
        ],
        "nsfw": channel.nsfw,
        "last_pin_timestamp": None,
    }


def _thread(channel: Channel, state: ThreadState) -> JSON:
    begun = iso(time_of(channel.id))
    return {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "parent_id": str(channel.parent_id),
        "owner_id": str(state.owner_id),
        "rate_limit_per_user": channel.slow_seconds,
        "message_count": len(channel.messages),
        "total_message_sent": len(channel.messages),
        "member_count": len(state.members),
        "thread_metadata": {
            "archived": state.archived,
            "archive_timestamp": iso(state.changed),
            "auto_archive_duration": state.archive_minutes,
            "locked": state.locked,
            "create_timestamp": begun,
        },
    }


def guild(guild: Guild, emoji_creator: User) -> JSON:
    """Returns a guild's JSON without its channels and members.

    emoji_creator: the user who added the guild's own emoji.
    """
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
        "emojis": [guild_emoji(x, emoji_creator) for x in guild.emojis.values()],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create(
    guild_: Guild, bot: User, channels: Iterable[Channel], threads: Iterable[Channel]
) -> JSON:
    """Returns the data of GUILD_CREATE, for a bot without the members and presences intents.

    bot: a member of the guild.
    channels: the guild's channels, in order.
    threads: the threads that the bot sees and that are not archived.
    """
    own = guild_.members[bot.id]
    return guild(guild_, bot) | {
        "joined_at": iso(own.joined_at),
        "large": len(guild_.members) > 250,
        "unavailable": False,
        "member_count": len(guild_.members),
        "voice_states": [],
        "members": [member(own, bot)],
        "channels": [{k: v for k, v in channel(x).items() if k != "guild_id"} for x in channels],
        "threads": [channel(x) for x in threads],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }

"""Computes the permissions of users from roles and channel overwrites.

The rules are from Discord's topics/permissions.
"""

from bot.playground.records.channels import Channel
from bot.playground.records.objects import Guild

CREATE_INSTANT_INVITE = 1 << 0
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
SEND_TTS_MESSAGES = 1 << 12
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_EXTERNAL_EMOJIS = 1 << 18
CONNECT = 1 << 20
SPEAK = 1 << 21
MOVE_MEMBERS = 1 << 24
USE_VAD = 1 << 25
CHANGE_NICKNAME = 1 << 26
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_EVENTS = 1 << 33
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38
MODERATE_MEMBERS = 1 << 40
CREATE_EVENTS = 1 << 44
SEND_POLLS = 1 << 49
USE_EXTERNAL_APPS = 1 << 50
BYPASS_SLOWMODE = 1 << 52

ALL = (1 << 53) - 1

EVERYONE = (
    CREATE_INSTANT_INVITE
    | ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | CONNECT
    | SPEAK
    | USE_VAD
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
    | CREATE_EVENTS
    | SEND_POLLS
    | USE_EXTERNAL_APPS
)
"""The permissions of @everyone in a new guild."""

IN_DM = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | MENTION_EVERYONE
    | USE_EXTERNAL_EMOJIS
    | USE_APPLICATION_COMMANDS
    | SEND_POLLS
)
"""The permissions of the person and of the bot in a direct message."""

FOR_USER_APPS = ATTACH_FILES | EMBED_LINKS | MENTION_EVERYONE | USE_EXTERNAL_EMOJIS
"""The permissions of an application in a guild where only a user has installed it."""

IN_TIME_OUT = VIEW_CHANNEL | READ_MESSAGE_HISTORY
"""The permissions that a member keeps during a time-out."""

_NEED_SENDING = MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS


def sending(channel: Channel) -> int:
    """Returns the permission (a bit) that a user needs to send messages to this kind of channel."""
    return SEND_MESSAGES if channel.thread is None else SEND_MESSAGES_IN_THREADS


def in_guild(guild: Guild, user_id: int) -> int:
    """Returns a user's permissions in a guild, as a bit set; 0 if they are no member.

    Channels may change these (channel overwrites).
    """
    member = guild.members.get(user_id)
    if member is None:
        return 0
    if guild.owner_id == user_id:
        return ALL
    granted = guild.roles[guild.id].permissions
    for role_id in member.roles:
        granted |= guild.roles[role_id].permissions
    return ALL if granted & ADMINISTRATOR else granted


def in_channel(guild: Guild, channel: Channel, user_id: int) -> int:
    """Returns a user's permissions in a channel, as a bit set; 0 if they cannot see it."""
    granted = in_guild(guild, user_id)
    if granted == ALL or user_id not in guild.members:
        return granted
    overwrites = channel.overwrites
    everyone = overwrites.get(guild.id)
    if everyone is not None:
        granted = granted & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in guild.members[user_id].roles:
        if role_id in overwrites:
            allow |= overwrites[role_id].allow
            deny |= overwrites[role_id].deny
    granted = granted & ~deny | allow
    own = overwrites.get(user_id)
    if own is not None:
        granted = granted & ~own.deny | own.allow
    if not granted & VIEW_CHANNEL:
        return 0
    if not granted & SEND_MESSAGES:
        granted &= ~_NEED_SENDING
    return granted

"""The users, guilds and roles of the local Discord, and its one application.

These are mutable dataclasses without rules. `payloads.py` turns them into Discord's JSON, and
`world/state.py` keeps them all. Channels and messages are in `channels.py`, interactions in
`interactions.py`, events in `events.py`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

JSON = dict[str, Any]
"""A JSON object in Discord's own shape."""


@dataclass(slots=True)
class User:
    """A pretend person, or the bot.

    Attributes:
        id: the user's snowflake.
        username: the unique name, in lower case.
        global_name: the name other people see, or None to show the username.
        bot: True for users who are no pretend people: the bot, and an owner of the application who
            is never shown.
        accent: the colour of the user's picture on the page, as `#rrggbb`.
        dms_open: False if the user accepts no direct messages from the bot.
    """

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    accent: str = "#5865f2"
    dms_open: bool = True


@dataclass(slots=True)
class Role:
    """A role of a guild.

    Attributes:
        id: the role's snowflake; @everyone has the guild's id.
        name: the role's name.
        permissions: the granted permissions, as a bit set.
        position: the place in the guild's list; higher roles come later.
    """

    id: int
    name: str
    permissions: int
    position: int = 0


@dataclass(slots=True)
class Member:
    """A user's membership of a guild.

    Attributes:
        user_id: the user.
        joined_at: when the user joined, aware, UTC.
        roles: ids of the member's roles, without @everyone.
        nick: the name in this guild, or None to show the user's own name.
        timed_out_until: until when the member may only read, aware, UTC; None without a time-out.
    """

    user_id: int
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: datetime | None = None


@dataclass(slots=True)
class Emoji:
    """An emoji that belongs to a guild.

    Attributes:
        id: the emoji's snowflake.
        name: the name between the colons.
        animated: True if the picture moves.
    """

    id: int
    name: str
    animated: bool = False


@dataclass(slots=True)
class Guild:
    """A server.

    Attributes:
        id: the guild's snowflake.
        name: the guild's name.
        owner_id: the user who owns the guild.
        roles: roles by id, @everyone included.
        members: members by user id.
        channels: ids of the guild's channels, in the order of their creation.
        emojis: the guild's own emoji by id.
        locale: the guild's preferred locale.
        blocked_words: words for which its automatic moderation (AutoMod) refuses a message.
        available: False during an outage that hides the guild from the bot.
    """

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: list[int] = field(default_factory=list)
    emojis: dict[int, Emoji] = field(default_factory=dict)
    locale: str = "en-US"
    blocked_words: set[str] = field(default_factory=set)
    available: bool = True


@dataclass(slots=True)
class Application:
    """The one application of a local Discord.

    Attributes:
        id: the application's snowflake.
        name: the application's name.
        bot_id: the user id of its bot.
        owner_id: the user who owns the application.
        description: the text of the application's profile.
        privileged: the privileged intents that the application may use, as a bit set.
        interactions_endpoint_url: always None, because interactions come over the gateway.
    """

    id: int
    name: str
    bot_id: int
    owner_id: int
    description: str = ""
    privileged: int = 0
    interactions_endpoint_url: str | None = None

"""What a world is made of: users, guilds, members, roles, channels, messages, reactions.

Plain records of the local Discord's state; `payloads.py` turns them into Discord's JSON and
`world.py` holds them together. They change in place, as the things they stand for do.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

JSON = dict[str, Any]
"""A JSON object in Discord's own shape."""

TEXT = 0
DM = 1

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


@dataclass(slots=True)
class User:
    """Someone, or the bot; `accent` colours the page's picture of them."""

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    accent: str = "#5865f2"
    dms_open: bool = True


@dataclass(slots=True)
class Role:
    """A role; the one whose id is the guild's is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 0


@dataclass(slots=True)
class Overwrite:
    """Permissions of a role (kind 0) or member (kind 1) in one channel."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Member:
    """A user's place in a guild."""

    user_id: int
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True)
class Emoji:
    """A guild's own emoji."""

    id: int
    name: str
    animated: bool = False


@dataclass(slots=True)
class Guild:
    """A server."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: list[int] = field(default_factory=list)
    emojis: dict[int, Emoji] = field(default_factory=dict)
    locale: str = "en-US"


@dataclass(slots=True)
class Attachment:
    """A file on a message, its bytes included."""

    id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Reaction:
    """One emoji on a message and who put it there, in order."""

    name: str
    id: int | None = None
    animated: bool = False
    users: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """A message; `visible_to` names the one reader of an ephemeral one."""

    id: int
    channel_id: int
    author_id: int
    timestamp: datetime
    content: str = ""
    kind: int = 0
    flags: int = 0
    edited: datetime | None = None
    embeds: list[JSON] = field(default_factory=list)
    components: list[JSON] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    tts: bool = False
    nonce: str | int | None = None
    reference: int | None = None
    webhook: bool = False
    metadata: JSON | None = None
    interaction: JSON | None = None
    visible_to: int | None = None
    dismissed: bool = False


@dataclass(slots=True)
class Channel:
    """A guild's text channel, or a direct message with `recipient_id` (the bot's side is ours)."""

    id: int
    kind: int
    name: str = ""
    guild_id: int | None = None
    recipient_id: int | None = None
    topic: str | None = None
    nsfw: bool = False
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)


@dataclass(slots=True)
class Application:
    """The one application of the world; `privileged` is the mask of approved privileged intents."""

    id: int
    name: str
    bot_id: int
    owner_id: int
    description: str = ""
    privileged: int = 0
    interactions_endpoint_url: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `name` is the gateway's; names in lower case are the page's own.

    `data` is the whole gateway payload; `message` and `reader` help to address it.
    """

    name: str
    data: JSON
    guild_id: int | None = None
    channel_id: int | None = None
    message: Message | None = None
    reader: int | None = None


WAITING, THINKING, DONE, FAILED = "waiting", "thinking", "done", "failed"


@dataclass(eq=False)
class Interaction:
    """One interaction and how far it has come. `started` is on the monotonic clock, seconds."""

    id: int
    token: str
    kind: int
    user_id: int
    channel: Channel
    data: JSON
    metadata: JSON
    started: float
    name: str = ""
    message: Message | None = None
    command_type: int = 1
    state: str = WAITING
    error: str | None = None
    first_response_ms: float | None = None
    answer: int | None = None
    original_id: int | None = None
    choices: list[JSON] | None = None
    modal: JSON | None = None
    followups: list[int] = field(default_factory=list)
    change: asyncio.Event = field(default_factory=asyncio.Event)
    deadline: asyncio.TimerHandle | None = None

    @property
    def original(self) -> Message | None:
        """The message that `@original` means; None where there is none (any more)."""
        if self.original_id is None:
            return None
        return self.channel.messages.get(self.original_id)

    def age(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started

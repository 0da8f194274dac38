"""Channels and what they hold: messages, their files and reactions, permission overwrites."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.playground.records.objects import JSON
from bot.playground.records.polls import Poll

TEXT = 0
DM = 1
VOICE = 2
PUBLIC_THREAD = 11
PRIVATE_THREAD = 12
FORUM = 15

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

POLL_RESULT = 46
"""The type of the message that tells how a poll ended."""

FILE_LIMIT_BYTES = 10 * 1024 * 1024
"""The size in bytes of the largest file that may be uploaded."""


@dataclass(slots=True)
class Overwrite:
    """Permissions that a role or member has in one channel.

    Attributes:
        id: the role's or user's id.
        kind: 0 for a role, 1 for a member.
        allow: permissions granted in the channel, as a bit set.
        deny: permissions taken away in the channel, as a bit set.
    """

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Attachment:
    """A file on a message.

    Attributes:
        id: the attachment's snowflake.
        filename: the name, reduced to letters, digits and `._-`.
        content_type: the MIME type, guessed from the name.
        data: the file's bytes.
        description: the alternative text, or None.
        width: the picture's width in pixels, or None if the file is no PNG picture.
        height: the picture's height in pixels, or None if the file is no PNG picture.
    """

    id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Reaction:
    """The reactions with one emoji under a message.

    Attributes:
        name: the emoji itself, or the name of a guild's emoji.
        id: the guild emoji's id, or None for a Unicode emoji.
        animated: True if a guild's emoji moves.
        users: ids of the users who reacted, in the order of their reactions.
        bursts: ids of the users who sent a super reaction (Discord's "burst"), in the order of
            their reactions. A user may be in both.
    """

    name: str
    id: int | None = None
    animated: bool = False
    users: dict[int, None] = field(default_factory=dict)
    bursts: dict[int, None] = field(default_factory=dict)

    def of(self, *, burst: bool) -> dict[int, None]:
        """Returns the ids of the users who reacted in one way.

        burst: True for those with a super reaction, False for those with a normal one.
        """
        return self.bursts if burst else self.users


@dataclass(slots=True)
class Message:
    """A message of a channel.

    Attributes:
        id: the message's snowflake.
        channel_id: the channel it is in.
        author_id: the user who wrote it.
        timestamp: when it was written, aware, UTC.
        content: the text.
        kind: Discord's message type: 0 plain, 19 reply, 20 and 23 answers to commands, 46 the end
            of a poll.
        flags: Discord's message flags, as a bit set.
        edited: when it was last edited, or None if it never was.
        embeds: the embeds in Discord's form.
        components: the components in Discord's form, each with its number as `id`.
        attachments: the files.
        reactions: the reactions, in the order of their first appearance.
        mentions: ids of the users it mentions.
        mention_roles: ids of the roles it mentions.
        mention_everyone: True if it mentions everyone.
        tts: True if it is to be read aloud.
        nonce: a text or number that the sender chose to recognise the message; None without one.
        reference: id of the message it replies to, or whose poll has ended; None without one.
        webhook: True if it answers an interaction.
        metadata: the field `interaction_metadata`, or None if it answers no interaction.
        interaction: the field `interaction`, an older form of the metadata; None without one.
        visible_to: the only user who sees an ephemeral message, or None if everyone sees it.
        dismissed: True if the user in `visible_to` has hidden the ephemeral message.
        poll: its poll, or None.
    """

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
    poll: Poll | None = None


@dataclass(slots=True)
class ThreadState:
    """What a thread has in addition to the attributes of every channel.

    Attributes:
        owner_id: the user who began it.
        changed: when it was begun, archived or taken out of the archive, aware, UTC.
        archived: True if it is in the archive; a message takes it out again.
        locked: True if only people who may manage threads can take it out of the archive.
        archive_minutes: after how many minutes without a message it goes into the archive.
        members: ids of the users in it; only they see a private thread.
    """

    owner_id: int
    changed: datetime
    archived: bool = False
    locked: bool = False
    archive_minutes: int = 1440
    members: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class Channel:
    """A channel: a guild's text or voice channel, forum or thread, or a person's direct messages.

    Attributes:
        id: the channel's snowflake.
        kind: `TEXT`, `VOICE`, `FORUM`, `PUBLIC_THREAD`, `PRIVATE_THREAD` or `DM`.
        name: the channel's name; empty for a direct message.
        guild_id: the guild, or None for a direct message.
        recipient_id: the person of a direct message, or None in a guild.
        topic: the text below the channel's name, or None.
        nsfw: True if the channel is age-restricted.
        position: the channel's place in the guild's list of channels.
        overwrites: permission overwrites by role or user id.
        messages: messages by id, in the order of their arrival.
        parent_id: the channel that a thread is in; None for other channels.
        thread: what only a thread has; None for other channels.
        slow_seconds: the seconds between two messages of one person (slow mode); 0 without it.
        spoke: when each person last wrote, by user id; kept while there is slow mode.
        user_limit: how many people may be in a voice channel at once; 0 for any number.
    """

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
    parent_id: int | None = None
    thread: ThreadState | None = None
    slow_seconds: int = 0
    spoke: dict[int, datetime] = field(default_factory=dict)
    user_limit: int = 0

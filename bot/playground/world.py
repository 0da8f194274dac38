"""The state of a local Discord: who and what exists, and who is told when it changes.

Everything is in memory. The functions of `messages.py`, `reactions.py` and `interactions.py`
act on a world; the gateway and the page listen to it through `subscribe`. Tests build their own
worlds with the methods here, which tell the listeners what a real change would tell them.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.playground import payloads, permissions
from bot.playground.errors import refusal
from bot.playground.objects import (
    DM,
    JSON,
    TEXT,
    Application,
    Channel,
    Emoji,
    Event,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    User,
)
from bot.playground.snowflakes import Snowflakes, WorldClock, snowflake_at

if TYPE_CHECKING:
    from bot.playground.interactions import Interaction

logger = logging.getLogger(__name__)

TOKEN = "playground"
"""The bot token every new world accepts."""

Listener = Callable[[Event], None]


@dataclass(slots=True)
class Fault:
    """An answer to give instead of the true one, `left` times more."""

    method: str
    path: re.Pattern[str]
    status: int
    body: JSON
    left: int


@dataclass
class World:
    """A local Discord with one application in it. `open_world` makes one."""

    application: Application
    clock: WorldClock
    ids: Snowflakes
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    commands: dict[int, JSON] = field(default_factory=dict)
    command_creates: dict[tuple[date, int], int] = field(default_factory=dict)
    interactions: dict[int, "Interaction"] = field(default_factory=dict)
    interaction_tokens: dict[str, "Interaction"] = field(default_factory=dict)
    unsupported: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    bot_online: bool = False
    identifies: int = 0
    _listeners: list[Listener] = field(default_factory=list)

    # --- listening ---------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` told every event; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, event: Event) -> None:
        """Tell every listener, in the order of their coming."""
        for listener in list(self._listeners):
            listener(event)

    def set_online(self, online: bool) -> None:
        """The bot has come or gone."""
        if online != self.bot_online:
            self.bot_online = online
            self.emit(Event("bot", {"online": online}))

    def miss(self, what: str) -> None:
        """The bot asked for something the local Discord does not have: say so loudly."""
        self.unsupported.append(what)
        logger.warning("THE LOCAL DISCORD DOES NOT SUPPORT: %s", what)

    # --- looking up --------------------------------------------------------------------------

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.users[self.application.bot_id]

    def guild(self, guild_id: int) -> Guild:
        """A guild, or 10004."""
        if guild_id not in self.guilds:
            raise refusal(10004)
        return self.guilds[guild_id]

    def channel(self, channel_id: int) -> Channel:
        """A channel, or 10003."""
        if channel_id not in self.channels:
            raise refusal(10003)
        return self.channels[channel_id]

    def user(self, user_id: int) -> User:
        """A user, or 10013."""
        if user_id not in self.users:
            raise refusal(10013)
        return self.users[user_id]

    def message(self, channel_id: int, message_id: int) -> Message:
        """A message, or 10008."""
        found = self.channel(channel_id).messages.get(message_id)
        if found is None:
            raise refusal(10008)
        return found

    def guild_of(self, channel: Channel) -> Guild | None:
        """The guild a channel is in; None for a direct message."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def permissions(self, user_id: int, channel: Channel) -> int:
        """What a user may do in a channel; 0 where they cannot see it."""
        guild = self.guild_of(channel)
        if guild is None:
            return permissions.IN_DM if user_id in self.readers(channel) else 0
        return permissions.in_channel(guild, channel, user_id)

    def readers(self, channel: Channel) -> list[int]:
        """Those who can see a channel."""
        guild = self.guild_of(channel)
        if guild is None:
            return [x for x in (channel.recipient_id, self.application.bot_id) if x is not None]
        return [
            user_id
            for user_id in guild.members
            if permissions.in_channel(guild, channel, user_id) & permissions.VIEW_CHANNEL
        ]

    def people(self) -> list[User]:
        """The pretend members, in order of their coming."""
        return [user for user in self.users.values() if not user.bot]

    # --- building ----------------------------------------------------------------------------

    def add_user(
        self,
        username: str,
        global_name: str | None = None,
        *,
        bot: bool = False,
        accent: str = "#5865f2",
        id: int | None = None,
    ) -> User:
        """A new user in no guild."""
        user = User(id or self.ids.next(), username, global_name, bot, accent)
        self.users[user.id] = user
        return user

    def add_guild(
        self, name: str, owner: User, *, bot: bool = True, id: int | None = None
    ) -> Guild:
        """A new guild with @everyone, its owner and, unless told otherwise, the bot."""
        guild = Guild(id or self.ids.next(), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.EVERYONE)
        self.guilds[guild.id] = guild
        guild.members[owner.id] = Member(owner.id, self.clock.now())
        if bot:
            self.invite_bot(guild)
        self.emit(Event("channels", {}))
        return guild

    def invite_bot(self, guild: Guild) -> None:
        """The bot joins a guild."""
        guild.members[self.bot.id] = Member(self.bot.id, self.clock.now())
        data = payloads.guild_create(self, guild)
        del data["unavailable"]  # only a guild that was unavailable says that it no longer is
        self.emit(Event("GUILD_CREATE", data, guild.id))

    def remove_guild(self, guild: Guild) -> None:
        """The bot is removed from a guild; the guild itself stays."""
        guild.members.pop(self.bot.id, None)
        self.emit(Event("GUILD_DELETE", {"id": str(guild.id)}, guild.id))

    def add_role(self, guild: Guild, name: str, granted: int) -> Role:
        """A new role above the others."""
        role = Role(self.ids.next(), name, granted, len(guild.roles))
        guild.roles[role.id] = role
        data = {"guild_id": str(guild.id), "role": payloads.role(role)}
        self.emit(Event("GUILD_ROLE_CREATE", data, guild.id))
        return role

    def set_role(self, guild: Guild, role: Role, granted: int) -> None:
        """Change what a role grants."""
        role.permissions = granted
        data = {"guild_id": str(guild.id), "role": payloads.role(role)}
        self.emit(Event("GUILD_ROLE_UPDATE", data, guild.id))
        self.emit(Event("channels", {}))

    def add_member(self, guild: Guild, user: User, roles: list[Role] | None = None) -> Member:
        """A user joins a guild, or has their roles there set."""
        member = Member(user.id, self.clock.now(), [role.id for role in roles or []])
        known = guild.members.get(user.id)
        if known is not None:
            member.joined_at = known.joined_at
        guild.members[user.id] = member
        name = "GUILD_MEMBER_ADD" if known is None else "GUILD_MEMBER_UPDATE"
        data = {"guild_id": str(guild.id), **payloads.member(self, member)}
        self.emit(Event(name, data, guild.id))
        self.emit(Event("channels", {}))
        return member

    def remove_member(self, guild: Guild, user: User) -> None:
        """A user leaves a guild."""
        guild.members.pop(user.id, None)
        data = {"guild_id": str(guild.id), "user": payloads.user(user)}
        self.emit(Event("GUILD_MEMBER_REMOVE", data, guild.id))
        self.emit(Event("channels", {}))

    def add_emoji(self, guild: Guild, name: str) -> Emoji:
        """A new emoji of the guild's own."""
        emoji = Emoji(self.ids.next(), name)
        guild.emojis[emoji.id] = emoji
        data = {
            "guild_id": str(guild.id),
            "emojis": [payloads.guild_emoji(self, x) for x in guild.emojis.values()],
        }
        self.emit(Event("GUILD_EMOJIS_UPDATE", data, guild.id))
        return emoji

    def add_channel(
        self,
        guild: Guild,
        name: str,
        *,
        nsfw: bool = False,
        topic: str | None = None,
        overwrites: list[Overwrite] | None = None,
        id: int | None = None,
    ) -> Channel:
        """A new text channel below the others."""
        channel = Channel(
            id or self.ids.next(),
            TEXT,
            name,
            guild.id,
            topic=topic,
            nsfw=nsfw,
            position=len(guild.channels),
            overwrites={x.id: x for x in overwrites or []},
        )
        self.channels[channel.id] = channel
        guild.channels.append(channel.id)
        data = payloads.channel(self, channel)
        self.emit(Event("CHANNEL_CREATE", data, guild.id, channel.id))
        self.emit(Event("channels", {}))
        return channel

    def set_overwrite(
        self, channel: Channel, target: Role | User, *, allow: int = 0, deny: int = 0
    ) -> None:
        """Permit and forbid something to a role or user in one channel."""
        kind = 0 if isinstance(target, Role) else 1
        channel.overwrites[target.id] = Overwrite(target.id, kind, allow, deny)
        data = payloads.channel(self, channel)
        self.emit(Event("CHANNEL_UPDATE", data, channel.guild_id, channel.id))
        self.emit(Event("channels", {}))

    def remove_channel(self, channel: Channel) -> None:
        """A guild's channel and its messages are gone."""
        guild = self.guild_of(channel)
        if guild is None:
            raise ValueError("a direct message cannot be removed")
        data = payloads.channel(self, channel)
        guild.channels.remove(channel.id)
        del self.channels[channel.id]
        self.emit(Event("CHANNEL_DELETE", data, guild.id, channel.id))
        self.emit(Event("channels", {}))

    def open_dm(self, user: User, *, id: int | None = None) -> Channel:
        """The direct message between a user and the bot."""
        for channel in self.channels.values():
            if channel.recipient_id == user.id:
                return channel
        channel = Channel(id or self.ids.next(), DM, recipient_id=user.id)
        self.channels[channel.id] = channel
        return channel

    def fail_next(
        self,
        method: str,
        route: str,
        status: int,
        *,
        code: int = 0,
        message: str = "An injected fault",
        times: int = 1,
    ) -> None:
        """Answer the next matching requests (`route`: a regular expression) with an error."""
        body: JSON = {"message": message, "code": code}
        self.faults.append(Fault(method.upper(), re.compile(route), status, body, times))


def open_world(
    application_id: int | None = None, name: str = "Matinee", *, start: datetime | None = None
) -> World:
    """A world with the application, its bot user and its owner, and nothing else.

    start: what its clock says first (aware); None means the machine's own time.
    """
    clock = WorldClock(start)
    ids = Snowflakes(clock)
    bot_id = application_id or ids.next()
    owner_id = (application_id or snowflake_at(clock.now())) - (1 << 22)
    world = World(Application(bot_id, name, bot_id, owner_id), clock, ids)
    world.add_user(name, bot=True, accent="#c2410c", id=bot_id)
    return world

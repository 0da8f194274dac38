"""The world: everything that exists in a local Discord, with methods that change it.

The methods are for what people do in Discord's own settings, such as to add a channel. They emit
the same events as Discord would. Tests use them to build their own worlds. Messages, reactions and
interactions are changed by the functions in `channels/` and `interactions/`. The gateway and the
page get the events through `subscribe`.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.playground.records import payloads, permissions
from bot.playground.records.channels import DM, TEXT, Channel, Overwrite
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON, Application, Emoji, Guild, Member, Role, User
from bot.playground.records.snowflakes import Snowflakes, WorldClock, snowflake_at
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering
from bot.playground.world.guilds import voice
from bot.playground.world.state import WorldState


@dataclass
class World(WorldState):
    """A local Discord with one application in it. `open_world` makes one."""

    def add_user(
        self,
        username: str,
        global_name: str | None = None,
        *,
        bot: bool = False,
        accent: str = "#5865f2",
        id: int | None = None,
    ) -> User:
        """Adds a user who is in no guild yet.

        id: the user's id; None makes a new one. The parameter `id` of the other methods works the
            same way.
        """
        user = User(id or self.ids.next(), username, global_name, bot, accent)
        self.users[user.id] = user
        return user

    def add_guild(
        self, name: str, owner: User, *, bot: bool = True, id: int | None = None
    ) -> Guild:
        """Adds a guild with @everyone, its owner and, unless `bot` is False, the bot."""
        guild = Guild(id or self.ids.next(), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.EVERYONE)
        self.guilds[guild.id] = guild
        guild.members[owner.id] = Member(owner.id, self.clock.now())
        if bot:
            self.invite_bot(guild)
        self.emit(Event("channels", {}))
        return guild

    def invite_bot(self, guild: Guild) -> None:
        """Lets the bot join a guild, also while the bot is offline.

        During an outage of the guild, the event has only the guild's id.
        """
        guild.members[self.bot.id] = Member(self.bot.id, self.clock.now())
        data: JSON = {"id": str(guild.id), "unavailable": True}
        if guild.available:
            data = rendering.guild_create(self, guild)
            del data["unavailable"]  # only a guild that was unavailable says that it no longer is
        self.emit(Event("GUILD_CREATE", data, guild.id))

    def remove_guild(self, guild: Guild) -> None:
        """Removes the bot from a guild, also while the bot is offline; the guild itself stays."""
        guild.members.pop(self.bot.id, None)
        self.emit(Event("GUILD_DELETE", {"id": str(guild.id)}, guild.id))

    def hide_guild(self, guild: Guild) -> None:
        """Makes a guild unavailable to the bot, as in an outage (Discord's GUILD_DELETE).

        Until `show_guild` is called, the bot gets no events of the guild. If the bot connects in
        this time, READY lists the guild, but no GUILD_CREATE follows. REST still works.
        """
        guild.available = False
        data = {"id": str(guild.id), "unavailable": True}
        self.emit(Event("GUILD_DELETE", data, guild.id))

    def show_guild(self, guild: Guild) -> None:
        """Makes a guild available again. If the bot is a member, it gets the event GUILD_CREATE."""
        guild.available = True
        if self.bot.id in guild.members:
            self.emit(Event("GUILD_CREATE", rendering.guild_create(self, guild), guild.id))

    def add_role(self, guild: Guild, name: str, granted: int) -> Role:
        """Adds a role above the others.

        granted: its permissions, as a bit set.
        """
        role = Role(self.ids.next(), name, granted, len(guild.roles))
        guild.roles[role.id] = role
        data = {"guild_id": str(guild.id), "role": payloads.role(role)}
        self.emit(Event("GUILD_ROLE_CREATE", data, guild.id))
        return role

    def set_role(self, guild: Guild, role: Role, granted: int) -> None:
        """Changes the permissions of a role to `granted`, a bit set."""
        role.permissions = granted
        data = {"guild_id": str(guild.id), "role": payloads.role(role)}
        self.emit(Event("GUILD_ROLE_UPDATE", data, guild.id))
        self.emit(Event("channels", {}))

    def add_member(self, guild: Guild, user: User, roles: list[Role] | None = None) -> Member:
        """Lets a user join a guild, or sets the roles of a member."""
        member = Member(user.id, self.clock.now(), [role.id for role in roles or []])
        former = guild.members.get(user.id)
        if former is not None:
            member.joined_at = former.joined_at
        guild.members[user.id] = member
        name = "GUILD_MEMBER_ADD" if former is None else "GUILD_MEMBER_UPDATE"
        data = {"guild_id": str(guild.id), **rendering.member(self, member)}
        self.emit(Event(name, data, guild.id))
        self.emit(Event("channels", {}))
        return member

    def remove_member(self, guild: Guild, user: User) -> None:
        """Lets a user leave a guild."""
        voice.drop(self, guild, user.id)
        guild.members.pop(user.id, None)
        data = {"guild_id": str(guild.id), "user": payloads.user(user)}
        self.emit(Event("GUILD_MEMBER_REMOVE", data, guild.id))
        self.emit(Event("channels", {}))

    def add_emoji(self, guild: Guild, name: str) -> Emoji:
        """Adds an emoji that belongs to the guild."""
        emoji = Emoji(self.ids.next(), name)
        guild.emojis[emoji.id] = emoji
        data = {
            "guild_id": str(guild.id),
            "emojis": [payloads.guild_emoji(x, self.bot) for x in guild.emojis.values()],
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
        kind: int = TEXT,
        id: int | None = None,
    ) -> Channel:
        """Adds a channel, below the others in the guild's list.

        kind: `TEXT`, `VOICE` or `FORUM`.
        """
        channel = Channel(
            id or self.ids.next(),
            kind,
            name,
            guild.id,
            topic=topic,
            nsfw=nsfw,
            position=len(guild.channels),
            overwrites={x.id: x for x in overwrites or []},
        )
        self.channels[channel.id] = channel
        guild.channels.append(channel.id)
        data = rendering.channel(self, channel)
        self.emit(Event("CHANNEL_CREATE", data, guild.id, channel.id))
        self.emit(Event("channels", {}))
        return channel

    def set_overwrite(
        self, channel: Channel, target: Role | User, *, allow: int = 0, deny: int = 0
    ) -> None:
        """Grants and denies permissions to a role or user in one channel.

        allow, deny: the permissions to grant and to deny, as bit sets.
        """
        kind = 0 if isinstance(target, Role) else 1
        channel.overwrites[target.id] = Overwrite(target.id, kind, allow, deny)
        data = rendering.channel(self, channel)
        self.emit(Event("CHANNEL_UPDATE", data, channel.guild_id, channel.id))
        self.emit(Event("channels", {}))

    def set_slow_mode(self, channel: Channel, seconds: int) -> None:
        """Lets each person write to a channel only once in `seconds` (0 to 21,600)."""
        channel.slow_seconds = seconds
        channel.spoke.clear()
        data = rendering.channel(self, channel)
        self.emit(Event("CHANNEL_UPDATE", data, channel.guild_id, channel.id))

    def time_out(self, guild: Guild, user: User, until: datetime | None) -> None:
        """Lets a member of a guild only read until the time `until`; None ends a time-out.

        Raises ApiError 50013 for the guild's owner and administrators, whom nobody can time out.
        """
        if until is not None and permissions.in_guild(guild, user.id) == permissions.ALL:
            raise refusal(50013)
        member = guild.members[user.id]
        member.timed_out_until = until
        data = {"guild_id": str(guild.id), **rendering.member(self, member)}
        self.emit(Event("GUILD_MEMBER_UPDATE", data, guild.id))
        self.emit(Event("channels", {}))

    def block_words(self, guild: Guild, *words: str) -> None:
        """Makes a guild's automatic moderation refuse messages that have one of these words.

        Words that were blocked before are no longer blocked.
        """
        guild.blocked_words = {word.casefold() for word in words}

    def remove_channel(self, channel: Channel) -> None:
        """Removes a guild's channel with its messages. Raises ValueError for a direct message."""
        guild = self.guild_of(channel)
        if guild is None:
            raise ValueError("a direct message cannot be removed")
        voice.clear(self, channel)
        data = rendering.channel(self, channel)
        guild.channels.remove(channel.id)
        for thread in [x.id for x in self.channels.values() if x.parent_id == channel.id]:
            del self.channels[thread]
        del self.channels[channel.id]
        self.emit(Event("CHANNEL_DELETE", data, guild.id, channel.id))
        self.emit(Event("channels", {}))

    def install_for(self, user: User, installed: bool = True) -> None:
        """Lets a user install the application for themselves, or remove it.

        installed: False to remove it.
        """
        (self.installed_by.add if installed else self.installed_by.discard)(user.id)
        self.emit(Event("channels", {}))

    def open_dm(self, user: User, *, id: int | None = None) -> Channel:
        """Returns the direct-message channel of a user and the bot; adds it if necessary."""
        for channel in self.channels.values():
            if channel.recipient_id == user.id:
                return channel
        channel = Channel(id or self.ids.next(), DM, recipient_id=user.id)
        self.channels[channel.id] = channel
        return channel


def open_world(
    application_id: int | None = None, name: str = "Matinee", *, start: datetime | None = None
) -> World:
    """Returns a new local Discord, in which only the application and its bot user exist.

    The application has an owner's id, but there is no user with this id yet.

    application_id: the application's id; None makes a new one.
    name: its name.
    start: the time at which the clock begins (aware); None for the machine's own time.
    """
    clock = WorldClock(start)
    ids = Snowflakes(clock)
    bot_id = application_id or ids.next()
    owner_id = (application_id or snowflake_at(clock.now())) - (1 << 22)
    world = World(Application(bot_id, name, bot_id, owner_id), clock, ids)
    world.add_user(name, bot=True, accent="#c2410c", id=bot_id)
    return world

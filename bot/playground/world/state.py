"""The world: everything that exists in a local Discord, and the listeners to its changes.

All of this is kept in memory only.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from bot.playground.records import permissions
from bot.playground.records.channels import PRIVATE_THREAD, Attachment, Channel, Message
from bot.playground.records.events import Event
from bot.playground.records.interactions import Interaction
from bot.playground.records.objects import JSON, Application, Guild, User
from bot.playground.records.scheduled_events import ScheduledEvent
from bot.playground.records.snowflakes import Snowflakes, WorldClock
from bot.playground.records.voice import VoiceState
from bot.playground.validation.errors import refusal
from bot.playground.world.alarms import Alarms
from bot.playground.world.faults import Faults

logger = logging.getLogger(__name__)

TOKEN = "playground"
"""The bot token that every new local Discord accepts."""

GATEWAY_URL = "wss://gateway.discord.gg"

MAX_SESSION_STARTS_PER_DAY = 1000

Listener = Callable[[Event], None]


@dataclass
class WorldState:
    """Everything that exists in a local Discord with one application.

    Attributes:
        application: the application.
        clock: the world's clock.
        ids: makes new ids.
        users: users by id, the bot included.
        guilds: guilds by id.
        channels: channels by id, direct messages included.
        installed_by: ids of the users who have installed the application for themselves. They can
            use its commands everywhere, even in servers without the bot.
        tokens: the bot tokens that the gateway and REST accept.
        commands: the registered commands by id, in Discord's form.
        command_creates: how many commands were created, by (day, guild id); guild id 0 is for
            global commands.
        uploads: files that people chose for options of commands, by id.
        interactions: interactions by id.
        interaction_tokens: the same interactions by token.
        unsupported: the bot's requests that the local Discord does not support, in order.
        voice_states: who is in which voice channel, by (guild id, user id).
        scheduled_events: the scheduled events of all guilds by id, including those that are over.
        alarms: what happens when the clock shows a certain time.
        faults: what goes wrong on purpose.
        answer_seconds: within how many seconds the bot must acknowledge an interaction. Discord
            waits for three. Tests let the bot have more, since a busy machine may be slow.
        bot_online: True while the bot has a gateway session.
        identifies: how many sessions the bot has started.
        max_concurrency: how many shards may identify within five seconds.
    """

    application: Application
    clock: WorldClock
    ids: Snowflakes
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    installed_by: set[int] = field(default_factory=set)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    commands: dict[int, JSON] = field(default_factory=dict)
    command_creates: dict[tuple[date, int], int] = field(default_factory=dict)
    uploads: dict[int, Attachment] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    interaction_tokens: dict[str, Interaction] = field(default_factory=dict)
    unsupported: list[str] = field(default_factory=list)
    voice_states: dict[tuple[int, int], VoiceState] = field(default_factory=dict)
    scheduled_events: dict[int, ScheduledEvent] = field(default_factory=dict)
    alarms: Alarms = field(init=False)
    faults: Faults = field(default_factory=Faults)
    answer_seconds: float = 3.0
    bot_online: bool = False
    identifies: int = 0
    max_concurrency: int = 1
    _listeners: list[Listener] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.alarms = Alarms(self.clock)

    # --- listening ---------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` with every event from now on.

        Returns a function that ends the subscription.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, event: Event) -> None:
        """Calls every listener with the event, in the order of their subscriptions."""
        for listener in list(self._listeners):
            listener(event)

    def set_online(self, online: bool) -> None:
        """Records whether the bot has a gateway session. If that changed, emits an event."""
        if online != self.bot_online:
            self.bot_online = online
            self.emit(Event("bot", {"online": online}))

    def miss(self, what: str) -> None:
        """Logs a request of the bot that is not supported, and adds it to `unsupported`."""
        self.unsupported.append(what)
        logger.warning("THE LOCAL DISCORD DOES NOT SUPPORT: %s", what)

    # --- looking up --------------------------------------------------------------------------

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.users[self.application.bot_id]

    def guild(self, guild_id: int) -> Guild:
        """Returns a guild. Raises ApiError 10004 if it does not exist."""
        if guild_id not in self.guilds:
            raise refusal(10004)
        return self.guilds[guild_id]

    def channel(self, channel_id: int) -> Channel:
        """Returns a channel. Raises ApiError 10003 if it does not exist."""
        if channel_id not in self.channels:
            raise refusal(10003)
        return self.channels[channel_id]

    def user(self, user_id: int) -> User:
        """Returns a user. Raises ApiError 10013 if there is no such user."""
        if user_id not in self.users:
            raise refusal(10013)
        return self.users[user_id]

    def message(self, channel_id: int, message_id: int) -> Message:
        """Returns a message.

        Raises ApiError 10003 if there is no such channel, 10008 if there is no such message.
        """
        found = self.channel(channel_id).messages.get(message_id)
        if found is None:
            raise refusal(10008)
        return found

    def guild_of(self, channel: Channel) -> Guild | None:
        """Returns the guild that a channel is in; None for a direct message."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def permissions(self, user_id: int, channel: Channel) -> int:
        """Returns the user's permissions in a channel, as a bit set; 0 if they cannot see it.

        A thread has the permissions of the channel that it is in. A private thread is seen only by
        its members and by people who may manage threads.
        """
        guild = self.guild_of(channel)
        if guild is None:
            own = (channel.recipient_id, self.application.bot_id)
            return permissions.IN_DM if user_id in own else 0
        place = self.channels[channel.parent_id] if channel.parent_id else channel
        granted = permissions.in_channel(guild, place, user_id)
        inside = channel.thread is None or user_id in channel.thread.members
        if channel.kind == PRIVATE_THREAD and not (inside or granted & permissions.MANAGE_THREADS):
            return 0
        return granted & permissions.IN_TIME_OUT if self.is_timed_out(guild, user_id) else granted

    def is_timed_out(self, guild: Guild | None, user_id: int) -> bool:
        """True if a member of a guild may only read at the moment."""
        member = None if guild is None else guild.members.get(user_id)
        if guild is None or member is None or member.timed_out_until is None:
            return False
        free = permissions.in_guild(guild, user_id) == permissions.ALL
        return self.clock.now() < member.timed_out_until and not free

    def threads(self, guild: Guild) -> list[Channel]:
        """Returns all threads of the guild, including archived ones."""
        return [x for x in self.channels.values() if x.thread and x.guild_id == guild.id]

    def owners(self, user_id: int, channel: Channel, kinds: Collection[int] = (0, 1)) -> JSON:
        """Returns who has installed the application that a user uses in a channel.

        This is the field `authorizing_integration_owners`. The value of "0" is the id of the guild,
        or "0" in the bot's direct message. The value of "1" is the id of the user.

        kinds: how the used command may be installed: 0 in a guild, 1 for a user.
        """
        guild = self.guild_of(channel)
        found: JSON = {}
        if 0 in kinds and (guild is None or self.application.bot_id in guild.members):
            found["0"] = str(channel.guild_id or 0)
        if 1 in kinds and user_id in self.installed_by:
            found["1"] = str(user_id)
        return found

    def readers(self, channel: Channel) -> list[int]:
        """Returns the ids of the users who can see a channel."""
        guild = self.guild_of(channel)
        if guild is None:
            return [x for x in (channel.recipient_id, self.application.bot_id) if x is not None]
        return [
            user_id
            for user_id in guild.members
            if self.permissions(user_id, channel) & permissions.VIEW_CHANNEL
        ]

    def people(self) -> list[User]:
        """Returns the pretend people, in the order of their creation."""
        return [user for user in self.users.values() if not user.bot]

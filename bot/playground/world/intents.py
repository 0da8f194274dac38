"""Which events a bot receives with its intents, and what is removed from them.

The rules are from Discord's events/gateway.
"""

from bot.playground.records import permissions
from bot.playground.records.channels import EPHEMERAL, Message
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.world.world import World

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_EXPRESSIONS = 1 << 3
GUILD_VOICE_STATES = 1 << 7
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_REACTIONS = 1 << 10
DM_MESSAGES = 1 << 12
DM_REACTIONS = 1 << 13
MESSAGE_CONTENT = 1 << 15
GUILD_SCHEDULED_EVENTS = 1 << 16
GUILD_MESSAGE_POLLS = 1 << 24
DIRECT_MESSAGE_POLLS = 1 << 25

VALID = 0x1FFFF | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT

_WITHOUT_CONTENT: JSON = {"content": "", "embeds": [], "attachments": [], "components": []}

_LIMITED_FLAGS = {GUILD_PRESENCES: 1 << 13, GUILD_MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19}


def application_flags(world: World) -> int:
    """Returns the application's flags, which say which privileged intents it may use."""
    approved = world.application.privileged
    return sum(bit for intent, bit in _LIMITED_FLAGS.items() if approved & intent)


def is_received(world: World, event: Event, intents: int) -> bool:
    """True if a session with these intents receives the event."""
    name = event.name
    if name.islower():
        return False
    if name == "INTERACTION_CREATE":
        return True
    in_guild = event.guild_id is not None
    if in_guild and not _in_guild(world, event):
        return False
    if name.startswith("MESSAGE_REACTION"):
        needed = GUILD_REACTIONS if in_guild else DM_REACTIONS
    elif name.startswith("MESSAGE_POLL"):
        needed = GUILD_MESSAGE_POLLS if in_guild else DIRECT_MESSAGE_POLLS
    elif name.startswith("MESSAGE"):
        ephemeral = event.message is not None and event.message.flags & EPHEMERAL
        if ephemeral and event.message is not None:
            return event.message.author_id == world.bot.id and bool(intents & DM_MESSAGES)
        needed = GUILD_MESSAGES if in_guild else DM_MESSAGES
    elif name.startswith("GUILD_MEMBER"):
        if event.data["user"]["id"] == str(world.bot.id):
            return name == "GUILD_MEMBER_UPDATE"
        needed = GUILD_MEMBERS
    elif name == "GUILD_EMOJIS_UPDATE":
        needed = GUILD_EXPRESSIONS
    elif name == "VOICE_STATE_UPDATE":
        needed = GUILD_VOICE_STATES
    elif name.startswith("GUILD_SCHEDULED_EVENT"):
        needed = GUILD_SCHEDULED_EVENTS
        place = world.channels.get(event.channel_id or 0)
        if place and not world.permissions(world.bot.id, place) & permissions.VIEW_CHANNEL:
            return False
    else:
        needed = GUILDS
    if not intents & needed:
        return False
    if event.message is None and not name.startswith("MESSAGE"):
        return True
    channel = world.channels.get(event.channel_id or 0)
    if channel is None:
        return False
    return bool(world.permissions(world.bot.id, channel) & permissions.VIEW_CHANNEL)


def _in_guild(world: World, event: Event) -> bool:
    if event.name == "GUILD_DELETE":
        return True
    guild = world.guilds.get(event.guild_id or 0)
    if guild is None or world.bot.id not in guild.members:
        return False
    return guild.available or event.name == "GUILD_CREATE"


def payload(world: World, event: Event, intents: int) -> JSON:
    """Returns an event's data without the parts that these intents do not cover."""
    if event.name in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and event.message is not None:
        if intents & MESSAGE_CONTENT:
            return event.data
        return without_content(world, event.message, event.data)
    if event.name == "GUILD_CREATE":
        return without_voice(world, event.data, intents)
    return event.data


def without_voice(world: World, data: JSON, intents: int) -> JSON:
    """Returns the data of GUILD_CREATE without voice states, unless these intents cover them."""
    if intents & GUILD_VOICE_STATES or not data.get("voice_states"):
        return data
    own = [x for x in data["members"] if x["user"]["id"] == str(world.bot.id)]
    return data | {"voice_states": [], "members": own}


def without_content(world: World, message: Message, data: JSON) -> JSON:
    """Returns `data`, a message's JSON, as the bot gets it without the MESSAGE_CONTENT intent.

    The bot always reads the content of its own messages, of direct messages and of messages that
    mention it.
    """
    channel = world.channels[message.channel_id]
    bot = world.bot.id
    if message.author_id == bot or channel.guild_id is None or bot in message.mentions:
        return data
    return {key: value for key, value in data.items() if key != "poll"} | _WITHOUT_CONTENT

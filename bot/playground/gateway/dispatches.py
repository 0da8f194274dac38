"""Gateway events that only one session gets: READY at its start, and the members it requests."""

from bot.playground.gateway.opcodes import Closing
from bot.playground.gateway.sessions import Session
from bot.playground.records import payloads
from bot.playground.records.objects import JSON
from bot.playground.validation import fields
from bot.playground.world import intents, rendering
from bot.playground.world.state import GATEWAY_URL
from bot.playground.world.world import World


def greet(world: World, session: Session) -> None:
    """Sends the events READY and GUILD_CREATE to a session that has just begun.

    GUILD_CREATE is sent for every guild, if the session has the guilds intent. READY also lists
    guilds that are unavailable. Their GUILD_CREATE is sent when they are available again.
    """
    guilds = [
        x for x in world.guilds.values() if world.bot.id in x.members and session.has_guild(x.id)
    ]
    flags = intents.application_flags(world)
    application = {"id": str(world.application.id), "flags": flags}
    ready: JSON = {
        "v": 10,
        "user": payloads.own_user(world.bot),
        "guilds": [{"id": str(x.id), "unavailable": True} for x in guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": GATEWAY_URL,
        "shard": list(session.shard),
        "application": application,
        "private_channels": [],
        "presences": [],
        "relationships": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "auth": {},
    }
    session.dispatch("READY", ready)
    if session.intents & intents.GUILDS:
        for guild in (x for x in guilds if x.available):
            created = rendering.guild_create(world, guild)
            session.dispatch("GUILD_CREATE", intents.without_voice(world, created, session.intents))


def send_members(world: World, session: Session, data: JSON) -> None:
    """Answers op 8, the request for members of a guild, with one GUILD_MEMBERS_CHUNK.

    If the guild does not exist or is on another shard, there is no answer. Raises Closing(4014) if
    all members are requested without the members intent.

    data: the request. It has the ids of the members or, without ids, the beginning of their names
        (`query`).
    """
    guild = world.guilds.get(fields.snowflake(data.get("guild_id")) or 0)
    if guild is None or not session.has_guild(guild.id):
        return
    ids = data.get("user_ids") or []
    numbers = map(fields.snowflake, ids if isinstance(ids, list) else [ids])
    wanted = {x for x in numbers if x is not None}
    query = str(data.get("query") or "").lower()
    if not wanted and not query and not session.intents & intents.GUILD_MEMBERS:
        raise Closing(4014)
    found = [
        x
        for x in guild.members.values()
        if (x.user_id in wanted if wanted else _is_named(world, x.user_id, query))
    ]
    limit = fields.snowflake(data.get("limit")) or len(found)
    chunk: JSON = {
        "guild_id": str(guild.id),
        "members": [rendering.member(world, x) for x in found[:limit]],
        "chunk_index": 0,
        "chunk_count": 1,
        "not_found": [str(x) for x in wanted - guild.members.keys()],
    }
    if data.get("nonce"):
        chunk["nonce"] = data["nonce"]
    session.dispatch("GUILD_MEMBERS_CHUNK", chunk)


def _is_named(world: World, user_id: int, query: str) -> bool:
    user = world.users[user_id]
    return any((x or "").lower().startswith(query) for x in (user.username, user.global_name))

"""The gateway, version 10 (Discord's events/gateway): sessions, events, resuming.

JSON payloads, compressed with one zlib stream a connection when asked for. A session outlives
its connection: it keeps what it sent until the bot's heartbeats confirm it, and replays the rest
on RESUME. Whatever closes a connection does so with the documented code.
"""

import asyncio
import contextlib
import json
import secrets
import time
import zlib

from aiohttp import WSMsgType, web

from bot.playground.gateway.sessions import DISPATCH, GatewayConnection, Session
from bot.playground.records import payloads
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.validation import fields
from bot.playground.world import intents, rendering
from bot.playground.world.state import GATEWAY_URL, MAX_SESSION_STARTS_PER_DAY
from bot.playground.world.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 1, 2, 3, 4, 6
RECONNECT, MEMBERS, INVALID_SESSION, HELLO, ACKNOWLEDGED = 7, 8, 9, 10, 11

PAYLOAD_BYTES = 4096
SENDS, SENDS_SECONDS = 120, 60.0
IDENTIFY_SECONDS = 5.0
REPLAY_SECONDS = 300.0

_ENDED_BY_BOT = (1000, 1001)
_ENDED_BY_US = (4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014)


class Closing(Exception):
    """The connection is to be closed with `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Gateway:
    """All sessions of one world."""

    def __init__(
        self, world: World, *, enforce_limits: bool = True, heartbeat_seconds: float = 41.25
    ) -> None:
        self.world = world
        self.enforce_limits = enforce_limits
        self.heartbeat_seconds = heartbeat_seconds
        self.sessions: dict[str, Session] = {}
        self._connections: set[GatewayConnection] = set()
        self._identified_at: dict[int, float] = {}
        self._unsubscribe = world.subscribe(self._tell)

    # --- for tests and for stopping ------------------------------------------------------------

    def drop(self, code: int | None = None) -> None:
        """Cut every connection: without a word, or closing it with `code`."""
        for connection in list(self._connections):
            if code is None:
                if connection.request.transport is not None:
                    connection.request.transport.abort()
            else:
                connection.outbox.put_nowait(code)

    def let_identify(self) -> None:
        """No shard has identified in the last seconds."""
        self._identified_at.clear()

    def ask_to_reconnect(self) -> None:
        """Send op 7 on every connection."""
        for connection in list(self._connections):
            connection.put(RECONNECT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Send op 9; unless `resumable`, every session is forgotten."""
        for connection in list(self._connections):
            connection.put(INVALID_SESSION, resumable)
        if not resumable:
            for session in self.sessions.values():
                if session.connection is not None:
                    session.connection.session = None
            self.sessions.clear()
            self._show_presence()

    async def close(self) -> None:
        """Close every connection and listen no more."""
        self._unsubscribe()
        closing = [x.close(1001) for x in self._connections]
        await asyncio.gather(*closing, return_exceptions=True)

    # --- events --------------------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        for session in list(self.sessions.values()):
            if session.connection is None and (time.monotonic() - session.left_at > REPLAY_SECONDS):
                del self.sessions[session.id]
            elif session.has_guild(event.guild_id or 0) and intents.wanted(
                self.world, event, session.intents
            ):
                session.dispatch(event.name, intents.payload(self.world, event, session.intents))

    def _show_presence(self) -> None:
        self.world.set_online(any(x.connection for x in self.sessions.values()))

    # --- one connection ------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes."""
        socket = web.WebSocketResponse(compress=False, timeout=2.0, max_msg_size=1 << 20)
        await socket.prepare(request)
        compressed = request.query.get("compress") == "zlib-stream"
        connection = GatewayConnection(socket, request, compressed)
        self._connections.add(connection)
        writer = asyncio.create_task(self._write(connection))
        connection.put(HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
        try:
            await self._read(connection)
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
            self._connections.discard(connection)
            self._leave(connection, socket.close_code)
        return socket

    def _leave(self, connection: GatewayConnection, code: int | None) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            session.left_at = time.monotonic()
            ours = connection.closing_code
            if code in _ENDED_BY_BOT if ours is None else ours in _ENDED_BY_US:
                self.sessions.pop(session.id, None)
        self._show_presence()

    async def _write(self, connection: GatewayConnection) -> None:
        packer = zlib.compressobj()
        while True:
            item = await connection.outbox.get()
            with contextlib.suppress(ConnectionError):
                if isinstance(item, int):
                    await connection.close(item)
                    return
                text = json.dumps(item, separators=(",", ":"))
                if connection.compressed:
                    data = packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
                    await connection.socket.send_bytes(data)
                else:
                    await connection.socket.send_str(text)

    async def _read(self, connection: GatewayConnection) -> None:
        socket = connection.socket
        patience = self.heartbeat_seconds * 1.5
        while True:
            left = connection.last_heartbeat + patience - time.monotonic()
            try:
                message = await socket.receive(timeout=max(left, 0.001))
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    return
                self._receive(connection, message.data)
            except TimeoutError:
                await connection.close(4009)
                return
            except Closing as closing:
                await connection.close(closing.code)
                return

    def _receive(self, connection: GatewayConnection, raw: str | bytes) -> None:
        if len(raw.encode() if isinstance(raw, str) else raw) > PAYLOAD_BYTES:
            raise Closing(4002)
        now = time.monotonic()
        connection.received.append(now)
        while connection.received[0] < now - SENDS_SECONDS:
            connection.received.popleft()
        if self.enforce_limits and len(connection.received) > SENDS:
            raise Closing(4008)
        try:
            payload = json.loads(raw)
            op, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Closing(4002) from None
        if op == HEARTBEAT:
            connection.last_heartbeat = now
            if connection.session is not None and isinstance(data, int):
                connection.session.confirm(data)
            connection.put(ACKNOWLEDGED, None)
        elif op in (IDENTIFY, RESUME):
            if connection.session is not None:
                raise Closing(4005)
            if not isinstance(data, dict):
                raise Closing(4002)
            if op == IDENTIFY:
                self._identify(connection, data)
            else:
                self._resume(connection, data)
        elif connection.session is None:
            raise Closing(4003)
        elif op == MEMBERS and isinstance(data, dict):
            self._send_members(connection.session, data)
        elif op == VOICE:
            self.world.miss("gateway op 4 (voice state)")
        elif op != PRESENCE:
            raise Closing(4001)

    def _identify(self, connection: GatewayConnection, data: JSON) -> None:
        if str(data.get("token")) not in self.world.tokens:
            raise Closing(4004)
        wanted = data.get("intents")
        if not isinstance(wanted, int) or wanted < 0 or wanted & ~intents.VALID:
            raise Closing(4013)
        if wanted & intents.PRIVILEGED & ~self.world.application.privileged:
            raise Closing(4014)
        shard = data.get("shard") or [0, 1]
        if not isinstance(shard, list) or [type(x) for x in shard] != [int, int]:
            raise Closing(4010)
        if not 0 <= shard[0] < shard[1]:
            raise Closing(4010)
        if self.enforce_limits and self.world.identifies >= MAX_SESSION_STARTS_PER_DAY:
            raise Closing(4004)
        now = time.monotonic()
        last = self._identified_at.get(shard[0], -IDENTIFY_SECONDS)
        if self.enforce_limits and now - last < IDENTIFY_SECONDS:
            connection.put(INVALID_SESSION, False)
            return
        self._identified_at[shard[0]] = now
        self.world.identifies += 1
        key, place = secrets.token_hex(16), (shard[0], shard[1])
        session = Session(key, data["token"], wanted, place, connection=connection)
        self.sessions[session.id] = session
        connection.session = session
        self._greet(session)
        self._show_presence()

    def _greet(self, session: Session) -> None:
        world = self.world
        guilds = [
            x
            for x in world.guilds.values()
            if world.bot.id in x.members and session.has_guild(x.id)
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
            for guild in guilds:
                session.dispatch("GUILD_CREATE", rendering.guild_create(world, guild))

    def _resume(self, connection: GatewayConnection, data: JSON) -> None:
        if str(data.get("token")) not in self.world.tokens:
            raise Closing(4004)
        session = self.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or session.token != data["token"]:
            connection.put(INVALID_SESSION, False)
            return
        if not isinstance(sequence, int) or sequence > session.sequence:
            raise Closing(4007)
        kept_from = session.sent[0][0] if session.sent else session.sequence + 1
        if sequence + 1 < kept_from:
            connection.put(INVALID_SESSION, False)
            return
        if session.connection is not None:
            session.connection.outbox.put_nowait(4000)
        session.connection = connection
        connection.session = session
        session.confirm(sequence)
        for number, name, event in list(session.sent):
            connection.put(DISPATCH, event, number, name)
        session.dispatch("RESUMED", {})
        self._show_presence()

    def _send_members(self, session: Session, data: JSON) -> None:
        guild = self.world.guilds.get(fields.snowflake(data.get("guild_id")) or 0)
        if guild is None:
            return
        ids = data.get("user_ids") or []
        known = map(fields.snowflake, ids if isinstance(ids, list) else [ids])
        wanted = {x for x in known if x is not None}
        query = str(data.get("query") or "").lower()
        if not wanted and not query and not session.intents & intents.GUILD_MEMBERS:
            raise Closing(4014)
        found = [
            x
            for x in guild.members.values()
            if (x.user_id in wanted if wanted else self._named(x.user_id, query))
        ]
        limit = fields.snowflake(data.get("limit")) or len(found)
        chunk: JSON = {
            "guild_id": str(guild.id),
            "members": [rendering.member(self.world, x) for x in found[:limit]],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(x) for x in wanted - guild.members.keys()],
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _named(self, user_id: int, query: str) -> bool:
        user = self.world.users[user_id]
        return any((x or "").lower().startswith(query) for x in (user.username, user.global_name))

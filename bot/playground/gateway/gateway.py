"""The gateway, version 10 (Discord's events/gateway): sessions, events, resuming.

Payloads are JSON. If the bot requests it, all payloads of a connection are compressed in one zlib
stream. A session outlives its connection. It keeps each event that it sent until a heartbeat of the
bot confirms the event, and it sends the unconfirmed events again on RESUME. Connections are closed
with the codes that Discord documents.
"""

import asyncio
import contextlib
import json
import secrets
import time
import zlib

from aiohttp import WSMsgType, web

from bot.playground.gateway.dispatches import greet, send_members
from bot.playground.gateway.opcodes import (
    DISPATCH,
    HEARTBEAT,
    HEARTBEAT_ACK,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    PRESENCE,
    RECONNECT,
    REQUEST_MEMBERS,
    RESUME,
    VOICE,
    Closing,
)
from bot.playground.gateway.sessions import GatewayConnection, Session
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.world import intents
from bot.playground.world.state import MAX_SESSION_STARTS_PER_DAY
from bot.playground.world.world import World

MAX_PAYLOAD_BYTES = 4096
MAX_RECEIVED, RECEIVED_SECONDS = 120, 60.0
"""A connection may receive `MAX_RECEIVED` payloads from the bot in `RECEIVED_SECONDS`."""

IDENTIFY_SECONDS = 5.0
"""Seconds that must pass between two identifies of one bucket: of shards whose numbers are equal
modulo `max_concurrency` (Discord's events/gateway, "Sharding")."""

REPLAY_SECONDS = 300.0
"""The seconds for which a session without a connection can be resumed."""

# Close codes that end the session, so that it cannot be resumed.
_FINAL_FROM_BOT = (1000, 1001)
_FINAL_FROM_GATEWAY = (4003, 4004, 4006, 4007, 4009, 4010, 4011, 4012, 4013, 4014)


class Gateway:
    """All gateway sessions of one world (everything that exists in one local Discord).

    Attributes:
        world: the world whose events are sent.
        enforce_limits: True if the limits on identifies and on payloads from the bot hold.
        heartbeat_seconds: the interval in which the bot has to send heartbeats.
        sessions: the sessions by id.
    """

    def __init__(
        self, world: World, *, enforce_limits: bool = True, heartbeat_seconds: float = 41.25
    ) -> None:
        self.world = world
        self.enforce_limits = enforce_limits
        self.heartbeat_seconds = heartbeat_seconds
        self.sessions: dict[str, Session] = {}
        self._connections: set[GatewayConnection] = set()
        self._identified_at: dict[int, float] = {}
        self._unsubscribe = world.subscribe(self._send_event)
        world.faults.gateway = self

    # --- for tests and for stopping ------------------------------------------------------------

    def drop(self, code: int | None = None) -> None:
        """Cuts every connection of the bot.

        code: the close code that is sent first; None to send none.
        """
        for connection in list(self._connections):
            if code is None:
                if connection.request.transport is not None:
                    connection.request.transport.abort()
            else:
                connection.outbox.put_nowait(code)

    def let_identify(self) -> None:
        """Lets every shard identify at once, without the wait of `IDENTIFY_SECONDS` between two."""
        self._identified_at.clear()

    def ask_to_reconnect(self) -> None:
        """Asks the bot to reconnect and resume: sends op 7 on every connection."""
        for connection in list(self._connections):
            connection.put(RECONNECT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tells the bot on every connection that its session is invalid (op 9).

        resumable: True if the bot may resume the sessions; False ends all sessions.
        """
        for connection in list(self._connections):
            connection.put(INVALID_SESSION, resumable)
        if not resumable:
            for session in self.sessions.values():
                if session.connection is not None:
                    session.connection.session = None
            self.sessions.clear()
            self._update_presence()

    async def close(self) -> None:
        """Closes every connection and no longer listens to what happens in the local Discord."""
        self._unsubscribe()
        closing = [x.close(1001) for x in self._connections]
        await asyncio.gather(*closing, return_exceptions=True)

    # --- events --------------------------------------------------------------------------------

    def _send_event(self, event: Event) -> None:
        for session in list(self.sessions.values()):
            if session.connection is None and (time.monotonic() - session.left_at > REPLAY_SECONDS):
                del self.sessions[session.id]
            elif session.has_guild(event.guild_id or 0) and intents.is_received(
                self.world, event, session.intents
            ):
                session.dispatch(event.name, intents.payload(self.world, event, session.intents))

    def _update_presence(self) -> None:
        self.world.set_online(any(x.connection for x in self.sessions.values()))

    # --- one connection ------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serves one websocket of the bot until it closes."""
        if self.world.faults.refuses_gateway():
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
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
            own_code = connection.closing_code
            if code in _FINAL_FROM_BOT if own_code is None else own_code in _FINAL_FROM_GATEWAY:
                self.sessions.pop(session.id, None)
        self._update_presence()

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
        heartbeat_limit = self.heartbeat_seconds * 1.5
        while True:
            left = connection.last_heartbeat + heartbeat_limit - time.monotonic()
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
        if len(raw.encode() if isinstance(raw, str) else raw) > MAX_PAYLOAD_BYTES:
            raise Closing(4002)
        now = time.monotonic()
        connection.received.append(now)
        while connection.received[0] < now - RECEIVED_SECONDS:
            connection.received.popleft()
        if self.enforce_limits and len(connection.received) > MAX_RECEIVED:
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
            connection.put(HEARTBEAT_ACK, None)
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
        elif op == REQUEST_MEMBERS and isinstance(data, dict):
            send_members(self.world, connection.session, data)
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
        bucket = shard[0] % self.world.max_concurrency
        last = self._identified_at.get(bucket, -IDENTIFY_SECONDS)
        if self.enforce_limits and now - last < IDENTIFY_SECONDS:
            connection.put(INVALID_SESSION, False)
            return
        self._identified_at[bucket] = now
        self.world.identifies += 1
        key, place = secrets.token_hex(16), (shard[0], shard[1])
        session = Session(key, data["token"], wanted, place, connection=connection)
        self.sessions[session.id] = session
        connection.session = session
        greet(self.world, session)
        self._update_presence()

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
        self._update_presence()

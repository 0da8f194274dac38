"""A bot's session on the gateway, and the connection it uses."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.playground.gateway.opcodes import CLOSE_REASONS, DISPATCH
from bot.playground.records.objects import JSON

MAX_REPLAY_EVENTS = 50_000
"""The most events that a session keeps for a resume, because the bot has not confirmed them."""


@dataclass(eq=False)
class GatewayConnection:
    """One websocket of the gateway.

    Attributes:
        socket: the websocket.
        request: the HTTP request that opened it.
        compressed: True if payloads are sent through one zlib stream.
        outbox: the payloads to send, in order; an integer in it closes the connection with that
            close code.
        session: the session, or None before the bot has identified or resumed.
        last_heartbeat: when the bot's last heartbeat came, in seconds of the monotonic clock.
        received: when the bot's latest payloads came, in seconds of the monotonic clock.
        closing_code: the code with which the gateway closed the connection; None if the gateway has
            not closed it.
    """

    socket: web.WebSocketResponse
    request: web.Request
    compressed: bool
    outbox: asyncio.Queue[JSON | int] = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    last_heartbeat: float = field(default_factory=time.monotonic)
    received: deque[float] = field(default_factory=deque)
    closing_code: int | None = None

    async def close(self, code: int) -> None:
        """Closes the connection from the gateway's side."""
        self.closing_code = code
        await self.socket.close(code=code, message=CLOSE_REASONS.get(code, "").encode())

    def put(self, op: int, data: Any, sequence: int | None = None, name: str | None = None) -> None:
        """Queues a payload for the bot.

        op: Discord's op code.
        data: the payload's field `d`.
        sequence, name: the number and name of an event; None for other payloads.
        """
        self.outbox.put_nowait({"op": op, "d": data, "s": sequence, "t": name})


@dataclass(eq=False)
class Session:
    """A bot's session, with the events that would have to be sent again on a resume.

    Attributes:
        id: the session's id.
        token: the token with which the bot identified.
        intents: the intents with which the bot identified, as a bit set.
        shard: the number of the bot's shard, and the number of all shards.
        sequence: the number of the last event.
        sent: (sequence, name, data) of the events that the bot has not confirmed, oldest first.
        connection: the open connection, or None while the bot is away.
        left_at: when the last connection ended, in seconds of the monotonic clock.
    """

    id: str
    token: str
    intents: int
    shard: tuple[int, int]
    sequence: int = 0
    sent: deque[tuple[int, str, JSON]] = field(
        default_factory=lambda: deque(maxlen=MAX_REPLAY_EVENTS)
    )
    connection: GatewayConnection | None = None
    left_at: float = 0.0

    def dispatch(self, name: str, data: JSON) -> None:
        """Sends an event if there is a connection.

        The event is also kept, for the case that the bot resumes.
        """
        self.sequence += 1
        self.sent.append((self.sequence, name, data))
        if self.connection is not None:
            self.connection.put(DISPATCH, data, self.sequence, name)

    def confirm(self, sequence: int) -> None:
        """Drops the kept events up to number `sequence`, because the bot has received them."""
        while self.sent and self.sent[0][0] <= sequence:
            self.sent.popleft()

    def has_guild(self, guild_id: int) -> bool:
        """True if a guild belongs to the session's shard. Guild 0 means direct messages."""
        return (guild_id >> 22) % self.shard[1] == self.shard[0]

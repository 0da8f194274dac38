"""One bot's session on the gateway, and the connection it may have at the moment."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.playground.records.objects import JSON

DISPATCH = 0
REPLAY_EVENTS = 50_000
"""So many events are kept for a resume."""

CLOSES = {
    4001: "Unknown opcode.",
    4002: "Error while decoding payload.",
    4003: "Not authenticated.",
    4004: "Authentication failed.",
    4005: "Already authenticated.",
    4007: "Invalid seq.",
    4008: "Rate limited.",
    4009: "Session timed out.",
    4010: "Invalid shard.",
    4013: "Invalid intent(s).",
    4014: "Disallowed intent(s).",
}


@dataclass(eq=False)
class GatewayConnection:
    """One websocket; what is put into `outbox` is sent in order, an integer closes it."""

    socket: web.WebSocketResponse
    request: web.Request
    compressed: bool
    outbox: asyncio.Queue[JSON | int] = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    last_heartbeat: float = field(default_factory=time.monotonic)
    received: deque[float] = field(default_factory=deque)
    closing_code: int | None = None
    """The code this side closed it with."""

    async def close(self, code: int) -> None:
        """Close it from this side."""
        self.closing_code = code
        await self.socket.close(code=code, message=CLOSES.get(code, "").encode())

    def put(self, op: int, data: Any, sequence: int | None = None, name: str | None = None) -> None:
        """Send a payload."""
        self.outbox.put_nowait({"op": op, "d": data, "s": sequence, "t": name})


@dataclass(eq=False)
class Session:
    """What a bot identified as, and the events it may still have to be sent again."""

    id: str
    token: str
    intents: int
    shard: tuple[int, int]
    sequence: int = 0
    sent: deque[tuple[int, str, JSON]] = field(default_factory=lambda: deque(maxlen=REPLAY_EVENTS))
    connection: GatewayConnection | None = None
    left_at: float = 0.0

    def dispatch(self, name: str, data: JSON) -> None:
        """Send an event now, or keep it for a resume."""
        self.sequence += 1
        self.sent.append((self.sequence, name, data))
        if self.connection is not None:
            self.connection.put(DISPATCH, data, self.sequence, name)

    def confirm(self, sequence: int) -> None:
        """The bot has everything up to `sequence`."""
        while self.sent and self.sent[0][0] <= sequence:
            self.sent.popleft()

    def has_guild(self, guild_id: int) -> bool:
        """Whether a guild (0: direct messages) belongs to the session's shard."""
        return (guild_id >> 22) % self.shard[1] == self.shard[0]

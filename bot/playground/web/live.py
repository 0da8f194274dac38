"""The page's live connection (a websocket). It sends each person the events that they may see."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.playground.records import permissions
from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.records.snowflakes import iso
from bot.playground.web import shown
from bot.playground.world.interactions import lifecycle
from bot.playground.world.world import World


@dataclass(eq=False)
class _Viewer:
    """One live connection of a person's page.

    Attributes:
        user_id: the person.
        socket: the websocket.
        outbox: events to send, in order.
    """

    user_id: int
    socket: web.WebSocketResponse
    outbox: asyncio.Queue[JSON] = field(default_factory=asyncio.Queue)


class Live:
    """All live connections of one world (everything that exists in one local Discord)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._viewers: set[_Viewer] = set()
        self._unsubscribe = world.subscribe(self._send_event)
        world.clock.listeners.append(self._send_clock)

    async def handle(self, request: web.Request, user_id: int) -> web.StreamResponse:
        """Serves one websocket of a person's page until it closes."""
        socket = web.WebSocketResponse(heartbeat=30.0, timeout=1.0)
        await socket.prepare(request)
        viewer = _Viewer(user_id, socket)
        self._viewers.add(viewer)
        writer = asyncio.create_task(self._write(viewer))
        try:
            async for message in socket:
                if message.type == WSMsgType.ERROR:
                    break
        finally:
            self._viewers.discard(viewer)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    async def close(self) -> None:
        """Closes every connection and no longer listens to what happens in the local Discord."""
        self._unsubscribe()
        self.world.clock.listeners.remove(self._send_clock)
        closing = [x.socket.close(code=1001) for x in self._viewers]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _write(self, viewer: _Viewer) -> None:
        while True:
            item = await viewer.outbox.get()
            with contextlib.suppress(ConnectionError):
                await viewer.socket.send_str(json.dumps(item))

    def _send_clock(self) -> None:
        clock = self.world.clock
        for viewer in self._viewers:
            now = {"type": "clock", "now": iso(clock.now()), "real": clock.is_real}
            viewer.outbox.put_nowait(now)

    def _send_event(self, event: Event) -> None:
        for viewer in self._viewers:
            item = _page_event(self.world, event, viewer.user_id)
            if item is not None:
                viewer.outbox.put_nowait(item)


_EVENTS_FOR_EVERYONE = ("commands", "channels", "bot")
_BOT_CAME_OR_WENT = ("GUILD_CREATE", "GUILD_DELETE")


def _page_event(world: World, event: Event, user_id: int) -> JSON | None:
    """Returns an event as the page of this member gets it; None if the member may not see it."""
    name = event.name
    if name in _EVENTS_FOR_EVERYONE:
        return {"type": name} | event.data
    if name in _BOT_CAME_OR_WENT:
        return {"type": "commands"}
    if event.reader is not None:
        if event.reader != user_id:
            return None
        if name == "interaction":
            found = world.interactions[int(event.data["id"])]
            return {"type": name} | lifecycle.outcome(world, found, files="")
        if name == "dismiss":
            return {"type": "message_delete"} | event.data
        return {"type": name} | event.data
    channel = world.channels.get(event.channel_id or 0)
    if channel is None or not (world.permissions(user_id, channel) & permissions.VIEW_CHANNEL):
        return None
    message = event.message
    if message is not None and (message.visible_to not in (None, user_id) or message.dismissed):
        return None
    place = {"channel": str(channel.id)}
    if name == "typing":
        return {"type": name} | place
    if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and message is not None:
        kind = "message" if name == "MESSAGE_CREATE" else "message_update"
        return {"type": kind, "message": shown.message(world, message, user_id)}
    if name == "MESSAGE_DELETE":
        return {"type": "message_delete", "ids": [event.data["id"]]} | place
    if name == "MESSAGE_DELETE_BULK":
        return {"type": "message_delete", "ids": event.data["ids"]} | place
    if name.startswith("MESSAGE_POLL") and message is not None:
        return {"type": "message_update", "message": shown.message(world, message, user_id)}
    if name.startswith("MESSAGE_REACTION") and message is not None:
        listed = shown.reactions(message, user_id)
        return {"type": "reactions", "message": str(message.id), "reactions": listed} | place
    return None

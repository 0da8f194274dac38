"""The local Discord as a server: one port for the bot, one for people.

`start` opens both. On the bot's port it answers over TLS as discord.com, gateway.discord.gg and the
CDN. On the page's port it answers over plain HTTP, only on this machine; it refuses requests for
other host names and requests that come from other web sites.
"""

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground.connect import make_certificates
from bot.playground.gateway.gateway import Gateway
from bot.playground.rest.limits import Limits
from bot.playground.rest.recording import Recording
from bot.playground.rest.rest import Rest
from bot.playground.web import api
from bot.playground.web.api import NO_MESSAGES, Messages, PageApi
from bot.playground.web.live import Live
from bot.playground.world.channels import uploads
from bot.playground.world.world import World

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class PortInUse(Exception):
    """Another program uses the page's port. str() is a sentence that says what to do."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is in use by another program (perhaps another playground): "
            "stop that one, or choose another port with MATINEE_PLAYGROUND_PORT."
        )
        self.port = port


class LocalDiscord:
    """A running local Discord, made by `start`.

    Attributes:
        world: everything that exists in it: users, guilds, channels, messages and so on.
        faults: what goes wrong on purpose, such as broken connections (`world.faults`).
        ca_pem: the certificate authority for `connector`, as PEM text.
        gateway: its gateway.
        limits: its REST rate limits.
        port: the bot's port.
        page_url: the page's address, without a slash at the end.
    """

    def __init__(
        self,
        world: World,
        *,
        ca_pem: bytes,
        gateway: Gateway,
        rest: Rest,
        live: Live,
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self.world = world
        self.faults = world.faults
        self.ca_pem = ca_pem
        self.gateway = gateway
        self.limits = rest.limits
        self.port = 0
        self.page_url = ""
        self._rest = rest
        self._live = live
        self._close = close
        self._stopped = False

    def drop_gateway(self, code: int | None = None) -> None:
        """Cuts the bot's gateway connections. If `code` is given, sends that close code first."""
        self.gateway.drop(code)

    def disconnect(self) -> None:
        """Asks the bot to reconnect and resume (op 7)."""
        self.gateway.ask_to_reconnect()

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Tells the bot that its sessions are invalid (op 9).

        resumable: True if the bot may resume them; False ends them.
        """
        self.gateway.invalidate(resumable=resumable)

    def let_identify(self) -> None:
        """Lets the bot identify at once, without the five seconds between two identifies."""
        self.gateway.let_identify()

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
        """Answers the next `times` requests that match with an error."""
        self.faults.answer(method, route, status, code=code, message=message, times=times)

    async def stop(self) -> None:
        """Closes everything. A second call does nothing."""
        if not self._stopped:
            self._stopped = True
            for interaction in self.world.interactions.values():
                if interaction.deadline is not None:
                    interaction.deadline.cancel()
            self.world.alarms.close()
            await self._live.close()
            await self.gateway.close()
            await self._close()
            self._rest.recording.close()


@asynccontextmanager
async def start(
    world: World,
    host: str = "127.0.0.1",
    page_port: int = 0,
    *,
    record: Path | None = None,
    rate_limits: bool = True,
    heartbeat_seconds: float = 41.25,
    messages: Messages = NO_MESSAGES,
) -> AsyncIterator[LocalDiscord]:
    """Runs a local Discord until the context ends.

    host, page_port: the address of the page; port 0 takes any free port.
    record: a file to which each REST request of the bot and its answer is appended as a line of
        JSON; None to record nothing.
    rate_limits: True if the rate limits of REST and gateway hold.
    heartbeat_seconds: the interval in which the bot has to send heartbeats.
    messages: what the bot can say, for the page `/messages`.

    Raises PortInUse if another program uses `page_port`.
    """
    certificates = await asyncio.to_thread(make_certificates)
    gateway = Gateway(world, enforce_limits=rate_limits, heartbeat_seconds=heartbeat_seconds)
    live = Live(world)
    rest = Rest(world, Limits(rate_limits), Recording(record))
    runners: list[web.AppRunner] = []

    async def close() -> None:
        for runner in runners:
            await runner.cleanup()

    local = LocalDiscord(
        world, ca_pem=certificates.ca_pem, gateway=gateway, rest=rest, live=live, close=close
    )
    try:
        # A file in base 64 is a third longer.
        page = web.Application(
            middlewares=[_only_loopback], client_max_size=2 * uploads.REQUEST_LIMIT_BYTES
        )
        PageApi(world, live, messages).register(page)
        runners.append(await _open(page, host, page_port))
        local.page_url = f"http://{host}:{_port(runners[0])}"
        discord = _discord_app(world, rest, gateway)
        runners.append(await _open(discord, host, 0, certificates.server))
        local.port = _port(runners[1])
        yield local
    finally:
        await local.stop()


async def _open(
    app: web.Application, host: str, port: int, tls: ssl.SSLContext | None = None
) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, ssl_context=tls, backlog=1024).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port) from None
        raise
    return runner


def _port(runner: web.AppRunner) -> int:
    return int(runner.addresses[0][1])


def _discord_app(world: World, rest: Rest, gateway: Gateway) -> web.Application:
    async def cdn(request: web.Request) -> web.StreamResponse:
        return api.attachment(world, request)

    async def ephemeral(request: web.Request) -> web.StreamResponse:
        return api.option_file(world, request)

    app = web.Application(client_max_size=uploads.REQUEST_LIMIT_BYTES)
    app.router.add_get("/", gateway.handle)
    app.router.add_get("/attachments/{channel}/{id}/{filename}", cdn)
    app.router.add_get("/ephemeral-attachments/{channel}/{id}/{filename}", ephemeral)
    app.router.add_route("*", "/{path:.*}", rest.handle)
    return app


@web.middleware
async def _only_loopback(request: web.Request, handler: Handler) -> web.StreamResponse:
    host, _, port = request.host.rpartition(":")
    if not port.isdigit():
        host = request.host
    if host not in _LOOPBACK:
        return web.json_response({"error": "Only this machine can use the playground."}, status=403)
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return web.json_response({"error": "Another site cannot use the playground."}, status=403)
    if request.method not in ("GET", "HEAD") and request.content_type != "application/json":
        return web.json_response({"error": "Send application/json."}, status=415)
    return await handler(request)

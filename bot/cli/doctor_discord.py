"""Checks what could be wrong at Discord's end: token, clock, gateway, commands, permissions.

It connects as the bot would, with a client of its own that only reads: it syncs no command and
sends nothing. A running bot is not disturbed.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.client.client import INTENTS
from bot.cogs.interaction import REACTION_PERMISSIONS
from bot.run import COGS
from bot.services.notes import note
from bot.services.operations.doctor import Finding, PostChannel
from bot.wording.interaction import permissions

GATEWAY_SECONDS = 20.0  # the gateway must let the client in within this time
MAX_CLOCK_SKEW_SECONDS = 2.0  # with more, answers may miss Discord's deadline of 3 s
DISALLOWED_INTENTS = 4014  # Discord's documentation, gateway close event codes
PERMISSIONS_NEEDED = ("send_messages", *REACTION_PERMISSIONS)


class _ReadingClient(discord.Client):
    """A Discord client that only reads. Its event `servers_known` is set once all servers were
    received.
    """

    def __init__(self, connector: aiohttp.BaseConnector | None) -> None:
        super().__init__(
            intents=INTENTS,
            connector=connector,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=1.0,
        )
        self.servers_known = asyncio.Event()

    async def on_ready(self) -> None:
        self.servers_known.set()


async def check_discord(
    token: str | None,
    chosen: Sequence[PostChannel],
    now: datetime,
    connector: aiohttp.BaseConnector | None = None,
    patience: float = GATEWAY_SECONDS,
) -> tuple[Finding, ...]:
    """Checks what could be wrong at Discord's end; returns the findings, good and bad ones.

    If the token does not work, nothing else is checked. Permissions are checked only if the gateway
    lets the bot in.

    token: the bot's token; None if it is not set.
    chosen: the channels of scheduled posts.
    now: this machine's time, aware.
    connector: connects to a local Discord in tests; None connects to discord.com.
    patience: seconds to wait for the gateway.
    """
    if token is None:
        return (Finding("token", "bad", note("token-not-set"), note("put-token")),)
    async with _ReadingClient(connector) as client:
        found = [await _token(client, token)]
        if found[-1].state == "bad":
            return tuple(found)
        found += await _clock(client, now)
        found += _application(client)
        found.append(await _commands(client))
        found.append(await _gateway(client, patience))
        if found[-1].state == "good":
            found += _permissions(client, chosen)
        return tuple(found)


async def _token(client: discord.Client, token: str) -> Finding:
    try:
        await client.login(token)
    except discord.LoginFailure:
        return Finding("token", "bad", note("token-rejected"), note("copy-token"))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        unasked = note("discord-not-asked", cause=str(error))
        return Finding("token", "bad", unasked, note("check-network"))
    user = client.user
    return Finding("token", "good", note("token-works", name=user.name if user else None))


async def _clock(client: discord.Client, now: datetime) -> list[Finding]:
    """Compares this machine's clock with the Date header of an answer from Discord.

    The header gives whole seconds.
    """
    began = asyncio.get_running_loop().time()
    connector = client.http.connector  # discord.py's own, so that requests take the same way
    try:
        async with (
            aiohttp.ClientSession(connector=connector, connector_owner=False) as session,
            session.get(f"{discord.http.Route.BASE}/gateway") as answer,
        ):
            date = answer.headers.get("Date")
    except aiohttp.ClientError:
        return []
    if date is None:
        return []
    server_time = parsedate_to_datetime(date).astimezone(UTC)
    passed = asyncio.get_running_loop().time() - began
    skew = (now - server_time).total_seconds() + passed / 2
    if abs(skew) > MAX_CLOCK_SKEW_SECONDS:
        wrong = note("clock-off", seconds=abs(skew), ahead=skew > 0)
        return [Finding("clock", "bad", wrong, note("sync-clock"))]
    return [Finding("clock", "good", note("clock-agrees"))]


def _application(client: discord.Client) -> Iterator[Finding]:
    """Yields a finding for each setting in Discord's developer portal that affects commands.

    A bad setting keeps commands from reaching the bot.
    """
    application = client.application
    if application is not None and application.interactions_endpoint_url:
        yield Finding("application", "bad", note("endpoint-set"), note("clear-endpoint"))
    else:
        yield Finding("application", "good", note("endpoint-clear"))


async def _commands(client: discord.Client) -> Finding:
    try:
        registered = await app_commands.CommandTree(client).fetch_commands()
    except discord.HTTPException as error:
        unlisted = note("commands-unlisted", cause=str(error))
        return Finding("commands", "look", unlisted, note("try-later"))
    registered_commands = {(one.name, one.description, _options(one.options)) for one in registered}
    own_commands = {
        (one.name, getattr(one, "description", ""), _options(getattr(one, "parameters", ())))
        for cog in COGS
        for one in cog.__cog_app_commands__
        if isinstance(one, app_commands.Command)
    }
    lacking = sorted({name for name, *_ in own_commands - registered_commands})
    if lacking:
        outdated = note("commands-outdated", commands=[f"/{name}" for name in lacking])
        return Finding("commands", "bad", outdated, note("start-to-sync"))
    return Finding("commands", "good", note("commands-registered", count=len(own_commands)))


def _options(options: Sequence[Any]) -> tuple[str, ...]:
    """Returns the names of a command's options as people see them on Discord.

    The parameters in the code may have other names.
    """
    return tuple(sorted(str(getattr(one, "display_name", one.name)) for one in options))


async def _gateway(client: _ReadingClient, patience: float) -> Finding:
    connecting = asyncio.create_task(client.connect(reconnect=False))
    ready = asyncio.create_task(client.servers_known.wait())
    try:
        await asyncio.wait(
            {connecting, ready}, timeout=patience, return_when=asyncio.FIRST_COMPLETED
        )
        if ready.done():
            return Finding("gateway", "good", note("gateway-open", servers=len(client.guilds)))
        error = connecting.exception() if connecting.done() else None
        if isinstance(error, discord.ConnectionClosed) and error.code == DISALLOWED_INTENTS:
            refused = note("gateway-refuses-intents")
            return Finding("gateway", "bad", refused, note("update-or-remake"))
        why = str(error) if error else note("no-answer-within", seconds=round(patience))
        unreachable = note("gateway-unreachable", cause=why)
        return Finding("gateway", "bad", unreachable, note("open-gateway"))
    finally:
        ready.cancel()
        await client.close()  # the client keeps what it learned of the servers
        await asyncio.gather(ready, connecting, return_exceptions=True)


def _permissions(client: discord.Client, chosen: Sequence[PostChannel]) -> Iterator[Finding]:
    for place in chosen:
        guild = client.get_guild(place.guild_id)
        if guild is None:
            left = note("post-server-left", server=str(place.guild_id))
            yield Finding("permissions", "look", left, note("post-stops"))
            continue
        channel = guild.get_channel(place.channel_id)
        if channel is None or guild.me is None:
            gone = note("post-channel-gone", server=guild.name)
            yield Finding("permissions", "bad", gone, note("choose-channel"))
            continue
        allowed = channel.permissions_for(guild.me)
        lacking = [name for name in PERMISSIONS_NEEDED if not getattr(allowed, name)]
        if lacking:
            unpermitted = note(
                "post-unpermitted",
                channel=f"#{channel.name}",
                server=guild.name,
                permissions=permissions(lacking),
            )
            yield Finding("permissions", "bad", unpermitted, note("allow-there"))
        else:
            yield Finding("permissions", "good", note("post-permitted", server=guild.name))

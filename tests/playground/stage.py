"""A running local Discord with a small real discord.py bot, for the tests of the playground."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp
import discord
import pytest
from discord.ext import commands

from bot.playground import LocalDiscord, Person, World, connector, start
from bot.playground.records.interactions import DONE, FAILED, THINKING, WAITING
from bot.playground.world.interactions.lifecycle import wait_for_state
from bot.playground.world.state import TOKEN
from tests.clock import PATIENCE_SECONDS, club_world

INTENTS = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, dm_reactions=True
)

_ABOUT = ("CommandTree-invoker", "discord-ui-view-dispatch", "discord-ui-modal-dispatch")
"""How discord.py names its tasks for interactions."""


class SmallBot(commands.AutoShardedBot):
    """An unmodified discord.py bot that records every event it receives."""

    def __init__(
        self, local: LocalDiscord, intents: discord.Intents = INTENTS, **options: Any
    ) -> None:
        super().__init__(
            commands.when_mentioned,
            intents=intents,
            connector=connector(local.port, local.ca_pem),
            enable_debug_events=True,
            help_command=None,
            guild_ready_timeout=0.05,
            **options,
        )
        self.patient = True
        self.events: list[tuple[str, Any]] = []
        self.errors: list[BaseException] = []
        self.setup: Callable[[], Awaitable[None]] | None = None
        self._changed = asyncio.Event()

    async def setup_hook(self) -> None:
        self.tree.error(self._failed)
        if self.setup is not None:
            await self.setup()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if self.patient:
            await super().before_identify_hook(shard_id, initial=initial)

    async def _failed(self, interaction: discord.Interaction, error: Exception) -> None:
        self.errors.append(getattr(error, "original", error))

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.events.append((event, args))
        self._changed.set()
        super().dispatch(event, *args, **kwargs)

    def count(self, event: str) -> int:
        """Returns how often an event has come."""
        return sum(name == event for name, _ in self.events)

    async def knows(self, guilds: Iterable[int]) -> None:
        """Waits until the bot knows all of these servers, which Discord sends after READY."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while any((found := self.get_guild(x)) is None or found.unavailable for x in guilds):
                self._changed.clear()
                await self._changed.wait()

    async def until(
        self, event: str, times: int = 1, *, seconds: float = PATIENCE_SECONDS
    ) -> tuple[Any, ...]:
        """Waits for the `times`-th event of a kind. Returns its arguments."""
        async with asyncio.timeout(seconds):
            while self.count(event) < times:
                self._changed.clear()
                await self._changed.wait()
        return tuple([args for name, args in self.events if name == event][times - 1])


class Stage:
    """A running local Discord with a bot."""

    def __init__(self, local: LocalDiscord, bot: SmallBot, stack: AsyncExitStack) -> None:
        self.local = local
        self.world: World = local.world
        self.bot = bot
        self._stack = stack

    @property
    def guild(self) -> discord.Guild:
        """The club's server, as the bot sees it."""
        return self.bot.guilds[0]

    def room(self, name: str) -> discord.TextChannel:
        """Returns a channel, as the bot sees it."""
        found = discord.utils.get(self.guild.text_channels, name=name)
        assert found is not None
        return found

    async def at_rest(self) -> None:
        """Waits until the bot has ended all that it does about interactions."""
        for interaction in list(self.world.interactions.values()):
            if interaction.state == WAITING:
                await wait_for_state(interaction, PATIENCE_SECONDS, (THINKING, DONE, FAILED))
        tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith(_ABOUT)]
        await asyncio.gather(*tasks)

    async def person(self, name: str) -> Person:
        """Returns a member who uses the page."""
        return await self._stack.enter_async_context(Person(self.local.page_url, name))


@asynccontextmanager
async def open_stage(
    record: Path | None = None,
    *,
    world: World | None = None,
    intents: discord.Intents = INTENTS,
    prepare: Callable[[SmallBot], None] | None = None,
    token: str = TOKEN,
    **options: Any,
) -> AsyncIterator[Stage]:
    """Yields a local Discord with a bot that is ready.

    `prepare` adds commands, which are then synced. None adds no commands.
    """
    world = world or club_world()
    async with AsyncExitStack() as stack, start(world, record=record, **options) as local:
        bot = SmallBot(local, intents)
        bot.patient = options.get("rate_limits", True)
        if prepare is not None:
            prepare(bot)

            async def sync() -> None:
                await bot.tree.sync()

            bot.setup = sync
        running = asyncio.create_task(bot.start(token))
        try:
            waiting = asyncio.create_task(bot.until("ready"))
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                waiting.cancel()
                await running
            bot_id, guilds = world.bot.id, world.guilds.values()
            await bot.knows([x.id for x in guilds if x.available and bot_id in x.members])
            yield Stage(local, bot, stack)
            await stack.aclose()
        finally:
            await bot.close()
            await asyncio.gather(running, return_exceptions=True)


async def refused(what: Any) -> discord.HTTPException:
    """Awaits a request that Discord must refuse. Returns discord.py's exception."""
    with pytest.raises(discord.HTTPException) as caught:
        await what
    return caught.value


class RawRest:
    """Calls REST without discord.py's own checks."""

    def __init__(self, port: int, ca_pem: bytes, token: str = TOKEN) -> None:
        self._session = aiohttp.ClientSession(
            connector=connector(port, ca_pem), headers={"Authorization": f"Bot {token}"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def call(self, method: str, path: str, **sent: Any) -> tuple[int, Any, Any]:
        url = f"https://discord.com/api/v10{path}"
        async with self._session.request(method, url, **sent) as response:
            body = None if response.status == 204 else await response.json(content_type=None)
            return response.status, body, response.headers

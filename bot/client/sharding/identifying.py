"""Lets shards identify to Discord's gateway in turn, over all processes of the bot.

Discord says how many shards may identify within five seconds (`max_concurrency`): shards whose
numbers are equal modulo that number take turns (Discord's events/gateway, "Sharding").
"""

import asyncio

import discord

from bot.services.app import App


class IdentifyTurns:
    """The turns of this process' shards."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._at_once: int | None = None  # what Discord allows; None before it is asked

    async def wait(self, client: discord.AutoShardedClient, shard_id: int) -> None:
        """Waits until a shard may identify."""
        if self._at_once is None:
            limits = await client.fetch_session_start_limits()
            self._at_once = max(1, limits.max_concurrency)
        cluster = self._app.cluster
        pause = await cluster.reserve_identify(self._app.db, shard_id, self._at_once)
        await asyncio.sleep(pause.total_seconds())

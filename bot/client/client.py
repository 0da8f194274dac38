"""The Discord client: intents, cogs, the error boundary, command sync, and what runs beside them.

No privileged intent is asked for. Every interaction, whether command, button or modal, passes the
one error boundary in `bot/client/reply.py`.
"""

import asyncio
import json
import logging
from collections.abc import Coroutine
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot import instrument
from bot.client.reply import apologise, guarded, say
from bot.client.seeding import ReactionQueue
from bot.services.app import App
from bot.services.feedback.rate import record_seeded
from bot.services.operations import markers
from bot.views.buttons import UNKNOWN, Action, Persistent
from bot.views.custom_ids import CustomId, parse

log = logging.getLogger(__name__)

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    add_reactions=True,
)
"""The least the bot needs; the invite link asks for exactly these."""

INTENTS = discord.Intents(
    guilds=True,
    guild_messages=True,
    dm_messages=True,
    guild_reactions=True,
    dm_reactions=True,
)


def _name(interaction: "discord.Interaction[MatineeBot]") -> str:
    return interaction.command.qualified_name if interaction.command else "unknown"


def invite_link(application_id: int) -> str:
    """Where a server manager adds the bot, with the least permissions."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS)


class Tree(app_commands.CommandTree["MatineeBot"]):
    """Slash commands, with the error boundary."""

    async def interaction_check(self, interaction: "discord.Interaction[MatineeBot]", /) -> bool:
        instrument.begun(interaction)
        return True

    async def on_error(
        self, interaction: "discord.Interaction[MatineeBot]", error: app_commands.AppCommandError, /
    ) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            log.error("autocomplete failed", exc_info=error)
            return
        outcome = await apologise(interaction, error)
        instrument.ended(interaction, _name(interaction), outcome)


class MatineeBot(commands.AutoShardedBot):
    """The bot. Cogs find the application in `bot.app` and register `bot.actions`."""

    def __init__(self, app: App, *, connector: aiohttp.BaseConnector | None = None) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            tree_cls=Tree,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            connector=connector,
        )
        self.app = app
        self.actions: dict[str, Action] = {}
        self.seeder = ReactionQueue(react=self._react, done=self._card_seeded)
        self._beside: list[tuple[str, Coroutine[Any, Any, None]]] = []
        self.first_ready = asyncio.Event()
        self.stopping = asyncio.Event()

    def beside(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Have `work` run as long as the bot does; cogs call this while they load. Once `stopping`
        is set it ends by itself, leaving nothing half-written."""
        self._beside.append((name, work))

    async def until(self, event: asyncio.Event) -> bool:
        """Wait for `event`; False when the bot is asked to stop before it comes."""
        waits = [asyncio.create_task(each.wait()) for each in (event, self.stopping)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return event.is_set()

    async def setup_hook(self) -> None:
        """Load the cogs, listen to persistent buttons, sync commands when they changed."""
        from bot.cogs import COGS

        for cog in COGS:
            await self.add_cog(cog(self))
        self.add_dynamic_items(Persistent)
        instrument.watch(self)
        self.beside("metrics page", instrument.serve(self, self.stopping))
        self.beside("errors", instrument.count_errors(self, self.stopping))
        await self._sync()
        if self.application_id is not None:
            log.info("Invite the bot with %s", invite_link(self.application_id))

    async def run_beside(self) -> None:
        """The seeder and whatever the cogs asked for, until `stopping` is set."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.seeder.run(self.stopping), name="seeder")
            for name, work in self._beside:
                group.create_task(work, name=name)

    async def act(self, interaction: "discord.Interaction[MatineeBot]", pressed: CustomId) -> None:
        """Run the action that a button, a select or a modal names."""
        instrument.begun(interaction)
        action = self.actions.get(pressed.action)
        if action is None:
            log.warning("no action %r; the message is from another version", pressed.action)
            await guarded(interaction, say(interaction, "I no longer know that button."))
            return
        outcome = await guarded(interaction, action(interaction, pressed))
        instrument.ended(interaction, pressed.action, outcome)

    async def on_app_command_completion(
        self, interaction: "discord.Interaction[MatineeBot]", _: object
    ) -> None:
        """A command was answered."""
        instrument.ended(interaction, _name(interaction), "done")

    async def on_interaction(self, interaction: "discord.Interaction[MatineeBot]") -> None:
        """Modals: discord.py forgets them at a restart, so they are routed like buttons."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data or {}
            await self.act(interaction, parse(str(data.get("custom_id", ""))) or UNKNOWN)

    async def on_message(self, message: discord.Message, /) -> None:
        """Messages hold no commands for us."""

    async def on_ready(self) -> None:
        """May come again after every reconnection; what is done once waits for the event."""
        self.first_ready.set()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log and go on; discord.py calls this inside the exception's handler."""
        log.exception("the handler of %s failed", event_method)

    async def _sync(self) -> None:
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, payload], sort_keys=True)
        if await markers.commands_changed(self.app, text):
            await self.tree.sync()
            await markers.commands_synced(self.app, text)
            log.info("%d commands synced", len(payload))

    async def _react(self, channel_id: int, message_id: int, emoji: str) -> None:
        channel = self.get_partial_messageable(channel_id)
        await channel.get_partial_message(message_id).add_reaction(emoji)

    async def _card_seeded(self, message_id: int) -> None:
        await record_seeded(self.app, message_id)

"""The Discord client: its intents, its cogs, the routing of interactions, and command sync.

It asks for no privileged intent. An interaction is a command, a pressed button, a menu choice or a
submitted form. `bot/client/reply.py` catches every error that an interaction raises and turns it
into a sentence for the person.
"""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from discord.message import convert_emoji_reaction

from bot.client import deferral
from bot.client.budget import RequestBudget
from bot.client.command_sync import sync
from bot.client.events import guard
from bot.client.languages import answer_language
from bot.client.membership import Membership
from bot.client.reaction_inbox import ReactionInbox
from bot.client.reply import Outcome, apologise, run_guarded, say
from bot.client.seeding import ReactionQueue
from bot.client.sharding.identifying import IdentifyTurns
from bot.client.translator import translator
from bot.services.app import App
from bot.services.feedback.rate import record_seeded
from bot.services.notes import note
from bot.services.operations import markers, saving
from bot.views.buttons import UNKNOWN_CUSTOM_ID, Persistent
from bot.views.custom_ids import CustomId, parse
from bot.wording.errors.said import said
from bot.wording.speech import speak

log = logging.getLogger(__name__)

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    add_reactions=True,
    send_polls=True,
    create_events=True,
)
"""The permissions that the bot needs. The invite link asks for exactly these."""

INTENTS = discord.Intents(
    guilds=True,
    guild_messages=True,
    dm_messages=True,
    guild_reactions=True,
    dm_reactions=True,
    guild_polls=True,
    guild_scheduled_events=True,
    voice_states=True,
)

Press = discord.Interaction["MatineeBot"]
"""An interaction with this client: a command, a pressed button, a chosen value or a sent form."""

Action = Callable[[Press, CustomId], Awaitable[None]]
"""What a press of a button, a choice in a menu or a submitted modal does.

Each cog registers its actions by name. The name is in the `custom_id` that Discord sends back."""

CogFactory = Callable[["MatineeBot"], commands.Cog]
"""A function that makes a cog for the client, such as a cog's class."""


class InteractionObserver(Protocol):
    """An object with methods that are called when the work on an interaction begins and ends.

    An interaction is a command, a pressed button, a menu choice or a submitted form.
    """

    def begun(self, interaction: Press) -> None:
        """Called when the work on an interaction begins, in the task that does the work."""

    def ended(self, interaction: Press, name: str, outcome: Outcome) -> None:
        """Called when the work on an interaction has ended.

        name: the name of the command or of the action.
        outcome: how the work ended.
        """


def _command_name(interaction: Press) -> str:
    return interaction.command.qualified_name if interaction.command else "unknown"


def invite_link(application_id: int) -> str:
    """Returns the address at which a server manager can add the bot and grant it PERMISSIONS."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS)


class Tree(app_commands.CommandTree["MatineeBot"]):
    """The slash commands. If a command raises an error, the person gets a sentence about it."""

    async def interaction_check(self, interaction: Press, /) -> bool:
        self.client.interaction_begun(interaction)
        return True

    async def on_error(self, interaction: Press, error: app_commands.AppCommandError, /) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            log.error("autocomplete failed", exc_info=error)
            return
        outcome = await apologise(interaction, error)
        self.client.interaction_ended(interaction, _command_name(interaction), outcome)


class MatineeBot(commands.AutoShardedBot):
    """The bot: discord.py's client with what Matinee adds.

    Attributes:
        app: what the services need, such as the settings, the database and the model that answers.
        observers: are called when the work on an interaction begins and when it has ended.
        actions: the functions that pressed buttons, menu choices and submitted forms call, by the
            name of the action; each cog adds its own.
        budget: lets each request to Discord wait for its turn.
        reaction_queue: the cards (messages about a film) that wait for the rating emoji that
            the bot puts under them.
        reaction_inbox: the reactions that Discord reported and that are not in the database yet.
        membership: the servers of which the bot is a member.
        commands_sent: True if Discord has the slash commands of this version.
        command_ids: Discord's ids of the slash commands, by their names.
        nights_changed: is set when somebody did something about a movie night, or came to a voice
            channel or left it; the job of the movie nights clears it.
        watched_voice: ids of the voice channels in which a movie night is on.
        first_ready: is set when the gateway is ready for the first time.
        stopping: is set when the bot is asked to stop.
    """

    def __init__(
        self,
        app: App,
        cogs: Sequence[CogFactory],
        *,
        connector: aiohttp.BaseConnector | None = None,
    ) -> None:
        self.budget = RequestBudget()
        shards = app.cluster.shards
        sharding: dict[str, Any] = {}
        if shards is not None:
            sharding = {"shard_ids": list(shards.ids), "shard_count": shards.count}
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
            http_trace=self.budget.trace(),
            **sharding,
        )
        self.app = app
        self.observers: list[InteractionObserver] = []
        self._cogs_to_load = tuple(cogs)
        self.actions: dict[str, Action] = {}
        self.reaction_queue = ReactionQueue(react=self._react, done=self._cards_seeded)
        self.reaction_inbox = ReactionInbox()
        self.membership = Membership()
        self.commands_sent = False
        self.command_ids: dict[str, int] = {}
        self.nights_changed = asyncio.Event()
        self.watched_voice: set[int] = set()
        self._identify_turns = IdentifyTurns(app)
        self.first_ready = asyncio.Event()
        self.stopping = asyncio.Event()
        guard(self, self.membership)

    async def setup_hook(self) -> None:
        """Loads the cogs, registers persistent buttons, and syncs the commands if they changed.

        Raises CannotConnect if Discord refuses the commands and has no earlier ones.
        """
        for cog in self._cogs_to_load:
            await self.add_cog(cog(self))
        self.add_dynamic_items(Persistent)
        await self.tree.set_translator(translator(self.app.settings.locale))
        await self.send_commands()
        if self.application_id is not None:
            log.info("Invite the bot with %s", invite_link(self.application_id))

    def interaction_begun(self, interaction: Press) -> None:
        """Tells the observers that the work on an interaction begins.

        From here on, texts are in the person's language. The writes to the database are counted, so
        that an error message can say what was saved.
        """
        speak(answer_language(self.app, interaction, private=True))
        saving.begin_request()
        deferral.start(interaction)
        for observer in self.observers:
            observer.begun(interaction)

    def interaction_ended(self, interaction: Press, name: str, outcome: Outcome) -> None:
        """Tells the observers that the work on an interaction has ended.

        name: the name of the command or of the action.
        outcome: how the work ended.
        """
        for observer in self.observers:
            observer.ended(interaction, name, outcome)

    async def act(self, interaction: Press, pressed: CustomId) -> None:
        """Runs the action of a pressed button or menu. If it raises an error, the person gets a
        sentence.

        pressed: the name of the action and its arguments.
        """
        self.interaction_begun(interaction)
        action = self.actions.get(pressed.action)
        if action is None:
            log.warning("no action %r; the message is from another version", pressed.action)
            unknown = said(note("unknown-button"))
            await run_guarded(interaction, say(interaction, unknown))
            return
        outcome = await run_guarded(interaction, action(interaction, pressed))
        self.interaction_ended(interaction, pressed.action, outcome)

    async def on_app_command_completion(self, interaction: Press, _: object) -> None:
        """Tells the observers that a command was answered. discord.py calls this method."""
        self.interaction_ended(interaction, _command_name(interaction), "done")

    async def on_interaction(self, interaction: Press) -> None:
        """Runs the action of a submitted form. Every other interaction is left to discord.py.

        discord.py itself does not recognise a form that was opened before the bot's last restart.
        """
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data or {}
            await self.act(interaction, parse(str(data.get("custom_id", ""))) or UNKNOWN_CUSTOM_ID)

    async def on_message(self, message: discord.Message, /) -> None:
        """Does nothing: the bot takes no commands from the text of messages."""

    async def on_ready(self) -> None:
        """Sets `first_ready`. discord.py calls this method again at the start of each new session.

        By then all servers are known. The garbage collector need not look through them again before
        the next session: with a thousand servers that would delay answers by a tenth of a second.
        In a new session discord.py makes new objects for all servers, so the old ones are freed.
        """
        if self.first_ready.is_set():
            gc.unfreeze()
            gc.collect()
        gc.freeze()
        self.first_ready.set()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Logs the exception that an event handler raised. discord.py calls this; the bot goes
        on.
        """
        log.exception("the handler of %s failed", event_method)

    async def send_commands(self) -> None:
        """Sends the slash commands to Discord if they have changed and it does not have them yet.

        Among several processes, the leading one does so. Raises CannotConnect if Discord refuses
        them and has no earlier ones.
        """
        if not self.commands_sent and self.app.cluster.leading:
            self.commands_sent = await sync(self, self.app.as_leader())
        self.command_ids = await markers.command_ids(self.app)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Waits until a shard may identify to the gateway. discord.py calls this before it does."""
        if self.app.cluster.shards is None or shard_id is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self._identify_turns.wait(self, shard_id)

    def slash(self, name: str) -> str:
        """Returns a slash command in markdown, which can be tapped if Discord's id of it is known.

        name: the command's name, with the subcommand's if there is one.
        """
        number = self.command_ids.get(name.split()[0])
        return f"</{name}:{number}>" if number else f"`/{name}`"

    async def _react(self, channel_id: int, message_id: int, emoji: str) -> None:
        await self.http.add_reaction(channel_id, message_id, convert_emoji_reaction(emoji))

    async def _cards_seeded(self, message_ids: Sequence[int]) -> None:
        await record_seeded(self.app, message_ids)

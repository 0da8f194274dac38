"""/import: a film history from another place, to look at, apply and undo."""

import io
import time
from collections.abc import Awaitable
from typing import TypeVar

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.deferral import note_response, settle
from bot.client.reply import await_or_defer, edit, send
from bot.cogs.interaction import requester
from bot.errors import Sorry
from bot.services.imports.person import applying, preview, settling
from bot.services.imports.person.preview import ImportProgress
from bot.services.operations.retention import DRAFT_AGE
from bot.views import cards
from bot.views.buttons import chosen
from bot.views.custom_ids import CustomId, whole
from bot.views.history_import import (
    SKIP,
    applied_view,
    preview_view,
    questions_view,
    unfinished_view,
)
from bot.wording import commands as texts
from bot.wording.people import history_import as words

T = TypeVar("T")
MAX_MEGABYTES = 25
SECONDS_BETWEEN = 1.0
"""How often a message that shows progress is changed."""


class ProgressMessage:
    """The private message of an interaction, while it shows how far something is."""

    def __init__(self, interaction: Press) -> None:
        self._interaction = interaction
        self._last = time.monotonic()
        self.shown = False

    async def show(self, progress: ImportProgress) -> None:
        """Shows the progress, unless it was shown a moment ago or nothing was sent yet."""
        now = time.monotonic()
        if now < self._last + SECONDS_BETWEEN or not self._interaction.response.is_done():
            return
        self._last, self.shown = now, True
        try:
            await self._interaction.edit_original_response(
                view=cards.text_view(words.progress(progress))
            )
        except discord.HTTPException:
            self._last += SECONDS_BETWEEN  # what is shown matters less than what is done

    async def end(self, view: ui.LayoutView) -> None:
        """Shows the result in place of the progress, or of the message whose button was pressed."""
        await settle(self._interaction)
        if self._interaction.response.is_done():
            await self._interaction.edit_original_response(view=view)
        elif self._interaction.message is not None:
            await edit(self._interaction, view)
        else:
            await send(self._interaction, view, private=True)


class HistoryImport(commands.Cog):
    """What people bring in from other places, shown to them alone."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "imp-show": self.show,
            "imp-apply": self.apply,
            "imp-ask": self.ask,
            "imp-pick": self.pick,
            "imp-likely": self.take_likely,
            "imp-file": self.send_unrecognised,
            "imp-forget": self.forget,
            "imp-share": self.share,
            "imp-undo": self.undo,
        }

    @app_commands.command(name="import", description=texts.IMPORT)
    @app_commands.describe(file=texts.IMPORT_FILE)
    async def import_history(self, interaction: Press, file: discord.Attachment) -> None:
        if file.size > MAX_MEGABYTES * 1_000_000:
            raise Sorry("history-too-large", file=file.filename, megabytes=MAX_MEGABYTES)
        message = ProgressMessage(interaction)
        work = self._read(interaction, file, message)
        try:
            found = await await_or_defer(interaction, work, private=True)
        except Exception:
            if message.shown:
                await interaction.delete_original_response()
            raise
        await message.end(preview_view(found, DRAFT_AGE.days))

    async def _read(
        self, interaction: Press, file: discord.Attachment, message: ProgressMessage
    ) -> preview.ImportPreview:
        try:
            content = await file.read()
        except discord.HTTPException as error:
            raise Sorry("import-file-lost") from error
        person = requester(interaction, private=True)
        return await preview.read_file(self.bot.app, person, file.filename, content, message.show)

    async def show(self, interaction: Press, pressed: CustomId) -> None:
        """Shows what a file would change."""
        person = requester(interaction, private=True)
        found = await preview.preview(self.bot.app, person, pressed.number(0))
        await edit(interaction, preview_view(found, DRAFT_AGE.days))

    async def apply(self, interaction: Press, pressed: CustomId) -> None:
        """Applies a file."""
        message, number = ProgressMessage(interaction), pressed.number(0)
        person = requester(interaction, private=True)
        work = applying.apply(self.bot.app, person, number, message.show)
        told = await self._done(message, number, work)
        await message.end(applied_view(told))

    async def undo(self, interaction: Press, pressed: CustomId) -> None:
        """Undoes a file."""
        message, number = ProgressMessage(interaction), pressed.number(0)
        person = requester(interaction, private=True)
        work = applying.undo(self.bot.app, person, number, message.show)
        file = await self._done(message, number, work)
        await message.end(cards.text_view(words.undone(file)))

    async def _done(self, message: ProgressMessage, number: int, work: Awaitable[T]) -> T:
        """Returns the result of applying or undoing a file.

        If that fails after progress was shown, the message gets its buttons back.

        number: the id of the import.
        """
        try:
            return await work
        except Exception:
            if message.shown:
                await message.end(unfinished_view(number))
            raise

    async def ask(self, interaction: Press, pressed: CustomId) -> None:
        """Shows films that were not recognised."""
        await self._ask(interaction, pressed.number(0), _place(pressed, 1))

    async def pick(self, interaction: Press, pressed: CustomId) -> None:
        """Stores which film the person chose for one that was not recognised."""
        value = "".join(chosen(interaction))
        film = None if value == SKIP else whole(value)
        if film is None and value != SKIP:
            raise Sorry("no-film-chosen")
        person, number = requester(interaction, private=True), pressed.number(0)
        await settling.settle(self.bot.app, person, number, pressed.number(1), film)
        await self._ask(interaction, number, _place(pressed, 2))

    async def _ask(self, interaction: Press, number: int, after: int) -> None:
        person = requester(interaction, private=True)
        page = await settling.question_page(self.bot.app, person, number, after)
        await edit(interaction, questions_view(page))

    async def take_likely(self, interaction: Press, pressed: CustomId) -> None:
        """Takes the likely film for each film that was not recognised and has one."""
        person = requester(interaction, private=True)
        await settling.settle_likely(self.bot.app, person, pressed.number(0))
        await self.show(interaction, pressed)

    async def send_unrecognised(self, interaction: Press, pressed: CustomId) -> None:
        """Sends the films that were not recognised as a file."""
        person = requester(interaction, private=True)
        found = await preview.preview(self.bot.app, person, pressed.number(0))
        content = await settling.unrecognised(self.bot.app, person, pressed.number(0))
        await settle(interaction)
        late = interaction.response.is_done()
        answer = interaction.followup.send if late else interaction.response.send_message
        file = discord.File(io.BytesIO(content), "unrecognised.csv")
        await answer(words.attached(found.file), file=file, ephemeral=True)
        note_response(interaction)

    async def forget(self, interaction: Press, pressed: CustomId) -> None:
        """Forgets a file that was not applied."""
        person = requester(interaction, private=True)
        await applying.discard(self.bot.app, person, pressed.number(0))
        await edit(interaction, cards.text_view(words.forgotten()))

    async def share(self, interaction: Press, pressed: CustomId) -> None:
        """Stores whether what the person brought in counts for others too."""
        person, number = requester(interaction, private=True), pressed.number(0)
        is_applied = await applying.is_applied(self.bot.app, person, number)
        await applying.set_shares_imports(self.bot.app, person, pressed.number(1) == 1)
        if is_applied:
            told = await applying.applied(self.bot.app, person, number)
            await edit(interaction, applied_view(told))
        else:
            await self.show(interaction, pressed)


def _place(pressed: CustomId, position: int) -> int:
    """Returns the place after which a page of questions begins; -1 for the first page."""
    return -1 if pressed.text(position) is None else pressed.number(position)

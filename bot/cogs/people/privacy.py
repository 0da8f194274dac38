"""/privacy: see, export or delete what is stored about a person."""

import io
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.deferral import note_response, settle
from bot.client.reply import edit, send
from bot.cogs.interaction import requester
from bot.services.notes import from_text
from bot.services.people import erasure, privacy
from bot.services.people.privacy import Summary
from bot.views import cards
from bot.views.buttons import button
from bot.views.custom_ids import CustomId
from bot.wording import commands as texts
from bot.wording.errors.said import said
from bot.wording.people import privacy as words
from bot.wording.people.compare import consent_button
from bot.wording.people.history_import_buttons import sharing_button

MAX_LETTERBOXD_FILES = 8
"""Discord takes ten files in a message. Eight of Letterboxd's have the films of a lifetime."""


class Privacy(commands.Cog):
    """What the bot stores about a person, shown to that person alone."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {"export": self.export, "erase": self.erase, "erase-yes": self.erase_yes}
        bot.actions |= {"shapes": self.shapes, "shares": self.shares}

    @app_commands.command(description=texts.PRIVACY)
    async def privacy(self, interaction: Press) -> None:
        summary = await privacy.summary(self.bot.app, interaction.user.id)
        view = self._view(summary, here=interaction.guild_id is not None)
        await send(interaction, view, private=True)

    async def shapes(self, interaction: Press, pressed: CustomId) -> None:
        """Stores whether the person's ratings shape what others are shown."""
        shapes = pressed.number(0) == 1
        summary = await privacy.set_shapes_others(self.bot.app, requester(interaction), shapes)
        await edit(interaction, self._view(summary, here=interaction.guild_id is not None))

    async def shares(self, interaction: Press, pressed: CustomId) -> None:
        """Stores whether what the person brought in from other places counts for others too."""
        shares = pressed.number(0) == 1
        summary = await privacy.set_shares_imports(self.bot.app, requester(interaction), shares)
        await edit(interaction, self._view(summary, here=interaction.guild_id is not None))

    def _view(self, summary: Summary, *, here: bool) -> ui.LayoutView:
        """Returns what is stored about a person, with buttons.

        here: True in a server. There is then a button that says who may see the person's taste.
        """
        row: ui.ActionRow[Any] = ui.ActionRow(
            button(words.export_button(), "export"),
            button(
                words.shaping_button(summary.shapes_others),
                "shapes",
                int(not summary.shapes_others),
            ),
            button(words.erase_button(), "erase", style=discord.ButtonStyle.danger),
        )
        if here:
            row.add_item(button(consent_button(), "taste"))
        if (shares := summary.shares_imports) is not None:
            row.add_item(button(sharing_button(shares), "shares", int(not shares)))
        return cards.text_view(words.summary(summary), row)

    async def export(self, interaction: Press, pressed: CustomId) -> None:
        """Sends the person all that is stored about them as JSON, and their ratings as CSV.

        Some of the CSV files are for Letterboxd.
        """
        person = requester(interaction)
        export = await privacy.export(self.bot.app, person, lambda text: said(from_text(text)))
        files = [
            discord.File(io.BytesIO(export.everything), "matinee.json"),
            discord.File(io.BytesIO(export.ratings), "ratings.csv"),
            *(
                discord.File(io.BytesIO(content), name)
                for name, content in export.letterboxd[:MAX_LETTERBOXD_FILES]
            ),
        ]
        await settle(interaction)
        late = interaction.response.is_done()
        answer = interaction.followup.send if late else interaction.response.send_message
        await answer(
            words.exported(bool(export.letterboxd), export.rounded),
            files=files,
            ephemeral=True,
        )
        note_response(interaction)

    async def erase(self, interaction: Press, pressed: CustomId) -> None:
        """Shows what would be deleted, and asks the person to confirm."""
        row: ui.ActionRow[Any] = ui.ActionRow(
            button(words.confirm_button(), "erase-yes", style=discord.ButtonStyle.danger)
        )
        warning = words.erasure_warning(privacy.keeping(self.bot.app.settings))
        await send(interaction, cards.text_view(warning, row), private=True)

    async def erase_yes(self, interaction: Press, pressed: CustomId) -> None:
        """Deletes every row about the person."""
        count = await erasure.erase(self.bot.app, interaction.user.id)
        await edit(interaction, cards.text_view(words.erased(count)))

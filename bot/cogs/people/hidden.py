"""The list in /settings of what is hidden from a person's picks, and its buttons."""

from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import send, show_alone
from bot.cogs.interaction import requester
from bot.errors import Sorry
from bot.services.people import hidden
from bot.services.people.hidden import HiddenItem
from bot.views.buttons import chosen
from bot.views.custom_ids import CustomId
from bot.views.hidden import hidden_view
from bot.wording.people import hidden as words


class HiddenList(commands.Cog):
    """What is hidden by the person's own wish, in pages. Everything in it can be brought back."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "hidden": self.open_page,
            "unhide": self.bring_back,
            "hide": self.hide_again,
        }

    async def open_page(self, interaction: Press, pressed: CustomId) -> None:
        """Shows a page of the list: as a new message from /settings, else in place of a page."""
        if pressed.text(0) is None:
            found = await hidden.read_hidden(self.bot.app, requester(interaction, private=True))
            await send(interaction, hidden_view(found), private=True)
            return
        await self._show(interaction, pressed.number(0))

    async def bring_back(self, interaction: Press, pressed: CustomId) -> None:
        """Brings the chosen genre or film back into the person's picks."""
        kind, _, key = "".join(chosen(interaction)).partition(":")
        item = await hidden.bring_back(self.bot.app, requester(interaction), kind, key)
        await self._show(interaction, pressed.number(0), words.brought_back(item), item)

    async def hide_again(self, interaction: Press, pressed: CustomId) -> None:
        """Hides what the person has just brought back."""
        kind, key = pressed.text(0) or "", pressed.text(1)
        if key is None:
            raise Sorry("unknown-button")
        item = await hidden.hide_again(self.bot.app, requester(interaction), kind, key)
        await self._show(interaction, pressed.number(2), words.hidden_again(item))

    async def _show(
        self,
        interaction: Press,
        page: int,
        done: str | None = None,
        undo: HiddenItem | None = None,
    ) -> None:
        """Shows a page of the list to the person alone.

        done: a sentence on what has just changed; None for no sentence.
        undo: what was just brought back; None for nothing.
        """
        found = await hidden.read_hidden(self.bot.app, requester(interaction, private=True), page)
        await show_alone(interaction, hidden_view(found, done=done, undo=undo))

"""The buttons of a message about a film. Each answers only the person who presses it."""

from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import edit, send
from bot.cogs.in_place import change_card, may_change
from bot.cogs.interaction import message_id, requester, show_card
from bot.errors import Sorry
from bot.services.feedback import mark, rate
from bot.services.picks import explain, impressions, in_place
from bot.services.view_models import FilmCard
from bot.views import answers, cards
from bot.views.buttons import button, chosen, rating_row
from bot.views.controls import read_controls
from bot.views.custom_ids import CustomId, whole
from bot.wording import feedback as words


class CardButtons(commands.Cog):
    """Answers presses of *Why? · Seen it · Not for me · Later* and of the rating buttons.

    It also opens the other films that a message lists.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "why": self.why,
            "why-all": self.why_all,
            "seen": self.seen,
            "nope": self.nope,
            "later": self.later,
            "unmark": self.unmark,
            "rate": self.rate,
            "unrate": self.unrate,
            "open": self.open,
        }

    async def why(self, interaction: Press, pressed: CustomId) -> None:
        """Tells the person what decided this film's score for them.

        It also tells the stars that they would probably give the film.
        """
        answer = await explain.explain_film(self.bot.app, requester(interaction), pressed.number(0))
        await send(interaction, answers.film_answer_view(answer), private=True)

    async def why_all(self, interaction: Press, pressed: CustomId) -> None:
        """Tells the person everything that raises or lowers this film's score for them."""
        answer = await explain.explain_film(self.bot.app, requester(interaction), pressed.number(0))
        await edit(interaction, answers.film_answer_view(answer, everything=True))

    async def seen(self, interaction: Press, pressed: CustomId) -> None:
        """Marks the film as seen, and offers to rate it."""
        film = pressed.number(0)
        marked = await mark.mark_seen(
            self.bot.app, requester(interaction), film, message_id(interaction)
        )
        view = cards.text_view(words.marked(marked), rating_row(film), _unmark_row(film, "seen"))
        await send(interaction, view, private=True)

    async def nope(self, interaction: Press, pressed: CustomId) -> None:
        """Marks the film as "not for me", so that it is not suggested again."""
        film = pressed.number(0)
        marked = await mark.mark_declined(
            self.bot.app, requester(interaction), film, message_id(interaction)
        )
        view = cards.text_view(words.marked(marked), _unmark_row(film, "declined"))
        await send(interaction, view, private=True)

    async def later(self, interaction: Press, pressed: CustomId) -> None:
        """Marks the film to watch later."""
        film = pressed.number(0)
        marked = await mark.mark_later(
            self.bot.app, requester(interaction), film, message_id(interaction)
        )
        text = words.kept_on_list(marked.film, self.bot.slash("watchlist"))
        view = cards.text_view(text, _unmark_row(film, "later"))
        await send(interaction, view, private=True)

    async def unmark(self, interaction: Press, pressed: CustomId) -> None:
        """Removes the mark of *Seen it*, *Not for me* or *Later* from the film."""
        unmarked = await mark.unmark(
            self.bot.app, requester(interaction), pressed.number(0), pressed.text(1) or ""
        )
        await edit(interaction, cards.text_view(words.unmarked(unmarked)))

    async def rate(self, interaction: Press, pressed: CustomId) -> None:
        """Rates the film with one of the four steps from *loved* to *disliked*."""
        film = pressed.number(0)
        rated = await rate.rate_by_button(
            self.bot.app, requester(interaction), film, pressed.number(1)
        )
        take_back = button(words.take_back_button("rated"), "unrate", film)
        view = cards.text_view(words.rated(rated), ui.ActionRow(take_back))
        await send(interaction, view, private=True)

    async def unrate(self, interaction: Press, pressed: CustomId) -> None:
        """Withdraws a rating made by button. An earlier rating of the film then counts again."""
        unrated = await rate.withdraw_button_rating(
            self.bot.app, requester(interaction), pressed.number(0)
        )
        await edit(interaction, cards.text_view(words.unrated(unrated)))

    async def open(self, interaction: Press, pressed: CustomId) -> None:
        """Shows one film from a list as a card (a message about it).

        If the list is in the person's own card, and nobody has reacted to that one, it becomes its
        main film. Otherwise the film comes in a message that only the person sees.
        """
        film = whole("".join(chosen(interaction)))
        if film is None:
            raise Sorry("no-film-chosen")
        message = interaction.message
        if message is not None and not message.flags.ephemeral and await may_change(interaction):
            card = await self._open_in_card(interaction, message, film)
            if card is not None:
                await change_card(interaction, card)
                return
        work = impressions.open_film(
            self.bot.app, requester(interaction, private=True), film, message_id(interaction)
        )
        await show_card(interaction, work, private=True)

    async def _open_in_card(
        self, interaction: Press, message: discord.Message, film: int
    ) -> FilmCard | None:
        """Returns the card of a message with one of its further films as its main film.

        Returns None if the message is no card (a message about a film) that has this film.
        """
        controls = read_controls(message)
        if controls is None:
            return None
        person = requester(interaction)
        return await in_place.open_in_card(self.bot.app, person, film, message.id, controls)


def _unmark_row(film: int, kind: str) -> "ui.ActionRow[Any]":
    return ui.ActionRow(button(words.take_back_button(kind), "unmark", film, kind))

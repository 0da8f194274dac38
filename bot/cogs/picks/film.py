"""/film: the page of a film; and the menus *Rate this film* and *More like this* on a card.

A card is a message about one film.
"""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.languages import speaking_to
from bot.client.reply import await_or_defer, send
from bot.cogs.interaction import (
    keep_card,
    member_finder,
    permission_note,
    reactable,
    requester,
    show_card,
)
from bot.cogs.picks.recommend import films
from bot.errors import Sorry
from bot.services.catalogue.search import film_value
from bot.services.feedback import rate
from bot.services.picks import film_page, similar
from bot.services.scale import HALF_STARS
from bot.views import cards
from bot.views import film as views
from bot.views.buttons import chosen, headline_film
from bot.views.custom_ids import CustomId
from bot.wording import commands as texts
from bot.wording import feedback as words


class FilmPages(commands.Cog, name="Film"):
    """/film, the buttons of a film's page, and the menus of cards (messages about a film)."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "ask-stars": self.ask_stars,
            "stars": self.take_stars,
            "like": self.like,
            "content": self.content,
        }
        self.menus = (
            app_commands.ContextMenu(name=texts.RATE_THIS_FILM, callback=self.rate_card),
            app_commands.ContextMenu(name=texts.MORE_LIKE_THIS, callback=self.like_card),
        )

    async def cog_load(self) -> None:
        for menu in self.menus:
            self.bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        for menu in self.menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)

    @app_commands.command(description=texts.FILM_PAGE)
    @app_commands.describe(title=texts.FILM, private=texts.PRIVATE)
    async def film(self, interaction: Press, title: str, private: bool = False) -> None:
        person = requester(interaction, private=private)
        work = film_page.read_page(
            self.bot.app,
            person,
            title,
            member_finder(interaction.guild),
            alone=private or interaction.context.dm_channel,
        )
        page = await await_or_defer(interaction, work, private=private)
        can_react = reactable(interaction, private=private)
        scale = self.bot.app.scales.of_server(interaction.guild_id)
        with speaking_to(self.bot.app, interaction, private=private):
            lacking = None if can_react or private else await permission_note(interaction)
            view = views.page_view(page, reactable=can_react, scale=scale, note=lacking)
        sent = await send(interaction, view, private=private)
        if sent.message_id and not private:
            stored = film_page.record_page(
                self.bot.app, person, page.film.id, sent.message_id, sent.channel_id, scale
            )
            emoji = [step.emoji for step in scale.seeds("film")] if can_react else []
            await keep_card(self.bot, stored, sent, emoji)

    film.autocomplete("title")(films)

    async def ask_stars(self, interaction: Press, pressed: CustomId) -> None:
        """Asks the person privately how the film was."""
        await self._ask_stars(interaction, pressed.number(0))

    async def take_stars(self, interaction: Press, pressed: CustomId) -> None:
        """Rates the film with the half stars that the person chose."""
        typed = "".join(chosen(interaction))
        value = next((stars for stars in HALF_STARS if f"{stars:g}" == typed), 0.0)
        rated = await rate.rate_by_command(
            self.bot.app, requester(interaction), film_value(pressed.number(0)), value
        )
        await send(interaction, cards.text_view(words.rated(rated)), private=True)

    async def like(self, interaction: Press, pressed: CustomId) -> None:
        """Shows the person privately films like this one."""
        await self._like(interaction, pressed.number(0))

    async def content(self, interaction: Press, pressed: CustomId) -> None:
        """Tells the person privately what the film warns of."""
        found = await film_page.read_content(
            self.bot.app, requester(interaction), pressed.number(0)
        )
        await send(interaction, views.content_view(found), private=True)

    async def rate_card(self, interaction: Press, message: discord.Message) -> None:
        """Asks the person privately how the film of a card was."""
        await self._ask_stars(interaction, await self._film_of(message))

    async def like_card(self, interaction: Press, message: discord.Message) -> None:
        """Shows the person privately films like the one of a card."""
        await self._like(interaction, await self._film_of(message))

    async def _ask_stars(self, interaction: Press, film_id: int) -> None:
        question = await film_page.ask_rating(self.bot.app, requester(interaction), film_id)
        await send(interaction, views.rating_view(question), private=True)

    async def _like(self, interaction: Press, film_id: int) -> None:
        person = requester(interaction, private=True)
        work = similar.recommend_similar(self.bot.app, person, film_value(film_id))
        await show_card(interaction, work, private=True)

    async def _film_of(self, message: discord.Message) -> int:
        """Returns the id of the film of a card (a message about one film).

        Raises Sorry if the message is no card of this bot.
        """
        found = await film_page.card_film(self.bot.app, message.id)
        ours = self.bot.user is not None and message.author.id == self.bot.user.id
        if found is None and ours:
            found = headline_film(message)
        if found is None:
            raise Sorry("not-a-card")
        return found

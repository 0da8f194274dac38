"""The command /browse: several shelves (named sets of films) as rows, or one whole shelf.

Here people also choose whether other members of the server see their taste with their name.
"""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.languages import speaking_to
from bot.client.reply import await_or_defer, edit, send
from bot.cogs.interaction import member_finder, requester
from bot.cogs.picks.recommend import as_choices
from bot.errors import Sorry
from bot.services.picks import browse, member_favourites
from bot.services.picks.browse import Browse, ShelfRow, WholeShelf
from bot.services.view_models import Requester
from bot.services.wording import safe, shorten
from bot.views import cards
from bot.views.buttons import button, chosen, film_options, select
from bot.views.custom_ids import CustomId
from bot.wording import commands as texts
from bot.wording.errors.said import said
from bot.wording.people import compare as compare_words
from bot.wording.people import preferences as people_words
from bot.wording.picks import shelves as words
from bot.wording.shelves.languages import film_language

MAX_ROW_NAME = 60  # characters of a film's name in a row of a shelf
AUTOCOMPLETE_SECONDS = 1.5
"""How long suggestions for a typed shelf name may take. Discord waits three seconds for them and
does not allow them to be deferred."""


class BrowseShelves(commands.Cog, name="Browse"):
    """/browse and its buttons, which show shelves (named sets of films) as rows, or one shelf."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "shelf": self.open_shelf,
            "rows": self.more,
            "taste": self.taste,
            "taste-set": self.set_taste,
            "compared-set": self.set_compared,
        }

    @app_commands.command(description=texts.BROWSE)
    @app_commands.describe(
        shelf=texts.BROWSE_SHELF,
        private=texts.PRIVATE,
    )
    async def browse(
        self, interaction: Press, shelf: str | None = None, private: bool = False
    ) -> None:
        if shelf is not None:
            await self._whole(interaction, shelf, private=private)
            return
        await self._rows(interaction, 0, private=private)

    @browse.autocomplete("shelf")
    async def shelves(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        app = self.bot.app
        shelving = await app.shelving.soon(
            app.db, app.live, app.settings.corpus, AUTOCOMPLETE_SECONDS
        )
        return as_choices(shelving.choices(typed, film_language())) if shelving else []

    async def open_shelf(self, interaction: Press, pressed: CustomId) -> None:
        """Shows one whole shelf (a named set of films) to the person alone."""
        await self._whole(interaction, "".join(chosen(interaction)), private=True)

    async def more(self, interaction: Press, pressed: CustomId) -> None:
        """Shows further shelves (named sets of films) to the person who presses, privately.

        They take the place of a message that only this person sees.
        """
        await self._rows(interaction, pressed.number(0), private=True)

    async def taste(self, interaction: Press, pressed: CustomId) -> None:
        """Shows whether this server may see the person's taste, and a button to change that."""
        person = requester(interaction, private=True)
        await send(interaction, await self._consent(person), private=True)

    async def set_taste(self, interaction: Press, pressed: CustomId) -> None:
        """Stores whether this server may see the person's taste with their name."""
        person, shown = requester(interaction), pressed.number(0) == 1
        await member_favourites.set_taste_shown(self.bot.app, person, shown=shown)
        await edit(interaction, await self._consent(person))

    async def set_compared(self, interaction: Press, pressed: CustomId) -> None:
        """Stores whether members of this server may compare tastes with the person."""
        person, compared = requester(interaction), pressed.number(0) == 1
        await member_favourites.set_compared(self.bot.app, person, compared=compared)
        await edit(interaction, await self._consent(person))

    async def _consent(self, person: Requester) -> ui.LayoutView:
        """Returns a message that says what this server may see of a person's taste."""
        agreed = await member_favourites.is_taste_shown(self.bot.app, person)
        compared = await member_favourites.is_compared(self.bot.app, person)
        return _consent(agreed, compared)

    async def _rows(self, interaction: Press, screen: int, *, private: bool) -> None:
        person = requester(interaction, private=private)
        message = interaction.message
        in_place = message is not None and message.flags.ephemeral
        work = browse.browse(self.bot.app, person, member_finder(interaction.guild), screen)
        found = await (work if in_place else await_or_defer(interaction, work, private=private))
        with speaking_to(self.bot.app, interaction, private=private):
            view = rows_view(found, here=person.guild_id is not None)
        if in_place:
            await edit(interaction, view)
        else:
            await send(interaction, view, private=private)

    async def _whole(self, interaction: Press, typed: str, *, private: bool) -> None:
        if not typed:
            raise Sorry("no-shelf-chosen")
        person = requester(interaction, private=private)
        work = browse.open_shelf(self.bot.app, person, typed, film_language())
        found = await await_or_defer(interaction, work, private=private)
        with speaking_to(self.bot.app, interaction, private=private):
            view = shelf_view(found)
        await send(interaction, view, private=private)


def rows_view(found: Browse, *, here: bool) -> ui.LayoutView:
    """Returns a message of several shelves (named sets of films).

    Each shelf has the reason why it is shown, its first films, and a menu to open one of the films.

    here: True in a server. There is then a button with which people let the server see their taste.
    """
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(accent_colour=cards.ACCENT_COLOUR)
    for at, row in enumerate(found.rows):
        if at:
            box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(_row_text(row)))
        box.add_item(
            ui.ActionRow(
                select(words.open_film(), film_options(row.films), "open", found.screen, at)
            )
        )
    view.add_item(box)
    opens = [(row.name, row.key) for row in found.rows if row.key is not None]
    whole = [discord.SelectOption(label=shorten(said(name)), value=key) for name, key in opens]
    if whole:
        view.add_item(ui.ActionRow(select(words.open_shelf(), whole, "shelf", found.screen)))
    buttons: list[ui.Item[Any]] = []
    if found.more:
        buttons.append(button(words.more_button(), "rows", found.screen + 1))
    if here:
        buttons.append(button(words.show_taste_button(), "taste"))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    if found.newcomer:
        view.add_item(ui.TextDisplay(words.newcomer()))
    return view


def shelf_view(found: WholeShelf) -> ui.LayoutView:
    """Returns a message of one whole shelf (a named set of films).

    It has the films as lines, and a menu to open a film.
    """
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(accent_colour=cards.ACCENT_COLOUR)
    lines = [f"## {said(found.name, markdown=True)}", f"-# {said(found.reason, markdown=True)}"]
    films = cards.fitting([cards.line_text(line) for line in found.films])
    hidden = found.hidden + len(found.films) - len(films)
    lines += films
    if hidden:
        lines.append(words.hidden(hidden))
    box.add_item(ui.TextDisplay("\n".join(lines)))
    box.add_item(ui.ActionRow(select(words.open_film(), film_options(found.films), "open")))
    view.add_item(box)
    return view


def _row_text(row: ShelfRow) -> str:
    films = " · ".join(safe(shorten(line.name, MAX_ROW_NAME)) for line in row.films)
    name, reason = said(row.name, markdown=True), said(row.reason, markdown=True)
    return f"### {name}\n-# {reason}\n{films}"


def _consent(agreed: bool, compared: bool) -> ui.LayoutView:
    text = people_words.taste_shown(compared) if agreed else people_words.taste_hidden()
    row: ui.ActionRow[Any] = ui.ActionRow(
        button(people_words.taste_button(agreed), "taste-set", int(not agreed))
    )
    if agreed:
        comparing = compare_words.comparing_button(compared)
        row.add_item(button(comparing, "compared-set", int(not compared)))
    return cards.text_view(text, row)

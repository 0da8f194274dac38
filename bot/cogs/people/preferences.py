"""/settings: a private message that shows a person's settings, with menus to change them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.deferral import settle
from bot.client.reply import edit, open_form, send
from bot.cogs.interaction import requester, zone_choices
from bot.cogs.picks.recommend import as_choices
from bot.cogs.quiz.quiz import submitted
from bot.services.people import preferences
from bot.services.people.preferences import SettingsPanel
from bot.services.zones import shown
from bot.views import cards
from bot.views.buttons import button, chosen, select
from bot.views.custom_ids import CustomId, custom_id
from bot.wording import commands as texts
from bot.wording.people import preferences as words
from bot.wording.people.hidden import hidden_button


class PersonalSettings(commands.Cog, name="Settings"):
    """The person's settings, which only the person sees.

    They are the time zone, how adventurous picks are (from crowd-pleasers to deep cuts), and the
    genres that are never shown. Three switches follow: whether picks depend on the time of day,
    whether members of the server see the person's taste, and whether the bot asks about further
    films.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "set-zone": self.ask_zone,
            "zone": self.take_zone,
            "set-dial": self.take_dial,
            "set-never": self.take_never,
            "switch": self.take_switch,
        }

    @app_commands.command(description=texts.SETTINGS)
    @app_commands.describe(
        zone=texts.SETTINGS_ZONE,
        never=texts.SETTINGS_NEVER,
    )
    async def settings(
        self, interaction: Press, zone: str | None = None, never: str | None = None
    ) -> None:
        person = requester(interaction, private=True)
        notes = []
        if zone is not None:
            chosen_zone = await preferences.set_zone(self.bot.app, person, zone)
            notes.append(words.zone_chosen(chosen_zone, person.now))
        if never is not None:
            genre, left_out = await preferences.toggle_never(self.bot.app, person, never)
            notes.append(words.genre_switched(genre, left_out))
        panel = await preferences.read_panel(self.bot.app, person)
        view = panel_view(panel, interaction.created_at, notes)
        await send(interaction, view, private=True)

    @settings.autocomplete("never")
    async def genres(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return as_choices(self.bot.app.live.served.library.genre_choices(typed))

    @settings.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return zone_choices(typed, interaction.created_at)

    async def ask_zone(self, interaction: Press, pressed: CustomId) -> None:
        """Opens a form for the time zone. It is filled in with the person's present time zone."""
        await settle(interaction)  # a form cannot follow a deferral
        panel = await preferences.read_panel(self.bot.app, requester(interaction))
        modal = ui.Modal(title=words.zone_form(), custom_id=custom_id("zone"))
        modal.add_item(
            ui.Label(
                text=words.zone_field(),
                description=words.zone_hint(),
                component=ui.TextInput[Any](
                    custom_id="zone", required=False, default=shown(panel.zone or ""), max_length=64
                ),
            )
        )
        await open_form(interaction, modal)

    async def take_zone(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the time zone that the person typed in the form."""
        typed = "".join(submitted(interaction).get("zone", ()))
        person = requester(interaction)
        zone = await preferences.set_zone(self.bot.app, person, typed)
        await self._update(interaction, words.zone_chosen(zone, person.now))

    async def take_dial(self, interaction: Press, pressed: CustomId) -> None:
        """Stores how adventurous the person wants their picks."""
        person, dial = requester(interaction), "".join(chosen(interaction))
        await preferences.set_dial(self.bot.app, person, dial)
        await self._update(interaction, words.dial_chosen(dial))

    async def take_never(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the genres that are never shown."""
        person, genres = requester(interaction), chosen(interaction)
        left_out = await preferences.set_never(self.bot.app, person, genres)
        await self._update(interaction, words.genres_left_out(left_out))

    async def take_switch(self, interaction: Press, pressed: CustomId) -> None:
        """Turns one of the three switches on or off."""
        person, name = requester(interaction), pressed.text(0) or ""
        on = pressed.number(1) == 1
        switch = await preferences.set_switch(self.bot.app, person, name, on)
        await self._update(interaction, words.switched(switch, on))

    async def _update(self, interaction: Press, note: str) -> None:
        """Shows the present settings in the same message.

        note: a sentence on what just changed.
        """
        panel = await preferences.read_panel(self.bot.app, requester(interaction))
        await edit(interaction, panel_view(panel, interaction.created_at, [note]))


def panel_view(panel: SettingsPanel, now: datetime, notes: Sequence[str] = ()) -> ui.LayoutView:
    """Returns the current settings with the menus and buttons that change them.

    panel: the settings.
    now: the present time, which is shown in the person's zone.
    notes: sentences on what has just changed.
    """
    lines = [words.settings_done(note) for note in notes] + words.settings_lines(panel, now)
    dials = [
        discord.SelectOption(
            label=words.dial(dial),
            value=dial,
            description=words.dial_meaning(dial),
            default=dial == panel.dial,
        )
        for dial in panel.dials
    ]
    genres = [
        discord.SelectOption(label=genre, value=genre, default=genre in panel.never)
        for genre in panel.genres
    ]
    rows: list[ui.Item[Any]] = [ui.ActionRow(select(words.dial_menu(), dials, "set-dial"))]
    if genres:
        menu = select(words.genre_menu(), genres, "set-never", at_least=0, at_most=len(genres))
        rows.append(ui.ActionRow(menu))
    switches: ui.ActionRow[Any] = ui.ActionRow(button(words.zone_button(), "set-zone"))
    clock = words.clock_button(panel.by_clock)
    switches.add_item(button(clock, "switch", "clock", int(not panel.by_clock)))
    if panel.taste is not None:
        taste = words.taste_button(panel.taste)
        switches.add_item(button(taste, "switch", "taste", int(not panel.taste)))
    quiet = words.quiet_button(panel.quiet)
    switches.add_item(button(quiet, "switch", "quiet", int(not panel.quiet)))
    lists: ui.ActionRow[Any] = ui.ActionRow(button(hidden_button(), "hidden"))
    return cards.text_view("\n".join(lines), *rows, switches, lists)

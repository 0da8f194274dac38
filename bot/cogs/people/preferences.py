"""/settings: a private message that shows a person's settings, with menus to change them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.deferral import settle
from bot.client.languages import answer_language, find_language, offered_languages
from bot.client.reply import edit, open_form, send
from bot.cogs.interaction import language_choices, requester, zone_choices
from bot.cogs.picks.recommend import as_choices
from bot.cogs.quiz.quiz import submitted
from bot.services.people import preferences
from bot.services.people.preferences import SettingsPanel
from bot.services.view_models import Requester
from bot.services.zones import shown
from bot.views import cards
from bot.views.buttons import button, chosen, select
from bot.views.content import content_rows
from bot.views.custom_ids import CustomId, custom_id
from bot.wording import commands as texts
from bot.wording.people import preferences as words
from bot.wording.people.content import content_chosen
from bot.wording.people.hidden import hidden_button
from bot.wording.people.languages import (
    LIKE_DISCORD,
    chosen_name,
    language_chosen,
    language_menu,
)
from bot.wording.speech import speak

MAX_OPTIONS = 25
"""Discord's limit for the options of a menu."""


class PersonalSettings(commands.Cog, name="Settings"):
    """The person's settings, which only the person sees.

    They are the time zone, the language, how adventurous picks are (from crowd-pleasers to deep
    cuts), and the genres and the content that are never shown. Three switches follow: whether picks
    depend on the time of day, whether members of the server see the person's taste, and whether the
    bot asks about further films.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "set-zone": self.ask_zone,
            "zone": self.take_zone,
            "set-dial": self.take_dial,
            "set-never": self.take_never,
            "set-content": self.take_content,
            "set-language": self.take_language,
            "switch": self.take_switch,
        }

    @app_commands.command(description=texts.SETTINGS)
    @app_commands.describe(
        zone=texts.SETTINGS_ZONE,
        never=texts.SETTINGS_NEVER,
        language=texts.SETTINGS_LANGUAGE,
    )
    async def settings(
        self,
        interaction: Press,
        zone: str | None = None,
        never: str | None = None,
        language: str | None = None,
    ) -> None:
        person = requester(interaction, private=True)
        notes = []
        if language is not None:
            notes.append(await self._choose_language(interaction, language))
        if zone is not None:
            chosen_zone = await preferences.set_zone(self.bot.app, person, zone)
            notes.append(words.zone_chosen(chosen_zone, person.now))
        if never is not None:
            genre, left_out = await preferences.toggle_never(self.bot.app, person, never)
            notes.append(words.genre_switched(genre, left_out))
        view = await self._panel(interaction, person, notes)
        await send(interaction, view, private=True)

    @settings.autocomplete("never")
    async def genres(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return as_choices(self.bot.app.live.served.library.genre_choices(typed))

    @settings.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return zone_choices(typed, interaction.created_at)

    @settings.autocomplete("language")
    async def languages(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return language_choices(self.bot.app, typed)

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

    async def take_content(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the content that the person leaves out: the chosen one, or none."""
        person, tags = requester(interaction), chosen(interaction)
        kinds = await preferences.set_content(self.bot.app, person, tags)
        await self._update(interaction, content_chosen(kinds))

    async def take_language(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the language of the person's private messages."""
        note = await self._choose_language(interaction, "".join(chosen(interaction)))
        await self._update(interaction, note)

    async def _choose_language(self, interaction: Press, typed: str) -> str:
        """Stores the language that the person typed or chose, and speaks it from here on.

        Returns a sentence on what just changed.
        """
        app = self.bot.app
        code = find_language(app.settings, typed)
        await preferences.set_language(app, requester(interaction), code)
        speak(answer_language(app, interaction, private=True))
        return language_chosen(code)

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
        await edit(interaction, await self._panel(interaction, requester(interaction), [note]))

    async def _panel(
        self, interaction: Press, person: Requester, notes: Sequence[str]
    ) -> ui.LayoutView:
        """Returns the person's present settings, with sentences on what just changed."""
        panel = await preferences.read_panel(self.bot.app, person)
        offered = offered_languages(self.bot.app.settings)
        return panel_view(panel, offered, interaction.created_at, notes)


def panel_view(
    panel: SettingsPanel, offered: Sequence[str], now: datetime, notes: Sequence[str] = ()
) -> ui.LayoutView:
    """Returns the current settings with the menus and buttons that change them.

    panel: the settings.
    offered: the codes of the languages that the person can choose.
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
    rows += content_rows(panel.content, "set-content")
    if len(offered) > 1:
        codes = (None, *offered)[:MAX_OPTIONS]
        languages = [
            discord.SelectOption(
                label=chosen_name(code), value=code or LIKE_DISCORD, default=code == panel.language
            )
            for code in codes
        ]
        rows.append(ui.ActionRow(select(language_menu(), languages, "set-language")))
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

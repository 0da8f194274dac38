"""/settings: a private message that shows a person's settings, with menus to change them."""

from datetime import datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.deferral import settle
from bot.client.reply import edit, open_form, send
from bot.cogs.interaction import requester
from bot.cogs.picks.recommend import as_choices
from bot.cogs.quiz.quiz import submitted
from bot.services.people import preferences
from bot.services.people.preferences import SettingsPanel
from bot.services.wording import safe
from bot.services.zones import choices, in_words, shown
from bot.views import cards
from bot.views.buttons import button, chosen, select
from bot.views.custom_ids import CustomId, custom_id
from bot.views.quiz import DIAL_DESCRIPTIONS

ON_OFF = {True: "on", False: "off"}


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

    @app_commands.command(description="Your time zone, how adventurous, what never to show you")
    @app_commands.describe(
        zone="Your time zone: start typing a city or country",
        never="A genre that is never to be shown; once more to show it again",
    )
    async def settings(
        self, interaction: Press, zone: str | None = None, never: str | None = None
    ) -> None:
        person = requester(interaction, private=True)
        notes = []
        if zone is not None:
            notes.append(await preferences.set_zone(self.bot.app, person, zone))
        if never is not None:
            notes.append(await preferences.toggle_never(self.bot.app, person, never))
        panel = await preferences.read_panel(self.bot.app, person)
        view = panel_view(panel, interaction.created_at, " ".join(notes) or None)
        await send(interaction, view, private=True)

    @settings.autocomplete("never")
    async def genres(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return as_choices(self.bot.app.live.served.library.genre_choices(typed))

    @settings.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        found = choices(typed, interaction.created_at)
        return [app_commands.Choice(name=text, value=zone) for text, zone in found]

    async def ask_zone(self, interaction: Press, pressed: CustomId) -> None:
        """Opens a form for the time zone. It is filled in with the person's present time zone."""
        await settle(interaction)  # a form cannot follow a deferral
        panel = await preferences.read_panel(self.bot.app, requester(interaction))
        modal = ui.Modal(title="Your time zone", custom_id=custom_id("zone"))
        modal.add_item(
            ui.Label(
                text="A city, a country or an offset",
                description="Such as Tokyo, India or UTC+1; empty: the server's",
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
        await self._update(interaction, await preferences.set_zone(self.bot.app, person, typed))

    async def take_dial(self, interaction: Press, pressed: CustomId) -> None:
        """Stores how adventurous the person wants their picks."""
        person, dial = requester(interaction), "".join(chosen(interaction))
        await self._update(interaction, await preferences.set_dial(self.bot.app, person, dial))

    async def take_never(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the genres that are never shown."""
        person, genres = requester(interaction), chosen(interaction)
        await self._update(interaction, await preferences.set_never(self.bot.app, person, genres))

    async def take_switch(self, interaction: Press, pressed: CustomId) -> None:
        """Turns one of the three switches on or off."""
        person, name = requester(interaction), pressed.text(0) or ""
        note = await preferences.set_switch(self.bot.app, person, name, pressed.number(1) == 1)
        await self._update(interaction, note)

    async def _update(self, interaction: Press, note: str) -> None:
        """Shows the present settings in the same message.

        note: a sentence on what just changed.
        """
        panel = await preferences.read_panel(self.bot.app, requester(interaction))
        await edit(interaction, panel_view(panel, interaction.created_at, note))


def panel_view(panel: SettingsPanel, now: datetime, note: str | None = None) -> ui.LayoutView:
    """Returns the current settings with the menus and buttons that change them.

    panel: the settings.
    now: the present time, which is shown in the person's zone.
    note: a sentence on what just changed; None if nothing did.
    """
    zone = in_words(panel.zone or panel.default_zone, now)
    usual = "" if panel.zone else ", as usual here"
    lines = [
        "## Your settings",
        f"Time zone: **{zone}**{usual}",
        f"How adventurous: **{panel.dial}**, {DIAL_DESCRIPTIONS[panel.dial]}",
        f"Genres never shown: **{safe(', '.join(panel.never)) or 'none'}**",
        f"Picks follow the time of day and week: **{ON_OFF[panel.by_clock]}**",
    ]
    if panel.taste is not None:
        lines.append(f"Show my taste in this server: **{ON_OFF[panel.taste]}**")
    lines.append(f"Ask me about one more film now and then: **{ON_OFF[not panel.quiet]}**")
    if panel.more_genres:
        lines.append("-# The menu has the most used genres; `/settings never:` knows all of them.")
    if note:
        lines.insert(0, f"✓ {note}")
    dials = [
        discord.SelectOption(
            label=dial.capitalize(),
            value=dial,
            description=DIAL_DESCRIPTIONS[dial],
            default=dial == panel.dial,
        )
        for dial in panel.dials
    ]
    genres = [
        discord.SelectOption(label=genre, value=genre, default=genre in panel.never)
        for genre in panel.genres
    ]
    rows: list[ui.Item[Any]] = [ui.ActionRow(select("How adventurous", dials, "set-dial"))]
    if genres:
        menu = select("Genres never to show", genres, "set-never", at_least=0, at_most=len(genres))
        rows.append(ui.ActionRow(menu))
    switches: ui.ActionRow[Any] = ui.ActionRow(button("Time zone …", "set-zone"))
    clock = "Ignore the clock" if panel.by_clock else "Follow the clock"
    switches.add_item(button(clock, "switch", "clock", int(not panel.by_clock)))
    if panel.taste is not None:
        taste = "Hide my taste here" if panel.taste else "Show my taste here"
        switches.add_item(button(taste, "switch", "taste", int(not panel.taste)))
    quiet = "Ask me now and then" if panel.quiet else "Do not ask me"
    switches.add_item(button(quiet, "switch", "quiet", int(not panel.quiet)))
    return cards.text_view("\n".join(lines), *rows, switches)

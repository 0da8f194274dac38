"""/settings: a private panel of what a person chose about their picks; every change shows in it."""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import send
from bot.cogs.interaction import requester
from bot.cogs.people.quiz import submitted
from bot.services.localtime import zones_like
from bot.services.people import preferences
from bot.services.people.preferences import SettingsPanel
from bot.views import cards
from bot.views.buttons import button, chosen, select
from bot.views.custom_ids import CustomId, custom_id
from bot.views.quiz import DIALS

ON = {True: "on", False: "off"}


class PersonalSettings(commands.Cog, name="Settings"):
    """Time zone, dial, genres never shown, and three switches; for who asks alone."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "set-zone": self.ask_zone,
            "zone": self.take_zone,
            "set-dial": self.take_dial,
            "set-never": self.take_never,
            "switch": self.switch,
        }

    @app_commands.command(description="Your time zone, how adventurous, what never to show you")
    @app_commands.describe(zone="Your time zone: start typing a city")
    async def settings(self, interaction: Press, zone: str | None = None) -> None:
        who = requester(interaction, private=True)
        note = None
        if zone is not None:
            note = await preferences.set_zone(self.bot.app, who, zone)
        told = await preferences.shown(self.bot.app, who)
        await send(interaction, panel(told, note), private=True)

    @settings.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=zone, value=zone) for zone in zones_like(typed)]

    async def ask_zone(self, interaction: Press, pressed: CustomId) -> None:
        """A form for the time zone, filled in with the one that stands."""
        told = await preferences.shown(self.bot.app, requester(interaction))
        modal = ui.Modal(title="Your time zone", custom_id=custom_id("zone"))
        modal.add_item(
            ui.Label(
                text="A city or an IANA name",
                description="Such as Europe/Paris, or Tokyo; empty: the server's",
                component=ui.TextInput[Any](
                    custom_id="zone", required=False, default=told.zone or "", max_length=64
                ),
            )
        )
        await interaction.response.send_modal(modal)

    async def take_zone(self, interaction: Press, pressed: CustomId) -> None:
        """What was typed there."""
        typed = "".join(submitted(interaction).get("zone", ()))
        who = requester(interaction)
        await self._show(interaction, await preferences.set_zone(self.bot.app, who, typed))

    async def take_dial(self, interaction: Press, pressed: CustomId) -> None:
        """Another setting of the dial."""
        who, dial = requester(interaction), "".join(chosen(interaction))
        await self._show(interaction, await preferences.set_dial(self.bot.app, who, dial))

    async def take_never(self, interaction: Press, pressed: CustomId) -> None:
        """Which genres are left out."""
        who, genres = requester(interaction), chosen(interaction)
        await self._show(interaction, await preferences.set_never(self.bot.app, who, genres))

    async def switch(self, interaction: Press, pressed: CustomId) -> None:
        """One of the switches, the other way."""
        who, name = requester(interaction), pressed.text(0) or ""
        said = await preferences.switch(self.bot.app, who, name, pressed.number(1) == 1)
        await self._show(interaction, said)

    async def _show(self, interaction: Press, note: str) -> None:
        """The panel as it stands now, in the same message."""
        told = await preferences.shown(self.bot.app, requester(interaction))
        await interaction.response.edit_message(view=panel(told, note))


def panel(told: SettingsPanel, note: str | None = None) -> ui.LayoutView:
    """Everything as it stands, with what changes it under it."""
    zone = f"{told.zone}" if told.zone else f"{told.usual} (as usual here)"
    lines = [
        "## Your settings",
        f"Time zone: **{zone}**",
        f"How adventurous: **{told.dial}**, {DIALS[told.dial]}",
        f"Genres never shown: **{', '.join(told.never) or 'none'}**",
        f"Picks follow the time of day and week: **{ON[told.by_clock]}**",
    ]
    if told.taste is not None:
        lines.append(f"Show my taste in this server: **{ON[told.taste]}**")
    lines.append(f"Ask me about one more film now and then: **{ON[not told.quiet]}**")
    if note:
        lines.insert(0, f"✓ {note}")
    dials = [
        discord.SelectOption(
            label=dial.capitalize(), value=dial, description=DIALS[dial], default=dial == told.dial
        )
        for dial in told.dials
    ]
    genres = [
        discord.SelectOption(label=genre, value=genre, default=genre in told.never)
        for genre in told.genres
    ]
    rows: list[ui.Item[Any]] = [ui.ActionRow(select("How adventurous", dials, "set-dial"))]
    if genres:
        menu = select("Genres never to show", genres, "set-never", at_least=0, at_most=len(genres))
        rows.append(ui.ActionRow(menu))
    switches: ui.ActionRow[Any] = ui.ActionRow(button("Time zone …", "set-zone"))
    clock = "Ignore the clock" if told.by_clock else "Follow the clock"
    switches.add_item(button(clock, "switch", "clock", int(not told.by_clock)))
    if told.taste is not None:
        taste = "Hide my taste here" if told.taste else "Show my taste here"
        switches.add_item(button(taste, "switch", "taste", int(not told.taste)))
    quiet = "Ask me now and then" if told.quiet else "Do not ask me"
    switches.add_item(button(quiet, "switch", "quiet", int(not told.quiet)))
    return cards.text_view("\n".join(lines), *rows, switches)

"""/start: the taste quiz. A form, then screens of films; answers are stored as they are given."""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot import cards
from bot.buttons import Press, button, chosen, film_options, select
from bot.client import MatineeBot
from bot.cogs.asking import asker, show_card
from bot.custom_ids import CustomId, custom_id, whole
from bot.services import onboard
from bot.services.onboard import Form, FormAnswers, Screen


class Onboard(commands.Cog):
    """The quiz. What it asks next is a pure function of the stored answers and the model."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "quiz": self.open_form,
            "form": self.take_form,
            "screen": self.go_to,
            "pick": self.take_films,
            "done": self.done,
        }

    @app_commands.command(description="Three questions, and I know what to show you")
    async def start(self, interaction: Press) -> None:
        await self.open_form(interaction, CustomId("quiz"))

    async def open_form(self, interaction: Press, pressed: CustomId) -> None:
        """The first question, filled in with what was answered before."""
        form = await onboard.form(self.bot.house, asker(interaction))
        await interaction.response.send_modal(form_modal(form))

    async def take_form(self, interaction: Press, pressed: CustomId) -> None:
        """Store the form's answers, then show the first screen of films."""
        values = submitted(interaction)
        answers = FormAnswers(
            shelves=tuple(values.get("shelves", ())),
            never=tuple(values.get("never", ())),
            zone="".join(values.get("zone", ())),
        )
        who = asker(interaction)
        note = await onboard.take_form(self.bot.house, who, answers)
        screen = await onboard.screen(self.bot.house, who, 1)
        await interaction.response.send_message(view=screen_view(screen, note), ephemeral=True)

    async def go_to(self, interaction: Press, pressed: CustomId) -> None:
        """Another screen, in the same message."""
        screen = await onboard.screen(self.bot.house, asker(interaction), pressed.number(0))
        await interaction.response.edit_message(view=screen_view(screen))

    async def take_films(self, interaction: Press, pressed: CustomId) -> None:
        """Store what stands chosen on a screen; the screen stays, showing it."""
        who = asker(interaction)
        picked = tuple(film for value in chosen(interaction) if (film := whole(value)) is not None)
        screen = await onboard.take_films(self.bot.house, who, pressed.number(0), picked)
        await interaction.response.edit_message(view=screen_view(screen))

    async def done(self, interaction: Press, pressed: CustomId) -> None:
        """First picks at once, from the answers folded into the model."""
        work = onboard.picks(self.bot.house, asker(interaction, private=True))
        await show_card(interaction, work, private=True)


def form_modal(form: Form) -> ui.Modal:
    """The quiz's first question as a modal."""
    modal = ui.Modal(title="Your taste, in three questions", custom_id=custom_id("form"))
    modal.add_item(
        ui.Label(
            text="Shelves you would browse",
            description="As many as you like, or none",
            component=ui.CheckboxGroup[Any](
                custom_id="shelves",
                required=False,
                options=[
                    discord.CheckboxGroupOption(
                        label=shelf.name,
                        value=shelf.key,
                        description=shelf.examples[:100] or None,
                        default=shelf.key in form.chosen_shelves,
                    )
                    for shelf in form.shelves
                ],
            ),
        )
    )
    never = [
        discord.SelectOption(label=genre, value=genre, default=genre in form.chosen_never)
        for genre in form.genres
    ]
    modal.add_item(
        ui.Label(
            text="Please never",
            description="Genres you do not want to see",
            component=ui.Select[Any](
                custom_id="never",
                required=False,
                min_values=0,
                max_values=len(never),
                options=never,
            ),
        )
    )
    modal.add_item(
        ui.Label(
            text="Your time zone",
            description="So that I know when your evening is, e.g. Europe/Paris",
            component=ui.TextInput[Any](
                custom_id="zone", required=False, default=form.zone, max_length=64
            ),
        )
    )
    return modal


def screen_view(screen: Screen, note: str | None = None) -> ui.LayoutView:
    """One screen of films to choose from."""
    lines = [
        f"-# Screen {screen.number} of {screen.of}",
        f"## {screen.question}",
        "Leave out what you have not seen; that says nothing." if screen.films else screen.empty,
    ]
    if note:
        lines.insert(0, note)
    rows: list[ui.ActionRow[Any]] = []
    if screen.films:
        options = film_options(screen.films, chosen_ids=screen.chosen, reasons=False)
        menu = select(
            screen.placeholder, options, "pick", screen.number, at_least=0, at_most=len(options)
        )
        rows.append(ui.ActionRow(menu))
    steps: ui.ActionRow[Any] = ui.ActionRow()
    if screen.number > 1:
        steps.add_item(button("Back", "screen", screen.number - 1))
    if screen.number < screen.of:
        steps.add_item(button("Next", "screen", screen.number + 1))
    steps.add_item(button("Show my picks", "done", style=discord.ButtonStyle.success, emoji="🎬"))
    rows.append(steps)
    return cards.text_view("\n".join(lines), *rows)


def submitted(interaction: Press) -> dict[str, list[str]]:
    """custom_id -> values of everything in a submitted modal."""
    data: Any = interaction.data or {}
    found: dict[str, list[str]] = {}
    for row in data.get("components", ()):
        inner = row.get("component")
        for item in [inner] if inner else row.get("components", ()):
            values = item.get("values")
            if values is None:
                values = [item["value"]] if item.get("value") else []
            found[item["custom_id"]] = [str(value) for value in values]
    return found

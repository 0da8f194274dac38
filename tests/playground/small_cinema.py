"""A small film bot for the tests of interactions: commands, a card, a quiz, a persistent button."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands, ui

from tests.playground.stage import SmallBot

Interaction = discord.Interaction[Any]


class Vote(ui.DynamicItem[ui.Button[Any]], template=r"vote:(?P<film>\d+):(?P<value>up|down)"):
    """A persistent button that carries a film's id."""

    def __init__(self, film: int, value: str) -> None:
        super().__init__(ui.Button(label=value, custom_id=f"vote:{film}:{value}"))
        self.film = film
        self.value = value

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: Any, /) -> "Vote":
        return cls(int(match["film"]), match["value"])

    async def callback(self, interaction: Interaction) -> None:
        answer = f"{self.value} for {self.film}"
        await interaction.response.send_message(answer, ephemeral=True)


def card(title: str = "Amélie (2001)") -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    films = [discord.SelectOption(label=f"film {x}", value=str(x)) for x in range(5)]
    view.add_item(
        ui.Container(
            ui.Section(
                ui.TextDisplay(f"## {title}"),
                ui.TextDisplay("*because you loved cinema*"),
                accessory=ui.Thumbnail("https://example.org/poster.png", description="poster"),
            ),
            ui.Separator(),
            ui.ActionRow(
                ui.Button(label="Another", custom_id="another"),
                ui.Button(label="Site", url="https://example.org"),
                ui.Button(label="Off", custom_id="off", disabled=True),
                Vote(7, "up"),
            ),
            ui.ActionRow(ui.Select(custom_id="pick", options=films, max_values=2)),
            ui.ActionRow(ui.UserSelect(custom_id="who")),
            accent_colour=discord.Colour.red(),
        )
    )
    return view


class Quiz(ui.Modal, title="Your taste"):
    """A modal with five labels, one for each kind of input."""

    shelves: Any = ui.Label(
        text="Shelves",
        description="as many as you like",
        component=ui.CheckboxGroup(
            custom_id="shelves",
            options=[discord.CheckboxGroupOption(label=x, value=x) for x in ("noir", "comedy")],
            min_values=0,
            required=False,
        ),
    )
    never: Any = ui.Label(
        text="Never",
        component=ui.Select(
            custom_id="never",
            options=[discord.SelectOption(label=x, value=x) for x in ("horror", "war")],
            min_values=0,
            max_values=2,
            required=False,
        ),
    )
    style: Any = ui.Label(
        text="Style",
        component=ui.RadioGroup(
            custom_id="style",
            options=[discord.RadioGroupOption(label=x, value=x) for x in ("crowd", "deep")],
        ),
    )
    news: Any = ui.Label(text="News", component=ui.Checkbox(custom_id="news"))
    zone: Any = ui.Label(
        text="Zone",
        component=ui.TextInput(custom_id="zone", default="Europe/Paris", max_length=20),
    )

    async def on_submit(self, interaction: Interaction) -> None:
        given = (
            self.shelves.component.values,
            self.never.component.values,
            self.style.component.value,
            self.news.component.value,
            self.zone.component.value,
        )
        if interaction.message is None:
            await interaction.response.send_message(repr(given), ephemeral=True)
        else:
            await interaction.response.edit_message(view=card(repr(given)))


def prepare(bot: SmallBot) -> None:
    tree = bot.tree
    bot.add_dynamic_items(Vote)

    @tree.command(description="a card")
    async def recommend(
        interaction: Interaction,
        mood: str | None = None,
        stars: app_commands.Range[int, 1, 5] = 3,
        who: discord.Member | None = None,
        private: bool = False,
    ) -> None:
        title = " ".join(x for x in (mood, str(stars), who.name if who else None) if x)
        await interaction.response.send_message(view=card(title), ephemeral=private)

    @recommend.autocomplete("mood")
    async def moods(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = ["warm", "tense", "witty"]
        return [app_commands.Choice(name=x.title(), value=x) for x in known if typed in x]

    @tree.command(description="thinks, then answers")
    async def slow(interaction: Interaction, private: bool = False) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        await interaction.followup.send("first")
        await interaction.followup.send("second", ephemeral=True)
        await interaction.edit_original_response(content="first, edited")

    @tree.command(description="thinks, fails, says so privately")
    async def sorry(interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.delete_original_response()
        await interaction.followup.send("sorry", ephemeral=True)

    @tree.command(description="says nothing")
    async def silent(interaction: Interaction) -> None:
        await asyncio.sleep(3.2)
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as error:
            bot.errors.append(error)

    @tree.command(description="answers twice")
    async def twice(interaction: Interaction) -> None:
        await interaction.response.send_message("once")
        other: Any = interaction.response
        other._response_type = None
        await interaction.response.send_message("twice")

    @tree.command(description="opens a form")
    async def start(interaction: Interaction) -> None:
        await interaction.response.send_modal(Quiz())

    @tree.command(description="sends a file")
    async def chart(interaction: Interaction) -> None:
        file = discord.File(io.BytesIO(b"x" * 10), "chart.txt")
        await interaction.response.send_message("chart", file=file, ephemeral=True)
        original = await interaction.original_response()
        await original.edit(content=f"chart of {original.attachments[0].size}")

    @tree.command(description="for managers")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def setup(interaction: Interaction, channel: discord.TextChannel) -> None:
        allowed = interaction.app_permissions.add_reactions
        answer = f"{channel.name} {allowed} {interaction.permissions.manage_guild}"
        await interaction.response.send_message(answer, ephemeral=True)

    group = app_commands.Group(name="watchlist", description="films for later")

    @group.command(name="add", description="add one")
    async def add(interaction: Interaction, film: str) -> None:
        await interaction.response.send_message(f"added {film}", ephemeral=True)

    tree.add_command(group)

    @tree.context_menu(name="Rate this film")
    async def rate_this(interaction: Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"rated {message.content}", ephemeral=True)

    @tree.context_menu(name="Compare taste")
    async def compare(interaction: Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"with {member.name}", ephemeral=True)

    @bot.listen()
    async def on_interaction(interaction: Interaction) -> None:
        data: Any = interaction.data
        if interaction.type is not discord.InteractionType.component:
            return
        if data["custom_id"] == "another":
            await interaction.response.edit_message(view=card("Another"))
        elif data["custom_id"] == "pick":
            await interaction.response.defer()
            await interaction.followup.send(" ".join(data["values"]), ephemeral=True)
        elif data["custom_id"] == "who":
            await interaction.response.send_modal(Quiz())

"""/lab: figures of the models and the experiments, for the application's owner only."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import await_or_defer, send
from bot.errors import Sorry
from bot.services.experiments import findings
from bot.services.training import summary as lab
from bot.views import cards
from bot.wording import commands as commands_words
from bot.wording.errors.said import said_lines


class Lab(commands.Cog):
    """The command /lab. Discord shows it to administrators, but the bot answers only its owner."""

    lab = app_commands.Group(
        name="lab",
        description=commands_words.LAB,
        default_permissions=discord.Permissions.none(),
    )

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot

    async def check_owner(self, interaction: Press) -> None:
        """Raises Sorry if the person is not the application's owner."""
        if not await self.bot.is_owner(interaction.user):
            raise Sorry("owner-only")

    @lab.command(name="models", description=commands_words.LAB_MODELS)
    async def models(self, interaction: Press) -> None:
        await self.check_owner(interaction)
        lines = await lab.models(self.bot.app)
        await send(interaction, cards.text_view(said_lines(lines)), private=True)

    @lab.command(name="experiments", description=commands_words.LAB_EXPERIMENTS)
    async def experiments(self, interaction: Press) -> None:
        await self.check_owner(interaction)
        lines = await await_or_defer(interaction, findings.summary(self.bot.app), private=True)
        await send(interaction, cards.text_view(said_lines(lines)), private=True)

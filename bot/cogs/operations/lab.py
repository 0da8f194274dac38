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


class Lab(commands.Cog):
    """The command /lab. Discord shows it to administrators, but the bot answers only its owner."""

    lab = app_commands.Group(
        name="lab",
        description="How the models do (the bot's owner only)",
        default_permissions=discord.Permissions.none(),
    )

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot

    async def check_owner(self, interaction: Press) -> None:
        """Raises Sorry if the person is not the application's owner."""
        if not await self.bot.is_owner(interaction.user):
            raise Sorry("This is for the owner of the bot.")

    @lab.command(name="models", description="Which model serves, and how each was judged")
    async def models(self, interaction: Press) -> None:
        await self.check_owner(interaction)
        text = await lab.models(self.bot.app)
        await send(interaction, cards.text_view(text), private=True)

    @lab.command(name="experiments", description="Which experiments run, and what they have found")
    async def experiments(self, interaction: Press) -> None:
        await self.check_owner(interaction)
        text = await await_or_defer(interaction, findings.summary(self.bot.app), private=True)
        await send(interaction, cards.text_view(text), private=True)

"""/lab: how the models and experiments do, for the application's owner alone."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot
from bot.client.reply import send, worked_out
from bot.errors import Sorry
from bot.scheduler import run_ticks
from bot.services.experiments import findings
from bot.services.experiments import serve as experiments
from bot.services.training import summary as lab
from bot.views import cards
from bot.views.buttons import Press


class Lab(commands.Cog):
    """Hidden from everybody by its default permissions, and refused to everybody else."""

    lab = app_commands.Group(
        name="lab",
        description="How the models do (the bot's owner only)",
        default_permissions=discord.Permissions.none(),
    )

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        ticks = run_ticks(bot.app.settings.tick_seconds, bot.stopping, self.keep_arms)
        bot.beside("arms of experiments", ticks)

    async def cog_load(self) -> None:
        """Have what the arms of experiments need before anybody asks."""
        await self.keep_arms()

    async def keep_arms(self) -> None:
        """Have it anew where the model or what is kept has changed."""
        await experiments.refresh(self.bot.app)

    async def owner_only(self, interaction: Press) -> None:
        """Sorry for everybody else."""
        if not await self.bot.is_owner(interaction.user):
            raise Sorry("This is for the owner of the bot.")

    @lab.command(name="models", description="Which model serves, and how each was judged")
    async def models(self, interaction: Press) -> None:
        await self.owner_only(interaction)
        text = await lab.models(self.bot.app)
        await send(interaction, cards.text_view(text), private=True)

    @lab.command(name="experiments", description="Which experiments run, and what they have found")
    async def experiments(self, interaction: Press) -> None:
        await self.owner_only(interaction)
        text = await worked_out(interaction, findings.summary(self.bot.app), private=True)
        await send(interaction, cards.text_view(text), private=True)

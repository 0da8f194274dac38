"""/lab: how the models do, for the application's owner alone."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards
from bot.buttons import Press
from bot.client import MatineeBot
from bot.reply import send
from bot.services import lab
from bot.services.errors import Sorry


class Lab(commands.Cog):
    """Hidden from everybody by its default permissions, and refused to everybody else."""

    lab = app_commands.Group(
        name="lab",
        description="How the models do (the bot's owner only)",
        default_permissions=discord.Permissions.none(),
    )

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot

    @lab.command(name="models", description="Which model serves, and how each was judged")
    async def models(self, interaction: Press) -> None:
        if not await self.bot.is_owner(interaction.user):
            raise Sorry("This is for the owner of the bot.")
        text = await lab.models(self.bot.house)
        await send(interaction, cards.text_view(text), private=True)

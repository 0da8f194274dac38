"""Stores which servers the bot joins and leaves, even if that happened while it was not
connected.
"""

import discord
from discord.ext import commands

from bot.client.client import MatineeBot
from bot.services.people import left_servers


class Servers(commands.Cog):
    """Records which servers the bot has left. discord.py calls the methods."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Compares the servers in the database with those that the bot is in.

        The latter include servers that are unavailable because of an outage.
        """
        await left_servers.compare(self.bot.app, self.bot.membership.of)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await left_servers.leave(self.bot.app, guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await left_servers.join(self.bot.app, guild.id)

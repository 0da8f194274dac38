"""/setup: where and when the daily post comes, in which time zone."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards
from bot.buttons import Press
from bot.client import MatineeBot
from bot.cogs.asking import asker, missing
from bot.reply import send
from bot.services import setup
from bot.services.localtime import zones_like


class Server(commands.Cog):
    """A server's settings, for the people who manage it."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot

    @app_commands.command(description="Where and when I post a film each day (managers)")
    @app_commands.describe(
        channel="The channel of the daily post",
        time="The local time of the daily post, such as 19:00; off stops it",
        zone="The server's time zone: start typing a city",
    )
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def setup(
        self,
        interaction: Press,
        channel: discord.TextChannel | None = None,
        time: str | None = None,
        zone: str | None = None,
    ) -> None:
        state = await setup.save(
            self.bot.house,
            asker(interaction),
            channel_id=channel.id if channel else None,
            post_time=time,
            zone=zone,
        )
        lines = [state.text]
        if state.channel_id and (problem := self._problem(interaction, state.channel_id)):
            lines.append(problem)
        await send(interaction, cards.text_view("\n".join(lines)), private=True)

    @setup.autocomplete("zone")
    async def zones(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=zone, value=zone) for zone in zones_like(typed)]

    def _problem(self, interaction: Press, channel_id: int) -> str | None:
        guild = interaction.guild
        channel = guild.get_channel(channel_id) if guild else None
        if guild is None or channel is None:
            return "⚠️ I cannot see that channel; give me View Channel there."
        allowed = channel.permissions_for(guild.me)
        lacking = missing(allowed)
        if not allowed.send_messages:
            lacking.insert(0, "Send Messages")
        if not lacking:
            return None
        return f"⚠️ In <#{channel_id}> I lack {', '.join(lacking)}; please allow it there."

"""/status: the state of the running bot, for the application's owner only."""

import time
from datetime import timedelta

from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import send
from bot.errors import Sorry
from bot.services.operations import status
from bot.services.operations.status import Online
from bot.views import cards
from bot.wording import commands as commands_words
from bot.wording.errors.said import said_lines


class Status(commands.Cog):
    """The command /status. Discord shows it to administrators, but the bot answers only its
    owner.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        self._started = time.monotonic()

    @app_commands.command(description=commands_words.STATUS)
    @app_commands.default_permissions()
    async def status(self, interaction: Press) -> None:
        if not await self.bot.is_owner(interaction.user):
            raise Sorry("owner-only")
        lines = await status.status(self.bot.app, self._online())
        await send(interaction, cards.text_view(said_lines(lines)), private=True)

    def _online(self) -> Online:
        """Returns the figures that come from the connected client, such as servers and latency."""
        bot, queue = self.bot, self.bot.reaction_queue.counts()
        return Online(
            up=timedelta(seconds=time.monotonic() - self._started),
            servers=len(bot.guilds),
            members=sum(guild.member_count or 0 for guild in bot.guilds),
            latency=bot.latency,
            waiting=queue.waiting,
            seeded=queue.seeded,
            unseeded=queue.unseeded,
        )

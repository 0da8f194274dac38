"""The scheduled post: on each tick, what is due is claimed, composed, sent, recorded."""

import logging

import discord
from discord.ext import commands

from bot import cards
from bot.client import MatineeBot
from bot.cogs.asking import missing, register
from bot.reply import Sent
from bot.scheduler import run_ticks
from bot.services import backup, post, retrain
from bot.services.post import DuePost

log = logging.getLogger(__name__)


class Post(commands.Cog):
    """What happens by itself: the daily post and the nightly refit."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        jobs = (self.send_due, self.refit, self.back_up)
        ticks = run_ticks(bot.house.settings.tick_seconds, bot.stopping, *jobs)
        bot.beside("scheduler", ticks)

    async def refit(self) -> None:
        """Refit the models when it is time."""
        await retrain.when_due(self.bot.house)

    async def back_up(self) -> None:
        """Copy the database when it is time."""
        await backup.when_due(self.bot.house)

    async def send_due(self) -> None:
        """Send every post that is due now."""
        if not self.bot.first_ready.is_set():
            return
        for due in await post.claim_due(self.bot.house):
            try:
                await self._send(due)
            except Exception:
                log.exception("the post for server %s was not sent", due.guild_id)
                await post.failed(self.bot.house, due, "failed")

    async def _send(self, due: DuePost) -> None:
        house = self.bot.house
        guild = self.bot.get_guild(due.guild_id)
        channel = guild.get_channel(due.channel_id) if guild else None
        if guild is None or not isinstance(channel, discord.TextChannel):
            await post.disabled(house, due, "the channel is gone")
            await self._tell_manager(due, "I no longer see the channel of the daily post")
            return
        card = await post.compose(house, due, adult_ok=channel.nsfw)
        can_react = not missing(channel.permissions_for(guild.me))
        try:
            message = await channel.send(
                view=cards.film_card(card, reactable=can_react),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except (discord.Forbidden, discord.NotFound) as refusal:
            await post.disabled(house, due, refusal.text)
            await self._tell_manager(due, f"I may not post in #{channel.name}")
            return
        await register(self.bot, card, Sent(message.id, channel.id), seed=can_react, private=False)
        await post.sent(house, due, message.id)

    async def _tell_manager(self, due: DuePost, what: str) -> None:
        if due.manager_id is None:
            return
        try:
            user = await self.bot.fetch_user(due.manager_id)
            await user.send(
                f"{what}, so I stopped it. Use `/setup` to choose a channel and a time again."
            )
        except discord.HTTPException as refusal:
            log.info("the manager of server %s cannot be told: %s", due.guild_id, refusal.text)

"""What happens by itself: on each tick the posts that are due, the refit, the backup."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import discord
from discord.ext import commands

from bot.client.client import MatineeBot
from bot.client.reply import Sent
from bot.cogs.interaction import missing_permissions, register
from bot.errors import Sorry
from bot.scheduler import run_ticks
from bot.services.operations import backup
from bot.services.posts import digest, post, schedule
from bot.services.posts.post import DuePost
from bot.services.training import retrain
from bot.views import cards
from bot.views.buttons import button

log = logging.getLogger(__name__)

A_SECOND = 20.0  # of Discord's 50 requests, so that answers to people keep room
PUT_BACK = timedelta(minutes=1)  # from here on the clock was put back, not corrected


class ScheduledPosts(commands.Cog):
    """The scheduler's jobs, and the servers that the bot leaves."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        self.planned_at: datetime | None = None
        jobs = (self.send_due, self.refit, self.back_up)
        ticks = run_ticks(bot.app.settings.tick_seconds, bot.stopping, *jobs)
        bot.beside("scheduler", ticks)

    async def cog_load(self) -> None:
        """Note what a crash left between claim and record."""
        lost = await post.lost(self.bot.app)
        if lost:
            log.warning("%d posts were claimed before a crash and may not have been sent", lost)

    async def refit(self) -> None:
        """Refit the models when it is time."""
        await retrain.when_due(self.bot.app, self.bot.stopping)

    async def back_up(self) -> None:
        """Copy the database when it is time."""
        await backup.when_due(self.bot.app)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot left a server, or was sent away."""
        await post.server_left(self.bot.app, guild.id)

    async def send_due(self) -> None:
        """Send every post that is due now: paced, one after the other, and each claimed only when
        its turn has come, so that a crash misses one at most."""
        if not self.bot.first_ready.is_set():
            return
        app = self.bot.app
        now = app.clock()
        if self.planned_at is None or now < self.planned_at - PUT_BACK:
            await schedule.replan(app)
        self.planned_at = now
        for schedule_id in await post.due(app):
            if self.bot.stopping.is_set():
                break
            await self._turn(schedule_id)
            await asyncio.sleep(1.0 / A_SECOND)

    async def _turn(self, schedule_id: int) -> None:
        due = await post.claim(self.bot.app, schedule_id)
        if due is None:
            return
        try:
            await (self._digest(due) if due.schedule.theme == "digest" else self._send(due))
        except Exception:
            log.exception("the post %s of server %s was not sent", schedule_id, due.guild_id)
            await post.failed(self.bot.app, due, "failed")

    async def _send(self, due: DuePost) -> None:
        app = self.bot.app
        guild = self.bot.get_guild(due.guild_id)
        channel = guild.get_channel(due.schedule.channel_id or 0) if guild else None
        if guild is None or not isinstance(channel, discord.TextChannel):
            await post.disabled(app, due, "the channel is gone")
            await self._tell_manager(due, "I no longer see the channel of a scheduled post")
            return
        try:
            card = await post.compose(app, due, adult_ok=channel.nsfw)
        except Sorry as nothing:
            await self._nothing_to_post(due, nothing)
            return
        can_react = not missing_permissions(channel.permissions_for(guild.me))
        try:
            message = await channel.send(
                view=cards.film_card(card, reactable=can_react),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except (discord.Forbidden, discord.NotFound) as refusal:
            await post.disabled(app, due, refusal.text)
            await self._tell_manager(due, f"I may not post in #{channel.name}")
            return
        await register(self.bot, card, Sent(message.id, channel.id), seed=can_react, private=False)
        await post.sent(app, due, message.id)

    async def _nothing_to_post(self, due: DuePost, why: Sorry) -> None:
        """A theme without films today is tried again at its next slot; one that lost its member
        stops."""
        if due.schedule.theme == "staff":
            await post.disabled(self.bot.app, due, str(why))
            await self._tell_manager(due, f"There is nothing left to post: {why}")
        else:
            log.info("nothing to post in server %s: %s", due.guild_id, why)
            await post.failed(self.bot.app, due, "empty")

    async def _digest(self, due: DuePost) -> None:
        """To the manager, as a direct message; who cannot be reached gets no more of them."""
        app = self.bot.app
        guild = self.bot.get_guild(due.guild_id)
        if guild is None or due.schedule.manager_id is None:
            await post.disabled(app, due, "there is nobody to send it to")
            return
        name = discord.utils.escape_markdown(guild.name)
        text = f"**The week in {name}**\n{await digest.compose(app, due)}"
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
            button("No more digests", "digest-off", due.schedule.id)
        )
        try:
            user = await self.bot.fetch_user(due.schedule.manager_id)
            message = await user.send(view=cards.text_view(text, row))
        except (discord.Forbidden, discord.NotFound) as refusal:
            await post.disabled(app, due, refusal.text)
            return
        await post.sent(app, due, message.id)

    async def _tell_manager(self, due: DuePost, what: str) -> None:
        if due.schedule.manager_id is None:
            return
        try:
            user = await self.bot.fetch_user(due.schedule.manager_id)
            await user.send(
                f"{what}, so I stopped it. Use `/setup post` to choose a channel and a time again."
            )
        except discord.HTTPException as refusal:
            log.info("the manager of server %s cannot be told: %s", due.guild_id, refusal.text)

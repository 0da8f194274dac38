"""Sends the scheduled posts, and the weekly digests for managers of servers, that are due."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.client.client import MatineeBot
from bot.client.reply import Sent
from bot.cogs.interaction import member_finder, missing_permissions, register
from bot.errors import Sorry
from bot.services.posts import claims, digest, planning, post
from bot.services.posts.claims import DuePost
from bot.services.wording import safe
from bot.views import cards
from bot.views.buttons import button

log = logging.getLogger(__name__)

POSTS_PER_SECOND = 20.0
"""Discord accepts 50 requests a second from a bot. The other 30 are left for answers to people."""

MIN_CLOCK_STEP_BACK = timedelta(minutes=1)
"""If the clock goes back by more than this, a person has set it. Less is only a correction."""


class PostSender:
    """Sends the posts and digests that are due, one after the other."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._planned_at: datetime | None = None  # the app's clock at the last call of send_due

    async def send_due(self) -> None:
        """Sends every post that is due now.

        At most POSTS_PER_SECOND are sent. A post is marked in the database as begun just before it
        is sent, so that a crash loses at most one post and none is sent twice. Nothing is sent
        before the gateway is ready. The next time of every post is planned again at the first call,
        and whenever the clock was put back.
        """
        if not self._bot.first_ready.is_set():
            return
        app = self._bot.app
        now = app.clock()
        if self._planned_at is None or now < self._planned_at - MIN_CLOCK_STEP_BACK:
            await planning.replan(app)
        self._planned_at = now
        for schedule_id in await claims.due_schedule_ids(app):
            if self._bot.stopping.is_set():
                break
            await self._claim_and_send(schedule_id)
            await asyncio.sleep(1.0 / POSTS_PER_SECOND)

    async def _claim_and_send(self, schedule_id: int) -> None:
        due = await claims.claim(self._bot.app, schedule_id)
        if due is None:
            return
        try:
            await (self._send_digest(due) if due.schedule.theme == "digest" else self._send(due))
        except Exception:
            log.exception("the post %s of server %s was not sent", schedule_id, due.guild_id)
            await claims.record_unsent(self._bot.app, due, "failed")

    async def _send(self, due: DuePost) -> None:
        app = self._bot.app
        guild = self._bot.get_guild(due.guild_id)
        channel = guild.get_channel(due.schedule.channel_id or 0) if guild else None
        if guild is None or not isinstance(channel, discord.TextChannel):
            await claims.disable(app, due, "the channel is gone")
            await self._tell_manager(due, "I no longer see the channel of a scheduled post")
            return
        try:
            card = await post.compose(app, due, member_finder(guild), adult_ok=channel.nsfw)
        except Sorry as reason:
            await self._end_without_film(due, reason)
            return
        can_react = not missing_permissions(channel.permissions_for(guild.me))
        try:
            message = await channel.send(
                view=cards.film_card(card, reactable=can_react),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except (discord.Forbidden, discord.NotFound) as refusal:
            await claims.disable(app, due, refusal.text)
            await self._tell_manager(due, f"I may not post in #{channel.name}")
            return
        sent = Sent(message.id, channel.id)
        await register(self._bot, card, sent, seed=can_react, private=False)
        await claims.record_sent(app, due, message.id)

    async def _end_without_film(self, due: DuePost, reason: Sorry) -> None:
        """Records that the post's theme had no film to show.

        A post that shows a member's favourites stops, because the favourites are used up. Every
        other post is tried again at its next time. reason: why there was no film.
        """
        if due.schedule.theme == "staff":
            await claims.disable(self._bot.app, due, str(reason))
            await self._tell_manager(due, f"There is nothing left to post: {reason}")
        else:
            log.info("nothing to post in server %s: %s", due.guild_id, reason)
            await claims.record_unsent(self._bot.app, due, "empty")

    async def _send_digest(self, due: DuePost) -> None:
        """Sends the weekly digest of a server to its manager as a direct message.

        The digest stops if the manager cannot be reached.
        """
        app = self._bot.app
        guild = self._bot.get_guild(due.guild_id)
        if guild is None or due.schedule.manager_id is None:
            await claims.disable(app, due, "there is nobody to send it to")
            return
        name = safe(guild.name)
        text = f"**The week in {name}**\n{await digest.compose(app, due)}"
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
            button("No more digests", "digest-off", due.schedule.id)
        )
        try:
            user = await self._bot.fetch_user(due.schedule.manager_id)
            message = await user.send(view=cards.text_view(text, row))
        except (discord.Forbidden, discord.NotFound) as refusal:
            await claims.disable(app, due, refusal.text)
            return
        await claims.record_sent(app, due, message.id)

    async def _tell_manager(self, due: DuePost, problem: str) -> None:
        if due.schedule.manager_id is None:
            return
        try:
            user = await self._bot.fetch_user(due.schedule.manager_id)
            await user.send(
                f"{problem}, so I stopped it."
                " Use `/setup post` to choose a channel and a time again."
            )
        except discord.HTTPException as refusal:
            log.info("the manager of server %s cannot be told: %s", due.guild_id, refusal.text)

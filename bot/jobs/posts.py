"""Sends the scheduled posts, and the weekly digests for managers of servers, that are due."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.client.client import MatineeBot
from bot.jobs.contents import content_of
from bot.jobs.delivery import Delivery, attempt
from bot.jobs.telling import Teller
from bot.services.posts import claims, planning
from bot.services.posts.claims import DuePost

log = logging.getLogger(__name__)

POSTS_PER_SECOND = 20.0
"""Discord accepts 50 requests a second from a bot. The other 30 are left for answers to people."""

MAX_AT_ONCE = 5
"""How many posts are sent at the same time, so that one slow answer does not delay all others."""

MIN_CLOCK_STEP_BACK = timedelta(minutes=1)
"""If the clock goes back by more than this, a person has set it. Less is only a correction."""

SET_UP = "Use `/setup post` to choose a channel and a time again."


class PostSender:
    """Sends the posts and digests that are due, and later tries those again that could not be
    sent.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._planned_at: datetime | None = None  # the app's clock at the last call of send_due
        self._open: list[Delivery] = []
        self._reopened = False  # True once the posts of an earlier process are in _open
        self._teller = Teller(bot)
        self._not_begun = 0

    def due(self) -> int:
        """Returns how many posts are due and have neither been sent nor given up."""
        return self._not_begun + len(self._open)

    async def send_due(self) -> None:
        """Sends every scheduled post that is due now, at most POSTS_PER_SECOND.

        A post is marked in the database as begun just before it is sent, so that none is sent
        twice. Nothing is sent before the gateway is ready. At the first call, and whenever the
        clock was put back, the time of every next post is planned again.
        """
        if not self._bot.first_ready.is_set():
            return
        app = self._bot.app
        now = app.clock()
        if not self._reopened:
            await self._reopen(now)
            self._reopened = True
        if self._planned_at is None or now < self._planned_at - MIN_CLOCK_STEP_BACK:
            await planning.replan(app)
            for delivery in self._open:
                delivery.next_try = min(delivery.next_try, now)
        self._planned_at = now
        await self._follow_servers()
        places = asyncio.Semaphore(MAX_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._teller.send_due())
            for delivery in [one for one in self._open if one.next_try <= now]:
                group.create_task(self._attempt(delivery, places))
            try:
                await self._begin_due(now, group, places)
            except Exception:  # outside the group it would cancel the posts that are being sent
                log.exception("what is due could not be begun; the next tick tries again")

    async def _begin_due(
        self, now: datetime, group: asyncio.TaskGroup, places: asyncio.Semaphore
    ) -> None:
        """Begins to send what is due at `now`, with one task of the group for each post.

        The scheduler calls this every few seconds. `now` is the time of the call, even if the clock
        was set since. The next call can then find out that the clock was put back.

        places: limits how many posts are sent at once.
        """
        due_ids = await claims.due_schedule_ids(self._bot.app, now)
        self._not_begun = len(due_ids)
        for schedule_id in due_ids:
            async with places:
                if self._bot.stopping.is_set():
                    break
                due = await claims.claim(self._bot.app, schedule_id, now)
            self._not_begun -= 1
            if due is not None:
                delivery = Delivery(due, content_of(self._bot, due), due.now)
                self._open.append(delivery)
                group.create_task(self._attempt(delivery, places))
            await asyncio.sleep(1.0 / POSTS_PER_SECOND)

    async def _reopen(self, now: datetime) -> None:
        """Continues with the posts that an earlier process began and did not finish.

        Their messages may have been sent, so the bot looks for them first.
        """
        self._open = [
            Delivery(due, content_of(self._bot, due), now, may_be_done=True)
            for due in await claims.unfinished(self._bot.app)
        ]
        if self._open:
            log.warning("%d interrupted posts are looked for on Discord", len(self._open))

    async def _follow_servers(self) -> None:
        """Stops the schedules of servers that the bot has left; resumes those it is in again."""
        membership = self._bot.membership
        if membership.changed.is_set():
            membership.changed.clear()
            try:
                await planning.follow_servers(self._bot.app, membership.of, self._has_channel)
            except Exception:
                membership.changed.set()  # the next tick tries again
                raise

    def _has_channel(self, guild_id: int, channel_id: int) -> bool:
        guild = self._bot.get_guild(guild_id)
        return guild is not None and guild.get_channel(channel_id) is not None

    async def _attempt(self, delivery: Delivery, places: asyncio.Semaphore) -> None:
        """Tries once to send a post. If that was the last try, stores how it ended and tells the
        manager.
        """
        async with places:
            if self._bot.stopping.is_set():
                return
            try:
                while delivery.end is None and delivery.next_try <= self._bot.app.clock():
                    await attempt(self._bot, delivery)
            except Exception:
                log.exception("the post %s is tried again", delivery.due.schedule.id)
                delivery.postpone(self._bot.app.clock())
            if delivery.end is None:
                return
        try:
            await self._close(delivery)
        except Exception:
            log.exception("the end of the post %s is recorded later", delivery.due.schedule.id)
            delivery.postpone(self._bot.app.clock())
        else:
            self._open.remove(delivery)

    async def _close(self, delivery: Delivery) -> None:
        """Stores how sending a post ended. Tells its manager if it was stopped or failed."""
        app, due, end = self._bot.app, delivery.due, delivery.end
        if end == "sent" or end is None:
            return
        if not delivery.may_be_done:
            await delivery.content.note_unsent()
        if end == "stopped" and delivery.reason == planning.LEFT_SERVER:
            await claims.disable(app, due, delivery.reason, None)  # it resumes when the bot is back
            self._bot.membership.changed.set()  # which it may be by now
        elif end == "stopped":
            told = f"{self._problem(delivery)}, so I stopped it. {SET_UP}"
            await claims.disable(app, due, delivery.reason, told)
        elif end in claims.FAILURES:
            known = await claims.failed_before(app, due)
            await claims.record_unsent(app, due, end, None if known else self._failure(delivery))
        else:
            log.info("nothing posted in server %s: %s", due.guild_id, delivery.reason)
            await claims.record_unsent(app, due, end)

    def _problem(self, delivery: Delivery) -> str:
        """Returns what stopped a post, as the beginning of a sentence.

        delivery: the post.
        """
        if delivery.reason == planning.CHANNEL_GONE:
            return "I no longer see the channel of a scheduled post"
        if not delivery.refused:
            return f"There is nothing left to post: {delivery.reason}"
        return f"I may not post in {self._channel_name(delivery.due)}"

    def _failure(self, delivery: Delivery) -> str:
        """Returns a message about a post that failed, although its schedule goes on.

        delivery: the post.
        """
        due = delivery.due
        what = "may not have come" if delivery.end == "lost" else "could not be sent"
        return (
            f"The post of {due.local_date} for {self._channel_name(due)} {what}: "
            f"{delivery.reason}. The next one comes <t:{int(due.next_at.timestamp())}:F>; "
            "I write again only if something changes."
        )

    def _channel_name(self, due: DuePost) -> str:
        guild = self._bot.get_guild(due.guild_id)
        channel = guild.get_channel(due.schedule.channel_id or 0) if guild else None
        return f"#{channel.name}" if channel else "its channel"

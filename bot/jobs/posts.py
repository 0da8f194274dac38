"""Sends the scheduled posts, and the weekly digests for managers of servers, that are due."""

import asyncio
import logging
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from bot.client.budget import URGENCY, Urgency
from bot.client.client import MatineeBot
from bot.client.languages import direct_language
from bot.jobs.contents import content_of
from bot.jobs.delivery import Delivery, attempt
from bot.jobs.telling import Teller
from bot.services.notes import to_text
from bot.services.posts import claims, planning
from bot.services.posts.claims import DuePost
from bot.wording import delivery as words
from bot.wording.errors.said import said
from bot.wording.speech import Language, speaking

log = logging.getLogger(__name__)

POST_SHARE = 0.4
"""Which part of the requests that Discord accepts in a second is for posts: 20 of 50. The rest
is left for answers to people, and for reactions under the posts."""

MAX_AT_ONCE = 5
"""How many posts are sent at the same time, so that one slow answer does not delay all others."""

MIN_CLOCK_STEP_BACK = timedelta(minutes=1)
"""If the clock goes back by more than this, a person has set it. Less is only a correction."""


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
        """Sends every scheduled post that is due now, as fast as POST_SHARE allows.

        A post is marked in the database as begun just before it is sent, so that none is sent
        twice. Nothing is sent before the gateway is ready. At the first call, and whenever the
        clock was put back, the time of every next post is planned again.
        """
        if not self._bot.first_ready.is_set():
            return
        URGENCY.set(Urgency.POST)
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
        loop = asyncio.get_running_loop()
        for schedule_id in due_ids:
            next_at = loop.time() + 1.0 / max(1.0, POST_SHARE * self._bot.budget.per_second)
            async with places:
                if self._bot.stopping.is_set():
                    break
                due = await claims.claim(self._bot.app, schedule_id, now)
            self._not_begun -= 1
            if due is not None:
                delivery = Delivery(due, content_of(self._bot, due), due.now)
                self._open.append(delivery)
                group.create_task(self._attempt(delivery, places))
            await asyncio.sleep(next_at - loop.time())

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
        key = delivery.reason.key
        if end == "stopped" and key == "left-server":  # it resumes when the bot is back
            await claims.disable(app, due, planning.LEFT_SERVER, None)
            self._bot.membership.changed.set()  # which it may be by now
        elif end == "stopped":
            await claims.disable(app, due, to_text(delivery.reason), self._stopped(delivery))
        elif end in claims.FAILURES:
            known = await claims.failed_before(app, due)
            await claims.record_unsent(app, due, end, None if known else self._failed(delivery))
        else:
            log.info("nothing posted in server %s: %s", due.guild_id, delivery.reason)
            await claims.record_unsent(app, due, end)

    def _stopped(self, delivery: Delivery) -> str:
        """Returns a message about a post whose schedule was stopped."""
        reason, channel = delivery.reason, self._channel_name(delivery.due)
        with self._speaking(delivery.due):
            return words.stopped(
                said(reason, markdown=True), reason.key, channel, refused=delivery.refused
            )

    def _failed(self, delivery: Delivery) -> str:
        """Returns a message about a post that failed, although its schedule goes on."""
        due = delivery.due
        with self._speaking(due):
            return words.failed(
                said(delivery.reason, markdown=True),
                due.local_date,
                self._channel_name(due),
                due.next_at,
                lost=delivery.end == "lost",
            )

    def _speaking(self, due: DuePost) -> AbstractContextManager[Language]:
        """Speaks the language of a post's manager within a `with` block."""
        guild = self._bot.get_guild(due.guild_id)
        manager_id = due.schedule.manager_id
        return speaking(direct_language(self._bot.app, manager_id, due.guild_id, guild))

    def _channel_name(self, due: DuePost) -> str | None:
        guild = self._bot.get_guild(due.guild_id)
        channel = guild.get_channel(due.schedule.channel_id or 0) if guild else None
        return channel.name if channel else None

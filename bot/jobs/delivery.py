"""Sends one scheduled post: tries, waits and tries again until its time is over.

A server that the bot does not see may be hidden by an outage, so the bot waits for it. The code of
Discord's answer decides what to do after a failure (`bot/client/refusals.py`). No post may be sent
twice. Therefore each post has one nonce (a text that is sent with it), and for a few minutes
Discord refuses a second message with the same nonce. If Discord's answer was lost, or after a few
minutes, the bot looks for the message in the channel before the next try. If it may not read the
channel, it does not send the post, because missing a post is better than sending it twice.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import discord

from bot.client.client import MatineeBot
from bot.client.refusals import Step, may_be_done, next_step
from bot.client.reply import Sent
from bot.errors import Sorry
from bot.jobs.contents import Content, Place, WrongPlace
from bot.services.notes import Note, note
from bot.services.picks.consent import MemberNotKnown
from bot.services.posts import claims
from bot.services.posts.claims import DuePost

log = logging.getLogger(__name__)

End = Literal["sent", "stopped", "failed", "lost", "unavailable", "empty", "paused"]

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=5)
CONFIRM_AFTER = timedelta(minutes=10)
"""After this time a second answer "unknown channel" is believed. One may be Discord's error."""

NONCE_KEPT = timedelta(minutes=2)
"""Discord remembers a nonce "for the past few minutes" (resources/message)."""

REQUEST_SECONDS = 90.0
"""The longest time for one request. discord.py repeats it for 25 seconds after server errors."""

CLOCKS_DIFFER = timedelta(minutes=10)
MAX_MESSAGES = 1_000
"""The post is looked for among this number of messages sent after its first try."""


class _CannotRead(Exception):
    """The bot cannot read all messages of the channel; str() says why."""


NO_REASON = Note("")


@dataclass
class Delivery:
    """A scheduled post that is being sent, until it is sent or given up.

    Attributes:
        due: the post, which this process has claimed.
        content: what is sent.
        next_try: when it is tried next, by the app's clock; aware, UTC.
        tries: how often it was tried.
        first_sent_at: when a message was first sent to Discord; None if that did not happen yet.
        newest_before: id of the newest message in the channel before a message was first sent, 0 if
            there was none; None if that is not known.
        may_be_done: True if the message may be in the channel, because Discord's answer was lost.
        missing_since: when Discord first said that the channel does not exist; None if it has not.
        other: True if Discord refused the content of the first message, so that another one is
            composed.
        seen: True once a try found the server; False as long as it was hidden at each try.
        sent: the message that was sent; None as long as it is unknown.
        refused: True if the schedule must stop because of Discord's answer or because of the place.
        end: how it ended; None while it is being sent.
        reason: why it was stopped or failed.
    """

    due: DuePost
    content: Content
    next_try: datetime
    tries: int = 0
    first_sent_at: datetime | None = None
    newest_before: int | None = None
    may_be_done: bool = False
    missing_since: datetime | None = None
    other: bool = False
    seen: bool = False
    sent: Sent | None = None
    refused: bool = False
    end: End | None = field(default=None)
    reason: Note = NO_REASON

    @property
    def nonce(self) -> str:
        """The text that lets Discord recognise a second message for the same post."""
        return f"mt-{self.due.schedule.id}-{self.due.local_date}"[:25]

    def finish(self, end: End, reason: Note = NO_REASON) -> None:
        """Stores how sending the post ended, and why it was stopped or failed."""
        self.end, self.reason = end, reason

    def postpone(self, now: datetime, pause: timedelta | None = None) -> None:
        """Plans the next try: after `pause`, or else after a time that grows with each try."""
        growing: timedelta = FIRST_PAUSE * 2 ** min(self.tries - 1, 10)
        self.next_try = now + (pause or min(growing, LONGEST_PAUSE))


async def attempt(bot: MatineeBot, delivery: Delivery) -> None:
    """Tries once to send a scheduled post, and stores the result in `delivery`."""
    due, now = delivery.due, bot.app.clock()
    delivery.tries += 1
    if delivery.sent is None:
        if now >= due.until and not delivery.may_be_done:
            _give_up(delivery)
            return
        if delivery.tries > 1 and not await claims.is_wanted(bot.app, due):
            delivery.finish("paused")
            return
        member = bot.membership.of(due.guild_id)
        if member is False:
            delivery.finish("stopped", note("left-server"))
            return
        guild = bot.get_guild(due.guild_id)
        if member is None or guild is None or guild.unavailable:
            _wait(delivery, now, FIRST_PAUSE)
            return
        delivery.seen = True
    try:
        async with asyncio.timeout(REQUEST_SECONDS * 2):
            place = await delivery.content.find_place()
            await _deliver(bot, delivery, place, now)
    except WrongPlace as wrong:
        delivery.refused = True
        delivery.finish("stopped", wrong.reason)
    except Sorry as nothing:
        # A member's favourites are used up for good; other posts have a film again next time.
        used_up = due.schedule.theme == "staff"
        delivery.finish("stopped" if used_up else "empty", Note(nothing.key, nothing.data))
    except MemberNotKnown:
        _wait(delivery, now)
    except Exception as error:
        _bear(bot, delivery, error, now)


async def _deliver(bot: MatineeBot, delivery: Delivery, place: Place, now: datetime) -> None:
    """Sends the post's message, unless it was already sent, and stores that it was sent."""
    if delivery.sent is None and _is_to_be_looked_for(delivery, now):
        delivery.sent = await _find(bot, delivery, place)
    if delivery.sent is None and now >= delivery.due.until:
        _give_up(delivery)
        return
    if delivery.sent is None:
        view = await delivery.content.compose(place, other=delivery.other)
        if delivery.first_sent_at is None:
            delivery.first_sent_at = now
            if isinstance(place, discord.TextChannel):
                delivery.newest_before = place.last_message_id or 0
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                message = await place.send(
                    view=view,
                    nonce=delivery.nonce,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
        except BaseException as error:
            delivery.may_be_done |= not isinstance(error, Exception) or may_be_done(error)
            raise
        delivery.sent = Sent(message.id, place.id)
    await delivery.content.note_sent(delivery.sent, place)
    await claims.record_sent(bot.app, delivery.due, delivery.sent.message_id)
    delivery.finish("sent")


def _is_to_be_looked_for(delivery: Delivery, now: datetime) -> bool:
    """True if the bot must look for the message in the channel before it sends it again.

    It must if Discord's answer was lost, or if enough time has passed that Discord may no longer
    refuse a second message with the same nonce.
    """
    if delivery.may_be_done:
        return True
    first = delivery.first_sent_at
    return first is not None and now - first > NONCE_KEPT


async def _find(bot: MatineeBot, delivery: Delivery, place: Place) -> Sent | None:
    """Looks for the post's message among the bot's own messages in the channel; None if it is not
    there.

    Raises _CannotRead if an answer was lost and either the bot may not read the channel, or too
    many messages came since.

    delivery: the post that is being sent.
    place: the channel.
    """
    if not await delivery.content.recall():
        delivery.may_be_done = False  # nothing was composed, so nothing was sent
        return None
    if isinstance(place, discord.TextChannel):
        allowed = place.permissions_for(place.guild.me)
        if not (allowed.view_channel and allowed.read_message_history):
            if delivery.may_be_done:
                raise _CannotRead("history-hidden")
            return None
    read = 0
    after = _sent_after(delivery)
    async for message in place.history(after=after, limit=MAX_MESSAGES, oldest_first=True):
        read += 1
        ours = bot.user is not None and message.author.id == bot.user.id
        if ours and delivery.content.is_it(message):
            log.info("the post of %s was sent, although no answer came", delivery.due.local_date)
            return Sent(message.id, place.id)
    if read >= MAX_MESSAGES and delivery.may_be_done:
        raise _CannotRead("history-too-long")
    delivery.may_be_done = False
    return None


def _sent_after(delivery: Delivery) -> discord.Object | datetime:
    """Returns what is before the post's message: a message, since this machine's clock may have
    been wrong when the post was first sent, or else a time."""
    if delivery.newest_before is not None:
        return discord.Object(delivery.newest_before)
    return (delivery.first_sent_at or delivery.due.now) - CLOCKS_DIFFER


def _bear(bot: MatineeBot, delivery: Delivery, error: Exception, now: datetime) -> None:
    """Stores in `delivery` what follows from an error: another try, or the end."""
    if isinstance(error, _CannotRead):
        delivery.finish("lost", Note(str(error)))
        return
    step = _step(delivery, error)
    if step == "stop" and not _is_timed_out(bot, delivery.due.guild_id, now):
        assert isinstance(error, discord.HTTPException)
        delivery.refused = True
        delivery.finish("stopped", note("discord-refused", answer=error.text))
    elif step == "drop":
        assert isinstance(error, discord.HTTPException)
        delivery.finish("failed", note("discord-refused", answer=error.text))
    elif step == "other":
        if delivery.other:
            delivery.finish("failed", note("content-refused"))
        else:
            delivery.other = True
            delivery.next_try = now
    elif step == "confirm":
        since = delivery.missing_since = delivery.missing_since or now
        if now - since >= CONFIRM_AFTER:
            delivery.refused = True
            delivery.finish("stopped", note("channel-gone"))
        else:
            delivery.postpone(now, since + CONFIRM_AFTER - now)
    else:
        _wait(delivery, now)


def _is_timed_out(bot: MatineeBot, guild_id: int, now: datetime) -> bool:
    """True if a moderator has put the bot into a time-out, in which it may only read."""
    guild = bot.get_guild(guild_id)
    until = guild.me.timed_out_until if guild is not None else None
    return until is not None and now < until


def _wait(delivery: Delivery, now: datetime, pause: timedelta | None = None) -> None:
    """Plans the next try; gives the post up if its time is over.

    pause: the time until the next try; None for a time that grows with each try.
    """
    if now >= delivery.due.until and delivery.sent is None:
        _give_up(delivery)
    else:
        delivery.postpone(now, pause)


def _step(delivery: Delivery, error: Exception) -> Step:
    """Returns what to do after an error. After an unforeseen error, the post is tried again."""
    schedule, date = delivery.due.schedule.id, delivery.due.local_date
    try:
        step = next_step(error)
    except Exception:
        log.exception("the post %s of %s was not sent; it is tried again", schedule, date)
        return "again"
    log.info("the post %s of %s was not sent (%s), next: %s", schedule, date, error, step)
    return step


def _give_up(delivery: Delivery) -> None:
    """Ends the sending of a post whose time is over, and stores why."""
    if delivery.may_be_done:
        delivery.finish("lost", note("answer-lost"))
    elif not delivery.seen:
        delivery.finish("unavailable", note("server-hidden"))
    elif delivery.first_sent_at is None and delivery.missing_since is None:
        delivery.finish("failed", note("bot-was-away"))
    else:
        delivery.finish("failed", note("not-taken"))

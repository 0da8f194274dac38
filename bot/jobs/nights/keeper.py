"""Carries on the movie nights: what is to be done now follows from the state in the database.

It looks at every night that is not finished at each tick, and at once if somebody pressed a button
or came to a voice channel. What Discord's gateway tells is only a hint: who is in the voice channel
is read from what discord.py knows, and the votes from the poll. So a restart at any moment loses
nothing.
"""

import asyncio
import contextlib
import logging
from datetime import datetime, timedelta

import discord
from discord import ui

from bot.client.budget import URGENCY, Urgency
from bot.client.client import MatineeBot
from bot.client.languages import direct_language
from bot.client.refusals import BROKEN
from bot.cogs.interaction import member_finder
from bot.jobs.nights.gatherings import (
    end_poll,
    make_event,
    moved_event,
    read_votes,
    remove_event,
    send_poll,
)
from bot.jobs.nights.rating import send_card
from bot.jobs.nights.sending import (
    Channel,
    Later,
    change,
    has_action,
    in_language_of,
    may_name,
    send_once,
)
from bot.scheduler import wait_unless_stopping
from bot.services.nights import attendance, course, plan, questions
from bot.services.nights.view_models import Night, NightView
from bot.services.picks.consent import MemberNotKnown
from bot.views.nights import question_view, shortlist_view, winner_view
from bot.wording.speech import speaking

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=5)
SEEN_EVERY = timedelta(seconds=30)
"""How often it is stored who is in the voice channel, as long as nobody comes or leaves."""

TRY_SECONDS = 60.0
CARD_WITHIN = timedelta(days=1)
"""How long after the film its card may still come."""

MAX_STEPS = 8  # of one night at one tick


class NightKeeper:
    """Carries on all movie nights that are not finished, and asks who counts in them."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._busy = asyncio.Lock()
        self._pauses: dict[int, tuple[datetime, timedelta]] = {}  # night -> next try, last pause
        self._drawn: dict[tuple[int, str], str] = {}  # (night, message) -> what it shows
        self._seen: dict[int, tuple[frozenset[int], datetime]] = {}  # night -> people, when stored

    async def run(self) -> None:
        """Looks at the nights whenever something about them has changed, until the bot stops."""
        changed, stopping = self._bot.nights_changed, self._bot.stopping
        while await wait_unless_stopping(changed, stopping) and not stopping.is_set():
            changed.clear()
            try:
                await self.carry_on(hurry=True)
            except Exception:
                log.exception("the movie nights are looked at again at the next tick")

    async def carry_on(self, *, hurry: bool = False) -> None:
        """Does what is due for every night that is not finished.

        hurry: True if something has changed, so that nights that wait are tried at once.
        """
        if not self._bot.first_ready.is_set():
            return
        URGENCY.set(Urgency.POST)
        async with self._busy:
            await self._ask()
            nights = await course.pending_nights(self._bot.app)
            self._bot.watched_voice = {
                night.voice_id for night in nights if night.state == "showing" and night.voice_id
            }
            for night in nights:
                if self._bot.stopping.is_set():
                    return
                due, _ = self._pauses.get(night.id, (None, None))
                if due is None or hurry or due <= self._bot.app.clock():
                    await self._try(night)
            self._forget({night.id for night in nights})

    async def _try(self, night: Night) -> None:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                for _ in range(MAX_STEPS):
                    if not await self._step(night):
                        break
                    night = await plan.read_night(self._bot.app, night.id)
        except (Later, TimeoutError, MemberNotKnown):
            self._pause(night)
        except Exception:
            log.exception("the movie night %s is tried again", night.id)
            self._pause(night)
        else:
            self._pauses.pop(night.id, None)

    def _pause(self, night: Night) -> None:
        _, before = self._pauses.get(night.id, (None, None))
        pause = min(before * 2, LONGEST_PAUSE) if before else FIRST_PAUSE
        self._pauses[night.id] = (self._bot.app.clock() + pause, pause)

    def _forget(self, open_nights: set[int]) -> None:
        """Forgets what is remembered of nights that are finished."""
        self._pauses = {key: value for key, value in self._pauses.items() if key in open_nights}
        self._seen = {key: value for key, value in self._seen.items() if key in open_nights}
        self._drawn = {key: shows for key, shows in self._drawn.items() if key[0] in open_nights}

    async def _step(self, night: Night) -> bool:
        """Does what is due for a night; returns True if it may have gone on."""
        member = self._bot.membership.of(night.guild_id)
        guild = self._bot.get_guild(night.guild_id)
        if member is False:
            await course.abandon(self._bot.app, night, self._bot.app.clock())
            return False
        if member is None or guild is None or guild.unavailable:
            return False  # an outage may hide the server
        match night.state:
            case "planned":
                return await self._planned(night)
            case "polled":
                return await self._polled(night)
            case "decided" | "scheduled":
                return await self._decided(night, guild)
            case "showing":
                return await self._showing(night, guild)
            case "done":
                return await self._done(night, guild)
            case "cancelled":
                return await self._cancelled(night)

    async def _planned(self, night: Night) -> bool:
        app, now = self._bot.app, self._bot.app.clock()
        shown = (await course.messages(app, night.id)).get("list")
        unsent = shown is None or shown.message_id is None
        if now >= night.starts_at or (unsent and now > night.created_at + course.LIST_SENT_WITHIN):
            await course.cancel(app, night, now)
            return True
        return False

    async def _polled(self, night: Night) -> bool:
        app, now = self._bot.app, self._bot.app.clock()
        view = await plan.read_view(app, night.id)
        poll = await send_poll(self._bot, night, view)
        assert night.poll_until is not None
        if poll is not None and now < night.poll_until:
            await self._redraw(night, view)
            return False
        votes = None if poll is None else await read_votes(self._bot, night, poll, now)
        await course.settle_poll(app, night, votes, now)
        return True

    async def _decided(self, night: Night, guild: discord.Guild) -> bool:
        app = self._bot.app
        event = moved_event(night, guild)
        if event is not None:
            start, place = event.start_time, event.channel_id
            return await course.follow_event(app, night, start, place, app.clock())
        if app.clock() >= night.starts_at:
            return await attendance.begin_showing(app, night, app.clock())
        view = await plan.read_view(app, night.id)
        await self._announce(night, view)
        if night.state == "scheduled" and night.event_id is None and view.chosen is not None:
            await make_event(self._bot, night, view)
            view = await plan.read_view(app, night.id)
        await self._redraw(night, view)
        return False

    async def _announce(self, night: Night, view: NightView) -> None:
        """Says which film it is, unless that was said."""
        if view.chosen is None:
            return
        before = await course.messages(self._bot.app, night.id)
        shortlist = before.get("list")

        def content(channel: Channel) -> ui.LayoutView | None:
            with in_language_of(self._bot, night):
                return winner_view(view) if may_name(view, channel) else None

        def is_it(message: discord.Message) -> bool:
            ours = has_action(message, "night-cancel", night.id)
            return ours and (shortlist is None or message.id != shortlist.message_id)

        await send_once(self._bot, night, "winner", content, is_it)
        if "winner" not in before:
            self._drawn[night.id, "winner"] = _look("winner", view)

    async def _showing(self, night: Night, guild: discord.Guild) -> bool:
        app, now = self._bot.app, self._bot.app.clock()
        voice = guild.get_channel(night.voice_id or 0)
        here = frozenset(voice.voice_states) if isinstance(voice, discord.VoiceChannel) else None
        if here is not None:
            people, stored_at = self._seen.get(night.id, (None, now))
            if people != here or now >= stored_at + SEEN_EVERY:
                await attendance.see(app, night, here, now)
                self._seen[night.id] = (here, now)
        if night.ends_at is None or now < night.ends_at:
            view = await plan.read_view(app, night.id)
            # Who is there is stored at the next tick, whatever becomes of the messages.
            with contextlib.suppress(Later):
                await self._announce(night, view)
                await self._redraw(night, view)
            return False
        await attendance.end_showing(app, night, member_finder(guild), now)
        return True

    async def _done(self, night: Night, guild: discord.Guild) -> bool:
        app, now = self._bot.app, self._bot.app.clock()
        view = await plan.read_view(app, night.id)
        late = night.ends_at is None or now > night.ends_at + CARD_WITHIN
        if view.chosen is not None and not late:
            await send_card(self._bot, night, view, guild)
        await self._redraw(night, view)
        await course.close(app, night.id, now)
        return False

    async def _cancelled(self, night: Night) -> bool:
        """Takes down what is on Discord of a night that does not take place."""
        app = self._bot.app
        view = await plan.read_view(app, night.id)
        poll = (await course.messages(app, night.id)).get("poll")
        if poll is not None and poll.message_id is not None:
            await end_poll(self._bot, night, poll.message_id)
        await remove_event(self._bot, night, view)
        await self._redraw(night, view)
        await course.close(app, night.id, app.clock())
        return False

    async def _redraw(self, night: Night, view: NightView) -> None:
        """Makes the shortlist and the announcement show how far a night is.

        The button that was pressed has changed its own message already; that is done again here,
        since the bot may have ended before.
        """
        messages = await course.messages(self._bot.app, night.id)
        for kind in ("list", "winner"):
            found = messages.get(kind)
            key, shows = (night.id, kind), _look(kind, view)
            if found is None or found.message_id is None or self._drawn.get(key) == shows:
                continue
            if kind == "list" and view.state == "polled":
                finder = member_finder(self._bot.get_guild(night.guild_id))
                guests = await plan.guests_of(self._bot.app, night.id, finder)
                view = await plan.read_view(self._bot.app, night.id, guests)
            with in_language_of(self._bot, night):
                drawn = shortlist_view(view) if kind == "list" else winner_view(view)
            await change(self._bot, night, found.message_id, drawn)
            self._drawn[key] = shows

    async def _ask(self) -> None:
        """Asks the people who are to be asked whether they count, each of them once."""
        app = self._bot.app
        for question in await questions.waiting(app):
            guild = self._bot.get_guild(question.guild_id)
            if guild is None or not await questions.claim(app, question):
                continue
            language = direct_language(app, question.person_id, question.guild_id, guild)
            with speaking(language):
                slash = self._bot.slash("settings")
                view = question_view(guild.name, slash, guild.id, planner=question.planner)
            try:
                user = await self._bot.fetch_user(question.person_id)
                await user.send(view=view, allowed_mentions=discord.AllowedMentions.none())
            except (discord.HTTPException, *BROKEN) as failure:
                log.info("somebody is not asked about a movie night: %s", failure)


def _look(kind: str, view: NightView) -> str:
    """Returns a text that differs if a message about a night has to be drawn again.

    kind: "list" for the shortlist, "winner" for the announcement.
    """
    if kind == "list":
        open_ = view.state in ("planned", "polled", "cancelled")
        return f"{view.state if open_ else 'chosen'} {view.starts_at} {view.voice_id}"
    ahead = view.state in ("scheduled", "showing")
    shown = "ahead" if ahead else view.state
    return f"{shown} {view.event} {view.starts_at}"

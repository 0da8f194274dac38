"""/rate and /unrate, and reactions on cards.

Reactions come as raw events, so cards older than this process count too. They are put in one
queue in the order they came and written in that order by one task.
"""

import asyncio
import logging
from collections import deque

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot
from bot.client.reply import send
from bot.cogs.interaction import requester
from bot.cogs.picks.recommend import films
from bot.services.feedback import rate, reconcile
from bot.services.feedback.rate import ReactionEvent, ReactionKind
from bot.services.picks import impressions
from bot.services.scale import HALF_STARS
from bot.views import cards
from bot.views.buttons import Press
from bot.views.custom_ids import parse

log = logging.getLogger(__name__)

BATCH = 200
RETRIES = 5


class Ratings(commands.Cog):
    """Ratings by command and by reaction."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        self.inbox: deque[ReactionEvent] = deque()
        self.news = asyncio.Event()
        self.heard_after = 0
        bot.beside("reactions", self._write_reactions())
        bot.beside("reconcile", self._reconcile())

    async def cog_load(self) -> None:
        """Before the gateway is open: whatever comes through it is newer than this."""
        self.heard_after = await reconcile.newest_event(self.bot.app)

    @app_commands.command(description="Rate a film; half stars count")
    @app_commands.describe(film="Start typing a title", stars="From half a star to five")
    @app_commands.choices(
        stars=[
            app_commands.Choice(name=f"{'★' * int(s)}{'½' if s % 1 else ''} ({s:g})", value=s)
            for s in reversed(HALF_STARS)
        ]
    )
    async def rate(self, interaction: Press, film: str, stars: app_commands.Choice[float]) -> None:
        text = await rate.rate_by_command(self.bot.app, requester(interaction), film, stars.value)
        await send(interaction, cards.text_view(text), private=True)

    @app_commands.command(description="Take your rating of a film back")
    @app_commands.describe(film="Start typing a title")
    async def unrate(self, interaction: Press, film: str) -> None:
        text = await rate.unrate(self.bot.app, requester(interaction), film)
        await send(interaction, cards.text_view(text), private=True)

    rate.autocomplete("film")(films)
    unrate.autocomplete("film")(films)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        if payload.member is None or not payload.member.bot:
            self._put("add", payload)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        self._put("remove", payload)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        self._put_message("clear", payload.message_id, payload.channel_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        self._put_message("clear", payload.message_id, payload.channel_id, str(payload.emoji))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self._put_message("deleted", payload.message_id, payload.channel_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in sorted(payload.message_ids):
            self._put_message("deleted", message_id, payload.channel_id)

    def _put(self, kind: ReactionKind, payload: discord.RawReactionActionEvent) -> None:
        if self.bot.user is None or payload.user_id == self.bot.user.id:
            return
        self._heard(
            ReactionEvent(
                kind=kind,
                message_id=payload.message_id,
                channel_id=payload.channel_id,
                person_id=payload.user_id,
                emoji=str(payload.emoji),
                at=self.bot.app.clock(),
                guild_id=payload.guild_id,
                on_our_message=payload.message_author_id == self.bot.user.id,
            )
        )

    def _put_message(
        self, kind: ReactionKind, message_id: int, channel_id: int, emoji: str | None = None
    ) -> None:
        self._heard(
            ReactionEvent(
                kind=kind,
                message_id=message_id,
                channel_id=channel_id,
                person_id=0,
                emoji=emoji,
                at=self.bot.app.clock(),
            )
        )

    def _heard(self, event: ReactionEvent) -> None:
        self.inbox.append(event)
        self.news.set()

    async def _write_reactions(self) -> None:
        while self.inbox or await self.bot.until(self.news):
            events = [self.inbox.popleft() for _ in range(min(BATCH, len(self.inbox)))]
            self.news.clear()
            for attempt in range(1, RETRIES + 1):
                try:
                    await self._adopt_unknown(events)
                    await rate.apply_reactions(self.bot.app, events)
                    break
                except Exception:
                    log.exception("%d reactions not written, try %d", len(events), attempt)
                    await asyncio.sleep(attempt)
            else:
                log.error("%d reactions left to the next reconciling", len(events))

    async def _adopt_unknown(self, events: list[ReactionEvent]) -> None:
        """Cards that were sent but not yet (or, after a crash, never) remembered."""
        ours = {event.message_id: event for event in events if event.on_our_message}
        for message_id in await impressions.unknown_messages(self.bot.app, ours):
            event = ours[message_id]
            channel = self.bot.get_partial_messageable(event.channel_id)
            try:
                message = await channel.fetch_message(message_id)
            except discord.HTTPException as refusal:
                log.info("message %s cannot be read: %s", message_id, refusal.text)
                continue
            await adopt(self.bot, message, event.guild_id)

    async def _reconcile(self) -> None:
        if not await self.bot.until(self.bot.first_ready):
            return
        try:
            await self._reconcile_once()
        except Exception:
            log.exception("reconciling stopped; it starts again at the next start")

    async def _reconcile_once(self) -> None:
        app = self.bot.app
        for scan in await reconcile.channels_to_scan(app):
            channel = self.bot.get_partial_messageable(scan.channel_id)
            after = discord.Object(discord.utils.time_snowflake(scan.since))
            try:
                async for message in channel.history(
                    after=after, limit=reconcile.MAX_MESSAGES_PER_CHANNEL
                ):
                    await adopt(self.bot, message, scan.guild_id)
            except discord.HTTPException as refusal:
                log.info("channel %s cannot be read: %s", scan.channel_id, refusal.text)
        for card in await reconcile.recent_cards(app):
            if self.bot.stopping.is_set():
                return
            channel = self.bot.get_partial_messageable(card.channel_id)
            listed_at = app.clock()
            try:
                message = await channel.fetch_message(card.message_id)
            except discord.NotFound:
                await reconcile.record_deletion(app, card.message_id)
                continue
            except discord.HTTPException as refusal:
                log.info("card %s cannot be read: %s", card.message_id, refusal.text)
                continue
            standing: dict[str, list[int]] = {}
            for reaction in message.reactions:
                if reaction.count > int(reaction.me):
                    users = reaction.users(limit=reconcile.MAX_PEOPLE_PER_REACTION)
                    standing[str(reaction.emoji)] = [u.id async for u in users if not u.bot]
            await reconcile.reconcile_card(
                app,
                card.message_id,
                standing,
                listed_at=listed_at,
                heard_after=self.heard_after,
            )
        log.info("reactions reconciled")


async def adopt(bot: MatineeBot, message: discord.Message, guild_id: int | None) -> None:
    """Remember a card of ours from what its own buttons say."""
    if bot.user is None or message.author.id != bot.user.id or message.flags.ephemeral:
        return
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    for item in view.walk_children():
        pressed = parse(str(getattr(item, "custom_id", "") or ""))
        if pressed is not None and pressed.action == "why":
            asked_by = message.interaction_metadata
            await impressions.adopt_card(
                bot.app,
                message_id=message.id,
                channel_id=message.channel.id,
                guild_id=guild_id,
                person_id=asked_by.user.id if asked_by else None,
                film_id=pressed.number(0),
                posted_at=message.created_at,
            )
            return

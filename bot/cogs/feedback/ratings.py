"""/rate and /unrate, and reactions on cards (the bot's messages about a film).

The listeners take discord.py's raw events, because those also come for messages that were sent
before this process started. They put each reaction into the client's inbox. If reactions may have
been missed, they also put a gap (a mark that says so) there. `bot/jobs/reactions.py` writes the
reactions to the database in the order in which they came.
"""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import send
from bot.cogs.interaction import requester
from bot.cogs.picks.recommend import films
from bot.services.feedback import rate
from bot.services.feedback.rate import ReactionEvent, ReactionKind
from bot.services.scale import HALF_STARS
from bot.views import cards
from bot.views.buttons import headline_film
from bot.wording import commands as texts
from bot.wording import feedback as words


class Ratings(commands.Cog):
    """/rate and /unrate, and the listeners that put reactions to messages into the inbox."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        self._away: set[int] = set()  # ids of servers that report nothing at the moment

    @app_commands.command(description=texts.RATE)
    @app_commands.describe(film=texts.FILM, stars=texts.RATE_STARS)
    @app_commands.choices(
        stars=[
            app_commands.Choice(name=f"{'★' * int(s)}{'½' if s % 1 else ''} ({s:g})", value=s)
            for s in reversed(HALF_STARS)
        ]
    )
    async def rate(self, interaction: Press, film: str, stars: app_commands.Choice[float]) -> None:
        rated = await rate.rate_by_command(self.bot.app, requester(interaction), film, stars.value)
        await send(interaction, cards.text_view(words.rated(rated)), private=True)

    @app_commands.command(description=texts.UNRATE)
    @app_commands.describe(film=texts.FILM)
    async def unrate(self, interaction: Press, film: str) -> None:
        unrated = await rate.unrate(self.bot.app, requester(interaction), film)
        await send(interaction, cards.text_view(words.unrated(unrated)), private=True)

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

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Notes which film a card (a message about a film) of the bot shows now."""
        message = payload.message
        if self.bot.user is None or message.author.id != self.bot.user.id:
            return
        film = headline_film(message)
        if film is not None:
            self._put_message("changed", message.id, payload.channel_id, film_id=film)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Notes that reactions may have been missed: a new gateway session began.

        A new session, unlike a resumed one, gets no events from before it.
        """
        self.bot.reaction_inbox.put_gap()

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        self._away.add(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Notes that a server reports nothing any more. It may invite the bot again.

        In the first seconds of a session, discord.py reports a joined server only as available.
        """
        self._away.add(guild.id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Notes that reactions may have been missed: a server is back, which reported nothing."""
        if guild.id in self._away:
            self._away.discard(guild.id)
            self.bot.reaction_inbox.put_gap()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Notes that reactions may have been missed: the bot joined a server.

        It may have been there before.
        """
        self._away.discard(guild.id)
        self.bot.reaction_inbox.put_gap()

    def _put(self, kind: ReactionKind, payload: discord.RawReactionActionEvent) -> None:
        """Puts one person's reaction into the inbox, unless the person is the bot itself.

        kind: "add" or "remove".
        payload: discord.py's event.
        """
        if self.bot.user is None or payload.user_id == self.bot.user.id:
            return
        self.bot.reaction_inbox.put(
            ReactionEvent(
                kind=kind,
                message_id=payload.message_id,
                channel_id=payload.channel_id,
                person_id=payload.user_id,
                emoji=str(payload.emoji),
                at=self.bot.app.clock(),
                guild_id=payload.guild_id,
                on_our_message=payload.message_author_id == self.bot.user.id,
                burst=payload.burst,
            )
        )

    def _put_message(
        self,
        kind: ReactionKind,
        message_id: int,
        channel_id: int,
        emoji: str | None = None,
        film_id: int | None = None,
    ) -> None:
        """Puts an event into the inbox that concerns everybody's reactions to a message.

        kind: what happened, such as "deleted" for a deleted message.
        emoji: the only emoji that is concerned; None for every emoji.
        film_id: the film that the message shows now; None if it was not changed.
        """
        self.bot.reaction_inbox.put(
            ReactionEvent(
                kind=kind,
                message_id=message_id,
                channel_id=channel_id,
                person_id=0,
                emoji=emoji,
                at=self.bot.app.clock(),
                film_id=film_id,
            )
        )

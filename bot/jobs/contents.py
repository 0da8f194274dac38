"""What a scheduled post contains: a film card, or the weekly digest for a manager.

`delivery.py` decides when to send it. The two classes here know where it is sent and how it is
composed. They also know how to recognise it among the bot's own messages, and what to store after
it was sent.
"""

from dataclasses import replace
from typing import Any, Protocol

import discord
from discord import ui

from bot.client.client import MatineeBot
from bot.client.languages import direct_language, server_language
from bot.client.reply import Sent
from bot.cogs.interaction import member_finder, missing_permissions, register
from bot.services.notes import Note, note
from bot.services.posts import begun, digest, post
from bot.services.posts.claims import DuePost
from bot.services.view_models import FilmCard
from bot.views import cards
from bot.views.buttons import button, custom_ids, headline_film, shown_scale
from bot.wording import delivery as words
from bot.wording.posts.digest import week_lines
from bot.wording.speech import speaking

Place = discord.TextChannel | discord.DMChannel


class WrongPlace(Exception):
    """The post can never be sent to this place.

    Attributes:
        reason: why not.
    """

    def __init__(self, reason: Note) -> None:
        super().__init__(reason.key)
        self.reason = reason


class Content(Protocol):
    """What one scheduled post sends: which message, and to which place."""

    async def find_place(self) -> Place:
        """Returns the place where the post is sent.

        Raises WrongPlace if it can never be sent there, or an error of discord.py.
        """

    async def compose(self, place: Place, *, other: bool) -> ui.LayoutView:
        """Returns the message. Raises Sorry if there is nothing to send.

        place: where the message is sent.
        other: True if Discord refused the content of an earlier message. Otherwise a message that
            was composed before is returned again.
        """

    async def recall(self) -> bool:
        """True if the message was composed before and may have been sent.

        The content then remembers the message, so that `is_it` can recognise it.
        """

    def is_it(self, message: discord.Message) -> bool:
        """True if a message of the bot is the one that was composed for this post."""

    async def note_sent(self, sent: Sent, place: Place) -> None:
        """Stores what later work must know about the message that was sent."""

    async def note_unsent(self) -> None:
        """Stores that the message was not sent."""


class FilmPost:
    """The content of a scheduled post: a message about a film, with further films as lines."""

    def __init__(self, bot: MatineeBot, due: DuePost) -> None:
        self._bot = bot
        self._due = due
        self._card: FilmCard | None = None
        self._recalled = False  # True if the card is from an earlier process and has no texts

    async def find_place(self) -> Place:
        guild = self._bot.get_guild(self._due.guild_id)
        channel_id = self._due.schedule.channel_id or 0
        channel = guild.get_channel(channel_id) if guild else None
        # A channel that is not known may be gone, or hidden; Discord's answer tells which.
        found = channel or await self._bot.fetch_channel(channel_id)
        if not isinstance(found, discord.TextChannel):
            raise WrongPlace(note("no-text-channel"))
        return found

    async def compose(self, place: Place, *, other: bool) -> ui.LayoutView:
        assert isinstance(place, discord.TextChannel)
        refused = self._card if other or self._recalled else None
        if self._card is None or refused is not None:
            # The films of the refused card count as shown until there is another one.
            self._card = await post.compose(
                self._bot.app, self._due, member_finder(place.guild), adult_ok=place.is_nsfw()
            )
            self._recalled = False
            if refused is not None:
                await begun.withdraw(self._bot.app, refused)
        language = server_language(self._bot.app, self._due.guild_id, place.guild)
        with speaking(language):
            return cards.film_card(self._card, reactable=_can_react(place))

    async def recall(self) -> bool:
        if self._card is None:
            self._card = await begun.find(self._bot.app, self._due)
            self._recalled = self._card is not None
        return self._card is not None

    def is_it(self, message: discord.Message) -> bool:
        if self._card is None or message.interaction_metadata is not None:
            return False
        if headline_film(message) != self._card.headline.film_id:
            return False
        if self._recalled:  # the server may have chosen another rating scale since
            scale = self._bot.app.scales.with_id(shown_scale(message))
            self._card = replace(self._card, scale=scale)
        return True

    async def note_sent(self, sent: Sent, place: Place) -> None:
        if self._card is not None:
            seed = isinstance(place, discord.TextChannel) and _can_react(place)
            await register(self._bot, self._card, sent, seed=seed, private=False)

    async def note_unsent(self) -> None:
        if self._card is not None:
            await begun.withdraw(self._bot.app, self._card)


class Digest:
    """The weekly digest of a server, as a direct message to its manager."""

    def __init__(self, bot: MatineeBot, due: DuePost) -> None:
        self._bot = bot
        self._due = due

    async def find_place(self) -> Place:
        manager_id = self._due.schedule.manager_id
        if manager_id is None:
            raise WrongPlace(note("no-manager"))
        user = await self._bot.fetch_user(manager_id)
        return user.dm_channel or await user.create_dm()

    async def compose(self, place: Place, *, other: bool) -> ui.LayoutView:
        guild = self._bot.get_guild(self._due.guild_id)
        week = await digest.compose(self._bot.app, self._due, name_films=not other)
        manager_id = self._due.schedule.manager_id
        with speaking(direct_language(self._bot.app, manager_id, self._due.guild_id, guild)):
            heading = words.digest_heading(guild.name if guild and not other else None)
            row: ui.ActionRow[Any] = ui.ActionRow(
                button(words.no_more_digests_button(), "digest-off", self._due.schedule.id)
            )
            text = "\n".join([heading, week_lines(week)])
        return cards.text_view(text, row)

    async def recall(self) -> bool:
        return True

    def is_it(self, message: discord.Message) -> bool:
        schedule = str(self._due.schedule.id)
        return any(
            one.action == "digest-off" and one.text(0) == schedule for one in custom_ids(message)
        )

    async def note_sent(self, sent: Sent, place: Place) -> None:
        """Does nothing, because nobody rates a digest."""

    async def note_unsent(self) -> None:
        """Does nothing, because a digest shows no films."""


def content_of(bot: MatineeBot, due: DuePost) -> Content:
    """Returns the content of a scheduled post: a message about films, or the weekly digest."""
    return Digest(bot, due) if due.schedule.theme == "digest" else FilmPost(bot, due)


def _can_react(channel: discord.TextChannel) -> bool:
    return not missing_permissions(channel.permissions_for(channel.guild.me))

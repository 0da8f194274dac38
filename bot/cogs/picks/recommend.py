"""/recommend, /similar, /trending and /help."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.reply import send
from bot.cogs.in_place import change_card, may_change, owns
from bot.cogs.interaction import listed_choices, member_finder, message_id, requester, show_card
from bot.cogs.quiz.quiz import offer_extra_question
from bot.errors import Sorry
from bot.services.catalogue.library import Choice, matching_choices
from bot.services.catalogue.moods import MOODS
from bot.services.catalogue.words import close_names
from bot.services.picks import group, impressions, recommend, similar, trending
from bot.services.picks.consent import FindMember, ServerMember
from bot.services.picks.similar import By, Measure
from bot.services.picks.trending import Scope, Window
from bot.services.view_models import FilmCard, Filters
from bot.views import cards
from bot.views.buttons import read_filters
from bot.views.custom_ids import CustomId, whole
from bot.wording import commands as texts
from bot.wording.catalogue import language_of_films
from bot.wording.picks.headings import DECADES
from bot.wording.picks.help import help_text
from bot.wording.picks.tastes import mood
from bot.wording.shelves.languages import film_language


def as_choices(choices: list[Choice]) -> list[app_commands.Choice[str]]:
    """Converts suggestions for an option of a command to discord.py's type."""
    return [app_commands.Choice(name=choice.name, value=choice.value) for choice in choices]


async def films(interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
    """Returns the suggestions for a film option: films that match what a person has typed."""
    library = interaction.client.app.live.served.library.shown(requester(interaction).adult_ok)
    return as_choices(library.choices(typed))


class Recommend(commands.Cog):
    """/recommend, /similar, /trending and /help, the button *Another*, and one for each mood."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {"another": self.another, "mood": self.mood}

    @app_commands.command(description=texts.RECOMMEND)
    @app_commands.describe(
        mood=texts.RECOMMEND_MOOD,
        genre=texts.RECOMMEND_GENRE,
        language=texts.RECOMMEND_LANGUAGE,
        decade=texts.RECOMMEND_DECADE,
        max_runtime=texts.RECOMMEND_RUNTIME,
        with_=texts.RECOMMEND_WITH,
        with2=texts.RECOMMEND_WITH_SECOND,
        with3=texts.RECOMMEND_WITH_THIRD,
        surprise=texts.RECOMMEND_SURPRISE,
        private=texts.PRIVATE,
    )
    @app_commands.choices(
        decade=[app_commands.Choice(name=text, value=first) for first, text in DECADES.items()]
    )
    @app_commands.rename(with_="with")
    async def recommend(
        self,
        interaction: Press,
        mood: str | None = None,
        genre: str | None = None,
        language: str | None = None,
        decade: int | None = None,
        max_runtime: app_commands.Range[int, 1, 1000] | None = None,
        with_: discord.User | None = None,
        with2: discord.User | None = None,
        with3: discord.User | None = None,
        surprise: bool = False,
        private: bool = False,
    ) -> None:
        people = [one.id for one in (with_, with2, with3) if one is not None]
        others = tuple(dict.fromkeys(one for one in people if one != interaction.user.id))
        filters = Filters(genre, mood, max_runtime, others, language, decade, surprise)
        await self._recommend(interaction, filters, private=private)

    @recommend.autocomplete("mood")
    async def moods(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        tags, language = self.bot.app.live.served.library.moods, film_language()
        every = [Choice(mood(key), key) for key in MOODS]
        every += [Choice(language.tag(tag.slug, tag.name), tag.slug) for tag in tags]
        found = matching_choices(every, typed)
        if not found:
            close = close_names(typed, [choice.name for choice in every])
            found = [choice for choice in every if choice.name in close]
        return as_choices(found)

    @recommend.autocomplete("genre")
    async def genres(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return as_choices(self.bot.app.live.served.library.genre_choices(typed))

    @recommend.autocomplete("language")
    async def languages(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return as_choices(
            self.bot.app.live.served.library.language_choices(typed, language_of_films)
        )

    @app_commands.command(description=texts.SIMILAR)
    @app_commands.describe(
        film=texts.FILM,
        by=texts.SIMILAR_BY,
        measure=texts.SIMILAR_MEASURE,
        private=texts.PRIVATE,
    )
    @app_commands.choices(
        by=listed_choices(texts.SIMILAR_BYS), measure=listed_choices(texts.SIMILAR_MEASURES)
    )
    async def similar(
        self,
        interaction: Press,
        film: str,
        by: By | None = None,
        measure: Measure | None = None,
        private: bool = False,
    ) -> None:
        person = requester(interaction, private=private)
        work = similar.recommend_similar(self.bot.app, person, film, by=by, measure=measure)
        await show_card(interaction, work, private=private)

    similar.autocomplete("film")(films)

    @app_commands.command(description=texts.TRENDING)
    @app_commands.describe(
        scope=texts.TRENDING_SCOPE,
        window=texts.TRENDING_WINDOW,
        private=texts.PRIVATE,
    )
    @app_commands.choices(
        scope=listed_choices(texts.TRENDING_SCOPES), window=listed_choices(texts.TRENDING_WINDOWS)
    )
    async def trending(
        self,
        interaction: Press,
        scope: Scope | None = None,
        window: Window = "week",
        private: bool = False,
    ) -> None:
        work = trending.recommend_trending(
            self.bot.app, requester(interaction, private=private), scope=scope, window=window
        )
        await show_card(interaction, work, private=private)

    @app_commands.command(description=texts.HELP)
    async def help(self, interaction: Press) -> None:
        text = help_text(self.bot.slash, posters=self.bot.app.posters.fetches)
        await send(interaction, cards.text_view(text), private=True)

    async def another(self, interaction: Press, pressed: CustomId) -> None:
        """Shows other recommended films with the same filters.

        Only the person who requested this card (a message of films) may do so.
        """
        if not await owns(interaction):
            raise Sorry("somebody-elses-card")
        filters, private = read_filters(pressed)
        await self._record_another(interaction, pressed)
        await self._recommend_instead(interaction, filters, private=private)

    async def mood(self, interaction: Press, pressed: CustomId) -> None:
        """Shows films for the mood on the pressed button.

        The person who requested the card (a message of films) gets them as with *Another*. Anyone
        else gets a separate card that only they see.
        """
        filters, private = read_filters(pressed)
        if await owns(interaction):
            await self._record_another(interaction, pressed)
            await self._recommend_instead(interaction, filters, private=private)
        else:
            await self._recommend(interaction, replace(filters, others=()), private=True)

    async def _record_another(self, interaction: Press, pressed: CustomId) -> None:
        person, film = requester(interaction), whole(pressed.text(4) or "")
        await impressions.record_another(self.bot.app, person, film, message_id(interaction))

    async def _recommend_instead(
        self, interaction: Press, filters: Filters, *, private: bool
    ) -> None:
        """Shows other films in the message whose button was pressed, if it may be changed.

        Otherwise they come in a new message. In a server only the person sees it, so that the
        channel stays readable.
        """
        if await may_change(interaction):
            message = interaction.message
            private = private or (message is not None and message.flags.ephemeral)
            card = await self._card(interaction, filters, private=private)
            await change_card(interaction, card)
            await self._ask_more(interaction, card)
        else:
            private = private or interaction.guild_id is not None
            await self._recommend(interaction, filters, private=private)

    async def _recommend(self, interaction: Press, filters: Filters, *, private: bool) -> None:
        work = self._card(interaction, filters, private=private)
        card = await show_card(interaction, work, private=private)
        await self._ask_more(interaction, card)

    async def _ask_more(self, interaction: Press, card: FilmCard) -> None:
        """Asks about one more film after a card, if the person may be asked now."""
        if card.asks_more:
            await offer_extra_question(interaction)

    async def _card(self, interaction: Press, filters: Filters, *, private: bool) -> FilmCard:
        person = requester(interaction, private=private)
        if not filters.others:
            return await recommend.recommend(self.bot.app, person, filters)
        if interaction.guild is None:
            raise Sorry("no-members-here")
        find_member = member_finder(interaction.guild)
        companions = [await _companion(find_member, one) for one in filters.others]
        return await group.recommend_for_group(self.bot.app, person, companions, filters)


async def _companion(find_member: FindMember, person_id: int) -> ServerMember:
    """Returns the member of the server with whom the requester wants to watch.

    Raises Sorry if the person is a bot or is not a member now, and MemberNotKnown if Discord does
    not say.
    """
    member = await find_member(person_id)
    if member is not None:
        return member
    raise Sorry("not-a-member")

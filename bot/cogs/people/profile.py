"""/profile and /compare: somebody's taste, and how well the tastes of two members match."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.languages import speaking_to
from bot.client.reply import await_or_defer, send, show_alone
from bot.cogs.interaction import member_finder, requester, show_card
from bot.errors import Sorry
from bot.services.people import compare, own_ratings
from bot.services.people import profile as profiles
from bot.services.people.compare import Comparison
from bot.services.people.profile import TasteProfile
from bot.services.picks import group
from bot.services.quiz import one_film
from bot.services.view_models import FilmCard, Filters, Line, Requester
from bot.views import profile as views
from bot.views.buttons import chosen
from bot.views.custom_ids import CustomId, Unreadable, long_ids, whole
from bot.wording import commands as texts
from bot.wording import feedback as feedback_words
from bot.wording.people import profile as words


class Profiles(commands.Cog):
    """/profile, /compare, the menu *Compare taste*, and their buttons.

    Each button asks again whether whoever presses it may see what it shows.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "my-ratings": self.open_ratings,
            "rating-take-back": self.take_back,
            "rating-put-back": self.put_back,
            "compare": self.compare_again,
            "pick-together": self.pick_together,
        }
        self.menu = app_commands.ContextMenu(name=texts.COMPARE_TASTE, callback=self.compare_user)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

    @app_commands.command(description=texts.PROFILE)
    @app_commands.describe(member=texts.PROFILE_MEMBER, private=texts.PROFILE_PRIVATE)
    async def profile(
        self, interaction: Press, member: discord.User | None = None, private: bool = True
    ) -> None:
        person = _here(interaction, private=private)
        person_id = person.person_id if member is None else member.id
        work = self._read(interaction, person, person_id, private=private)
        found, question, picture = await await_or_defer(interaction, work, private=private)
        with speaking_to(self.bot.app, interaction, private=private):
            view, files = views.profile_view(found, picture, question=question)
        await send(interaction, view, private=private, files=files)

    @app_commands.command(description=texts.COMPARE)
    @app_commands.describe(member=texts.COMPARE_MEMBER, private=texts.COMPARE_PRIVATE)
    async def compare(self, interaction: Press, member: discord.User, private: bool = True) -> None:
        await self._compare(interaction, member.id, private=private)

    async def compare_user(self, interaction: Press, member: discord.User) -> None:
        """Compares tastes with the person whose menu was opened."""
        await self._compare(interaction, member.id, private=True)

    async def compare_again(self, interaction: Press, pressed: CustomId) -> None:
        """Compares the tastes of the person who presses and of the person in the profile."""
        await self._compare(interaction, _person_of(pressed), private=True)

    async def pick_together(self, interaction: Press, pressed: CustomId) -> None:
        """Shows a card (a message of films) with films for whoever presses and the other person."""
        await show_card(interaction, self._card(interaction, _person_of(pressed)), private=True)

    async def open_ratings(self, interaction: Press, pressed: CustomId) -> None:
        """Shows a page of the own ratings: as a new message from /profile, else in place."""
        if pressed.text(0) is None:
            found = await own_ratings.read_ratings(self.bot.app, requester(interaction))
            await send(interaction, views.ratings_view(found), private=True)
            return
        await self._show(interaction, pressed.number(0))

    async def take_back(self, interaction: Press, pressed: CustomId) -> None:
        """Takes the chosen rating back."""
        film = whole("".join(chosen(interaction)))
        if film is None:
            raise Sorry("no-film-chosen")
        result = await own_ratings.take_back(self.bot.app, requester(interaction), film)
        undo = None if result.before is None else (film, result.before)
        done = feedback_words.unrated(result)
        await self._show(interaction, pressed.number(0), done, undo)

    async def put_back(self, interaction: Press, pressed: CustomId) -> None:
        """Puts a rating back that the person has just taken back."""
        film, half_stars = pressed.number(0), pressed.number(1)
        result = await own_ratings.put_back(self.bot.app, requester(interaction), film, half_stars)
        await self._show(interaction, pressed.number(2), words.put_back(result))

    async def _read(
        self, interaction: Press, person: Requester, person_id: int, *, private: bool
    ) -> tuple[TasteProfile, Line | None, bytes | None]:
        """Returns a profile, the quiz's next question to the requester, and the picture."""
        app, question, picture = self.bot.app, None, None
        find_member = member_finder(interaction.guild)
        async with app.studio.turn() as may_draw:
            found = await profiles.read_profile(app, person, person_id, find_member)
            if found.name is None:
                question = await one_film.likely_question(app, person)
            if may_draw and found.taste is not None:
                with speaking_to(app, interaction, private=private):
                    sheet = words.picture(found.taste)
                picture = await app.studio.draw(sheet)
        return found, question, picture

    async def _compare(self, interaction: Press, person_id: int, *, private: bool) -> None:
        person = _here(interaction, private=private)
        find_member = member_finder(interaction.guild)
        work = compare.compare(self.bot.app, person, person_id, find_member)
        found: Comparison = await await_or_defer(interaction, work, private=private)
        with speaking_to(self.bot.app, interaction, private=private):
            view = views.comparison_view(found)
        await send(interaction, view, private=private)

    async def _card(self, interaction: Press, person_id: int) -> FilmCard:
        person = _here(interaction, private=True)
        find_member = member_finder(interaction.guild)
        other = await profiles.visible_member(self.bot.app, person, person_id, find_member)
        filters = Filters(others=(person_id,))
        return await group.recommend_for_group(self.bot.app, person, [other], filters)

    async def _show(
        self,
        interaction: Press,
        page: int,
        done: str | None = None,
        undo: tuple[int, float] | None = None,
    ) -> None:
        """Shows a page of the person's own ratings to them alone.

        done: a sentence on what has just changed; None for no sentence.
        undo: id and former stars of the film whose rating was taken back; None for no film.
        """
        found = await own_ratings.read_ratings(self.bot.app, requester(interaction), page)
        await show_alone(interaction, views.ratings_view(found, done=done, undo=undo))


def _person_of(pressed: CustomId) -> int:
    """Returns the id of the person in a button. Raises Unreadable if there is not exactly one."""
    ids = long_ids(pressed.text(0))
    if len(ids) != 1:
        raise Unreadable(str(pressed))
    return ids[0]


def _here(interaction: Press, *, private: bool) -> Requester:
    """Returns the requester. In a server that the bot is not in, they are as in no server."""
    person = requester(interaction, private=private)
    if interaction.is_guild_integration():
        return person
    return Requester(
        person_id=person.person_id,
        guild_id=None,
        channel_id=person.channel_id,
        now=person.now,
        adult_ok=person.adult_ok,
        private=private,
    )

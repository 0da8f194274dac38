"""The command /watchlist: what a person keeps for later, and what several members keep."""

from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.languages import speaking_to
from bot.client.reply import await_or_defer, send, show_alone
from bot.cogs.interaction import member_finder, requester, show_card
from bot.cogs.picks.recommend import as_choices, films
from bot.errors import Sorry
from bot.services.catalogue.library import Choice, matching_choices
from bot.services.catalogue.search import film_value
from bot.services.feedback import mark
from bot.services.picks import watchlist
from bot.services.view_models import Requester
from bot.views.buttons import chosen
from bot.views.custom_ids import CustomId, whole
from bot.views.watchlist import shared_view, watchlist_view
from bot.wording import commands as texts
from bot.wording import feedback as feedback_words
from bot.wording.picks import watchlist as words


class WatchlistCommand(commands.Cog, name="Watchlist"):
    """/watchlist, its pages and its buttons, each of which acts for whoever presses it."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "list": self.open_page,
            "list-remove": self.remove,
            "list-restore": self.restore,
            "list-pick": self.pick,
            "list-shared": self.shared,
        }

    @app_commands.command(description=texts.WATCHLIST)
    @app_commands.describe(
        add=texts.WATCHLIST_ADD,
        remove=texts.WATCHLIST_REMOVE,
        private=texts.WATCHLIST_PRIVATE,
    )
    async def watchlist(
        self,
        interaction: Press,
        add: str | None = None,
        remove: str | None = None,
        private: bool = True,
    ) -> None:
        app, person = self.bot.app, requester(interaction, private=private)
        library = app.live.served.library.shown(person.adult_ok)
        new = None if add is None else library.find(add).id
        undo = None if remove is None else library.find(remove).id
        done = []
        if undo is not None:  # first, because nothing may change if this film is not on the list
            done.append(words.removed((await watchlist.remove(app, person, undo)).film))
        if new is not None:
            marked = await mark.mark_later(app, person, new)
            done.append(feedback_words.kept(marked.film))
        work = watchlist.read_watchlist(app, person)
        found = await await_or_defer(interaction, work, private=private)
        with speaking_to(app, interaction, private=private):
            view = watchlist_view(
                found,
                own=private,
                here=person.guild_id is not None,
                done=" ".join(done) if private else None,
                undo=undo,
            )
        await send(interaction, view, private=private)

    watchlist.autocomplete("add")(films)

    @watchlist.autocomplete("remove")
    async def kept(self, interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        person = requester(interaction)
        library = self.bot.app.live.served.library
        kept = await watchlist.kept_films(self.bot.app, person)
        choices = [Choice(library.name(film), film_value(film)) for film in kept]
        return as_choices(matching_choices(choices, typed))

    async def open_page(self, interaction: Press, pressed: CustomId) -> None:
        """Shows another page of the person's list."""
        await self._show(interaction, pressed.number(0))

    async def remove(self, interaction: Press, pressed: CustomId) -> None:
        """Takes the chosen film off the person's list."""
        film = whole("".join(chosen(interaction)))
        if film is None:
            raise Sorry("no-film-chosen")
        removed = await watchlist.remove(self.bot.app, requester(interaction), film)
        await self._show(interaction, pressed.number(0), words.removed(removed.film), film)

    async def restore(self, interaction: Press, pressed: CustomId) -> None:
        """Puts a film back that the person has just taken off their list."""
        name = await watchlist.restore(self.bot.app, requester(interaction), pressed.number(0))
        await self._show(interaction, pressed.number(1), words.restored(name))

    async def pick(self, interaction: Press, pressed: CustomId) -> None:
        """Shows a card (a message of films) with the kept film that suits the person best
        tonight.
        """
        work = watchlist.pick_for_tonight(self.bot.app, self._alone(interaction))
        await show_card(interaction, work, private=True)

    async def shared(self, interaction: Press, pressed: CustomId) -> None:
        """Shows what several other members of the server keep."""
        find_member = member_finder(interaction.guild)
        work = watchlist.shared_films(self.bot.app, self._alone(interaction), find_member)
        found = await await_or_defer(interaction, work, private=True)
        await send(interaction, shared_view(found), private=True)

    async def _show(
        self, interaction: Press, page: int, done: str | None = None, undo: int | None = None
    ) -> None:
        """Shows a page of the person's list to them alone, in place of the page that they used.

        done: a sentence on what has just changed; None for no sentence.
        undo: id of the film that was taken off; None for no film.
        """
        person = self._alone(interaction)
        found = await watchlist.read_watchlist(self.bot.app, person, page)
        here = person.guild_id is not None
        await show_alone(interaction, watchlist_view(found, here=here, done=done, undo=undo))

    def _alone(self, interaction: Press) -> Requester:
        return requester(interaction, private=True)

"""/start: the quiz, in which a person shows their taste.

First comes a form. Then come films, either many on one screen or one at a time. Every answer is
stored as soon as it is given.
"""

from typing import Any, get_args

from discord import app_commands
from discord.ext import commands

from bot.client.client import MatineeBot, Press
from bot.client.deferral import settle
from bot.client.reply import edit, open_form, send
from bot.cogs.interaction import requester, show_card
from bot.errors import Sorry
from bot.services.quiz import form, named, one_film, screens
from bot.services.quiz.form import FormAnswers
from bot.services.quiz.named import Naming
from bot.services.quiz.screens import Menu
from bot.views.buttons import chosen
from bot.views.cards import text_view
from bot.views.custom_ids import CustomId, Unreadable, whole
from bot.views.quiz import (
    answers_view,
    form_modal,
    naming_modal,
    no_film_left_view,
    question_view,
    screen_view,
)
from bot.wording.commands import START
from bot.wording.errors.said import said
from bot.wording.people.preferences import switched
from bot.wording.quiz import answers as words
from bot.wording.quiz.form import zone_note


class Quiz(commands.Cog):
    """The quiz. What it asks next depends only on the stored answers and the model."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "quiz": self.open_form,
            "form": self.take_form,
            "screen": self.open_screen,
            "pick": self.take_films,
            "name": self.ask_name,
            "named": self.take_name,
            "this": self.take_named,
            "ask": self.ask,
            "again": self.ask_again,
            "answer": self.take_answer,
            "told": self.list_answers,
            "forget": self.forget_answers,
            "quiet": self.set_quiet,
            "done": self.show_picks,
        }

    @app_commands.command(description=START)
    async def start(self, interaction: Press) -> None:
        await self.open_form(interaction, CustomId("quiz"))

    async def open_form(self, interaction: Press, pressed: CustomId) -> None:
        """Opens the form, filled in with what the person chose before."""
        await settle(interaction)  # a form cannot follow a deferral
        filled = await form.read_form(self.bot.app, requester(interaction))
        await open_form(interaction, form_modal(filled))

    async def take_form(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the form, then shows the first screen of films."""
        values = submitted(interaction)
        answers = FormAnswers(
            tastes=tuple(values.get("shelves", ())),
            never=tuple(values.get("never", ())),
            zone="".join(values.get("zone", ())),
            dial="".join(values.get("dial", ())) or None,
            when=tuple(values.get("when", ())),
        )
        person = requester(interaction)
        note = await form.store_form(self.bot.app, person, answers)
        screen = await screens.open_screen(self.bot.app, person, 1)
        wrong = note.problem is not None
        view = screen_view(screen, zone_note(note, person.now), correct=wrong)
        await send(interaction, view, private=True)

    async def open_screen(self, interaction: Press, pressed: CustomId) -> None:
        """Shows another screen of films to choose from, in the same message."""
        _check_owner(interaction)
        number = pressed.number(0)
        screen = await screens.open_screen(self.bot.app, requester(interaction), number)
        await edit(interaction, screen_view(screen))

    async def take_films(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the films chosen in one menu of a screen, and shows the screen with the choice."""
        _check_owner(interaction)
        menu = next((name for name in get_args(Menu) if name == (pressed.text(1) or "loved")), None)
        if menu is None:
            raise Unreadable(str(pressed))
        films = tuple(film for value in chosen(interaction) if (film := whole(value)) is not None)
        screen = await screens.store_choice(
            self.bot.app, requester(interaction), pressed.number(0), menu, films
        )
        await edit(interaction, screen_view(screen))

    async def ask_name(self, interaction: Press, pressed: CustomId) -> None:
        """Opens the form in which the person types the title of a film that they love."""
        _check_owner(interaction)
        await open_form(interaction, naming_modal(pressed.number(0)))

    async def take_name(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the film that was typed as loved, or asks which film is meant."""
        typed = "".join(submitted(interaction).get("film", ()))
        work = named.name_loved(self.bot.app, requester(interaction), typed)
        await self._show_naming(interaction, pressed, await work)

    async def take_named(self, interaction: Press, pressed: CustomId) -> None:
        """Stores the film that the person chose among those with titles near to the typed text."""
        _check_owner(interaction)
        film = whole("".join(chosen(interaction)))
        if film is None:
            raise Unreadable(str(pressed))
        work = named.choose_loved(self.bot.app, requester(interaction), film)
        await self._show_naming(interaction, pressed, await work)

    async def _show_naming(self, interaction: Press, pressed: CustomId, found: Naming) -> None:
        screen = await screens.open_screen(self.bot.app, requester(interaction), pressed.number(0))
        await edit(
            interaction, screen_view(screen, said(found.note, markdown=True), near=found.near)
        )

    async def ask(self, interaction: Press, pressed: CustomId, note: str | None = None) -> None:
        """Asks about the next film in the same message."""
        _check_owner(interaction)
        question = await one_film.next_question(self.bot.app, requester(interaction))
        view = no_film_left_view() if question is None else question_view(question, note)
        await edit(interaction, view)

    async def ask_again(self, interaction: Press, pressed: CustomId) -> None:
        """Asks again about a film that the person answered before."""
        _check_owner(interaction)
        values = chosen(interaction)
        film = whole(values[0]) if values else pressed.number(0)
        if film is None:
            raise Unreadable(str(pressed))
        question = await one_film.earlier_question(self.bot.app, requester(interaction), film)
        await edit(interaction, question_view(question))

    async def take_answer(self, interaction: Press, pressed: CustomId) -> None:
        """Stores an answer about one film, then asks about the next one."""
        _check_owner(interaction)
        stored = await one_film.store_answer(
            self.bot.app, requester(interaction), pressed.number(0), pressed.text(1)
        )
        note = words.answered(stored)
        if pressed.text(2) == "later":  # the single question that follows some cards
            await edit(interaction, text_view(words.thanks(note)))
            return
        await self.ask(interaction, pressed, note)

    async def list_answers(
        self, interaction: Press, pressed: CustomId, note: str | None = None
    ) -> None:
        """Shows the person's answers about films."""
        _check_owner(interaction)
        person = requester(interaction)
        answers = await one_film.list_answers(self.bot.app, person)
        quiet = await one_film.is_quiet(self.bot.app, person)
        view = answers_view(answers, quiet=quiet, note=note)
        await edit(interaction, view)

    async def forget_answers(self, interaction: Press, pressed: CustomId) -> None:
        """Removes every answer about films."""
        _check_owner(interaction)
        count = await one_film.forget_answers(self.bot.app, requester(interaction))
        await self.list_answers(interaction, pressed, words.forgotten(count))

    async def set_quiet(self, interaction: Press, pressed: CustomId) -> None:
        """Stores whether the bot may ask about one more film after it has sent recommendations."""
        _check_owner(interaction)
        quiet = pressed.text(0) == "on"
        await one_film.set_quiet(self.bot.app, requester(interaction), quiet=quiet)
        await self.list_answers(interaction, pressed, switched("quiet", quiet))

    async def show_picks(self, interaction: Press, pressed: CustomId) -> None:
        """Shows the person's first recommendations, which already use the answers just given."""
        _check_owner(interaction)
        work = form.first_picks(self.bot.app, requester(interaction, private=True))
        await show_card(interaction, work, private=True)


async def offer_extra_question(interaction: Press) -> None:
    """Asks the person privately about one more film, after a message of recommended films.

    Does nothing if the person wants no such questions, answered or rated a film within the last
    day, or has too few or too many ratings.
    """
    question = await one_film.extra_question(interaction.client.app, requester(interaction))
    if question is not None:
        await send(interaction, question_view(question), private=True)


def _check_owner(interaction: Press) -> None:
    """Raises Sorry if somebody else started this quiz."""
    message = interaction.message
    started = message.interaction_metadata if message is not None else None
    if started is not None and started.user.id != interaction.user.id:
        raise Sorry("not-your-quiz")


def submitted(interaction: Press) -> dict[str, list[str]]:
    """Returns the values of each component of a submitted form, by the component's custom_id."""
    data: Any = interaction.data or {}
    found: dict[str, list[str]] = {}
    for row in data.get("components", ()):
        inner = row.get("component")
        for item in [inner] if inner else row.get("components", ()):
            values = item.get("values")
            if values is None:
                values = [item["value"]] if item.get("value") else []
            found[item["custom_id"]] = [str(value) for value in values]
    return found

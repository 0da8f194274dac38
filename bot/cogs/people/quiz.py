"""/start: the taste quiz. A form, then films, many at once or one at a time; answers are stored as
they are given."""

from typing import Any, get_args

from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.client.client import MatineeBot, Press
from bot.client.reply import send
from bot.cogs.interaction import requester, show_card
from bot.errors import Sorry
from bot.services.quiz import form as onboard
from bot.services.quiz import one_film, screens
from bot.services.quiz.form import FormAnswers
from bot.services.quiz.screens import Menu
from bot.views.buttons import chosen
from bot.views.cards import text_view
from bot.views.custom_ids import CustomId, Unreadable, whole
from bot.views.quiz import (
    form_modal,
    looked_back_view,
    nothing_left_view,
    one_film_view,
    screen_view,
)

SAID = "Thank you, that helps."


class Quiz(commands.Cog):
    """The quiz. What it asks next is a pure function of the stored answers and the model."""

    def __init__(self, bot: MatineeBot) -> None:
        self.bot = bot
        bot.actions |= {
            "quiz": self.open_form,
            "form": self.take_form,
            "screen": self.go_to,
            "pick": self.take_films,
            "ask": self.ask,
            "again": self.again,
            "answer": self.answer,
            "told": self.look_back,
            "forget": self.forget,
            "quiet": self.quiet,
            "done": self.done,
        }

    @app_commands.command(description="A minute of questions, and I know what to show you")
    async def start(self, interaction: Press) -> None:
        await self.open_form(interaction, CustomId("quiz"))

    async def open_form(self, interaction: Press, pressed: CustomId) -> None:
        """The first question, filled in with what was answered before."""
        form = await onboard.form(self.bot.app, requester(interaction))
        await interaction.response.send_modal(form_modal(form))

    async def take_form(self, interaction: Press, pressed: CustomId) -> None:
        """Store the form's answers, then show the first screen of films."""
        values = submitted(interaction)
        answers = FormAnswers(
            shelves=tuple(values.get("shelves", ())),
            never=tuple(values.get("never", ())),
            zone="".join(values.get("zone", ())),
            dial="".join(values.get("dial", ())) or None,
            when=tuple(values.get("when", ())),
        )
        who = requester(interaction)
        note = await onboard.take_form(self.bot.app, who, answers)
        screen = await screens.screen(self.bot.app, who, 1)
        await send(interaction, screen_view(screen, note), private=True)

    async def go_to(self, interaction: Press, pressed: CustomId) -> None:
        """Another screen, in the same message."""
        _own(interaction)
        screen = await screens.screen(self.bot.app, requester(interaction), pressed.number(0))
        await interaction.response.edit_message(view=screen_view(screen))

    async def take_films(self, interaction: Press, pressed: CustomId) -> None:
        """Store what stands chosen in one menu of a screen; the screen stays, showing it."""
        _own(interaction)
        menu = next((name for name in get_args(Menu) if name == (pressed.text(1) or "loved")), None)
        if menu is None:
            raise Unreadable(f"no menu {pressed.text(1)!r}")
        picked = tuple(film for value in chosen(interaction) if (film := whole(value)) is not None)
        screen = await screens.take(
            self.bot.app, requester(interaction), pressed.number(0), menu, picked
        )
        await interaction.response.edit_message(view=screen_view(screen))

    async def ask(self, interaction: Press, pressed: CustomId, note: str | None = None) -> None:
        """The next film to answer about, in the same message."""
        _own(interaction)
        one = await one_film.ask(self.bot.app, requester(interaction))
        view = nothing_left_view() if one is None else one_film_view(one, note)
        await interaction.response.edit_message(view=view)

    async def again(self, interaction: Press, pressed: CustomId) -> None:
        """A film answered before, to answer anew."""
        _own(interaction)
        values = chosen(interaction)
        film = whole(values[0]) if values else pressed.number(0)
        if film is None:
            raise Unreadable("no film chosen")
        one = await one_film.again(self.bot.app, requester(interaction), film)
        await interaction.response.edit_message(view=one_film_view(one))

    async def answer(self, interaction: Press, pressed: CustomId) -> None:
        """Store an answer about one film, then ask about the next."""
        _own(interaction)
        who = requester(interaction)
        said = await one_film.answer(self.bot.app, who, pressed.number(0), pressed.text(1))
        if pressed.text(2) == "later":
            await _say_instead(interaction, f"{said} {SAID}")
            return
        await self.ask(interaction, pressed, said)

    async def look_back(
        self, interaction: Press, pressed: CustomId, note: str | None = None
    ) -> None:
        """What stands answered about films."""
        _own(interaction)
        who = requester(interaction)
        back = await one_film.look_back(self.bot.app, who)
        quiet = await one_film.is_quiet(self.bot.app, who)
        view = looked_back_view(back, quiet=quiet, note=note)
        await interaction.response.edit_message(view=view)

    async def forget(self, interaction: Press, pressed: CustomId) -> None:
        """Take every answer about films back."""
        _own(interaction)
        count = await one_film.forget_all(self.bot.app, requester(interaction))
        await self.look_back(interaction, pressed, f"Forgotten: {count} answers about films.")

    async def quiet(self, interaction: Press, pressed: CustomId) -> None:
        """Whether one more film is asked about now and then."""
        _own(interaction)
        quiet = pressed.text(0) == "on"
        await one_film.set_quiet(self.bot.app, requester(interaction), quiet=quiet)
        said = "I will not ask you about films any more." if quiet else "I will ask now and then."
        await self.look_back(interaction, pressed, said)

    async def done(self, interaction: Press, pressed: CustomId) -> None:
        """First picks at once, from the answers folded into the model."""
        _own(interaction)
        work = onboard.picks(self.bot.app, requester(interaction, private=True))
        await show_card(interaction, work, private=True)


async def offer_one_more(interaction: Press) -> None:
    """After a card: one more film to answer about, privately, now and then."""
    one = await one_film.one_more(interaction.client.app, requester(interaction))
    if one is not None:
        await send(interaction, one_film_view(one), private=True)


def _own(interaction: Press) -> None:
    """A quiz belongs to whoever started it."""
    message = interaction.message
    began = message.interaction_metadata if message is not None else None
    if began is not None and began.user.id != interaction.user.id:
        raise Sorry("That quiz is someone else's; begin your own with `/start`.")


async def _say_instead(interaction: Press, text: str) -> None:
    """One sentence in place of the question."""
    await interaction.response.edit_message(view=text_view(escape_markdown(text)))


def submitted(interaction: Press) -> dict[str, list[str]]:
    """custom_id -> values of everything in a submitted modal."""
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

"""Texts of the part of the quiz that asks about films: many at once, or one at a time."""

from bot.services.quiz.one_film import FilmQuestion
from bot.services.quiz.screens import Menu
from bot.wording.feedback import film
from bot.wording.quiz.answers import answer_words
from bot.wording.speech import N_, _, pgettext, translated

MENUS: dict[Menu, str] = {
    "loved": N_("❤️ Loved, as many as you like", "menu"),
    "disliked": N_("👎 Disliked", "menu"),
    "tempting": N_("👀 Not seen, but looks good", "menu"),
}
"""The text of each menu of a screen of films, while nothing is chosen."""


def screen_lines(number: int, of: int) -> list[str]:
    """Returns the lines above a screen of films to choose from.

    number: the screen's number, from 1.
    of: the number of screens that the quiz announces.
    """
    return [
        _screen_number(number, of),
        _("## Which of these did you love? Any you disliked?"),
        _(
            "Skip any you don't have an opinion on. Skipping doesn't change your picks, just what "
            "I ask next."
        ),
    ]


def last_screen_lines(number: int, of: int) -> list[str]:
    """Returns the lines of a screen if there are no films left to ask about.

    number: the screen's number, from 1.
    of: the number of screens that the quiz announces.
    """
    return [_screen_number(number, of), no_film_left()]


def _screen_number(number: int, of: int) -> str:
    return _("-# Screen {at} of {total}", at=number, total=of)


def no_film_left() -> str:
    """Returns the sentence for a person who was asked about all films."""
    return _("I've asked about every film I can. Ready for your picks?")


def films_menu(menu: Menu) -> str:
    """Returns the text of a menu of a screen of films, while nothing is chosen."""
    return translated(MENUS[menu], "menu")


def near_menu() -> str:
    """Returns the text of the menu of films with titles near to what was typed."""
    return pgettext("menu", "Did you mean one of these?")


def extra_question(name: str) -> str:
    """Returns the question about one more film, outside of the quiz.

    name: the film's name, not escaped.
    """
    return _("One more film, if you like. Have you seen {film}?", film=film(name))


def film_number(question: FilmQuestion) -> str:
    """Returns the line that says how many films are asked about in this round."""
    return _("-# Film {at} of {total}", at=question.number, total=question.of)


def earlier_answer(question: FilmQuestion) -> str | None:
    """Returns the line that says what the person answered before; None if they did not answer."""
    if question.answer is None:
        return None
    return _("Your answer: {answered}", answered=answer_words(question.answer))


def poster(name: str) -> str:
    """Returns the description of a film's poster for those who do not see it.

    name: the film's name.
    """
    return pgettext("file description", "Poster of {title}", title=name)


def naming_form() -> str:
    """Returns the title of the form in which a person names a film that they love."""
    return pgettext("form title", "A film you love")


def naming_field() -> str:
    """Returns the label of the field for a film's title."""
    return pgettext("form label", "What's it called?")


def naming_hint() -> str:
    """Returns the hint under the label of the field for a film's title."""
    return pgettext(
        "form description", "In any language. If several films share the title, add the year."
    )


def back_button() -> str:
    """Returns the label of the button that goes back to what was asked before."""
    return pgettext("button", "Back")


def more_button() -> str:
    """Returns the label of the button that shows the next screen of films."""
    return pgettext("button", "More films")


def single_button() -> str:
    """Returns the label of the button after which the quiz asks about one film at a time."""
    return pgettext("button", "One at a time")


def many_button() -> str:
    """Returns the label of the button after which the quiz asks about many films at once."""
    return pgettext("button", "Many at once")


def answers_button() -> str:
    """Returns the label of the button that shows the person's answers."""
    return pgettext("button", "My answers")


def picks_button() -> str:
    """Returns the label of the button that ends the quiz and shows picks."""
    return pgettext("button", "Show my picks")


def name_button() -> str:
    """Returns the label of the button that opens the form for a film that the person loves."""
    return pgettext("button", "Add one I love")


def form_button() -> str:
    """Returns the label of the button that opens the first form again to correct it."""
    return pgettext("button", "Fix the form")


def quiet_button() -> str:
    """Returns the label of the button after which the bot asks no more single questions."""
    return pgettext("button", "Don't ask again")


def forget_answer_button() -> str:
    """Returns the label of the button that takes back the answer about this film."""
    return pgettext("button", "Forget this answer")


def next_button() -> str:
    """Returns the label of the button that goes on with the quiz."""
    return pgettext("button", "Continue")

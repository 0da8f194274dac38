"""Texts of film cards (messages about a film), and of the answer to *Why?*."""

from bot.services.catalogue.posters import POSTER_PLACE
from bot.services.view_models import PickTime, PredictedStars, ScoreFact
from bot.wording import feedback
from bot.wording.errors.said import said
from bot.wording.speech import N_, _, minutes, number, percent, pgettext, translated

MOOD_QUESTIONS: dict[PickTime, str] = {
    "any": N_("-# What are you in the mood for?"),
    "now": N_("-# What are you in the mood for right now?"),
    "tonight": N_("-# What are you in the mood for tonight?"),
    "morning": N_("-# What would you like to watch in the morning?"),
    "afternoon": N_("-# What would you like to watch in the afternoon?"),
    "evening": N_("-# What would you like to watch in the evening?"),
    "late-night": N_("-# What would you like to watch late at night?"),
}
"""The question above the buttons for moods, by the time for which films are recommended."""

BUTTONS = {
    "why": N_("Why?", "button"),
    "seen": N_("Seen it", "button"),
    "nope": N_("Not for me", "button"),
    "later": N_("Later", "button"),
    "another": N_("Another", "button"),
}
"""The label of each button on a card, by the action that it runs."""


def card_button(action: str) -> str:
    """Returns the label of a button on a card. action: what it does, a key of `BUTTONS`."""
    return translated(BUTTONS[action], "button")


def mood_question(time: PickTime) -> str:
    """Returns the question above the buttons for moods.

    time: the time for which films are recommended.
    """
    return translated(MOOD_QUESTIONS[time])


def length(runtime: int) -> str:
    """Returns a film's length, such as "110 min"."""
    return minutes(runtime)


def poster_of(name: str) -> str:
    """Returns the description of a film's picture for people who cannot see it.

    name: the film's name.
    """
    return pgettext("file description", "Poster of {title}", title=name)


def poster_source(address: str | None) -> str | None:
    """Returns where a poster is from, if it has to be named. address: the poster's; may be None."""
    if address is None or not address.startswith(POSTER_PLACE):
        return None
    return _("-# Poster: TMDB")


def on_shelf(shelf: str) -> str:
    """Returns the line below a film that names the shelf (a named set of films) that it is on.

    shelf: the shelf's name in markdown.
    """
    return _("-# On the shelf “{shelf}”", shelf=shelf)


def open_one() -> str:
    """Returns the words in the menu of a card's further films."""
    return pgettext("menu", "Open one of these films")


def quiz_button() -> str:
    """Returns the label of the button that begins the quiz."""
    return pgettext("button", "Take the taste quiz")


def why(film: str) -> str:
    """Returns the first line of the answer to *Why?*, above the facts that decided.

    film: the film's name, not escaped.
    """
    return _(
        "Here's what counted most for or against {film} as a pick for you right now:",
        film=feedback.film(film),
    )


def why_all(film: str) -> str:
    """Returns the first line of the answer to *Show everything*.

    film: the film's name, not escaped.
    """
    return _(
        "Here's everything that counted for or against {film} as a pick for you right now:",
        film=feedback.film(film),
    )


def everything_button() -> str:
    """Returns the label of the button that shows everything that raises or lowers a score."""
    return pgettext("button", "Show everything")


def score_fact(fact: ScoreFact) -> str:
    """Returns a fact that raises or lowers a film's score: "▲ 31% it's tagged *tense*"."""
    arrow = "▲" if fact.share > 0 else "▼"
    return f"{arrow} {percent(abs(fact.share))} {said(fact.what, markdown=True)}"


def nothing_in_particular() -> str:
    """Returns the answer to *Why?* if nothing raised or lowered the film's score much."""
    return _("No single reason stands out for this film. It's a wild card.")


def predicted_stars(predicted: PredictedStars) -> str:
    """Returns the stars that a person would probably give a film."""
    return _(
        "You'd probably give it ★ {guess}, give or take {give_or_take}.",
        guess=number(predicted.stars, 1),
        give_or_take=number(predicted.give_or_take, 1),
    )


def taste_unknown() -> str:
    """Returns the line for a person whose taste is not known."""
    return _("-# I don't know your taste yet. Tell me with `/start`. It only takes a minute.")

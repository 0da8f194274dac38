"""Draws what is answered about one film when no card (message with recommendations) is sent."""

from discord import ui

from bot.services.view_models import FilmReasons
from bot.services.wording import safe
from bot.views.cards import text_view


def film_answer_view(answer: FilmReasons) -> ui.LayoutView:
    """Returns a message with what raises and lowers a film's score, and the predicted stars."""
    lines = [f"What speaks for and against **{safe(answer.name)}**, for you, now:"]
    lines += answer.facts or ("Nothing in particular; it is a wild card.",)
    if answer.predicted is not None:
        stars, by = answer.predicted.stars, answer.predicted.give_or_take
        lines.append(f"You'd probably give it ★ {stars:.1f}, give or take {by:.1f}.")
    if answer.newcomer:
        lines.append("-# I know nothing about your taste yet. `/start` takes a minute.")
    return text_view("\n".join(lines))

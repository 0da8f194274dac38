"""Draws what is answered about one film when no card (message with recommendations) is sent."""

from discord import ui

from bot.services.view_models import FilmReasons
from bot.views.cards import text_view
from bot.views.film import content_button
from bot.wording.picks import cards as words


def film_answer_view(answer: FilmReasons) -> ui.LayoutView:
    """Returns a message with what raises and lowers a film's score, and the predicted stars.

    answer: the film, the facts and the stars.
    """
    lines = [words.why(answer.name)]
    lines += [words.score_fact(fact) for fact in answer.facts] or [words.nothing_in_particular()]
    if answer.predicted is not None:
        lines.append(words.predicted_stars(answer.predicted))
    if answer.newcomer:
        lines.append(words.taste_unknown())
    return text_view("\n".join(lines), ui.ActionRow(content_button(answer.film_id)))

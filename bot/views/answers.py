"""Draws what is answered about one film when no card (message with recommendations) is sent."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.services.view_models import FilmReasons, ScoreFact
from bot.views.buttons import button
from bot.views.cards import text_view
from bot.views.film import content_button
from bot.wording.picks import cards as words

MIN_DECIDING = 2
MAX_DECIDING = 3
MIN_SHARE = 0.1
"""A third fact is shown without a further press if its share is at least this."""


def film_answer_view(answer: FilmReasons, *, everything: bool = False) -> ui.LayoutView:
    """Returns a message with what raises and lowers a film's score, and the predicted stars.

    answer: the film, the facts and the stars.
    everything: True for all facts; False for the two or three that decided, and a button for all.
    """
    facts = answer.facts if everything else deciding(answer.facts)
    lines = [words.why_all(answer.name) if everything else words.why(answer.name)]
    lines += [words.score_fact(fact) for fact in facts] or [words.nothing_in_particular()]
    if answer.predicted is not None:
        lines.append(words.predicted_stars(answer.predicted))
    if answer.newcomer:
        lines.append(words.taste_unknown())
    rows: list[ui.ActionRow[Any]] = [ui.ActionRow(content_button(answer.film_id))]
    if len(facts) < len(answer.facts):
        press = button(words.everything_button(), "why-all", answer.film_id)
        rows[0].add_item(press)
    return text_view("\n".join(lines), *rows)


def deciding(facts: Sequence[ScoreFact]) -> Sequence[ScoreFact]:
    """Returns the facts that decided a film's score: two, or three if the third counts too.

    facts: what raised or lowered its score, the strongest first.
    """
    count = MIN_DECIDING
    while count < min(MAX_DECIDING, len(facts)) and abs(facts[count].share) >= MIN_SHARE:
        count += 1
    return facts[:count]

"""What the button *Why?* tells: the facts that raised or lowered a film's score."""

from collections.abc import Mapping, Sequence

from bot.services.catalogue.library import Library
from bot.services.notes import Note, note
from bot.services.serving.film_words import tag_note
from bot.services.serving.live_model import Served
from bot.services.serving.moments import CONTEXT_PARTS, moment_note
from bot.services.serving.reasons import film_id_of
from bot.services.view_models import ScoreFact
from recommender.data import Part

ABOUT_FILMS = ("rating", "unseen", "look")
"""The kinds of parts that refer to another film."""


def score_facts(
    served: Served, library: Library, parts: Sequence[Part], rated: Mapping[int, float]
) -> list[ScoreFact]:
    """Returns at most eight facts that raised or lowered a film's score, strongest first.

    library: the films that may be named here; facts about other films are left out.
    parts: what each fact added to the score.
    rated: the stars that the person gave, by film id.
    """
    total = sum(abs(part.amount) for part in parts) or 1.0
    facts: list[ScoreFact] = []
    for part in sorted(parts, key=lambda part: -abs(part.amount))[:8]:
        share = part.amount / total
        about = film_id_of(served, part) if part.kind in ABOUT_FILMS else None
        if abs(share) < 0.02 or (about is not None and about not in library.films):
            continue
        facts.append(ScoreFact(share, _fact(served, part, rated)))
    return facts


def _fact(served: Served, part: Part, rated: Mapping[int, float]) -> Note:
    if part.kind in ABOUT_FILMS:
        film = film_id_of(served, part)
        title = served.library.name(film)
        if part.kind == "rating":
            return note("fact-rating", title=title, stars=rated.get(film, 0.0))
        return note("fact-unseen" if part.kind == "unseen" else "fact-look", title=title)
    if part.kind == "tag":
        return note("fact-tag", tag=tag_note(served, part.ref))
    if part.kind == "chosen":
        return note("fact-chosen")
    if part.kind in CONTEXT_PARTS:
        return note("fact-moment", moment=moment_note(served, part))
    return note("fact-popularity")

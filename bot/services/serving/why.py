"""The text behind the button *Why?*: the facts that raised or lowered a film's score."""

from collections.abc import Mapping, Sequence

from bot.services.catalogue.library import Library
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import CONTEXT_PARTS, context_words, film_id_of, tag_name
from bot.services.wording import safe
from recommender.data import Part

ABOUT_FILMS = ("rating", "unseen", "look")
"""The kinds of parts that refer to another film."""


def fact_lines(
    served: Served, library: Library, parts: Sequence[Part], rated: Mapping[int, float]
) -> list[str]:
    """Returns at most eight facts that raised or lowered a film's score, strongest first.

    Each is a line in markdown.

    library: the films that may be named here; facts about other films are left out.
    parts: what each fact added to the score.
    rated: the stars that the person gave, by film id.
    """
    total = sum(abs(part.amount) for part in parts) or 1.0
    lines: list[str] = []
    for part in sorted(parts, key=lambda part: -abs(part.amount))[:8]:
        share = part.amount / total
        about = film_id_of(served, part) if part.kind in ABOUT_FILMS else None
        if abs(share) < 0.02 or (about is not None and about not in library.films):
            continue
        arrow = "▲" if share > 0 else "▼"
        lines.append(f"{arrow} {abs(share):.0%} {_fact(served, part, rated)}")
    return lines


def _fact(served: Served, part: Part, rated: Mapping[int, float]) -> str:
    if part.kind == "rating":
        film = film_id_of(served, part)
        return f"your ★ {rated.get(film, 0):g} for {safe(served.library.name(film))}"
    if part.kind == "unseen":
        film = film_id_of(served, part)
        return f"you have not seen {safe(served.library.name(film))}"
    if part.kind == "look":
        film = film_id_of(served, part)
        return f"how {safe(served.library.name(film))} looks to you"
    if part.kind == "tag":
        return f"it is tagged *{safe(tag_name(served, part.ref))}*"
    if part.kind == "chosen":
        return "it is of a kind that you chose in the quiz"
    if part.kind in CONTEXT_PARTS:
        return f"the moment: {context_words(served, part)}"
    return "how well it is liked by everybody"

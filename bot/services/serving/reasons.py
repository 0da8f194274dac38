"""Turns the parts of a film's score into a reason, and into the longer text of the button *Why?*.

A part is what one fact adds to the score: a rating, a tag, popularity, the time or the mood.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from bot.services.serving.live_model import Served
from bot.services.wording import safe
from recommender.context.editorial import TILTS
from recommender.data import Part, Pick

REASON_LOVED_STARS = 4.5
"""If the person gave a film at least these stars, a reason says that they loved it."""

REASON_LIKED_STARS = 3.5
"""If the person gave a film at least these stars, a reason may name it as a film they liked."""

PERSONAL_SHARE = 0.2
"""The reason names the person's taste if taste is at least this share of what raises the film.

The rest of what raises the film is its popularity."""

CONTEXT_PARTS = ("context", "lift")
"""The kinds of parts that come from the time and the mood.

"context" is the fixed, handwritten bonus of the hour; "lift" is what the model learned from answers
to earlier cards."""

SpeaksTo = Literal["person", "server"]
"""Whom a reason addresses: the person who asked, or the whole server."""


def reason(
    served: Served,
    pick: Pick,
    rated: Mapping[int, float],
    *,
    speaks_to: SpeaksTo = "person",
) -> str:
    """Returns one line: what raised this film's score most, then the time or mood if it did too.

    pick: the film and the parts of its score. speaks_to: whom the reason addresses. rated: film id
    -> stars that this person gave, or the mean of the stars given in this server.
    """
    film_id = int(served.model.catalogue.films.ids([pick.film])[0])
    main = _main(served, film_id, pick.parts, rated, speaks_to) or "outside your usual shelves"
    text = main + (clock_words(served, pick.parts) if pick.lifted > 0 else "")
    return f"wild card: {text}" if pick.wild else text


def fact_lines(served: Served, parts: Sequence[Part], rated: Mapping[int, float]) -> list[str]:
    """Returns the lines of *Why?* in markdown: at most eight facts, strongest first.

    Each is a fact that raised or lowered the film's score. parts: the parts of the score. rated:
    film id -> stars that the person gave.
    """
    total = sum(abs(part.amount) for part in parts) or 1.0
    lines: list[str] = []
    for part in sorted(parts, key=lambda part: -abs(part.amount))[:8]:
        share = part.amount / total
        if abs(share) < 0.02:
            continue
        arrow = "▲" if share > 0 else "▼"
        lines.append(f"{arrow} {abs(share):.0%} {_fact(served, part, rated)}")
    return lines


def clock_words(served: Served, parts: Sequence[Part]) -> str:
    """Returns what about the time or mood raised a film's score most: " · short for a weeknight".

    Empty if neither the fixed bonus for the hour nor what the model learned about time and mood
    raised the score.
    """
    lifted = [part for part in parts if part.kind in CONTEXT_PARTS and part.amount > 0]
    best = max(lifted, key=lambda part: part.amount, default=None)
    return f" · {_context_words(served, best)}" if best is not None else ""


def _context_words(served: Served, part: Part) -> str:
    if part.kind == "context":
        return TILTS[part.ref].phrase
    learned = served.model.lift.features
    if part.ref < 0:
        return "often taken at such moments"
    name, kind = learned.names[part.ref], learned.kinds[part.ref]
    if kind == "tag" and name in served.library.tags:
        name = served.library.tags[name].name
    return f"{'a ' + name + ' film' if kind == 'runtime' else name}: often taken at such moments"


def _main(
    served: Served,
    film_id: int,
    parts: Sequence[Part],
    rated: Mapping[int, float],
    speaks_to: SpeaksTo,
) -> str:
    """Returns the main reason; empty if no part speaks for the film."""
    by_rating = [part for part in parts if part.kind == "rating" and part.amount > 0]
    by_tag = sorted(
        (part for part in parts if part.kind == "tag" and part.amount > 0),
        key=lambda part: -part.amount,
    )
    liked = [
        part for part in by_rating if rated.get(_film_id(served, part), 0) >= REASON_LIKED_STARS
    ]
    best = max(liked, key=lambda part: part.amount, default=None)
    tags = sum(part.amount for part in by_tag)
    popularity = sum(part.amount for part in parts if part.kind == "popularity" and part.amount > 0)
    personal = tags + sum(part.amount for part in by_rating)
    if personal < PERSONAL_SHARE * (personal + popularity):
        return _widely_loved(served, film_id)
    if best is not None and (not by_tag or best.amount >= by_tag[0].amount):
        film = _film_id(served, best)
        verb = "loved" if rated[film] >= REASON_LOVED_STARS else "liked"
        name = served.library.films[film].title
        rater = "people here" if speaks_to == "server" else "you"
        return f"because {rater} {verb} {name}"
    if by_tag:
        names = [_tag_name(served, part) for part in by_tag[:3]]
        return ", ".join(names)
    return _widely_loved(served, film_id) if popularity > 0 else ""


def _widely_loved(served: Served, film_id: int) -> str:
    """Returns the reason "widely loved", with the film's moods, for a pick raised by popularity."""
    tags = served.library.tags
    moods = [
        tags[slug].name
        for slug, weight in sorted(served.library.films[film_id].tags, key=lambda tag: -tag[1])
        if weight > 1 and slug in tags and tags[slug].facet == "mood"
    ]
    return ", ".join(["widely loved", *moods[:2]])


def _fact(served: Served, part: Part, rated: Mapping[int, float]) -> str:
    if part.kind == "rating":
        film = _film_id(served, part)
        return f"your ★ {rated.get(film, 0):g} for {safe(served.library.name(film))}"
    if part.kind == "unseen":
        film = _film_id(served, part)
        return f"you have not seen {safe(served.library.name(film))}"
    if part.kind == "tag":
        return f"it is tagged *{safe(_tag_name(served, part))}*"
    if part.kind in CONTEXT_PARTS:
        return f"the moment: {_context_words(served, part)}"
    return "how well it is liked by everybody"


def _film_id(served: Served, part: Part) -> int:
    return int(served.model.catalogue.films.ids([part.ref])[0])


def _tag_name(served: Served, part: Part) -> str:
    slug = served.model.catalogue.tag_names[part.ref]
    tag = served.library.tags.get(slug)
    return tag.name if tag else slug

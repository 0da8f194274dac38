"""From facts to lines: ask the live model, and put its answer into words."""

from dataclasses import replace

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import SpeaksTo, reason
from bot.services.view_models import Line
from bot.services.wording import listed
from recommender.pipeline import recommend
from recommender.pipeline.filters import Loosen
from recommender.pipeline.recommend import WildDraw

FILTER_NAMES = {
    "genre": "the genre",
    "genres": "the genre",
    "mood": "the mood",
    "max_runtime": "the longest runtime",
    "never": "the genres you never want (change them with `/start`)",
    "family_safe": "the family-safe setting",
    "excluded": "what you have rated, seen, declined or just been shown",
}


def lines(
    served: Served,
    facts: Facts,
    count: int,
    *,
    speaks_to: SpeaksTo = "person",
    wild: WildDraw | None = None,
) -> tuple[tuple[Line, ...], str | None]:
    """At least one line, best first, and a note where a filter had to be read loosely. `wild` is
    what the last of them may be drawn from instead, as a wild card.

    Raises Sorry, naming what to loosen, when nothing passes.
    """
    world = served.model.catalogue
    answer = recommend.recommend(served.model, arrays.query(world, facts), count, wild)
    if not answer.picks:
        raise Sorry(nothing_left(answer.loosen))
    ids = world.films.ids([pick.film for pick in answer.picks])
    found = tuple(
        replace(
            served.library.line(
                int(film_id), reason(served, pick, facts.ratings, speaks_to=speaks_to)
            ),
            score=pick.own,
            wild=pick.wild,
        )
        for film_id, pick in zip(ids, answer.picks, strict=True)
    )
    note = None
    if answer.relaxed:
        note = "No film of a known length fits, so these are of unknown length."
    return found, note


def nothing_left(loosen: tuple[Loosen, ...]) -> str:
    """Which filter to loosen, in one sentence."""
    if not loosen:
        return "No film is left that I may show you. Rate or unmark some, or come back tomorrow."
    best = loosen[0]
    names = listed([FILTER_NAMES.get(name, name) for name in _names(best)])
    others = [
        f"without {listed([FILTER_NAMES.get(name, name) for name in _names(entry)])} {entry.films}"
        for entry in loosen[1:3]
    ]
    rest = f" ({'; '.join(others)})" if others else ""
    films = "film" if best.films == 1 else "films"
    return f"Nothing fits all of that. Loosen {names} and there are {best.films} {films}{rest}."


def _names(entry: Loosen) -> list[str]:
    return list(entry.filters)

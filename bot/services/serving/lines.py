"""Ranks films for a request with a fitted model, and turns each into a line with a reason."""

from dataclasses import dataclass, replace
from time import perf_counter

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import PERSON, Audience, reason
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


@dataclass(frozen=True)
class RankedLines:
    """Films that a model ranked for a request, as people see them.

    Attributes:
        lines: at least one line (a film with a reason), best first.
        note: a sentence if films of unknown runtime were included because no other film fits, else
            None.
        seconds: how long the ranking took.
    """

    lines: tuple[Line, ...]
    note: str | None
    seconds: float


def rank_lines(
    served: Served,
    facts: Facts,
    count: int,
    *,
    audience: Audience = PERSON,
    wild: WildDraw | None = None,
) -> RankedLines:
    """Returns at most `count` films, ranked by the model `served`, each with a reason.

    facts: the ratings, filters and so on of the person or group that the films are for.
    audience: whom the reasons address, the person or the whole server.
    wild: the films from which the last one may be drawn as a wild card (a new or little known
        film); None for no wild card.

    Raises Sorry, naming the filter to loosen, if no film passes the filters.
    """
    began = perf_counter()
    audience = replace(audience, adult_ok=facts.adult_ok)
    world = served.model.catalogue
    answer = recommend.recommend(served.model, arrays.query(world, facts), count, wild)
    if not answer.picks:
        raise Sorry(loosening_hint(answer.loosen))
    ids = world.films.ids([pick.film for pick in answer.picks])
    lines = tuple(
        replace(
            served.library.line(
                int(film_id), reason(served, pick, facts.ratings, audience=audience)
            ),
            score=pick.own,
            wild=pick.wild,
            chance=pick.chance,
        )
        for film_id, pick in zip(ids, answer.picks, strict=True)
    )
    note = None
    if answer.relaxed:
        note = "No film of a known length fits, so these are of unknown length."
    return RankedLines(lines, note, perf_counter() - began)


def loosening_hint(loosen: tuple[Loosen, ...]) -> str:
    """Returns a text that says which filters to drop, and how many films would then pass.

    loosen: sets of filters that can be dropped, the best set first; empty if dropping filters does
        not help.
    """
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

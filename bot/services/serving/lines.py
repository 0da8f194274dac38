"""Ranks films for a request with a fitted model, and turns each into a line with a reason."""

from dataclasses import dataclass, replace
from time import perf_counter

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.notes import Note, note
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import PERSON, Audience, reasons
from bot.services.view_models import Line
from recommender.pipeline import recommend
from recommender.pipeline.filters import Loosen
from recommender.pipeline.recommend import WildDraw


@dataclass(frozen=True)
class RankedLines:
    """Films that a model ranked for a request, as people see them.

    Attributes:
        lines: at least one line (a film with a reason), best first.
        note: says that films of unknown runtime were included because no other film fits; None if
            that is not so.
        seconds: how long the ranking took.
    """

    lines: tuple[Line, ...]
    note: Note | None
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
    audience = replace(audience, adult_ok=facts.adult_ok, unnamed=facts.unnamed)
    world = served.model.catalogue
    answer = recommend.recommend(served.model, arrays.query(world, facts), count, wild)
    if not answer.picks:
        raise nothing_fits(answer.loosen)
    ids = world.films.ids([pick.film for pick in answer.picks])
    said = reasons(served, answer.picks, facts.ratings, audience=audience)
    lines = tuple(
        replace(
            served.library.line(int(film_id), why),
            score=pick.own,
            wild=pick.wild,
            chance=pick.chance,
        )
        for film_id, pick, why in zip(ids, answer.picks, said, strict=True)
    )
    relaxed = note("unknown-lengths") if answer.relaxed else None
    return RankedLines(lines, relaxed, perf_counter() - began)


def nothing_fits(loosen: tuple[Loosen, ...]) -> Sorry:
    """Returns the error that no film passes the filters, with at most three ways to get films.

    loosen: sets of filters that can be dropped, the best set first; empty if dropping filters does
        not help.
    """
    if not loosen:
        return Sorry("no-film-left")
    ways = [
        note(
            "filters-to-drop",
            filters=[note("filter", name=name.replace("_", "-")) for name in one.filters],
            films=one.films,
        )
        for one in loosen[:3]
    ]
    return Sorry("nothing-fits", ways=ways)

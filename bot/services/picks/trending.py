"""/trending: what people rate and love just now, in this server or everywhere.

A film needs ratings of at least three people, so that the list reveals nobody's taste. The list is
the same for everybody, the people who rated its films too. Only films are left out that the person
or the server does not want.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.notes import Note, note
from bot.services.picks.facts import read_facts
from bot.services.picks.impressions import CardContext, record_card
from bot.services.serving.left_out import left_out, without_wishes
from bot.services.serving.lines import rank_lines
from bot.services.serving.live_model import Served
from bot.services.serving.moments import with_moment
from bot.services.view_models import FilmCard, Line, Requester
from recommender.data import MIN_PEOPLE
from recommender.pipeline.trending import TrendingPick, trending
from storage.feedback import ratings
from storage.feedback.ratings import RatingRow

Scope = Literal["server", "everywhere", "rising"]
Window = Literal["day", "week", "month", "all-time"]

WINDOW_DAYS: dict[Window, int] = {"day": 1, "week": 7, "month": 30, "all-time": 36_500}
PAST_WINDOWS = 4
"""The scope "rising" compares the last window with this number of windows before it."""

FILMS_PER_CARD = 5


async def recommend_trending(
    app: App, requester: Requester, *, scope: Scope | None, window: Window
) -> FilmCard:
    """Returns a card (a message of films) with trending films. The films are stored as shown.

    If too few people rated films in the window, the card shows all-time favourites and says so.

    Without a server, the films of all time are the all-time favourites too. Raises Sorry for what
    rises of all time, because there is no time before to compare with.

    scope: whose ratings count, those of this server or of everybody; None for this server, or for
        everybody in a direct message.
    window: the time within which ratings count.
    """
    if scope == "rising" and window == "all-time":
        raise Sorry("nothing-rises-ever")
    served = app.live.served
    wanted: Scope = scope or ("server" if requester.guild_id else "everywhere")
    here = requester.guild_id if wanted != "everywhere" else None
    days = WINDOW_DAYS[window]
    since = requester.now - timedelta(days=days * (1 + PAST_WINDOWS))
    facts = await read_facts(app, requester)
    rows: Sequence[RatingRow] = ()
    if here is not None or window != "all-time":
        async with app.db.read() as conn:
            rows = await ratings.recent(conn, since=since, until=requester.now, guild_id=here)
    world = served.model.catalogue
    given = arrays.ratings(rows, world.films)

    def trending_films(asked: Facts) -> tuple[TrendingPick, ...]:
        return trending(
            served.model,
            given,
            requester.now,
            arrays.query(world, asked),
            FILMS_PER_CARD,
            half_life_days=days / 2,
            window_days=days,
            min_raters=MIN_PEOPLE,
            order="rise" if wanted == "rising" else "heat",
        )

    asked = facts.list_facts()
    found = trending_films(asked)
    lines: tuple[Line, ...] = tuple(
        served.library.line(
            int(world.films.ids([pick.film])[0]),
            _reason(served, pick, wanted, window, here=here is not None),
        )
        for pick in found
    )
    rising = wanted == "rising"
    heading = note("rising" if rising else "trending", here=here is not None, window=window)
    everything = world.films.ids([pick.film for pick in trending_films(without_wishes(asked))])
    library, in_server = served.library.shown(requester.adult_ok), requester.guild_id is not None
    notes = left_out(library, asked, everything, here=in_server)
    if not lines:
        lines = rank_lines(served, asked, FILMS_PER_CARD).lines
        heading = note("all-time-favourites")
        if here is not None or window != "all-time":
            is_here = here is not None
            quiet = note("nothing-trends", here=is_here, window=window, people=MIN_PEOPLE)
            notes = (quiet, *notes)
    card = FilmCard(
        surface="trending",
        heading=heading,
        headline=lines[0],
        further=lines[1:],
        impressions=(),
        model_version=served.version,
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        notes=notes,
        shelf=app.shelving.card_shelf(served, lines),
        private=requester.private,
    )
    return await record_card(app, requester, card, CardContext(facts.local))


def _reason(
    served: Served, pick: TrendingPick, scope: Scope, window: Window, *, here: bool
) -> Note:
    """Returns why a film trends: how many people rated it, and how the time of day suits it.

    scope: whose ratings count.
    window: the time within which ratings count.
    here: True if only the ratings of this server count.
    """
    if window == "all-time":
        reason = note("all-time-reason", people=pick.raters)
    else:
        key = "rising-reason" if scope == "rising" else "trending-reason"
        reason = note(key, here=here, people=pick.raters)
    return with_moment(served, reason, pick.context) if pick.lifted > 0 else reason

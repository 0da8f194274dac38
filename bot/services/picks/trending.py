"""/trending: what people rate and love just now, here or everywhere. No row stands on fewer than
three people, so nobody is exposed. It is a chart: films you have rated, seen or declined are left
out, films you were merely shown are not."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.picks.facts import read_facts
from bot.services.picks.impressions import Occasion, recorded
from bot.services.serving import lines as choose
from bot.services.serving.reasons import clock_words
from bot.services.view_models import FilmCard, Line, Requester
from recommender.pipeline.trending import trending as trending_films
from storage.feedback import ratings

Scope = Literal["server", "everywhere", "rising"]
Window = Literal["day", "week", "month"]

DAYS: dict[Window, int] = {"day": 1, "week": 7, "month": 30}
PAST = 4
"""Rising compares a window with so many windows before it."""
MIN_RATERS = 3
SHOWN = 5


async def trending(
    app: App, requester: Requester, *, scope: Scope | None, window: Window
) -> FilmCard:
    """A card of trending films; all-time favourites, saying so, where too few people rated."""
    served = app.live.served
    wanted: Scope = scope or ("server" if requester.guild_id else "everywhere")
    here = requester.guild_id if wanted != "everywhere" else None
    days = DAYS[window]
    since = requester.now - timedelta(days=days * (1 + PAST))
    known = await read_facts(app, requester)
    async with app.db.read() as conn:
        rows = await ratings.recent(conn, since=since, guild_id=here)
    world = served.model.catalogue
    found = trending_films(
        served.model,
        arrays.ratings(rows, world.films),
        requester.now,
        arrays.query(world, replace(known.facts(), excluded=known.known_films)),
        SHOWN,
        half_life_days=days / 2,
        window_days=days,
        min_raters=MIN_RATERS,
        order="rise" if wanted == "rising" else "heat",
    )
    where = "in this server" if here is not None else "everywhere"
    lines: tuple[Line, ...] = tuple(
        served.library.line(
            int(world.films.ids([pick.film])[0]),
            f"{'rising' if wanted == 'rising' else 'trending'} {where}: {pick.raters} people"
            + clock_words(served, pick.context),
        )
        for pick in found
    )
    note = None
    if not lines:
        quiet = arrays.Facts(
            local=known.hour,
            person=known.person,
            server=known.server,
            editorial=known.editorial,
            family_safe=known.family_safe,
            adult_ok=known.adult_ok,
            never=known.never,
            excluded=known.known_films,
        )
        lines, _ = choose.lines(served, quiet, SHOWN)
        note = (
            f"No film that is new to you was rated by {MIN_RATERS} people {where} in the last "
            f"{window}, so here are all-time favourites. React to a card and this list comes alive."
        )
    shelf = app.shelving.card_shelf(served, lines)
    occasion = Occasion(known.local)
    ids = await recorded(app, requester, "trending", lines, shelf, served.version, occasion)
    return FilmCard(
        surface="trending",
        heading=f"Trending {where}, last {window}" if note is None else "All-time favourites",
        headline=lines[0],
        further=lines[1:],
        impressions=ids,
        model_version=served.version,
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        note=note,
        shelf=shelf,
        private=requester.private,
    )

"""`/recommend with:`: one card for several members, by what suits all of them.

Nobody's ratings are told: a reason says of a member that a film suits them most only where they
agreed to show their taste in this server. Who keeps their ratings out of others' picks is counted
in with nothing but the genres they never want.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.impressions import Occasion, recorded
from bot.services.picks.recommend import FURTHER, checked, heading, when
from bot.services.serving.lines import nothing_left
from bot.services.serving.live_model import Served
from bot.services.view_models import FilmCard, Filters, Requester
from bot.services.wording import listed
from recommender.pipeline.group import GroupPick, recommend_for_group
from storage.people import profiles

if TYPE_CHECKING:
    from bot.services.app import App

MOST = 3  # members beside who asks
SUITS = 0.9  # of the films somebody could see, which they want no more than one that suits them
AHEAD = 0.05  # by so much more does it suit one above all


@dataclass(frozen=True)
class Companion:
    """A member of the server, and what they are called in it."""

    id: int
    name: str


async def together(
    app: "App", requester: Requester, others: Sequence[Companion], filters: Filters
) -> FilmCard:
    """A card for who asks and these members. Raises Sorry where nothing is left for all."""
    served = app.live.served
    filters = checked(served.library, filters)
    async with app.turn(requester.person_id):
        known = await read_facts(app, requester, moods_too=True)
        theirs = [
            _as_company(await read_facts(app, replace(requester, person_id=one.id)), known)
            for one in others
        ]
        async with app.db.read() as conn:
            agreed = set(await profiles.showing_taste(conn, requester.guild_id or 0))
        world = served.model.catalogue
        queries = [arrays.query(world, one.facts(filters)) for one in (known, *theirs)]
        found = recommend_for_group(served.model, queries, 1 + FURTHER)
        if not found.picks:
            raise Sorry(nothing_left(found.loosen))
        names = [None, *(one.name if one.id in agreed else None for one in others)]
        ids = world.films.ids([pick.film for pick in found.picks]).tolist()
        lines = [
            served.library.line(film, reason(served, film, pick, names))
            for film, pick in zip(ids, found.picks, strict=True)
        ]
        occasion = Occasion(known.local, filters.mood, grouped=True)
        shown = await recorded(app, requester, "recommend", lines, served.version, occasion)
    return FilmCard(
        surface="recommend",
        heading=heading(known, filters, served.library, [one.name for one in others]),
        headline=lines[0],
        further=tuple(lines[1:]),
        impressions=shown,
        model_version=served.version,
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        filters=filters,
        private=requester.private,
        moods=known.moods,
        when=when(known),
    )


def reason(served: Served, film_id: int, pick: GroupPick, names: Sequence[str | None]) -> str:
    """Whom a film suits. names: of each person in the group, None where they are not to be
    named."""
    if pick.spoilt:
        said = "the best compromise left"
    elif min(pick.percentiles) >= SUITS:
        said = "suits you both" if len(names) == 2 else "suits all of you"
    else:
        said = "a middle ground for you all" if len(names) > 2 else "a middle ground for you two"
    first, second = sorted(pick.percentiles, reverse=True)[:2]
    best = names[pick.percentiles.index(first)]
    if best is not None and first - second >= AHEAD:
        said = f"{said}, {best} above all"
    tags = served.library.tags
    moods = [
        tags[slug].name
        for slug, weight in sorted(served.library.films[film_id].tags, key=lambda tag: -tag[1])
        if weight > 1 and slug in tags and tags[slug].facet == "mood"
    ]
    return " · ".join(filter(None, (said, listed(moods[:2]))))


def _as_company(theirs: RequesterFacts, requester: RequesterFacts) -> RequesterFacts:
    """What counts of somebody who comes along: at the requester's time and place, and without what they
    keep out of others' picks. What they were merely shown lately may be shown to all."""
    here = replace(
        theirs,
        shown=frozenset(),
        local=requester.local,
        by_clock=requester.by_clock,
        family_safe=requester.family_safe,
        adult_ok=requester.adult_ok,
    )
    if theirs.shapes_others:
        return here
    none: frozenset[int] = frozenset()
    return replace(here, ratings={}, shelves=(), unseen=none, known_films=none)

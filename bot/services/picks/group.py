"""`/recommend with:`: one card for several members, of films that suit everybody.

Nobody's ratings are revealed: a reason names the member whom a film suits most only if that member
agreed to show their taste in this server. For members who keep their ratings out of others' picks,
the card only respects the genres that they never want.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.impressions import CardContext, record_card
from bot.services.picks.recommend import FURTHER_PICKS, check_filters, heading, time_words
from bot.services.serving.lines import loosening_hint
from bot.services.serving.live_model import Served
from bot.services.view_models import FilmCard, Filters, Requester
from bot.services.wording import listed
from recommender.pipeline.group import GroupPick
from recommender.pipeline.group import recommend_for_group as rank_for_members
from storage.people import profiles

SUITING_SHARE = 0.9
"""A film suits a member if at least this share of all films score no higher for that member."""

FAVOURITE_LEAD = 0.05
"""A reason names the member whom a film suits most if their lead is at least this.

The lead is the difference, to the next member, in the share of films that score no higher."""


@dataclass(frozen=True)
class Companion:
    """A member of the server whom the requester wants to watch with.

    Attributes:
        id: the Discord id of the person.
        name: their display name in the server.
    """

    id: int
    name: str


async def recommend_for_group(
    app: App, requester: Requester, companions: Sequence[Companion], filters: Filters
) -> FilmCard:
    """Returns a new card for the requester and companions, after recording which films it shows.

    Raises Sorry, naming the filter to loosen, if no film is left for everybody.
    """
    served = app.live.served
    filters = check_filters(served.library, filters)
    async with app.turn(requester.person_id):
        facts = await read_facts(app, requester, with_moods=True)
        companion_facts = [
            _as_companion(await read_facts(app, replace(requester, person_id=one.id)), facts)
            for one in companions
        ]
        async with app.db.read() as conn:
            agreed = set(await profiles.showing_taste(conn, requester.guild_id or 0))
        world = served.model.catalogue
        queries = [
            arrays.query(world, one.query_facts(filters)) for one in (facts, *companion_facts)
        ]
        found = rank_for_members(served.model, queries, 1 + FURTHER_PICKS)
        if not found.picks:
            raise Sorry(loosening_hint(found.loosen))
        known = [bool(one.ratings or one.tastes) for one in (facts, *companion_facts)]
        names = [None, *(one.name if one.id in agreed else None for one in companions)]
        ids = world.films.ids([pick.film for pick in found.picks]).tolist()
        lines = [
            served.library.line(film, group_reason(served, film, pick, names, known))
            for film, pick in zip(ids, found.picks, strict=True)
        ]
        card = FilmCard(
            surface="recommend",
            heading=heading(facts, filters, served.library, [one.name for one in companions]),
            headline=lines[0],
            further=tuple(lines[1:]),
            impressions=(),
            model_version=served.version,
            person_id=requester.person_id,
            guild_id=requester.guild_id,
            filters=filters,
            shelf=app.shelving.card_shelf(served, lines),
            private=requester.private,
            another=True,
            moods=facts.moods,
            time_words=time_words(facts),
        )
        context = CardContext(facts.local, filters.mood, grouped=True)
        return await record_card(app, requester, card, context)


def group_reason(
    served: Served,
    film_id: int,
    pick: GroupPick,
    names: Sequence[str | None],
    known: Sequence[bool],
) -> str:
    """Returns why a film suits the group: how well it suits everybody, then its moods.

    Whom it suits is said only if something is known about the taste of everybody.

    names: the name of each person in the group, in the order of `pick.percentiles` (the share of
    all films that score no higher for that person); None for a person who must not be named.
    known: for each person, False if nothing is known about their taste.
    """
    if not all(known):
        row = served.model.catalogue.films.row(film_id)
        shares = [s for s, is_known in zip(pick.percentiles, known, strict=True) if is_known]
        suits = bool(shares) and min(shares) >= SUITING_SHARE and not pick.spoilt
        verdict = "widely loved" if served.model.well_loved[row] else ""
        verdict = "suits the taste that I know" if suits else verdict
    elif pick.spoilt:
        verdict = "the best compromise left"
    elif min(pick.percentiles) >= SUITING_SHARE:
        verdict = "suits you both" if len(names) == 2 else "suits all of you"
    else:
        verdict = "a middle ground for you all" if len(names) > 2 else "a middle ground for you two"
    first, second = sorted(pick.percentiles, reverse=True)[:2]
    favourite = names[pick.percentiles.index(first)]
    if all(known) and favourite is not None and first - second >= FAVOURITE_LEAD:
        verdict = f"{verdict}, {favourite} above all"
    tags = served.library.tags
    moods = [
        tags[slug].name
        for slug, weight in sorted(served.library.films[film_id].tags, key=lambda tag: -tag[1])
        if weight > 1 and slug in tags and tags[slug].facet == "mood"
    ]
    said = " · ".join(filter(None, (verdict, listed(moods[:2]))))
    return said or listed(list(served.library.films[film_id].genres)) or "little is known of it yet"


def _as_companion(companion: RequesterFacts, requester: RequesterFacts) -> RequesterFacts:
    """Returns a companion's facts, with the hour and the age limits of the requester's request.

    Films that the companion was shown lately may be shown again, unless they rated, saw or declined
    them. If they keep their ratings out of others' picks, their ratings, tastes and known films are
    left out.
    """
    here = replace(
        companion,
        recent_films=frozenset(),
        local=requester.local,
        by_clock=requester.by_clock,
        family_safe=requester.family_safe,
        adult_ok=requester.adult_ok,
    )
    if companion.shapes_others:
        return here
    return replace(
        here, ratings={}, tastes=(), unseen=frozenset[int](), known_films=frozenset[int]()
    )

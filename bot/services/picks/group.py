"""`/recommend with:`: one card (a message of films) for several members, with films that suit
everybody.

A companion's ratings and settings count only if the companion agreed to show their taste in this
server ("Show my taste here"). Otherwise, a requester could find out these ratings by trying many
filters. If nobody agreed, the films are chosen for the requester alone, and the card says so. A
member's name is added to a reason only when the reason is shown, so that no name is stored.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.notes import Note, note
from bot.services.picks.consent import ServerMember, agreed
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.impressions import CardContext, record_card
from bot.services.picks.recommend import (
    FURTHER_PICKS,
    asked,
    check_filters,
    heading,
    pick_time,
    recommend,
)
from bot.services.picks.surprise import surprise
from bot.services.serving.film_words import described
from bot.services.serving.lines import nothing_fits
from bot.services.serving.live_model import Served
from bot.services.view_models import FilmCard, Filters, Requester
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.groups.group import GroupPick
from recommender.pipeline.groups.group import recommend_for_group as rank_for_members

SUITING_SHARE = 0.9
"""A film suits a member if at least this share of all films has no higher score for that member."""

FAVOURITE_LEAD = 0.05
"""A reason names the member whom a film suits most if their lead is at least this. The lead is the
difference between two percentiles of the film: for this member, and for the member with the next
lower one.
"""


async def recommend_for_group(
    app: App, requester: Requester, companions: Sequence[ServerMember], filters: Filters
) -> FilmCard:
    """Returns a new card (a message of films) for the requester and companions.

    The films are stored as shown. Raises Sorry, naming the requester's filter to loosen, if no film
    is left for everybody.
    """
    served = app.live.served
    filters = check_filters(served.library, filters)
    showing = await agreed(app, requester.guild_id, companions)
    read = {
        one.id: await read_facts(app, replace(requester, person_id=one.id), for_others=True)
        for one in companions
    }
    counted = [one for one in companions if one.id in showing and read[one.id].shapes_others]
    left_out = _left_out_note([one.name for one in companions if one not in counted], bool(counted))
    if not counted:
        return (await recommend(app, requester, filters)).with_note(left_out)
    async with app.turn(requester.person_id):
        facts = await read_facts(app, requester, with_moods=True)
        members = [facts, *(as_companion(read[one.id], facts) for one in counted)]
        world = served.model.catalogue
        wishes = [one.query_facts(filters) for one in members]
        strange = await surprise(app, wishes[0]) if filters.surprise else None
        wishes = [strange.facts, *wishes[1:]] if strange else wishes
        queries = [arrays.query(world, one) for one in wishes]
        found = rank_for_members(served.model, queries, 1 + FURTHER_PICKS)
        if not found.picks:
            own = apply_filters(world, queries[0]).loosen
            raise nothing_fits(own) if own else Sorry("no-film-for-all")
        known = [bool(one.ratings or one.tastes) for one in members]
        ids = world.films.ids([pick.film for pick in found.picks]).tolist()
        lines = [
            replace(
                served.library.line(film, group_reason(served, film, pick, known)),
                above_all=above_all(pick, known, [None, *(one.id for one in counted)]),
            )
            for film, pick in zip(ids, found.picks, strict=True)
        ]
        card = FilmCard(
            surface="recommend",
            heading=heading(facts, [one.name for one in counted]),
            asked=asked(filters, served.library, strange),
            headline=lines[0],
            further=tuple(lines[1:]),
            impressions=(),
            model_version=served.version,
            person_id=requester.person_id,
            guild_id=requester.guild_id,
            notes=tuple(filter(None, (left_out, strange.told if strange else None))),
            filters=filters,
            shelf=app.shelving.card_shelf(served, lines),
            private=requester.private,
            another=True,
            moods=facts.moods,
            time=pick_time(facts),
            names={one.id: one.name for one in counted},
            asks_more=facts.asks_more,
        )
        context = CardContext(facts.local, filters.mood, grouped=True)
        return await record_card(app, requester, card, context)


def _left_out_note(names: list[str], anybody_counts: bool) -> Note | None:
    """Returns a sentence about the members whose taste does not count; None if all count.

    names: these members.
    anybody_counts: True if the taste of at least one other member counts.
    """
    if not names:
        return None
    key = "tastes-hidden" if anybody_counts else "all-tastes-hidden"
    return note(key, names=names, count=len(names))


def above_all(pick: GroupPick, known: Sequence[bool], ids: Sequence[int | None]) -> int | None:
    """Returns the id of the person whom a film suits much better than all others, if there is one.

    Their percentile must be higher by at least FAVOURITE_LEAD. Returns None if there is no such
    person, or if nothing is known about somebody's taste.

    known: for each person, False if nothing is known about their taste.
    ids: the id of each person; None for the requester.

    Both are in the order of `pick.percentiles` (for each person, the share of films whose score for
    them is not above this film's).
    """
    first, second = sorted(pick.percentiles, reverse=True)[:2]
    if not all(known) or first - second < FAVOURITE_LEAD:
        return None
    return ids[pick.percentiles.index(first)]


def group_reason(
    served: Served,
    film_id: int,
    pick: GroupPick,
    known: Sequence[bool],
) -> Note:
    """Returns why a film suits the group: how well it suits everybody, and then the film's moods.

    The first part is left out if nothing is known about somebody's taste.

    pick: the film, and how well it suits each person.
    known: for each person, False if nothing is known about their taste, in the order of
        `pick.percentiles`.
    """
    if not all(known):
        row = served.model.catalogue.films.row(film_id)
        shares = [s for s, is_known in zip(pick.percentiles, known, strict=True) if is_known]
        suits = bool(shares) and min(shares) >= SUITING_SHARE and not pick.spoilt
        verdict = note("widely-loved") if served.model.well_loved[row] else None
        verdict = note("suits-known-tastes") if suits else verdict
    elif pick.spoilt:
        verdict = note("best-compromise")
    elif min(pick.percentiles) >= SUITING_SHARE:
        verdict = note("suits-both" if len(known) == 2 else "suits-all")
    else:
        verdict = note("middle-ground-for-both" if len(known) == 2 else "middle-ground-for-all")
    tags = served.library.tags
    moods = [
        served.library.tag_note(slug)
        for slug, weight in sorted(served.library.films[film_id].tags, key=lambda tag: -tag[1])
        if weight > 1 and slug in tags and tags[slug].facet == "mood"
    ]
    return described(verdict, moods[:2], served.library.films[film_id].genres)


def as_companion(companion: RequesterFacts, requester: RequesterFacts) -> RequesterFacts:
    """Returns a companion's facts, with the hour and the age limits of the requester's request.

    Films that the companion was shown lately may be shown again, unless they rated, saw or declined
    them.
    """
    return replace(
        companion,
        recent_films=frozenset(),
        local=requester.local,
        by_clock=requester.by_clock,
        family_safe=requester.family_safe,
        adult_ok=requester.adult_ok,
    )

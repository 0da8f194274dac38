"""Which films are on the shortlist of a movie night, and how well each fits the members.

A member counts only if they agreed to show their taste in this server, are a member now, and let
their ratings shape what others are shown. Everybody sees the shortlist, so this holds for the
planner too. What anybody else rated, declined or leaves out changes nothing, and neither does what
a member brought in from other places and does not share.

Whoever was worst off on earlier nights of the server weighs more. That is found out from the stars
that the members who count gave to the films of these nights, or would probably give.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.nights.view_models import MemberFit, NightLine
from bot.services.notes import Note
from bot.services.picks.consent import ServerMember, agreed
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.group import group_reason
from bot.services.serving.live_model import Served
from bot.services.serving.predicted_stars import predict_several
from bot.services.view_models import Line, Requester
from recommender.data import Query
from recommender.numeric.arrays import Array64
from recommender.pipeline.groups.group import GroupPick, recommend_for_group
from recommender.pipeline.groups.ranking import worst_off
from storage.servers import guilds, nights

FILMS = 5
MAX_REMEMBERED = 50
"""The number of earlier nights of a server that count."""


@dataclass(frozen=True)
class EarlierNight:
    """A night that is over.

    Attributes:
        film_id: the film.
        people: ids of the people who came.
    """

    film_id: int
    people: frozenset[int]


@dataclass(frozen=True)
class CountedMember:
    """A member whose taste counts.

    Attributes:
        facts: what is known about them.
        query: the same as a query.
        name: their display name.
    """

    facts: RequesterFacts
    query: Query
    name: str


@dataclass(frozen=True)
class NightFilms:
    """The films of a night.

    Attributes:
        films: the films, best first.
        counted: ids of the members whose taste counted.
    """

    films: tuple[NightLine, ...]
    counted: frozenset[int]


async def make_shortlist(
    app: App, requester: Requester, members: Sequence[ServerMember]
) -> NightFilms:
    """Returns the films for a night in the requester's server.

    Raises Sorry if no film is left for everybody.

    members: the people who are invited.
    """
    assert requester.guild_id is not None
    served = app.live.served
    earlier = await _earlier_nights(app, requester.guild_id)
    shown = frozenset(night.film_id for night in earlier)
    counted = await read_counted(app, served, requester, members, shown)
    world = served.model.catalogue
    queries = [one.query for one in counted.values()]
    if not queries:
        wishes = await _of_server(app, requester)
        queries = [arrays.query(world, replace(wishes, excluded=shown))]
    times = _times_worst_off(served, counted, earlier) if counted else []
    found = recommend_for_group(served.model, queries, FILMS, times)
    if not found.picks:
        raise Sorry("no-film-for-all")
    everybody = len(counted) == len(members)
    lines = []
    for pick in found.picks:
        film_id = int(world.films.ids([pick.film])[0])
        reason = _reason(served, film_id, pick, counted, everybody=everybody)
        lines.append(served.library.line(film_id, reason))
    return NightFilms(with_fits(served, lines, list(counted.values())), frozenset(counted))


async def read_counted(
    app: App,
    served: Served,
    requester: Requester,
    members: Sequence[ServerMember],
    shown: Collection[int] = (),
) -> dict[int, CountedMember]:
    """Returns the members whose taste counts, by their ids.

    Films that they were shown lately may be shown again, and the hour of planning changes nothing.
    What they brought in from other places and do not share is left out, the requester's too,
    because everybody reads how well a film suits them.

    members: the people who are invited.
    shown: ids of films that must not be shown.
    """
    showing = await agreed(app, requester.guild_id, members)
    found = {}
    for one in sorted(members, key=lambda member: member.id):
        if one.id not in showing:
            continue
        own = replace(requester, person_id=one.id)
        facts = await read_facts(app, own, for_others=True)
        if facts.shapes_others:
            timeless = replace(facts, recent_films=frozenset(shown), by_clock=False)
            wishes = timeless.query_facts()
            found[one.id] = CountedMember(
                facts, arrays.query(served.model.catalogue, wishes), one.name
            )
    return found


def with_fits(
    served: Served, lines: Sequence[Line], counted: Sequence[CountedMember]
) -> tuple[NightLine, ...]:
    """Returns films with how well each fits the members whose taste counts."""
    rows = served.model.catalogue.films.rows([line.film_id for line in lines])
    fits: list[list[MemberFit]] = [[] for _ in lines]
    for one in counted:
        scores = served.model.score(one.query)
        known = bool(one.facts.ratings or one.facts.tastes)
        predicted = predict_several(served, one.query, rows.tolist())
        for place, (row, stars) in enumerate(zip(rows.tolist(), predicted, strict=True)):
            share = float((scores <= scores[row]).mean()) if known else None
            fits[place].append(MemberFit(one.name, stars, share))
    return tuple(NightLine(line, tuple(each)) for line, each in zip(lines, fits, strict=True))


async def _of_server(app: App, requester: Requester) -> Facts:
    """Returns the facts for a list for which nobody's taste counts."""
    async with app.db.read() as conn:
        guild = await guilds.get(conn, requester.guild_id or 0)
    return Facts(
        never_tags=guild.never_tags if guild else (),
        family_safe=guilds.is_family_safe(guild) and not requester.adult_ok,
        adult_ok=requester.adult_ok,
        editorial=False,
    )


async def _earlier_nights(app: App, guild_id: int) -> tuple[EarlierNight, ...]:
    """Returns the nights of a server that are over, the latest first."""
    found = []
    async with app.db.read() as conn:
        for night in await nights.of_server(conn, guild_id, "done", MAX_REMEMBERED):
            if night.film_id is not None:
                guests = await nights.guests(conn, night.id)
                came = frozenset(one.person_id for one in guests if one.came is not None)
                found.append(EarlierNight(night.film_id, came))
    return tuple(found)


def _times_worst_off(
    served: Served, counted: Mapping[int, CountedMember], earlier: Sequence[EarlierNight]
) -> list[int]:
    """Returns, for each member whose taste counts, on how many nights they were worst off.

    counted: these members, by their ids.
    """
    world, stars = served.model.catalogue, served.model.stars
    films = [night.film_id for night in earlier]
    rows = world.films.rows(films)
    given: Array64 = np.full((len(counted), len(films)), np.nan)
    for place, (person, one) in enumerate(counted.items()):
        if stars is not None:
            inside = rows >= 0
            predicted = stars.predict_place(stars.fold_in(one.query), rows[inside])
            given[place, inside] = predicted.expected
        for column, night in enumerate(earlier):
            given[place, column] = one.facts.ratings.get(night.film_id, given[place, column])
            if person not in night.people:
                given[place, column] = np.nan
    times = [0] * len(counted)
    for column in range(len(films)):
        least = worst_off(given[:, column])
        if least is not None:
            times[least] += 1
    return times


def _reason(
    served: Served,
    film_id: int,
    pick: GroupPick,
    counted: Mapping[int, CountedMember],
    *,
    everybody: bool,
) -> Note:
    """Returns why a film is on the shortlist.

    counted: the members whose taste counts, by their ids.
    everybody: True if nobody else is invited. Otherwise the reason must not say "all of you".
    """
    known = [bool(one.facts.ratings or one.facts.tastes) for one in counted.values()]
    if not counted:
        known = [False]
    elif not everybody or len(known) == 1:
        pick, known = replace(pick, percentiles=(*pick.percentiles, 0.0)), [*known, False]
    return group_reason(served, film_id, pick, known)

"""/compare: how well the tastes of two members match.

Both must have agreed in this server that members may compare tastes with them, and both must be
members now. Otherwise nothing about either is read. Only the requester sees the
stars that they would probably give films that the other loved.
"""

from dataclasses import dataclass, replace

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.library import Library
from bot.services.people.profile import seen_by_others, visible_member
from bot.services.picks.consent import FindMember, named_member
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.group import as_companion
from bot.services.serving.live_model import Served
from bot.services.serving.predicted_stars import predicted_stars
from bot.services.view_models import Line, PredictedStars, Requester
from recommender.data import Query
from recommender.matches.match import CLOSE_STARS, Match, match_of
from recommender.pipeline.groups.group import recommend_for_group
from recommender.shelves.rows import SHELF_LOVED_STARS

MAX_BOTH, MAX_DIFFER, MAX_TOGETHER, MAX_FOR_YOU = 5, 3, 3, 3
MAX_PREDICTED = 30
"""The most films loved by the other whose stars are predicted; the best known ones."""


@dataclass(frozen=True)
class Difference:
    """A film about which two people differ.

    Attributes:
        film: its name, not escaped.
        mine, theirs: the stars that the requester and the other gave it.
    """

    film: str
    mine: float
    theirs: float


@dataclass(frozen=True)
class Comparison:
    """How well the tastes of the requester and another member match.

    Attributes:
        person_id: the other member.
        name: their display name in the server, not escaped.
        match: the match; it says whether it rests on enough films.
        both_loved: names of films that both loved, not escaped.
        differ: films about which they differ most.
        together: films that would suit both.
        for_you: films that the other loved, with the stars that the requester would probably give
            them; empty if others see the answer.
    """

    person_id: int
    name: str
    match: Match
    both_loved: tuple[str, ...]
    differ: tuple[Difference, ...]
    together: tuple[Line, ...]
    for_you: tuple[tuple[str, PredictedStars], ...]


async def compare(
    app: App, requester: Requester, person_id: int, find_member: FindMember
) -> Comparison:
    """Returns how well the tastes of the requester and another member match.

    What either brought in from other places is left out if others than them see it, unless they
    share it.

    Raises Sorry if one of the two did not agree to that in this server or is not a member now, and
    MemberNotKnown if Discord does not say who is a member.
    """
    if requester.guild_id is None:
        raise Sorry("profiles-in-servers")
    if person_id == requester.person_id:
        raise Sorry("compared-with-oneself")
    me = await named_member(
        app, requester.guild_id, requester.person_id, find_member, compared=True
    )
    if me is None:
        raise Sorry("own-taste-not-shown")
    other = await visible_member(app, requester, person_id, find_member)
    served = app.live.served
    library = served.library.shown(requester.adult_ok)
    mine = await read_facts(app, requester, for_others=seen_by_others(requester))
    theirs = await read_facts(app, replace(requester, person_id=person_id), for_others=True)
    first, second = (_rated(served, facts) for facts in (mine, theirs))
    common = [film for film in mine.ratings if film in theirs.ratings and film in library.films]
    return Comparison(
        person_id=person_id,
        name=other.name,
        match=match_of(first, second, served.model.stars),
        both_loved=_both_loved(library, common, mine, theirs),
        differ=_differ(library, common, mine, theirs),
        together=_together(served, library, mine, theirs),
        for_you=_for_you(served, library, mine, theirs, first) if requester.private else (),
    )


def _rated(served: Served, facts: RequesterFacts) -> Query:
    return arrays.query(served.model.catalogue, arrays.Facts(ratings=facts.ratings))


def _fame(library: Library, film: int) -> tuple[float, int]:
    """Returns a sort key that puts the best known film first."""
    return -library.fame.get(film, 0.0), film


def _both_loved(
    library: Library, common: list[int], mine: RequesterFacts, theirs: RequesterFacts
) -> tuple[str, ...]:
    loved = [
        film
        for film in common
        if min(mine.ratings[film], theirs.ratings[film]) >= SHELF_LOVED_STARS
    ]
    return tuple(map(library.name, sorted(loved, key=lambda film: _fame(library, film))[:MAX_BOTH]))


def _differ(
    library: Library, common: list[int], mine: RequesterFacts, theirs: RequesterFacts
) -> tuple[Difference, ...]:
    apart = {film: abs(mine.ratings[film] - theirs.ratings[film]) for film in common}
    films = sorted(
        (film for film in common if apart[film] > CLOSE_STARS),
        key=lambda film: (-apart[film], _fame(library, film)),
    )
    return tuple(
        Difference(library.name(film), mine.ratings[film], theirs.ratings[film])
        for film in films[:MAX_DIFFER]
    )


def _together(
    served: Served, library: Library, mine: RequesterFacts, theirs: RequesterFacts
) -> tuple[Line, ...]:
    """Returns films that would suit both, as `/recommend with:` finds them.

    None are returned if the other keeps their ratings out of others' picks, or if no film is left.
    """
    if not theirs.shapes_others:
        return ()
    world = served.model.catalogue
    queries = [arrays.query(world, one.query_facts()) for one in (mine, as_companion(theirs, mine))]
    picks = recommend_for_group(served.model, queries, MAX_TOGETHER).picks
    ids = world.films.ids([pick.film for pick in picks]).tolist()
    return tuple(library.line(film) for film in ids if film in library.films)


def _for_you(
    served: Served,
    library: Library,
    mine: RequesterFacts,
    theirs: RequesterFacts,
    me: Query,
) -> tuple[tuple[str, PredictedStars], ...]:
    """Returns films that the other loved and the requester would probably like most.

    me: the requester's ratings.
    """
    loved = [
        film
        for film, stars in theirs.ratings.items()
        if stars >= SHELF_LOVED_STARS and film not in mine.known_films and film in library.films
    ]
    rows = served.model.catalogue.films
    found = []
    for film in sorted(loved, key=lambda film: _fame(library, film))[:MAX_PREDICTED]:
        predicted = predicted_stars(served, me, rows.row(film))
        if predicted is not None:
            found.append((library.name(film), predicted))
    found.sort(key=lambda one: -one[1].stars)
    return tuple(found[:MAX_FOR_YOU])

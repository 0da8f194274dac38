"""/profile: what is known of somebody's taste.

The profile of another member is shown only if they agreed in this server that members see their
profile, and if they are a member now. It never says when they watch, nor how well their ratings can
be predicted.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

import numpy as np

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.library import Library
from bot.services.localtime import local_hour
from bot.services.picks.consent import FindMember, ServerMember, named_member
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.serving.live_model import Served
from bot.services.view_models import Requester
from recommender.data import Query
from recommender.shelves.rows import SHELF_LIKED_STARS, SHELF_LOVED_STARS
from storage.feedback import ratings
from storage.feedback.rating_events import WATCHING_SOURCES
from storage.feedback.ratings import RatingRow

TASTE_FACETS = ("mood", "theme", "style", "setting", "source")
"""The kinds of tags that a taste consists of. Praise is left out, because most people like good
films.
"""

PROMINENT = 2
"""A film has a tag here if the tag's weight in it is at least this."""

MAX_TAGS, MAX_COUNTRIES, MAX_DECADES, MAX_LOVED = 6, 6, 8, 5
GUESSED_FILMS = 40
"""The number of films, the best known ones, for which it is said how good the guesses are."""


@dataclass(frozen=True)
class TasteFacts:
    """What a picture of a taste shows.

    Attributes:
        tags: slug, name and number of liked films of the tags that are most typical of the films
            that the person liked, the most frequent one first.
        countries: ISO code and number of rated films of the leading countries, most first.
        decades: first year and number of rated films of each decade, from the first to the last.
        hours: number of ratings in each local hour from 0 to 23; empty if they are not told.
    """

    tags: tuple[tuple[str, str, int], ...]
    countries: tuple[tuple[str, int], ...]
    decades: tuple[tuple[int, int], ...]
    hours: tuple[int, ...]


@dataclass(frozen=True)
class Sureness:
    """How far off guesses of somebody's stars are, in standard deviations, stars.

    Attributes:
        here: for the person.
        stranger: for somebody who is not known at all.
    """

    here: float
    stranger: float


@dataclass(frozen=True)
class TasteProfile:
    """What is known of somebody's taste.

    Attributes:
        person_id: the person.
        name: their display name in the server; None in the requester's own profile.
        count: number of their ratings of films that may be named here.
        mean: their mean stars; 0 without ratings.
        loved: names of films that they loved, the newest first, not escaped.
        taste: what the picture shows; None without ratings.
        sureness: how good guesses are; None if it is not known, and in the profiles of others.
    """

    person_id: int
    name: str | None
    count: int
    mean: float
    loved: tuple[str, ...]
    taste: TasteFacts | None
    sureness: Sureness | None


async def read_profile(
    app: App, requester: Requester, person_id: int, find_member: FindMember
) -> TasteProfile:
    """Returns the profile of the requester, or of another member who agreed to that here.

    What the person brought in from other places is left out if others see the profile, unless they
    share it.

    Raises Sorry if the requester may not see it, and MemberNotKnown if Discord does not say whether
    the person is a member.
    """
    served = app.live.served
    library = served.library.shown(requester.adult_ok)
    own = person_id == requester.person_id
    name = None if own else (await visible_member(app, requester, person_id, find_member)).name
    public = not own or seen_by_others(requester)
    async with app.db.read(quick=True) as conn:
        everything = await ratings.of_person(conn, person_id, for_others=public)
    rated = [one for one in everything if one.film_id in library.films]
    facts = await read_facts(app, requester, for_others=public) if own else None
    loved = [one.film_id for one in reversed(rated) if one.stars >= SHELF_LOVED_STARS]
    zone = facts.zone if facts else None
    # Threads compute these, so that a profile delays other answers less.
    taste = await asyncio.to_thread(_taste, served, library, rated, zone) if rated else None
    sureness = await asyncio.to_thread(_sureness, served, facts) if facts else None
    return TasteProfile(
        person_id=person_id,
        name=name,
        count=len(rated),
        mean=float(np.mean([one.stars for one in rated])) if rated else 0.0,
        loved=tuple(library.name(film) for film in loved[:MAX_LOVED]),
        taste=taste,
        sureness=sureness,
    )


def seen_by_others(requester: Requester) -> bool:
    """True if others than the requester see the answer."""
    return requester.guild_id is not None and not requester.private


async def visible_member(
    app: App, requester: Requester, person_id: int, find_member: FindMember
) -> ServerMember:
    """Returns a member whose profile the requester may see.

    Raises Sorry outside of a server, and if the person did not agree here or is no member now. The
    errors do not tell these two apart.
    """
    if requester.guild_id is None:
        raise Sorry("profiles-in-servers")
    member = await named_member(app, requester.guild_id, person_id, find_member, compared=True)
    if member is None:
        raise Sorry("profile-not-shown")
    return member


def _taste(
    served: Served, library: Library, rated: Sequence[RatingRow], zone: str | None
) -> TasteFacts:
    """Returns what a picture shows of a person's ratings.

    zone: the time zone of the hours; None to leave hours out.
    """
    films = [library.films[one.film_id] for one in rated]
    decades = Counter(film.year // 10 * 10 for film in films if film.year)
    first = max(min(decades, default=0), max(decades, default=0) - 10 * (MAX_DECADES - 1))
    span = range(first, max(decades) + 10, 10) if decades else ()
    countries = Counter(film.countries[0] for film in films if film.countries)
    hours: Counter[int] = Counter()
    if zone is not None:
        watched = [one for one in rated if one.source in WATCHING_SOURCES]
        hours = Counter(local_hour(one.at, zone).hour for one in watched)
    return TasteFacts(
        tags=_typical_tags(
            served, [one.film_id for one in rated if one.stars >= SHELF_LIKED_STARS]
        ),
        countries=tuple(sorted(countries.items(), key=_most_first)[:MAX_COUNTRIES]),
        decades=tuple((decade, decades[decade]) for decade in span),
        hours=tuple(hours[hour] for hour in range(24)) if hours else (),
    )


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _typical_tags(served: Served, liked: list[int]) -> tuple[tuple[str, str, int], ...]:
    """Returns slug, name and number of films of the tags that are most typical of liked films.

    A tag is typical if more of these films have it than of all films, relative to how much that
    number varies by chance.
    """
    world, tags = served.model.catalogue, served.library.tags
    rows = world.films.rows(np.array(liked, np.int64))
    rows = rows[rows >= 0]
    if not len(rows):
        return ()
    prominent = world.tags.data >= PROMINENT
    count = np.asarray((world.tags[rows] >= PROMINENT).sum(axis=0)).reshape(-1)
    usual = np.bincount(world.tags.indices[prominent], minlength=len(count)) / len(world)
    excess = (count - len(rows) * usual) / np.sqrt(np.maximum(usual, 1.0 / len(world)))
    found = [
        (slug, tags[slug].name, int(count[column]))
        for column in np.argsort(-excess, kind="stable")
        if count[column] > 0
        and (slug := world.tag_names[column]) in tags
        and tags[slug].facet in TASTE_FACETS
    ]
    return tuple(sorted(found[:MAX_TAGS], key=lambda tag: -tag[2]))


def _sureness(served: Served, facts: RequesterFacts) -> Sureness | None:
    """Returns how far off guesses for the best known films are.

    None if there is no rating model, if it knows none of the requester's films, and if the guesses
    for them are no better than for anybody.
    """
    model = served.model.stars
    if model is None:
        return None
    place = model.fold_in(arrays.query(served.model.catalogue, facts.query_facts()))
    if not place.rating_count:
        return None
    fame = served.library.fame
    known = nlargest(GUESSED_FILMS, fame, key=lambda film: (fame[film], -film))
    films = served.model.catalogue.films.rows(np.array(known, np.int64))
    films = films[films >= 0]
    here = float(model.predict_place(place, films).spread.mean())
    stranger = float(model.predict_place(model.fold_in(Query()), films).spread.mean())
    return Sureness(here, stranger) if here < min(stranger, model.scale_spread) else None

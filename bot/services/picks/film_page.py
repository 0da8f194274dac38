"""/film: what is known about one film.

The requester's rating and predicted stars are only in pages that nobody else sees. Members who
loved the film are named only if they agreed to show their taste in this server and are members now.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.services.app import App
from bot.services.catalogue.content import CONTENT, ContentOption, options_of
from bot.services.catalogue.library import Library
from bot.services.catalogue.posters import Offers, country_of
from bot.services.picks.consent import FindMember, MemberNotKnown, named_member
from bot.services.picks.explain import predict
from bot.services.scale import RatingScale
from bot.services.view_models import PredictedStars, Requester
from recommender.shelves.rows import SHELF_LOVED_STARS
from storage.catalogue import films
from storage.catalogue.films import Film, Tag
from storage.database.engine import Transaction
from storage.feedback import cards, ratings
from storage.feedback.cards import Card
from storage.people import preferences
from storage.servers import guilds

FACETS = ("mood", "theme", "style", "setting", "source", "praise", "occasion")
"""The kinds of tags that a page has, in this order. Free tags are left out, because people typed
them as they liked and may give the plot away.
"""

MAX_TAGS = 6  # of one kind on a page
MAX_NAMED = 3  # members whom a page names
NAMING_SECONDS = 1.0  # how long a page waits for Discord to say who is a member


@dataclass(frozen=True)
class TagGroup:
    """The tags of one kind that a film has.

    Attributes:
        facet: the kind, one of `FACETS`.
        tags: the permanent key and the name of each tag, those that fit the film best first.
    """

    facet: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ForYou:
    """What a page says to the requester alone.

    Attributes:
        stars: the stars that they gave the film; None if they have not rated it.
        predicted: the stars that they would probably give it; None if they rated it, or if the
            prediction may be too far off.
    """

    stars: float | None
    predicted: PredictedStars | None


@dataclass(frozen=True)
class FilmPage:
    """The page of a film.

    Attributes:
        film: the film, with all facts that the catalogue has.
        name: its name as people see it, not escaped.
        tags: its tags, without those that warn of content.
        imdb: its id at IMDb, such as "tt0079944"; None if it is not known.
        loved_by: the display names of members who loved it and may be named, the newest first.
        for_you: the requester's rating or predicted stars; None if others see the page.
        country: the ISO code of the country that `offers` are for; None without posters.
        offers: where it can be watched there; None if that is not known.
    """

    film: Film
    name: str
    tags: tuple[TagGroup, ...]
    imdb: str | None
    loved_by: tuple[str, ...]
    for_you: ForYou | None
    country: str | None = None
    offers: Offers | None = None


@dataclass(frozen=True)
class FilmContent:
    """What a person may want to know before they watch a film.

    Attributes:
        name: the film's name, not escaped.
        warnings: the kinds of content, the most prominent first, and which of them the person
            leaves out.
        described: False if nobody has tagged the film, so that nothing is known.
    """

    name: str
    warnings: tuple[ContentOption, ...]
    described: bool


@dataclass(frozen=True)
class RatingQuestion:
    """The question how a film was.

    Attributes:
        film_id: the film's id.
        name: its name, not escaped.
        stars: the stars that the person gave it; None if they have not rated it.
    """

    film_id: int
    name: str
    stars: float | None


async def read_page(
    app: App, requester: Requester, typed: str, find_member: FindMember, *, alone: bool
) -> FilmPage:
    """Returns the page of the film that a person typed.

    Raises Sorry, with the nearest titles, if it fits no film or more than one.

    find_member: asks Discord for a member of the server.
    alone: True if only the person sees the page.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.find(typed)
    async with app.db.read(quick=True) as conn:
        imdb = await films.imdb_id(conn, film.id)
        country = await _country(app, conn, requester, alone=alone)
    poster = app.posters.poster(film.id, requester.now)
    return FilmPage(
        film=film if poster is None else replace(film, poster=poster),
        country=country,
        offers=app.posters.offers(film.id, country, requester.now) if country else None,
        name=library.name(film.id),
        tags=_groups(library, film),
        imdb=imdb,
        loved_by=await _loved_by(app, requester, film.id, find_member),
        for_you=ForYou(*await predict(app, requester, film.id)) if alone else None,
    )


async def _country(app: App, conn: Transaction, requester: Requester, *, alone: bool) -> str | None:
    """Returns the country of the time zone that a person or server chose; None without posters.

    alone: True if only the person sees the page; otherwise it is for the server.
    """
    if not app.posters.fetches:
        return None
    guild = await guilds.get(conn, requester.guild_id) if requester.guild_id else None
    chosen = await preferences.of_person(conn, requester.person_id) if alone else None
    zone = (chosen.zone if chosen else None) or (guild.zone if guild else None)
    return country_of(zone or app.settings.zone)


async def read_content(app: App, requester: Requester, film_id: int) -> FilmContent:
    """Returns the content that a film warns of. Raises Sorry if the film is not in the catalogue
    any more.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.db.read(quick=True) as conn:
        chosen = await preferences.of_person(conn, requester.person_id)
    tags = _tags(library, film)
    warnings = [tag for tag in tags if tag.facet == CONTENT]
    return FilmContent(
        name=library.name(film.id),
        warnings=options_of(warnings, chosen.never_tags),
        described=any(tag.facet in (*FACETS, CONTENT) for tag in tags),
    )


async def ask_rating(app: App, requester: Requester, film_id: int) -> RatingQuestion:
    """Returns the question how a film was, with the person's present rating.

    Raises Sorry if the film is not in the catalogue any more.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.db.read(quick=True) as conn:
        rated = await ratings.of_person(conn, requester.person_id)
    stars = next((one.stars for one in rated if one.film_id == film.id), None)
    return RatingQuestion(film.id, library.name(film.id), stars)


async def card_film(app: App, message_id: int) -> int | None:
    """Returns the id of the film of a card (a message about a film); None if it is not stored."""
    async with app.db.read(quick=True) as conn:
        card = await cards.card(conn, message_id)
    return card.film_id if card else None


async def record_page(
    app: App,
    requester: Requester,
    film_id: int,
    message_id: int,
    channel_id: int,
    scale: RatingScale,
) -> None:
    """Stores that a message shows the page of a film, so that reactions to it rate the film.

    scale: the emoji that rate, as the message's legend shows them.
    """
    async with app.db.write() as conn:
        erased = app.erasures.covers(requester.person_id, requester.now)
        card = Card(
            message_id=message_id,
            channel_id=channel_id,
            guild_id=requester.guild_id,
            person_id=None if erased else requester.person_id,
            film_id=film_id,
            surface="film",
            posted_at=requester.now,
            scale_id=scale.id,
        )
        await cards.add_card(conn, card)


async def _loved_by(
    app: App, requester: Requester, film_id: int, find_member: FindMember
) -> tuple[str, ...]:
    """Returns the names of at most MAX_NAMED other members who loved a film and may be named.

    Nobody is named if Discord takes longer than NAMING_SECONDS to say whether they are members.
    """
    guild_id = requester.guild_id
    if guild_id is None:
        return ()
    async with app.db.read(quick=True) as conn:
        found = await ratings.lovers(
            conn, film_id, guild_id, stars=SHELF_LOVED_STARS, limit=MAX_NAMED + 1
        )
    others = [person for person in found if person != requester.person_id][:MAX_NAMED]
    tries = (named_member(app, guild_id, person, find_member) for person in others)
    try:
        async with asyncio.timeout(NAMING_SECONDS):
            members = await asyncio.gather(*tries, return_exceptions=True)
    except TimeoutError:
        return ()
    for failure in members:
        if isinstance(failure, BaseException) and not isinstance(failure, MemberNotKnown):
            raise failure
    return tuple(one.name for one in members if one and not isinstance(one, BaseException))


def _groups(library: Library, film: Film) -> tuple[TagGroup, ...]:
    tags = _tags(library, film)
    found = (
        TagGroup(
            facet, tuple((one.slug, one.name) for one in tags if one.facet == facet)[:MAX_TAGS]
        )
        for facet in FACETS
    )
    return tuple(group for group in found if group.tags)


def _tags(library: Library, film: Film) -> Sequence[Tag]:
    """Returns a film's tags, those that fit it best first."""
    return [library.tags[slug] for slug, _ in film.tags if slug in library.tags]

"""A person's own ratings in pages, from which they take ratings back and put them back."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue.search import film_value
from bot.services.feedback import rate
from bot.services.feedback.rate import Rated, Unrated
from bot.services.scale import HALF_STARS, SCALE
from bot.services.view_models import Requester
from storage.feedback import ratings
from storage.people import profiles

RATINGS_PER_PAGE = 10


@dataclass(frozen=True)
class RatedFilm:
    """A film that a person rated.

    Attributes:
        film_id: the film.
        name: its name, not escaped.
        stars: 0.5 to 5.
        at: when it was rated, UTC.
    """

    film_id: int
    name: str
    stars: float
    at: datetime


@dataclass(frozen=True)
class RatingsPage:
    """One page of a person's ratings.

    Attributes:
        films: the rated films of the page, the newest rating first.
        page: the number of the page, from 0.
        pages: the number of pages; 0 without ratings.
        count: the number of ratings on all pages.
        unnamed: the number of rated films that may not be named here.
    """

    films: tuple[RatedFilm, ...]
    page: int
    pages: int
    count: int
    unnamed: int


async def read_ratings(app: App, requester: Requester, page: int = 0) -> RatingsPage:
    """Returns a page of the requester's ratings.

    page: the number of the page, from 0; a page beyond the last one is the last one.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    async with app.db.read(quick=True) as conn:
        rated = await ratings.of_person(conn, requester.person_id)
    named = [one for one in reversed(rated) if one.film_id in library.films]
    pages = -(-len(named) // RATINGS_PER_PAGE)
    page = min(page, max(pages - 1, 0))
    shown = named[page * RATINGS_PER_PAGE : (page + 1) * RATINGS_PER_PAGE]
    films = [RatedFilm(one.film_id, library.name(one.film_id), one.stars, one.at) for one in shown]
    return RatingsPage(tuple(films), page, pages, len(named), len(rated) - len(named))


async def take_back(app: App, requester: Requester, film_id: int) -> Unrated:
    """Takes back the requester's rating of a film. Raises Sorry if it may not be named here."""
    return await rate.unrate(app, requester, film_value(film_id))


async def put_back(app: App, requester: Requester, film_id: int, half_stars: int) -> Rated:
    """Makes a rating that `take_back` took away count again.

    If it was made by reaction, by button, in the quiz or by an import, that rating itself counts
    again, with its time. Otherwise the same stars are stored as a new rating.

    half_stars: the number of half stars that it had.

    Raises Sorry if the film may not be named here, or for an impossible number of half stars.
    """
    stars = half_stars / 2
    if stars not in HALF_STARS:
        raise Sorry("no-such-stars")
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.write_for(requester) as conn:
        await profiles.ensure(conn, requester.person_id, now=requester.now)
        change = await ratings.withdraw(
            conn,
            person_id=requester.person_id,
            film_id=film.id,
            source="command",
            at=requester.now,
            scale=SCALE,
        )
        # The stars of a server's own scale may lie between half stars.
        if change.after is None or round(2 * change.after) != half_stars:
            await ratings.state(
                conn,
                person_id=requester.person_id,
                film_id=film.id,
                source="command",
                stars=stars,
                at=requester.now,
                guild_id=requester.guild_id,
                scale=SCALE,
            )
    return Rated(library.name(film.id), stars)

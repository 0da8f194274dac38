"""/watchlist: the films that a person keeps for later, those that suit them now first.

A film leaves the list when the person rates it, marks it as seen or says that it is not for them
(`storage/people/watchlist.py`). Films that may not be shown in this place are counted, not named.

What several members keep is said only of films that at least MIN_PEOPLE members other than the
requester keep. Were the requester counted, they could keep a film themselves, and learn from the
answer that exactly two others keep it. For the same reason no number is said. Only members count
who agreed to show their taste in the server, and nobody is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.feedback.mark import Unmarked, unmark
from bot.services.localtime import LocalHour, local_hour
from bot.services.notes import note
from bot.services.picks.consent import FindMember, MemberNotKnown, named_member
from bot.services.picks.facts import RequesterFacts, read_facts
from bot.services.picks.member_favourites import is_taste_shown
from bot.services.picks.recommend import FURTHER_PICKS
from bot.services.serving.live_model import Served
from bot.services.serving.reasons import PERSON, reason
from bot.services.view_models import FilmCard, Line, Requester
from recommender.data import MIN_PEOPLE, Pick
from recommender.numeric.arrays import Bools, Rows
from recommender.pipeline.filters import apply_filters
from recommender.pipeline.recommend import rank_films, score_films
from storage.people import film_marks, watchlist

FILMS_PER_PAGE = 10
MAX_SHARED = 10
"""The most films that the answer to *What several of us keep* has."""

MAX_ASKED = 200
"""About at most this many people Discord is asked for one answer. Whoever comes after that does not
count.
"""

EVENING_HOUR = 20
"""The hour for which *Pick one for tonight* picks by day."""


@dataclass(frozen=True)
class Watchlist:
    """One page of the films that a person keeps for later.

    Attributes:
        films: the films of the page, the one that suits the person best now first.
        page: the number of the page, from 0.
        pages: the number of pages; 0 if no film can be shown.
        count: the number of films on all pages.
        hidden: the number of films that are kept but may not be shown here.
        by_clock: True if the order depends on the time of day and the weekday.
    """

    films: tuple[Line, ...]
    page: int
    pages: int
    count: int
    hidden: int
    by_clock: bool


@dataclass(frozen=True)
class SharedList:
    """Films that several other members of a server keep for later.

    Attributes:
        films: the films, the one that suits the requester best now first.
        counted: True if the requester counts too when other members ask.
    """

    films: tuple[Line, ...]
    counted: bool


async def read_watchlist(app: App, requester: Requester, page: int = 0) -> Watchlist:
    """Returns a page of the films that the requester keeps for later.

    page: the number of the page, from 0; a page beyond the last one is the last one.
    """
    served = app.live.served
    facts = await read_facts(app, requester)
    kept, named, hidden = await _kept_films(app, served, requester, facts)
    count = len(kept) + len(named)
    pages = -(-count // FILMS_PER_PAGE)
    page = min(page, max(pages - 1, 0))
    query = arrays.query(served.model.catalogue, facts.query_facts())
    scored = score_films(served.model, query)
    first = page * FILMS_PER_PAGE
    picks = rank_films(served.model, query, scored, kept, first, FILMS_PER_PAGE).picks
    named = named[max(0, first - len(kept)) :][: FILMS_PER_PAGE - len(picks)]
    lines = (*_lines(served, facts, picks), *map(served.library.line, named))
    return Watchlist(lines, page, pages, count, hidden, facts.by_clock)


async def kept_films(app: App, requester: Requester) -> tuple[int, ...]:
    """Returns the ids of the films that the requester keeps and that may be named here, the newest
    first.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    async with app.db.read(quick=True) as conn:
        kept = await watchlist.kept(conn, requester.person_id)
    return tuple(film for film in reversed(kept) if film in library.films)


async def remove(app: App, requester: Requester, film_id: int) -> Unmarked:
    """Takes a film off the requester's list.

    Raises Sorry if the film is not on it or is no longer in the catalogue.
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.db.read(quick=True) as conn:
        kept = await watchlist.kept(conn, requester.person_id)
    if film.id not in kept:
        raise Sorry("not-kept", title=library.name(film.id))
    return await unmark(app, requester, film.id, "later")


async def restore(app: App, requester: Requester, film_id: int) -> str:
    """Puts a film back on the requester's list, and returns the film's name, not escaped.

    Unlike the button *Later*, this is no new response to a card (a message about a film).
    """
    library = app.live.served.library.shown(requester.adult_ok)
    film = library.film(film_id)
    async with app.write_for(requester) as conn:
        await film_marks.mark(conn, requester.person_id, film.id, "later", now=requester.now)
    return library.name(film.id)


async def pick_for_tonight(app: App, requester: Requester) -> FilmCard:
    """Returns a private card (a message of films) with the kept film that suits the requester best
    tonight, and the next ones as further films.

    The films are not stored as shown: the person chose them, not the model. Raises Sorry if no kept
    film can be shown here.
    """
    served = app.live.served
    facts = await read_facts(app, requester)
    local = _tonight(local_hour(requester.now, facts.zone))
    facts = replace(facts, local=local, for_later=False)
    kept, named, _ = await _kept_films(app, served, requester, facts)
    if not len(kept) and not named:
        raise Sorry("nothing-kept")
    query = arrays.query(served.model.catalogue, facts.query_facts())
    scored = score_films(served.model, query)
    picks = rank_films(served.model, query, scored, kept, 0, 1 + FURTHER_PICKS).picks
    lines = (*_lines(served, facts, picks), *map(served.library.line, named))
    headline, *further = lines[: 1 + FURTHER_PICKS]
    return FilmCard(
        surface="recommend",
        heading=note("tonight-from-your-list" if facts.by_clock else "from-your-list"),
        headline=headline,
        further=tuple(further),
        impressions=(),
        model_version=served.version,
        person_id=requester.person_id,
        guild_id=requester.guild_id,
        shelf=app.shelving.card_shelf(served, [headline, *further]),
        private=True,
    )


async def shared_films(app: App, requester: Requester, find_member: FindMember) -> SharedList:
    """Returns films that at least MIN_PEOPLE members other than the requester keep for later.

    Films that the requester knows or never wants are left out. Raises Sorry outside of a server.

    find_member: asks Discord for a member of the server.
    """
    guild = requester.guild_id
    if guild is None:
        raise Sorry("no-members-here")
    served = app.live.served
    facts = await read_facts(app, requester)
    async with app.db.read() as conn:
        kept = await watchlist.kept_here(conn, guild)
    others = {
        film: people
        for film, all_people in kept.items()
        if len(people := [one for one in all_people if one != requester.person_id]) >= MIN_PEOPLE
    }
    world = served.model.catalogue
    query = arrays.query(world, replace(facts.query_facts(), excluded=facts.known_films))
    rows = _rows_of(served, list(others), apply_filters(world, query).films)
    scored = score_films(served.model, query)
    ordered = rank_films(served.model, query, scored, rows, n=0).films
    members = _Members(app, guild, find_member)
    found: list[int] = []
    for row, film in zip(ordered.tolist(), world.films.ids(ordered).tolist(), strict=True):
        if len(found) < MAX_SHARED and await members.enough(others[film]):
            found.append(row)
    # Ranked among themselves: the reason of a film must not depend on films that are not shown.
    picks = rank_films(served.model, query, scored, np.array(found, np.int64)).picks
    return SharedList(_lines(served, facts, picks), await is_taste_shown(app, requester))


class _Members:
    """Counts people who are members of a server now. Discord is asked once about each person."""

    def __init__(self, app: App, guild_id: int, find_member: FindMember) -> None:
        self._app, self._guild_id, self._find_member = app, guild_id, find_member
        self._known: dict[int, bool] = {}

    async def enough(self, people: Sequence[int]) -> bool:
        """True if at least MIN_PEOPLE of these people agreed and are members now."""
        count = 0
        for person in people:
            if person not in self._known and len(self._known) < MAX_ASKED:
                self._known[person] = await self._counts(person)
            count += self._known.get(person, False)
            if count == MIN_PEOPLE:
                return True
        return False

    async def _counts(self, person: int) -> bool:
        """True if the person agreed and is a member. If Discord does not say, they do not count."""
        try:
            member = await named_member(self._app, self._guild_id, person, self._find_member)
        except MemberNotKnown:
            return False
        return member is not None


def _tonight(now: LocalHour) -> LocalHour:
    """Returns the present hour in the evening and at night, and this day's evening by day."""
    return LocalHour(EVENING_HOUR, now.weekday) if 4 <= now.hour < EVENING_HOUR else now


async def _kept_films(
    app: App, served: Served, requester: Requester, facts: RequesterFacts
) -> tuple[Rows, list[int], int]:
    """Returns the rows of the films that the requester keeps and that may be shown here.

    Also returns the ids of those that are only named, the newest first, which no model ranks, and
    how many films they keep that may not be shown here.
    """
    async with app.db.read(quick=True) as conn:
        kept = await watchlist.kept(conn, requester.person_id)
    world = served.model.catalogue
    here = Facts(
        never_tags=facts.never_tags, family_safe=facts.family_safe, adult_ok=facts.adult_ok
    )
    everything = _rows_of(served, list(kept), np.ones(len(world), np.bool_))
    allowed = apply_filters(world, arrays.query(world, here)).films
    shown = everything[allowed[everything]]
    films = served.library.films
    named = [film for film in reversed(kept) if film in films and films[film].only_named]
    library = served.library.shown(facts.adult_ok)
    fit = [film for film in named if film in library.films and not facts.family_safe]
    return shown, fit, len(everything) - len(shown) + len(named) - len(fit)


def _rows_of(served: Served, film_ids: Sequence[int], allowed: Bools) -> Rows:
    """Returns the rows of those films that are in the catalogue and allowed.

    allowed: (films,) True if a film may be shown.
    """
    rows = served.model.catalogue.films.rows(np.array(film_ids, np.int64))
    rows = rows[rows >= 0]
    return np.asarray(rows[allowed[rows]])


def _lines(served: Served, facts: RequesterFacts, picks: Sequence[Pick]) -> tuple[Line, ...]:
    audience = replace(PERSON, adult_ok=facts.adult_ok, unnamed=facts.unnamed)
    ids = served.model.catalogue.films.ids(np.array([pick.film for pick in picks], np.int64))
    return tuple(
        served.library.line(film, reason(served, pick, facts.ratings, audience=audience))
        for film, pick in zip(ids.tolist(), picks, strict=True)
    )

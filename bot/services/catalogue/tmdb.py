"""Fetches posters, and where to watch films, from TMDB, one film after the other.

The Movie Database (developer.themoviedb.org) finds a film by its id at TMDB or IMDb, or by title
and year. Whatever it answers is checked: a poster of another film is worse than none. Its data on
where to watch come from JustWatch, which has to be named next to them.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.services.catalogue.posters import POSTER_PLACE, FilmPoster, Offers, Posters
from storage.catalogue.films import Film
from storage.catalogue.titles import normalise_title

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10.0
PAUSE_SECONDS = 0.25
"""Between two films. TMDB asks for no more than some 40 requests a second."""

KEY_PAUSE_SECONDS = 3600.0
"""After TMDB refused the key, it is asked again only after this time."""

FIRST_FAILURE_SECONDS, MAX_FAILURE_SECONDS = 30.0, 3600.0
"""After an answer that cannot be used, TMDB is left alone for this time. It doubles each time."""

MAX_BYTES = 1 << 20  # of an answer
MAX_YEARS_APART = 1
MAX_SERVICES, MAX_NAME_CHARACTERS = 5, 40
POSTER_PATH = re.compile(r"/[\w-]{1,80}\.(?:jpg|png)")
KEY_FORM = re.compile("[0-9a-f]{32}")
"""A key of TMDB's version 3. Anything else is a token, which goes into a header."""

STREAMS, SHOPS = ("flatrate", "free", "ads"), ("rent", "buy")


class TmdbTroubled(Exception):
    """TMDB did not answer, or not with something that can be used.

    Attributes:
        seconds: how long to leave it alone; None if it did not say.
    """

    def __init__(self, cause: str, seconds: float | None = None) -> None:
        super().__init__(cause)
        self.seconds = seconds


class NoSuchFilm(Exception):
    """TMDB does not have the film, or only one that is not surely the same."""


@dataclass(frozen=True)
class WantedFilm:
    """A film whose poster is to be fetched.

    Attributes:
        film: the film as the catalogue has it.
        tmdb: its id at TMDB; None if it is not known.
        imdb: its id at IMDb; None if it is not known.
    """

    film: Film
    tmdb: str | None
    imdb: str | None


class TmdbClient:
    """Asks TMDB about films, through one session."""

    def __init__(self, session: aiohttp.ClientSession, place: str, key: str) -> None:
        self._session = session
        self._place = place.rstrip("/")
        self._in_query = {"api_key": key} if KEY_FORM.fullmatch(key) else {}
        self._headers = {} if self._in_query else {"Authorization": " ".join(("Bearer", key))}

    async def poster_of(self, wanted: WantedFilm, now: datetime) -> FilmPoster:
        """Returns what TMDB has of a film; an empty poster if it surely has not this film.

        Raises TmdbTroubled.
        """
        try:
            number = wanted.tmdb or await self._find(wanted)
            found = await self._get(f"/3/movie/{number}", append_to_response="watch/providers")
            if not is_same(found, wanted.film):
                return FilmPoster(now)
            return read_poster(found, now)
        except NoSuchFilm:
            return FilmPoster(now)
        except (TypeError, AttributeError, ValueError, LookupError, RecursionError) as failure:
            raise TmdbTroubled(f"other-form ({failure})") from None

    async def _find(self, wanted: WantedFilm) -> str:
        """Returns a film's id at TMDB. Raises NoSuchFilm."""
        if wanted.imdb is not None:
            answer = await self._get(f"/3/find/{wanted.imdb}", external_source="imdb_id")
            found = answer["movie_results"]
        else:
            year = {} if wanted.film.year is None else {"year": str(wanted.film.year)}
            answer = await self._get("/3/search/movie", query=wanted.film.title, **year)
            found = answer["results"]
        for one in found:
            if is_same(one, wanted.film):
                return str(int(one["id"]))
        raise NoSuchFilm

    async def _get(self, path: str, **query: str) -> Mapping[str, Any]:
        try:
            async with self._session.get(
                self._place + path,
                params=query | self._in_query,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                allow_redirects=False,
            ) as answer:
                if answer.status == 404:
                    raise NoSuchFilm
                if answer.status in (401, 403):
                    raise TmdbTroubled("key-refused", KEY_PAUSE_SECONDS)
                if answer.status == 429:
                    raise TmdbTroubled("too-many-requests", _seconds(answer))
                if answer.status != 200:
                    raise TmdbTroubled(f"status-{answer.status}")
                text = await _body(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            raise TmdbTroubled(type(failure).__name__) from None
        found = json.loads(text)
        if not isinstance(found, dict):
            raise TmdbTroubled("other-form")
        return found


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """Returns what an answer says. Raises TmdbTroubled if it is longer than MAX_BYTES."""
    text = b""
    async for part in answer.content.iter_chunked(1 << 16):
        text += part
        if len(text) > MAX_BYTES:
            raise TmdbTroubled("too-long")
    return text


def _seconds(answer: aiohttp.ClientResponse) -> float | None:
    """Returns for how long the header `Retry-After` asks to wait; None without a number."""
    given = answer.headers.get("Retry-After", "")
    return min(float(given), MAX_FAILURE_SECONDS) if re.fullmatch("[0-9]{1,6}", given) else None


def is_same(found: Mapping[str, Any], film: Film) -> bool:
    """True if a film of TMDB is surely a film of the catalogue: by a title, and the year.

    A film flagged adult is only the same if the catalogue flags it too.
    """
    known = {
        normalise_title(title)
        for title in (film.title, film.original_title, *film.aliases)
        if title
    }
    titles = {normalise_title(str(found.get(name) or "")) for name in ("title", "original_title")}
    year = re.match("[0-9]{4}", str(found.get("release_date") or ""))
    if not known & titles or (found.get("adult") and not film.adult):
        return False
    if film.year is None or year is None:
        return film.year is None
    return abs(int(year[0]) - film.year) <= MAX_YEARS_APART


def read_poster(found: Mapping[str, Any], now: datetime) -> FilmPoster:
    """Returns the poster and the offers of an answer of TMDB. What has another form is left out."""
    path = found.get("poster_path")
    poster = POSTER_PLACE + path if isinstance(path, str) and POSTER_PATH.fullmatch(path) else None
    offers: dict[str, Offers] = {}
    by_country = (found.get("watch/providers") or {}).get("results") or {}
    for country, ways in by_country.items():
        if re.fullmatch("[A-Z]{2}", country):
            read = Offers(_services(ways, STREAMS), _services(ways, SHOPS))
            if read.stream or read.rent:
                offers[intern(country)] = read
    return FilmPoster(now, poster, offers)


def _services(ways: Mapping[str, Any], kinds: Sequence[str]) -> tuple[str, ...]:
    """Returns the names of services, each once. kinds: ways of watching, as TMDB names them."""
    names = [
        intern(str(one["provider_name"])[:MAX_NAME_CHARACTERS])
        for kind in kinds
        for one in ways.get(kind) or ()
    ]
    return tuple(dict.fromkeys(names))[:MAX_SERVICES]


async def fetch_all(
    posters: Posters,
    client: TmdbClient,
    find: Callable[[int], Awaitable[WantedFilm | None]],
    keep: Callable[[], Awaitable[None]],
    clock: Clock,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Fetches the films that are wanted, one after the other, until it is cancelled.

    find: returns what to ask for a film; None for a film that is not in the catalogue any more.
    keep: writes what was fetched to disk.
    sleep: waits for a number of seconds.
    """
    pause = FIRST_FAILURE_SECONDS
    while True:
        film_id = await posters.next_wanted()
        try:
            wanted = await find(film_id)
            if wanted is None:
                continue
            posters.keep(film_id, await client.poster_of(wanted, clock()))
            await keep()
        except Exception as failure:
            asked = failure.seconds if isinstance(failure, TmdbTroubled) else None
            known = isinstance(failure, TmdbTroubled)
            log.warning("no poster of film %d from TMDB: %s", film_id, failure, exc_info=not known)
            posters.want_again(film_id)
            await sleep(asked or pause)
            pause = min(2 * pause, MAX_FAILURE_SECONDS)
        else:
            pause = FIRST_FAILURE_SECONDS
            await sleep(PAUSE_SECONDS)

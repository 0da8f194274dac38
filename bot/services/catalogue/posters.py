"""Posters of films, and where to watch them by country: what TMDB said, kept for a while.

Answers only read what is in memory, and never wait for TMDB. A film whose poster is missing or old
is noted, and `tmdb.py` fetches it in the background. TMDB's terms allow a copy for six months at
most, so it is in a file of its own that no backup of the database has.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from sys import intern
from typing import Any

from bot.services.zone_tables import places

log = logging.getLogger(__name__)

MAX_AGE = timedelta(days=180)
"""What TMDB said is dropped after this time: its terms allow at most six months."""

FRESH_AGE = timedelta(days=30)
"""What is older than this is fetched again when the film is shown. It is shown meanwhile."""

MAX_CLOCK_ERROR = timedelta(days=1)
MAX_WANTED = 500
MAX_KEPT = 2_000  # films; each takes some 10 KB with the offers of sixty countries
POSTER_PLACE = "https://image.tmdb.org/t/p/w342"
"""Where TMDB has posters, 342 pixels wide."""


@dataclass(frozen=True)
class Offers:
    """Where a film can be watched in one country, by JustWatch.

    Attributes:
        stream: names of services on which it can be streamed with a subscription or for free.
        rent: names of shops where it can be rented or bought.
    """

    stream: tuple[str, ...] = ()
    rent: tuple[str, ...] = ()


@dataclass(frozen=True)
class FilmPoster:
    """What TMDB said of a film.

    Attributes:
        at: when, UTC.
        poster: https address of the poster; None if TMDB has no poster or not this film.
        offers: where the film can be watched, by the country's ISO code.
    """

    at: datetime
    poster: str | None = None
    offers: Mapping[str, Offers] = field(default_factory=dict)


@dataclass
class Posters:
    """What is known of posters, and which films are to be fetched.

    Attributes:
        fetches: True if there is a key for TMDB. Without one nothing is wanted or shown.
    """

    fetches: bool = False
    _known: dict[int, FilmPoster] = field(default_factory=dict)
    _wanted: dict[int, None] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def poster(self, film_id: int, now: datetime) -> str | None:
        """Returns the address of a film's poster; None if it is not known."""
        found = self._look(film_id, now)
        return found.poster if found else None

    def offers(self, film_id: int, country: str, now: datetime) -> Offers | None:
        """Returns where a film can be watched; None if that is not known.

        country: the ISO code, such as "DE".
        """
        found = self._look(film_id, now)
        return found.offers.get(country) if found else None

    def _look(self, film_id: int, now: datetime) -> FilmPoster | None:
        if not self.fetches:
            return None
        found = self._known.get(film_id)
        if found is not None and not is_usable(found, now):
            del self._known[film_id]
            found = None
        if found is None or now - found.at > FRESH_AGE:
            self._wanted[film_id] = None
            if len(self._wanted) > MAX_WANTED:
                del self._wanted[next(iter(self._wanted))]
            self._news.set()
        return found

    async def next_wanted(self) -> int:
        """Waits for a film that is to be fetched. The one that was shown last comes first."""
        while not self._wanted:
            self._news.clear()
            await self._news.wait()
        return self._wanted.popitem()[0]

    def want_again(self, film_id: int) -> None:
        """Notes that a film could not be fetched and is to be fetched later."""
        self._wanted = {film_id: None} | self._wanted

    def keep(self, film_id: int, poster: FilmPoster) -> None:
        """Keeps what TMDB said of a film. Of more than MAX_KEPT films, the oldest is dropped."""
        self._known.pop(film_id, None)
        self._known[film_id] = poster
        if len(self._known) > MAX_KEPT:
            del self._known[next(iter(self._known))]

    def usable(self, now: datetime) -> dict[int, FilmPoster]:
        """Drops what is too old, and returns the rest by film."""
        self._known = {film: one for film, one in self._known.items() if is_usable(one, now)}
        return dict(self._known)


def is_usable(poster: FilmPoster, now: datetime) -> bool:
    """True if what TMDB said may still be kept. A time that is still to come is not believed."""
    return now - MAX_AGE < poster.at < now + MAX_CLOCK_ERROR


def read(file: Path, now: datetime, *, fetches: bool) -> Posters:
    """Returns what a file has. A file that cannot be read, or that is missing, has nothing.

    fetches: True if there is a key for TMDB.
    """
    posters = Posters(fetches)
    if not fetches:
        return posters
    try:
        stored = json.loads(file.read_text("utf-8"))
        for film, one in stored.items():
            poster = _poster(one)
            if is_usable(poster, now):
                posters.keep(int(film), poster)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
        log.warning("%s cannot be read; posters are fetched again: %s", file.name, failure)
    return posters


def write(file: Path, kept: Mapping[int, FilmPoster]) -> None:
    """Writes what TMDB said of films to a file."""
    stored = {film: asdict(one) | {"at": one.at.isoformat()} for film, one in kept.items()}
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps(stored), "utf-8")
    partial.replace(file)


def _poster(stored: Mapping[str, Any]) -> FilmPoster:
    offers = {
        intern(country): Offers(*(tuple(map(intern, one[way])) for way in ("stream", "rent")))
        for country, one in stored["offers"].items()
    }
    return FilmPoster(datetime.fromisoformat(stored["at"]), stored["poster"], offers)


def country_of(zone: str) -> str | None:
    """Returns the ISO code of the country of a time zone; None if it has no country."""
    return next((country for name, country in places() if name == zone and country), None)

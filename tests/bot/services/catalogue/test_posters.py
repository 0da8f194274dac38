"""Posters from a server on loopback that answers like TMDB, on good days and on bad ones."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.services.app import App
from bot.services.catalogue.posters import MAX_AGE, FilmPoster, Offers, country_of, read, write
from bot.services.operations import posters
from bot.settings import Settings
from bot.wiring import open_app
from storage.catalogue.films import Film
from tests.bot.fitted import Time
from tests.direct import run
from tests.house import FEWEST_FILMS, stocked, until
from tests.tmdb import POSTER, Loopback, good, listening

NOW = datetime(2026, 3, 11, 18, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Cinema:
    """The application with a key, while posters are fetched.

    Attributes:
        film: a film of the catalogue.
    """

    app: App
    clock: Time
    tmdb: Loopback
    film: Film

    def poster(self) -> str | None:
        return self.app.posters.poster(self.film.id, self.clock())

    async def asked(self, count: int = 1) -> None:
        await until(lambda: len(self.tmdb.asked) >= count, "asked")

    async def fetched(self) -> FilmPoster:
        known = self.app.posters._known
        self.poster()
        await until(lambda: self.film.id in known, "fetched")
        return known[self.film.id]


@pytest.fixture
async def cinema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cinema]:
    monkeypatch.setattr("bot.services.catalogue.tmdb.FIRST_FAILURE_SECONDS", 0.02)
    monkeypatch.setattr("bot.services.catalogue.tmdb.PAUSE_SECONDS", 0.0)
    async with listening() as loopback:
        settings = Settings(data=tmp_path / "data", tmdb_token=KEY, tmdb_url=loopback.url)
        await stocked(settings.database, FEWEST_FILMS)
        clock = Time(NOW)
        async with open_app(settings, clock) as app:
            library = app.live.served.library
            film = next(one for one in library.films.values() if one.year and not one.adult)
            async with app.db.write() as conn:
                await conn.exec_driver_sql("delete from external_ids")
            loopback.films[str(film.id)] = film
            stopping = asyncio.Event()
            work = asyncio.create_task(posters.fetch(app, stopping))
            yield Cinema(app, clock, loopback, film)
            stopping.set()
            await work


async def test_a_film_is_found_by_title_and_kept(cinema: Cinema) -> None:
    assert cinema.poster() is None, "nobody waits for it"
    found = await cinema.fetched()
    assert found.poster == POSTER
    assert found.offers["DE"] == Offers(("Netflix",), ("Apple TV",))
    assert found.offers["FR"] == Offers((), ("Rakuten TV",))
    assert cinema.poster() == POSTER
    assert cinema.tmdb.asked == ["/3/search/movie", f"/3/movie/{cinema.film.id}"]
    assert cinema.tmdb.keys == {KEY}
    await posters.write(cinema.app)
    again = read(cinema.app.settings.posters, NOW, fetches=True)
    assert again.poster(cinema.film.id, NOW) == POSTER
    assert again.offers(cinema.film.id, "DE", NOW) == found.offers["DE"]
    assert again.poster(cinema.film.id, NOW + MAX_AGE) is None, "six months are over"
    write(cinema.app.settings.posters, again.usable(NOW + MAX_AGE))
    assert cinema.app.settings.posters.read_text() == "{}"
    assert read(cinema.app.settings.posters, NOW, fetches=False).poster(1, NOW) is None


async def test_ids_are_used_where_they_are_known(cinema: Cinema) -> None:
    cinema.tmdb.films["tt0000001"] = cinema.film
    async with cinema.app.db.write() as conn:
        await run(
            conn, "insert into external_ids values ('imdb', 'tt0000001', ?)", (cinema.film.id,)
        )
    await cinema.fetched()
    assert cinema.tmdb.asked[0] == "/3/find/tt0000001"
    async with cinema.app.db.write() as conn:
        known = (cinema.film.id, cinema.film.id)
        await run(conn, "insert into external_ids values ('tmdb', ?, ?)", known)
    cinema.app.posters._known.clear()
    cinema.tmdb.asked.clear()
    await cinema.fetched()
    assert cinema.tmdb.asked == [f"/3/movie/{cinema.film.id}"]


WRONG: dict[str, Callable[[Film], Any]] = {
    "another title": lambda film: good(film) | {"title": "Another film"},
    "another year": lambda film: good(film) | {"release_date": f"{film.year + 3}-01-01"},
    "no year": lambda film: good(film) | {"release_date": ""},
    "for adults": lambda film: good(film) | {"adult": True},
    "gone": lambda film: web.Response(status=404, text="{}"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_film_shows_nothing_and_is_not_asked_again(cinema: Cinema, name: str) -> None:
    cinema.tmdb.answer = WRONG[name]
    found = await cinema.fetched()
    assert (found.poster, found.offers) == (None, {})
    asked = len(cinema.tmdb.asked)
    assert cinema.poster() is None
    await asyncio.sleep(0)
    assert len(cinema.tmdb.asked) == asked


BAD: dict[str, Callable[[Film], Any]] = {
    "the key is refused": lambda film: web.Response(status=401),
    "too many": lambda film: web.Response(status=429, headers={"Retry-After": "0"}),
    "broken": lambda film: web.Response(status=500),
    "no JSON": lambda film: web.Response(text="<html>"),
    "a list": lambda film: web.Response(text="[1]"),
    "another form": lambda film: web.Response(text='{"results": 1, "movie_results": [1]}'),
    "endless": lambda film: web.Response(text="[" * (2 << 20)),
    "moved": lambda film: web.Response(status=302, headers={"Location": "https://x.org"}),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_day_is_waited_out(
    cinema: Cinema, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.services.catalogue.tmdb.KEY_PAUSE_SECONDS", 0.02)
    cinema.tmdb.answer = BAD[name]
    assert cinema.poster() is None
    await cinema.asked(2)
    assert cinema.poster() is None, "nothing wrong is shown"
    assert KEY not in caplog.text
    cinema.tmdb.answer = good
    assert (await cinema.fetched()).poster == POSTER


async def test_odd_parts_are_left_out(cinema: Cinema) -> None:
    odd = {"poster_path": "//evil.org/x.jpg", "watch/providers": {"results": {"Germany": {}}}}
    cinema.tmdb.answer = lambda film: good(film) | odd
    found = await cinema.fetched()
    assert (found.poster, found.offers) == (None, {})


async def test_what_is_shown_again_after_a_month_is_fetched_again(cinema: Cinema) -> None:
    await cinema.fetched()
    cinema.tmdb.answer = lambda film: web.Response(status=404, text="{}")
    cinema.clock.pass_(days=31)
    assert cinema.poster() == POSTER, "shown meanwhile"
    await until(lambda: cinema.poster() is None, "the film is gone at TMDB")
    cinema.clock.now -= timedelta(days=3)  # the clock was ahead
    assert cinema.poster() is None


def test_a_spoiled_file_is_read_as_nothing(tmp_path: Path) -> None:
    file = tmp_path / "posters.json"
    for text in ("", "{", "[]", '{"1": {}}', '{"x": {"at": "2026-03-11T18:00:00+00:00"}}', "\0"):
        file.write_text(text)
        assert read(file, NOW, fetches=True).poster(1, NOW) is None


async def test_a_full_disk_ends_nothing(cinema: Cinema, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot's other jobs end with one that fails."""
    monkeypatch.setattr(posters, "WRITE_SECONDS", 0.0)
    monkeypatch.setattr(posters, "DROP_SECONDS", 0.0)
    cinema.app.settings.posters.with_suffix(".part").mkdir()
    assert (await cinema.fetched()).poster == POSTER
    cinema.app.settings.posters.mkdir()
    without = replace(
        cinema.app, settings=cinema.app.settings.model_copy(update={"tmdb_token": None})
    )
    await posters.fetch(without, asyncio.Event())


def test_the_country_follows_the_time_zone() -> None:
    assert [country_of(zone) for zone in ("Europe/Berlin", "Asia/Seoul", "UTC")] == [
        "DE",
        "KR",
        None,
    ]

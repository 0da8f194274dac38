"""A server on loopback that answers like TMDB, for tests of posters."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from storage.catalogue.films import Film

POSTER = "https://image.tmdb.org/t/p/w342/abc.jpg"
OFFERS = {
    "DE": {
        "link": "https://www.themoviedb.org/movie/1/watch",
        "flatrate": [{"provider_name": "Netflix"}, {"provider_name": "Netflix"}],
        "rent": [{"provider_name": "Apple TV"}],
    },
    "FR": {"buy": [{"provider_name": "Rakuten TV"}]},
}


@dataclass
class Loopback:
    """A server that answers like TMDB.

    Attributes:
        answer: called with the film that a request is about; returns the answer.
        asked: the paths of the requests, in order.
        url: where it listens.
    """

    films: dict[str, Film] = field(default_factory=dict)
    answer: Callable[[Film], Any] = lambda film: good(film)
    asked: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.keys.add(request.query.get("api_key") or request.headers.get("Authorization", ""))
        await asyncio.sleep(0)
        film = self._film(request)
        found = self.answer(film)
        if asyncio.iscoroutine(found):
            found = await found
        if isinstance(found, web.Response):
            return found
        if request.path.startswith("/3/find"):
            return web.json_response({"movie_results": [found]})
        if request.path.startswith("/3/search"):
            return web.json_response({"results": [found]})
        return web.json_response(found)

    def _film(self, request: web.Request) -> Film:
        end = request.path.rsplit("/", 1)[1]
        if end == "movie":
            return next(x for x in self.films.values() if x.title == request.query["query"])
        return self.films[end]


def good(film: Film) -> dict[str, Any]:
    return {
        "id": film.id,
        "title": film.title,
        "release_date": f"{film.year}-05-04",
        "poster_path": "/abc.jpg",
        "watch/providers": {"results": OFFERS},
    }


@asynccontextmanager
async def listening() -> AsyncIterator[Loopback]:
    loopback = Loopback()
    server = web.Application()
    server.router.add_get("/{path:.*}", loopback.handle)
    runner = web.AppRunner(server, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    loopback.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield loopback
    await runner.cleanup()

"""Fetches the posters of films that people were shown, in the background, if there is a key."""

import asyncio
import time
from contextlib import AsyncExitStack, suppress

import aiohttp

from bot.services.app import App
from bot.services.catalogue import posters, tmdb
from bot.services.catalogue.tmdb import TmdbClient, WantedFilm
from storage.catalogue import films

WRITE_SECONDS = 60.0
"""The file is written at most this often, and at the end."""

DROP_SECONDS = 6 * 3600.0
"""How often the file is written without what is too old, even if nothing was fetched."""


async def fetch(app: App, stopping: asyncio.Event) -> None:
    """Fetches the posters that are wanted until `stopping` is set.

    Without a key, nothing is fetched, and what was fetched before is deleted.
    """
    key = app.settings.tmdb_token
    if key is None:
        await asyncio.to_thread(app.settings.posters.unlink, missing_ok=True)
        return
    written_at = time.monotonic()

    async def find(film_id: int) -> WantedFilm | None:
        film = app.live.served.library.films.get(film_id)
        if film is None:
            return None
        async with app.db.read() as conn:
            at_tmdb = await films.tmdb_id(conn, film_id)
            return WantedFilm(film, at_tmdb, await films.imdb_id(conn, film_id))

    async def keep() -> None:
        nonlocal written_at
        if time.monotonic() - written_at >= WRITE_SECONDS:
            written_at = time.monotonic()
            await write(app)

    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = TmdbClient(session, app.settings.tmdb_url, key.get_secret_value())
        fetching = asyncio.create_task(
            tmdb.fetch_all(app.posters, client, find, keep, app.clock), name="tmdb"
        )
        while not stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), DROP_SECONDS)
            await write(app)
        fetching.cancel()
        await asyncio.gather(fetching, return_exceptions=True)


async def write(app: App) -> None:
    """Writes what was fetched to its file. What is too old is left out."""
    await asyncio.to_thread(posters.write, app.settings.posters, app.posters.usable(app.clock()))

"""Fetches the posters of films that people were shown, in the background, if there is a key."""

import asyncio
import logging
import time
from contextlib import AsyncExitStack, suppress

import aiohttp

from bot.services.app import App
from bot.services.catalogue import posters, tmdb
from bot.services.catalogue.tmdb import TmdbClient, WantedFilm
from storage.catalogue import films

log = logging.getLogger(__name__)

WRITE_SECONDS = 60.0
"""The file is written at most this often, and at the end."""

DROP_SECONDS = 6 * 3600.0
"""How often the file is written without what is too old, even if nothing was fetched."""


async def fetch(app: App, stopping: asyncio.Event) -> None:
    """Fetches the posters that are wanted until `stopping` is set.

    Without a key, nothing is fetched, and what was fetched before is deleted. If the file cannot be
    written or deleted, the bot goes on with what is in memory.
    """
    key = app.settings.tmdb_token
    if key is None:
        try:
            await asyncio.to_thread(app.settings.posters.unlink, missing_ok=True)
        except OSError as failure:
            log.warning("%s is not deleted: %s", app.settings.posters.name, failure)
        return
    written_at = time.monotonic()
    one_at_a_time = asyncio.Lock()

    async def write_file() -> None:
        async with one_at_a_time:
            await write(app)

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
            await write_file()

    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = TmdbClient(session, app.settings.tmdb_url, key.get_secret_value())
        fetching = asyncio.create_task(
            tmdb.fetch_all(app.posters, client, find, keep, app.clock), name="tmdb"
        )
        while not stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), DROP_SECONDS)
            await write_file()
        fetching.cancel()
        await asyncio.gather(fetching, return_exceptions=True)


async def write(app: App) -> None:
    """Writes what was fetched to its file. What is too old is left out.

    If the disk does not take it, it is written later.
    """
    file, kept = app.settings.posters, app.posters.usable(app.clock())
    try:
        await asyncio.to_thread(posters.write, file, kept)
    except OSError as failure:
        log.warning("%s is not written: %s", file.name, failure)

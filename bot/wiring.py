"""The one place that wires: bot, command line, playground and tests enter through `open_app`."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from threadpoolctl import threadpool_limits

from bot.clock import Clock, system_clock
from bot.services.app import App
from bot.services.experiments.treatment import read_definitions
from bot.services.serving import live_model
from bot.services.serving.experiment_arms import Experiments
from bot.services.serving.live_model import LiveModel
from bot.services.training import versions
from bot.settings import Settings
from storage import keyvalue, registry
from storage.catalogue import films
from storage.catalogue.loader import fingerprint, load_catalogue
from storage.database.engine import Database, open_database

log = logging.getLogger(__name__)

STARTER = "starter-catalogue"  # under which the database keeps the one that it has taken in


@contextlib.asynccontextmanager
async def open_app(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[App]:
    """Open the data folder, bring the catalogue up to date, load the live model.

    Raises StorageError, CatalogueError or ExperimentError, in clear sentences, when something is in
    the way.
    """
    experiments = Experiments(await asyncio.to_thread(read_definitions, settings))
    # Serving does small products: one BLAS thread is several times faster than two (DESIGN.md).
    with threadpool_limits(1):
        async with open_database(settings.database, now=clock()) as db:
            await _refresh_catalogue(db, clock)
            live = LiveModel(await load_served(settings, db, clock))
            yield App(settings, clock, db, live, experiments=experiments)


async def load_served(settings: Settings, db: Database, clock: Clock) -> live_model.Served:
    """The live version over today's catalogue, read from disk; where it is damaged, the newest
    before it that served. What killed fits left is removed."""
    async with db.read() as conn:
        known = await films.all_films(conn)
        tags = await films.all_tags(conn)
        fitted = await registry.versions(conn)
    paths = {version.path for version in fitted}
    await asyncio.to_thread(versions.sweep_alone, settings.models, settings.fitting_lock, paths)
    chosen = versions.in_order(fitted)
    return await asyncio.to_thread(
        live_model.from_disk, settings.models, chosen, known, tags, now=clock()
    )


async def _refresh_catalogue(db: Database, clock: Clock) -> None:
    """Take the starter catalogue in where it has changed since the last start."""
    mark = await asyncio.to_thread(fingerprint)
    async with db.read() as conn:
        if await keyvalue.get_value(conn, STARTER) == mark:
            return
    starter = await asyncio.to_thread(load_catalogue)
    async with db.write() as conn:
        count = await films.merge(
            conn, starter.films, tags=starter.tags, source="starter", now=clock()
        )
        await keyvalue.set_value(conn, STARTER, mark)
    if count.added or count.changed:
        log.info("catalogue: %d films added, %d changed", count.added, count.changed)

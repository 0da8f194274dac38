"""Builds the application: everything that the services need, as one value.

The bot, the command line, the playground and the tests all get it from `open_app`.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from threadpoolctl import threadpool_limits

from bot.clock import Clock, system_clock
from bot.garbage import without_garbage_collection
from bot.observability.events import ImportEnded, tell
from bot.services.app import App
from bot.services.catalogue import posters
from bot.services.cluster.cluster import Cluster
from bot.services.experiments.treatment import read_definitions
from bot.services.feedback.scales import read_scales
from bot.services.languages import read_chosen
from bot.services.operations import mending
from bot.services.people import erasure
from bot.services.serving import live_model
from bot.services.serving.experiment_arms import Experiments
from bot.services.serving.live_model import LiveModel
from bot.services.training import versions
from bot.settings import Settings
from storage import keyvalue, registry
from storage.catalogue import films
from storage.catalogue.loader import fingerprint, load_catalogue
from storage.cluster.fenced import fenced
from storage.database.engine import Database, open_database
from storage.database.private import private_files
from storage.people.erasures import Erasures

STARTER_KEY = "starter-catalogue"
"""The key under which the database keeps a hash of the starter catalogue that was merged last."""

MERGE_VERSION = 2
"""A number that is increased when more is stored about the films of the starter catalogue, so that
it is merged again.
"""


@contextlib.asynccontextmanager
async def open_app(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[App]:
    """Opens the database, merges a changed starter catalogue into it, and loads the model that
    answers requests.

    The starter catalogue is the list of films that comes with Matinee. Within the `with` block,
    files that this process and its fits make can be read by their user only. If an older copy of
    the database was restored, data that people had deleted since are deleted again.

    clock: returns the present time.

    Raises StorageError if the database cannot be opened, CatalogueError if the starter catalogue
    cannot be read, and ExperimentError if the experiments are defined wrongly. str() of each is a
    sentence for the operator.
    """
    experiments = Experiments(await asyncio.to_thread(read_definitions, settings))
    # Answers multiply small matrices: one BLAS thread is several times faster than two.
    with threadpool_limits(1):
        async with open_stored(settings, clock) as (db, erasures):
            live = LiveModel(await load_served(settings, db, clock))
            shared = not isinstance(settings.database, Path)
            cluster = Cluster(settings.shards, _place(settings), clock, shared=shared)
            if not cluster.alone:
                db = fenced(db, cluster.check_place)
            app = App(settings, clock, db, live, erasures, cluster, experiments=experiments)
            app = replace(
                app,
                languages=await read_chosen(db),
                scales=await read_scales(db),
                posters=posters.read(
                    settings.posters, clock(), fetches=settings.tmdb_token is not None
                ),
            )
            try:
                yield app
            finally:
                await app.studio.close()


def _place(settings: Settings) -> str:
    """Returns a text that no process that runs at the same time has: machine, folder and shards."""
    return f"{socket.gethostname()}:{settings.data.absolute()}:{settings.shards}"


@contextlib.asynccontextmanager
async def open_stored(
    settings: Settings, clock: Clock = system_clock
) -> AsyncIterator[tuple[Database, Erasures]]:
    """Opens the database as `open_app` does, but loads no model.

    Yields the database, and the list of people who had everything deleted.
    """
    with private_files():
        async with open_database(settings.database, now=clock()) as db:
            erasures = await asyncio.to_thread(Erasures, settings.data)
            await erasure.repeat(db, erasures)
            await mending.note_first_start(db, clock())
            await _refresh_catalogue(db, clock)
            yield db, erasures


async def load_served(settings: Settings, db: Database, clock: Clock) -> live_model.Served:
    """Reads the live model (the version that answers requests) and joins it with the films in the
    database.

    If that version is damaged, the newest older version that has answered requests is read. Folders
    that were left by killed fits are removed.
    """
    with without_garbage_collection():
        await versions.sweep_if_idle(db, settings.models, settings.fitting_lock)
        async with db.read() as conn:
            stored = await films.all_films(conn)
            tags = await films.all_tags(conn)
            fitted = await registry.versions(conn)
        chosen = versions.servable(fitted)
        return await asyncio.to_thread(
            live_model.from_disk, settings.models, chosen, stored, tags, now=clock()
        )


async def _refresh_catalogue(db: Database, clock: Clock) -> None:
    """Merges the starter catalogue (the films that come with Matinee) into the database.

    Does nothing if it has not changed since the last start.
    """
    mark = f"{MERGE_VERSION} {await asyncio.to_thread(fingerprint)}"
    began = time.monotonic()
    async with db.read() as conn:
        if await keyvalue.get_value(conn, STARTER_KEY) == mark:
            return
    starter = await asyncio.to_thread(load_catalogue)
    async with db.write() as conn:
        count = await films.merge(
            conn, starter.films, tags=starter.tags, source="starter", now=clock()
        )
        await keyvalue.set_value(conn, STARTER_KEY, mark)
    seconds = time.monotonic() - began
    films_read = len(starter.films)
    tell(ImportEnded("starter", films_read, count.added, count.changed, 0, 0, seconds))

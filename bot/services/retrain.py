"""The nightly refit: one snapshot of the ratings, fitted off the event loop, swapped in whole."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.services import arrays, live_model
from bot.services.localtime import slot
from recommender import artifacts, training
from recommender.corpus import read_corpus
from recommender.data import Catalogue, Interactions, interactions
from recommender.pipeline import Config
from storage import films, ratings, registry
from storage.films import Film, Tag
from storage.ratings import RatingRow
from storage.registry import ModelVersion

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import App

log = logging.getLogger(__name__)


async def when_due(app: "App") -> str | None:
    """Refit if the last fit is older than the newest nightly hour; the new version, or None."""
    if app.fitting.locked():
        return None
    async with app.db.read() as conn:
        versions = await registry.versions(conn)
    newest = max((version.trained_at for version in versions), default=None)
    if newest is not None and newest >= last_slot(app, app.clock()):
        return None
    return await refit(app)


def last_slot(app: "App", now: datetime) -> datetime:
    """The newest nightly hour that is not after `now`."""
    zone = app.settings.timezone()
    today = now.astimezone(zone).date()
    tonight = slot(today, app.settings.retrain_at, zone)
    if tonight <= now:
        return tonight
    return slot(today - timedelta(days=1), app.settings.retrain_at, zone)


async def refit(app: "App", progress: Callable[[int, int], None] | None = None) -> str:
    """Fit on everything known now, write and register the version, serve it; its name."""
    async with app.fitting:
        now = app.clock()
        async with app.db.read() as conn:
            known = await films.all_films(conn)
            tags = await films.all_tags(conn)
            rows = await ratings.snapshot(conn)
        seed = app.settings.retrain_seed
        began = time.monotonic()
        served, path, metrics = await asyncio.to_thread(
            _fit, known, tags, rows, app.settings.corpus, app.settings.models, seed, now, progress
        )
        async with app.db.write() as conn:
            await registry.register(
                conn,
                ModelVersion(
                    version=served.version,
                    path=path.name,
                    fingerprint=served.version.rsplit("-", 1)[-1],
                    trained_at=now,
                    metrics=metrics,
                ),
            )
            await registry.promote(conn, served.version)
        app.live.swap(served)
        log.info(
            "model %s serves: %d films, %d ratings, %.1f s",
            served.version,
            len(known),
            metrics["ratings"],
            time.monotonic() - began,
        )
        return served.version


def _fit(
    known: Sequence[Film],
    tags: Sequence[Tag],
    rows: Sequence[RatingRow],
    corpus: "Path",
    folder: "Path",
    seed: int,
    now: datetime,
    progress: Callable[[int, int], None] | None,
) -> "tuple[live_model.Served, Path, dict[str, float]]":
    world = arrays.catalogue(known, tags)
    everyone = _together(arrays.ratings(rows, world.films), corpus, world)
    config = training.tuned(world, everyone, Config(), seed=seed)
    model = training.fit(world, everyone, config, seed=seed, now=now, progress=progress)
    path = artifacts.write(model, folder)
    metrics = {"ratings": float(len(everyone)), "live_ratings": float(len(rows))}
    return live_model.serve(model, known, tags), path, metrics


def _together(live: Interactions, corpus: "Path", world: "Catalogue") -> Interactions:
    """Live ratings and the background corpus, over the catalogue's films."""
    background = read_corpus(corpus)
    both = (live, background)
    return interactions(
        np.concatenate([part.people.ids(part.person) for part in both]),
        np.concatenate([part.films.ids(part.film) for part in both]),
        np.concatenate([part.stars for part in both]),
        np.concatenate([part.when for part in both]),
        films=world.films,
    )


async def metrics(app: "App", version: str) -> dict[str, float]:
    """What was noted of a version when it was registered."""
    async with app.db.read() as conn:
        versions = await registry.versions(conn)
    found = next((entry for entry in versions if entry.version == version), None)
    return dict(found.metrics) if found else {}

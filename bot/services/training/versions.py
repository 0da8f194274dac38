"""The versions of the model that are kept: listed, promoted, rolled back, pruned, and followed by a
running bot when another process chose another one."""

import asyncio
import logging
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import Sorry
from bot.services.serving import live_model
from recommender.training import artifacts
from recommender.training.artifacts import ArtifactError
from storage import registry
from storage.catalogue import films
from storage.catalogue.films import Film, Tag
from storage.database import locks
from storage.database.engine import reading
from storage.registry import ModelVersion

if TYPE_CHECKING:
    from bot.services.app import App

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """A kept version as it is shown. state: "serves", "kept" or "held back"; why: the judgement in
    one sentence; metrics: all that was recorded."""

    version: str
    state: str
    trained_at: datetime
    ratings: int
    people: int
    why: str
    figures: Mapping[str, Mapping[str, float]]
    seconds: float
    metrics: Mapping[str, Any]


def erasures(version: ModelVersion) -> int:
    """How many people had been deleted when a version was fitted."""
    return int(version.metrics.get("erasures", 0))


def of_moments(version: Version) -> str | None:
    """What was learned of the time of day and week and of moods, in a sentence; None where the
    version is from before that was asked."""
    learned = version.metrics.get("lift")
    if learned is None:
        return None
    events = f"{learned['events']:,} answers to picks"
    if not learned["events"]:
        return "Moments: nothing came of picks yet, so none is learned from."
    if not learned["strength"]:
        return f"Moments: {events} support no effect of hour, day or mood, so none is followed."
    levels = dict.fromkeys(one["level"] for one in learned["supports"])
    return (
        f"Moments: learned from {events} and followed at {learned['strength']:.0%}: "
        f"{', '.join(levels)}."
    )


async def listed(app: "App") -> tuple[Version, ...]:
    """All versions, newest first; "serves" is what answers in this process."""
    async with app.db.read() as conn:
        known = await registry.versions(conn)
    return tuple(_shown(version, app.live.served.version) for version in known)


async def shown(app: "App", name: str) -> Version:
    """One version, by its name or the beginning of it. Raises Sorry."""
    found = [one for one in await listed(app) if one.version.startswith(name)]
    exact = [one for one in found if one.version == name]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise Sorry(f"“{name[:40]}” begins {len(found)} versions; write more of it.")
    raise Sorry(f"There is no version “{name[:40]}”; `matinee models` lists them.")


async def promote(app: "App", name: str) -> str:
    """Let a version serve, whatever was judged; its name. Raises Sorry where there is none, and
    where it cannot be read."""
    chosen = (await shown(app, name)).version
    async with app.db.read() as conn:
        version = await registry.get(conn, chosen)
    if version is None:
        raise Sorry(f"{chosen} has just been removed; `matinee models` lists what there is.")
    await _swap(app, version)
    async with app.db.write() as conn:
        await registry.promote(conn, chosen, now=app.clock())
    log.info("model %s serves, by hand", chosen)
    return chosen


async def rollback(app: "App") -> str:
    """Let the version serve that served before the live one; its name. Raises Sorry where there is
    none that can be read."""
    async with app.db.read() as conn:
        known = await registry.versions(conn)
    live = next((version for version in known if version.is_live), None)
    for version in known:
        older = live is None or version.trained_at < live.trained_at
        if version.promoted_at is None or version.is_live or not older:
            continue
        try:
            artifacts.check(app.settings.models / version.path)
        except ArtifactError as error:
            log.warning("%s", error)
            continue
        return await promote(app, version.version)
    raise Sorry("There is no older version that has served and is still kept.")


async def tidy(app: "App") -> tuple[str, ...]:
    """Drop what is too old to be kept and needed by no experiment, and what knew somebody who was
    deleted before the serving version was fitted; the names of what went."""
    keep = app.settings.keep_models
    async with app.db.write() as conn:
        known = await registry.versions(conn)
        live = next((version for version in known if version.is_live), None)
        floor = erasures(live) if live is not None else 0
        if live is None and any(version.metrics.get("retire") for version in known):
            floor = max(erasures(version) for version in known)
        others = [version for version in known if not version.is_live]
        knowing = [version for version in others if erasures(version) < floor]
        needed = app.experiments.needed_versions(app.clock())
        rest = [v for v in others if v not in knowing and v.version not in needed]
        gone = knowing + rest[max(0, keep - (live is not None)) :]
        for version in gone:
            await registry.remove(conn, version.version)
    for version in gone:
        await asyncio.to_thread(shutil.rmtree, app.settings.models / version.path, True)
    if gone:
        log.info("models no longer kept: %s", ", ".join(version.version for version in gone))
    return tuple(version.version for version in gone)


async def follow(app: "App") -> None:
    """Serve the live version where another process made another one live."""
    async with app.db.read() as conn:
        version = await registry.live(conn)
    if version is None or version.version in (app.live.served.version, *app.live.unusable):
        return
    try:
        await _swap(app, version)
    except ArtifactError as error:
        app.live.unusable.add(version.version)
        log.warning("model %s cannot be used: %s", version.version, error)
        return
    log.info("model %s serves, as another process chose", version.version)


async def serve(app: "App", version: ModelVersion) -> live_model.Served:
    """A version read from disk over today's catalogue, not yet serving. Raises ArtifactError."""
    return await asyncio.to_thread(_loaded, app.settings.database, app.settings.models, version)


def _loaded(database: Path, models: Path, version: ModelVersion) -> live_model.Served:
    """The films are read here too, in a loop of this thread's own: there are many."""
    with live_model.without_garbage_collection():
        known, tags = asyncio.run(_catalogue(database))
        return live_model.load_version(models, version, known, tags)


async def _catalogue(database: Path) -> tuple[Sequence[Film], Sequence[Tag]]:
    async with reading(database) as conn:
        return await films.all_films(conn), await films.all_tags(conn)


async def unfitted(app: "App") -> live_model.Served:
    """What answers where no fitted version can."""
    async with app.db.read() as conn:
        known = await films.all_films(conn)
        tags = await films.all_tags(conn)
    now = app.clock()
    return await asyncio.to_thread(
        live_model.from_disk, app.settings.models, (), known, tags, now=now
    )


async def _swap(app: "App", version: ModelVersion) -> None:
    app.live.swap(await serve(app, version))


def sweep_alone(models: Path, lock: Path, known: Collection[str]) -> None:
    """As `sweep`, unless a fit is running."""
    with locks.held(lock) as mine:
        if mine:
            sweep(models, known)


def sweep(models: Path, known: Collection[str]) -> None:
    """Remove what killed fits left: folders that were never finished, and finished ones that were
    never registered. Only for who holds the lock. known: names of the registered folders."""
    if not models.is_dir():
        return
    for path in models.iterdir():
        if path.is_dir() and path.name not in known:
            shutil.rmtree(path, ignore_errors=True)
            if path.name.endswith(".part"):
                log.info("removed what an unfinished fit left: %s", path.name)


def in_order(known: Sequence[ModelVersion]) -> tuple[ModelVersion, ...]:
    """What may serve: the live version, then those that have served, the newest first."""
    live = [version for version in known if version.is_live]
    older = [version for version in known if not version.is_live and version.promoted_at]
    return (*live, *older) if live else ()


def _shown(version: ModelVersion, serving: str) -> Version:
    metrics = version.metrics
    judged = metrics.get("judged") or {}
    held_back = metrics.get("promote") is False and version.promoted_at is None
    state = "serves" if version.version == serving else "held back" if held_back else "kept"
    return Version(
        version=version.version,
        state=state,
        trained_at=version.trained_at,
        ratings=int(metrics.get("ratings", 0)),
        people=int(metrics.get("people", 0)),
        why=str(metrics.get("why", "")),
        figures=judged.get("figures", {}),
        seconds=sum((metrics.get("seconds") or {}).values()),
        metrics=metrics,
    )

"""Lists the kept versions of the model, lets one answer requests, and deletes old versions.

To promote a version is to let it answer requests. If another process promotes a version (a command
in a terminal), this process loads that version too.
"""

import asyncio
import logging
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import Sorry
from bot.garbage import without_garbage_collection
from bot.services.app import App
from bot.services.serving import live_model
from bot.services.training.fit_record import FitRecord
from recommender.errors import ArtifactError
from recommender.training import artifacts
from storage import registry
from storage.catalogue import films
from storage.catalogue.films import Film, Tag
from storage.database.address import Address
from storage.database.engine import Database, reading
from storage.database.sqlite import locks
from storage.registry import ModelVersion

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """A kept version of the model, as it is shown to people.

    Attributes:
        version: its name.
        state: "serves" if it answers requests; "held" if it has never answered requests and the
            record of its fit says that it may not; otherwise "kept".
        trained_at: when it was fitted, UTC.
        record: what is stored about the fit.
    """

    version: str
    state: str
    trained_at: datetime
    record: FitRecord

    @property
    def figures(self) -> Mapping[str, Mapping[str, float]]:
        """The figures of the version's comparison with the one that answered requests; {} without
        one.

        For each ranking ("new", "live" or "popularity"), there is a figure for each measure.
        """
        return self.record.judged.figures if self.record.judged is not None else {}

    @property
    def seconds(self) -> float:
        """How long the fit took, seconds."""
        return sum(self.record.seconds.values())


def erasures(version: ModelVersion) -> int:
    """Returns how many people's data had been deleted when a version was fitted."""
    return FitRecord.from_json(version.metrics).erasures


async def list_versions(app: App) -> tuple[Version, ...]:
    """Returns all versions, newest first.

    The one that answers in this process has the state "serves".
    """
    async with app.db.read() as conn:
        known = await registry.versions(conn)
    return tuple(_version(version, app.live.served.version) for version in known)


async def find_version(app: App, name: str) -> Version:
    """Returns the version with this name, else the only one whose name begins with `name`.

    Raises Sorry if there is no such version, or if several names begin with `name`.
    """
    found = [one for one in await list_versions(app) if one.version.startswith(name)]
    exact = [one for one in found if one.version == name]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise Sorry("several-versions", typed=name[:40], n=len(found))
    raise Sorry("no-such-version", typed=name[:40])


async def promote(app: App, name: str) -> str:
    """Lets a version answer requests, even if it was judged worse. Returns its name.

    Raises Sorry if there is no such version, ArtifactError if it cannot be read.
    """
    chosen = (await find_version(app, name)).version
    async with app.db.read() as conn:
        version = await registry.get(conn, chosen)
    if version is None:
        raise Sorry("version-just-removed", version=chosen)
    await _swap(app, version)
    async with app.db.write() as conn:
        await registry.promote(conn, chosen, now=app.clock())
    log.info("model %s serves, by hand", chosen)
    return chosen


async def rollback(app: App) -> str:
    """Lets an older version answer requests again. Returns its name.

    It is the newest version that was fitted before the live one, has answered requests before, and
    has undamaged files. Raises Sorry if there is no such version.
    """
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
    raise Sorry("no-older-version")


async def prune(app: App) -> tuple[str, ...]:
    """Deletes versions that need not be kept. Returns their names.

    The setting `keep_models` says how many are kept. Older ones are deleted unless an experiment
    needs them. If a person's data were deleted, versions that were fitted on their ratings are
    always deleted, as soon as a version without these ratings answers requests.
    """
    keep = app.settings.keep_models
    async with app.db.write() as conn:
        known = await registry.versions(conn)
        live = next((version for version in known if version.is_live), None)
        floor = erasures(live) if live is not None else 0
        if live is None and any(FitRecord.from_json(version.metrics).retire for version in known):
            floor = max(erasures(version) for version in known)
        others = [version for version in known if not version.is_live]
        now = app.clock()
        others.sort(key=lambda version: version.trained_at > now)  # later than now: deleted first
        fitted_to_deleted = [version for version in others if erasures(version) < floor]
        needed = app.experiments.needed_versions(app.clock())
        rest = [v for v in others if v not in fitted_to_deleted and v.version not in needed]
        removed = fitted_to_deleted + rest[max(0, keep - (live is not None)) :]
        for version in removed:
            await registry.remove(conn, version.version)
    for version in removed:
        await asyncio.to_thread(shutil.rmtree, app.settings.models / version.path, True)
    if removed:
        log.info("models no longer kept: %s", ", ".join(version.version for version in removed))
    return tuple(version.version for version in removed)


async def follow_registry(app: App) -> None:
    """If another process has made another version live, loads that version and answers with it.

    If another process has taken the version that answers here out of service, and none is live, a
    model that needs no ratings answers.
    """
    async with app.db.read(quick=True) as conn:
        version = await registry.live(conn)
        known = await registry.get(conn, app.live.served.version)
    if version is None and known is not None and known.promoted_at is not None:
        app.live.swap(await unfitted_model(app))
        log.warning("no fitted model serves until one is promoted: the live one had to stop")
        return
    if version is None or version.version in (app.live.served.version, *app.live.unusable):
        return
    try:
        await _swap(app, version)
    except ArtifactError as error:
        app.live.unusable.add(version.version)
        log.warning("model %s cannot be used: %s", version.version, error)
        return
    log.info("model %s serves, as another process chose", version.version)


async def load(app: App, version: ModelVersion) -> live_model.Served:
    """Returns a version, read from disk, with today's films. It does not answer requests yet.

    Raises ArtifactError if it is damaged.
    """
    return await asyncio.to_thread(_load, app.settings.database, app.settings.models, version)


def _load(database: Address, models: Path, version: ModelVersion) -> live_model.Served:
    """Returns a version, read from disk, with today's films.

    Call it in a worker thread. It reads the films in an event loop of that thread, because reading
    such a long list in the main event loop would delay answers.

    models: the folder of models.
    """
    with without_garbage_collection():
        known, tags = asyncio.run(_catalogue(database))
        return live_model.load_version(models, version, known, tags)


async def _catalogue(database: Address) -> tuple[Sequence[Film], Sequence[Tag]]:
    async with reading(database) as conn:
        return await films.all_films(conn), await films.all_tags(conn)


async def unfitted_model(app: App) -> live_model.Served:
    """Returns the model that answers if there is no usable fitted version. It needs no ratings."""
    async with app.db.read() as conn:
        known = await films.all_films(conn)
        tags = await films.all_tags(conn)
    now = app.clock()
    return await asyncio.to_thread(
        live_model.from_disk, app.settings.models, (), known, tags, now=now
    )


async def _swap(app: App, version: ModelVersion) -> None:
    app.live.swap(await load(app, version))


async def sweep_if_idle(db: Database, models: Path, lock: Path) -> None:
    """Deletes what interrupted fits left in the folder of models, unless a fit is running now.

    The registered versions are read while no fit can begin. A process that is stopped after reading
    them and goes on therefore deletes no version that another process has registered meanwhile.

    models: the folder of models.
    lock: the lock file of fits.
    """
    with locks.held(lock) as acquired:
        if not acquired:
            return
        async with db.read() as conn:
            known = {version.path for version in await registry.versions(conn)}
        await asyncio.to_thread(sweep, models, known)


def sweep(models: Path, known: Collection[str]) -> None:
    """Deletes what interrupted fits left in the folder of models.

    These are unfinished folders, and folders of versions that are not registered. Call it only
    while holding the lock file of fits.

    known: names of the registered versions' folders.
    """
    if not models.is_dir():
        return
    for path in models.iterdir():
        if path.is_dir() and path.name not in known:
            shutil.rmtree(path, ignore_errors=True)
            if path.name.endswith(".part"):
                log.info("removed what an unfinished fit left: %s", path.name)


def servable(known: Sequence[ModelVersion]) -> tuple[ModelVersion, ...]:
    """Returns the versions that may answer requests, in the order in which to try them.

    The first is the live version, which answers now. Those that were live before follow, newest
    first. Empty if no version is live.

    known: all registered versions.
    """
    live = [version for version in known if version.is_live]
    older = [version for version in known if not version.is_live and version.promoted_at]
    return (*live, *older) if live else ()


def _version(version: ModelVersion, serving: str) -> Version:
    """Returns a version as it is shown to people.

    serving: name of the version that answers in this process.
    """
    record = FitRecord.from_json(version.metrics)
    held_back = record.promote is False and version.promoted_at is None
    state = "serves" if version.version == serving else "held" if held_back else "kept"
    return Version(version.version, state, version.trained_at, record)

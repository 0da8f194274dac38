"""Retraining: when it is time, fit in a process of its own, judge, register, and serve what is no
worse. Answers go on meanwhile; what serves changes in one step, or not at all."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import Sorry
from bot.services.localtime import last_slot
from bot.services.training import fit_job, last_fit, versions
from bot.services.training.fit_job import FitFailed, FitResult, Job, Stopped
from recommender.errors import ArtifactError
from storage import registry
from storage.errors import StorageError
from storage.feedback import ratings
from storage.registry import ModelVersion

if TYPE_CHECKING:
    from bot.services.app import App

log = logging.getLogger(__name__)

APART = timedelta(hours=1)  # between two fits for new ratings, and after one that failed


@dataclass(frozen=True)
class RefitOutcome:
    """A new version, whether it serves, and why."""

    version: str
    promoted: bool
    why: str


async def when_due(app: "App", stop: asyncio.Event | None = None) -> RefitOutcome | None:
    """Retrain if it is time; None where it is not, and where no model came of it. Ends early once
    `stop` is set."""
    if app.fitting.lock.locked():
        return None
    await versions.follow(app)
    if not await _due(app):
        return None
    try:
        return await refit(app, stop=stop)
    except Stopped:
        log.info("the fit was stopped; the next start begins it anew")
    except FitFailed as failure:
        log.warning("no new model, %s goes on serving: %s", app.live.served.version, failure)
    return None


async def _due(app: "App") -> bool:
    """At the nightly hour, and when enough was rated since the last fit. Where nothing was fitted
    yet: at once if there is a background corpus, else counted from the first rating; nothing is
    fitted to no ratings at all."""
    now, settings = app.clock(), app.settings
    failed = app.fitting.failed_at
    if failed is not None and timedelta(0) <= now - failed < APART:
        return False
    async with app.db.read() as conn:
        known = await registry.versions(conn)
        since = max((version.trained_at for version in known), default=None)
        if since is None:
            if settings.corpus.exists():
                return True
            since = await ratings.first_at(conn)
        if since is None:
            return False
        if since < last_slot(now, settings.retrain_at, settings.timezone()):
            return True
        if not settings.retrain_after or (known and now - since < APART):
            return False
        return await ratings.count_since(conn, since) >= settings.retrain_after


async def refit(
    app: "App",
    progress: fit_job.Progress | None = None,
    *,
    stop: asyncio.Event | None = None,
    search: bool = False,
) -> RefitOutcome:
    """Retrain now. Raises FitFailed, or Stopped once `stop` is set; then nothing has changed."""
    async with app.fitting.lock:
        began, at = time.monotonic(), app.clock()
        await last_fit.note(app, at, "running")
        try:
            outcome = await _refit(app, progress, stop, search)
        except Stopped:
            app.metrics.fits.labels("stopped").inc()
            await last_fit.note(app, at, "stopped", last_fit.STOPPED)
            raise
        except Exception as error:
            app.fitting.failed_at = app.clock()
            app.metrics.fits.labels("failed").inc()
            await last_fit.note(app, at, "failed", _told(error))
            raise
        finally:
            await _swept(app)
        app.fitting.failed_at = None
        end: last_fit.End = "promoted" if outcome.promoted else "held back"
        app.metrics.fits.labels(end).inc()
        await last_fit.note(app, at, end, outcome.why)
        app.metrics.fit_seconds.set(time.monotonic() - began)
        await versions.tidy(app)
        return outcome


def _told(error: Exception) -> str:
    """Why a fit failed, for people."""
    if isinstance(error, Sorry | StorageError):
        return str(error)
    return f"An error that nobody foresaw ({type(error).__name__}); the log has all of it."


async def _refit(
    app: "App",
    progress: Callable[[str, int, int], None] | None,
    stop: asyncio.Event | None,
    search: bool,
) -> RefitOutcome:
    settings = app.settings
    async with app.db.read() as conn:
        served = await registry.get(conn, app.live.served.version)
    job = Job(
        database=settings.database.absolute(),
        corpus=settings.corpus.absolute(),
        models=settings.models.absolute(),
        lock=settings.fitting_lock.absolute(),
        now=app.clock(),
        seed=settings.retrain_seed,
        serving=None if served is None else served.version,
        search=search,
    )
    async with fit_job.fitted(job, progress, stop) as report:
        return await _take(app, report, job.now)


async def _take(app: "App", report: FitResult, now: datetime) -> RefitOutcome:
    """Register a version, and let it serve where it may. What is to serve is read first, so that
    nothing is promoted that cannot be."""
    promote, retire, why = (report.record[name] for name in ("promote", "retire", "why"))
    version = ModelVersion(
        version=report.version,
        path=report.path,
        fingerprint=report.version.rsplit("-", 1)[-1],
        trained_at=now,
        metrics=report.record,
    )
    try:
        served = await versions.serve(app, version) if promote else None
    except ArtifactError as error:
        raise FitFailed(f"The new model cannot be read back: {error}") from error
    async with app.db.write() as conn:
        if await registry.get(conn, version.version) is None:
            await registry.register(conn, version)
        if served is not None:
            await registry.promote(conn, version.version, now=now)
        elif retire:
            await registry.retire(conn)
    if served is not None:
        app.live.swap(served)
        log.info(
            "model %s serves: %d ratings of %d people; %s",
            version.version,
            report.record["ratings"],
            report.record["people"],
            why,
        )
        return RefitOutcome(version.version, True, why)
    log.warning("model %s was fitted and is held back: %s", version.version, why)
    if retire:
        app.live.swap(await versions.unfitted(app))
        log.warning("no fitted model serves: the live one knew somebody who has been deleted")
    return RefitOutcome(version.version, False, why)


async def _swept(app: "App") -> None:
    """Remove what a fit that did not end well has left."""
    async with app.db.read() as conn:
        known = {version.path for version in await registry.versions(conn)}
    settings = app.settings
    await asyncio.to_thread(versions.sweep_alone, settings.models, settings.fitting_lock, known)

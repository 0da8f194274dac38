"""Fits a new model when it is time, and lets it answer requests if it is no worse than the old one.

MATINEE_RETRAIN_AT and MATINEE_RETRAIN_AFTER in `bot/settings.py` set the hour of the nightly fit,
and the number of new ratings after which a fit is due earlier. The fit runs in a process of its
own, so the bot answers meanwhile. The model that answers is replaced in one step, or not at all.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import FitFailed, FitStopped, NotLeading, Sorry
from bot.observability.events import FitEnded, tell
from bot.services.app import App
from bot.services.localtime import last_slot
from bot.services.notes import Note, from_text, note, of_error
from bot.services.training import fit_job, last_fit, versions
from bot.services.training.fit_job import FitListener
from bot.services.training.fit_messages import FitJob, FitResult
from recommender.errors import ArtifactError
from storage import registry
from storage.errors import StorageError
from storage.feedback import ratings
from storage.registry import ModelVersion

log = logging.getLogger(__name__)

MIN_FIT_INTERVAL = timedelta(hours=1)  # between two fits for new ratings, and after a failed fit


@dataclass(frozen=True)
class RefitOutcome:
    """The outcome of a fit.

    Attributes:
        version: name of the new version.
        promoted: True if it answers requests from now on.
        why: why it does or does not.
        ratings: the number of ratings that it learned from.
        people: the number of people who gave these ratings.
    """

    version: str
    promoted: bool
    why: Note
    ratings: int
    people: int


async def refit_if_due(app: App, stop: asyncio.Event | None = None) -> RefitOutcome | None:
    """Fits a new model if a fit is due; returns its outcome.

    Returns None if no fit is due, if one is running, or if the fit produced no model. Ends the fit
    early once `stop` is set.
    """
    if app.fitting.lock.locked():
        return None
    await versions.follow_registry(app)
    if not await _due(app):
        return None
    try:
        return await refit(app, stop=stop)
    except FitStopped:
        log.info("the fit was stopped; the next start begins it anew")
    except FitFailed as failure:
        log.warning("no new model, %s goes on serving: %s", app.live.served.version, failure)
    return None


async def _due(app: App) -> bool:
    """True if it is time to fit a new model.

    A fit is due if the nightly hour has passed since the last fit, or if enough ratings were made
    since. The first fit is due at once if there are imported ratings. Otherwise it is due when the
    nightly hour has passed since the first rating, or when there are enough ratings. After a failed
    fit, no fit is due for MIN_FIT_INTERVAL.
    """
    now, settings = app.clock(), app.settings
    failed = app.fitting.failed_at
    if failed is not None and timedelta(0) <= now - failed < MIN_FIT_INTERVAL:
        return False
    async with app.db.read(quick=True) as conn:
        known = await registry.versions(conn)
        # A version that carries a later time would keep every fit from being due until then.
        known = tuple(version for version in known if version.trained_at <= now)
        since = max((version.trained_at for version in known), default=None)
        if since is None:
            if settings.corpus.exists():
                return True
            since = await ratings.first_at(conn)
        if since is None:
            return False
        if since < last_slot(now, settings.retrain_at, settings.timezone()):
            return True
        if not settings.retrain_after or (known and now - since < MIN_FIT_INTERVAL):
            return False
    async with app.db.read() as conn:
        return await ratings.count_since(conn, since, until=now) >= settings.retrain_after


async def refit(
    app: App,
    listener: FitListener | None = None,
    *,
    stop: asyncio.Event | None = None,
    search: bool = False,
) -> RefitOutcome:
    """Fits a new model now; returns its outcome.

    listener: is called with the fit's progress.
    search: True to search for better settings of the model first.

    Raises FitFailed, or FitStopped once `stop` is set, or NotLeading if another process leads by
    then; the old model stays.
    """
    async with app.fitting.lock:
        began, at = time.monotonic(), app.clock()
        await last_fit.record(app, at, "running")
        try:
            outcome = await _refit(app, listener, stop, search)
        except FitStopped:
            _tell_end(app, began, "stopped", last_fit.STOPPED_REASON)
            await last_fit.record(app, at, "stopped", last_fit.STOPPED_REASON)
            raise
        except NotLeading:  # nothing is stored, not even this
            _tell_end(app, began, "stopped", last_fit.STOPPED_REASON)
            raise
        except Exception as error:
            app.fitting.failed_at = app.clock()
            _tell_end(app, began, "failed", _reason(error))
            await last_fit.record(app, at, "failed", _reason(error))
            raise
        finally:
            await versions.sweep_if_idle(app.db, app.settings.models, app.settings.fitting_lock)
        app.fitting.failed_at = None
        end: last_fit.End = "promoted" if outcome.promoted else "held"
        _tell_end(app, began, end, outcome.why, outcome)
        await last_fit.record(app, at, end, outcome.why)
        await versions.prune(app)
        return outcome


def _tell_end(
    app: App, began: float, end: last_fit.End, why: Note, outcome: RefitOutcome | None = None
) -> None:
    """Counts the end of a fit, and writes it to the log as an event.

    began: the beginning, in monotonic seconds.
    why: the reason.
    outcome: what the fit produced; None if it failed or was stopped.
    """
    seconds = time.monotonic() - began
    app.metrics.fits.labels(end).inc()
    if outcome is None:
        tell(FitEnded(end, None, seconds, None, None, str(why)))
        return
    app.metrics.fit_seconds.set(seconds)
    tell(FitEnded(end, outcome.version, seconds, outcome.ratings, outcome.people, str(why)))


def _reason(error: Exception) -> Note:
    """Returns why a fit failed."""
    if isinstance(error, Sorry | StorageError):
        return of_error(error)
    return note("unforeseen-in-fit", error=type(error).__name__)


async def _refit(
    app: App, listener: FitListener | None, stop: asyncio.Event | None, search: bool
) -> RefitOutcome:
    settings = app.settings
    async with app.db.read() as conn:
        served = await registry.get(conn, app.live.served.version)
    job = FitJob(
        database=settings.database,
        corpus=settings.corpus.absolute(),
        models=settings.models.absolute(),
        lock=settings.fitting_lock.absolute(),
        now=app.clock(),
        seed=settings.retrain_seed,
        serving=None if served is None else served.version,
        search=search,
    )
    async with fit_job.run_fit(job, listener, stop) as result:
        return await _register(app, result, job.now)


async def _register(app: App, result: FitResult, now: datetime) -> RefitOutcome:
    """Registers a new version, and lets it answer requests if its fit's record allows that.

    The model is first read from disk, so that a version that cannot be read never becomes live.
    """
    record, why = result.record, from_text(result.record.why)
    version = ModelVersion(
        version=result.version,
        path=result.path,
        fingerprint=result.version.rsplit("-", 1)[-1],
        trained_at=now,
        metrics=record.to_json(),
    )
    try:
        served = await versions.load(app, version) if record.promote else None
    except ArtifactError as error:
        raise FitFailed("new-model-unreadable", problem=of_error(error)) from error
    async with app.db.write() as conn:
        if await registry.get(conn, version.version) is None:
            await registry.register(conn, version)
        if served is not None:
            await registry.promote(conn, version.version, now=now)
        elif record.retire:
            await registry.retire(conn)
    if served is not None:
        app.live.swap(served)
        log.info(
            "model %s serves: %d ratings of %d people; %s",
            version.version,
            record.ratings,
            record.people,
            why,
        )
        return RefitOutcome(version.version, True, why, record.ratings, record.people)
    log.warning("model %s was fitted and is held back: %s", version.version, why)
    if record.retire:
        app.live.swap(await versions.unfitted_model(app))
        log.warning("no fitted model serves until one is promoted: the live one had to stop")
    return RefitOutcome(version.version, False, why, record.ratings, record.people)

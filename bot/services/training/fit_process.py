"""The process that fits: `matinee fit-worker`, started by `bot/services/training/fit_job.py` and nobody else.

It reads one job as a line of JSON, tells its progress and at last its result as lines of JSON, and
waits until the version is registered, holding the lock of the data folder all the while. It ends at
once when its input closes, which is what a killed parent leaves behind. It runs at low priority on
half of the processors, so that answers are not late.
"""

import asyncio
import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Sorry
from bot.services.catalogue import arrays
from bot.services.serving import evidence
from bot.services.serving.evidence import Evidence
from bot.services.training import versions
from bot.services.training.fit_job import REGISTERED, Job
from recommender.data import Catalogue, Interactions, join
from recommender.datasets.corpus import read_corpus
from recommender.errors import ArtifactError, RecommenderError
from recommender.evaluation.acceptance import acceptance, sanity
from recommender.evaluation.acceptance.acceptance import Gain, HeldOut, Judgement, Scores
from recommender.evaluation.ranking.candidates import ServedRanker
from recommender.pipeline.recommender import Config, Recommender
from recommender.training import artifacts, fit
from storage import registry
from storage.catalogue import films
from storage.catalogue.films import Film, Tag
from storage.database import locks
from storage.database.engine import reading
from storage.errors import StorageError
from storage.feedback import ratings
from storage.feedback.ratings import RatingRow
from storage.registry import ModelVersion

NICE = 10
SEARCH_EVERY = timedelta(days=7)
SEARCH_GROWTH = 2.0  # or when the ratings have grown so many times
REGISTER_SECONDS = 120.0  # how long the parent may take to register a version
BUSY = "Another fit is running on this data folder; wait until it is done."
WITH_A_SENTENCE = (RecommenderError, Sorry, StorageError)


@dataclass(frozen=True)
class Snapshot:
    """One moment of the database: what is fitted, on whose ratings, what was fitted before, and
    what came of picks."""

    films: tuple[Film, ...]
    tags: tuple[Tag, ...]
    rows: tuple[RatingRow, ...]
    versions: tuple[ModelVersion, ...]
    erasures: int
    evidence: Evidence


@dataclass
class FitProgress:
    """What is told to the parent: progress, and how long each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)
    _stage: str = ""
    _told_at: float = 0.0

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage of the work, timed."""
        self._stage = name
        _say({"stage": name, "done": 0, "total": 0})
        began = time.monotonic()
        try:
            yield
        finally:
            taken = time.monotonic() - began
            self.seconds[name] = round(self.seconds.get(name, 0.0) + taken, 3)

    def progress(self, done: int, total: int) -> None:
        """How far the stage is; told a few times a second at most."""
        if time.monotonic() - self._told_at > 0.2 or done == total:
            self._told_at = time.monotonic()
            _say({"stage": self._stage, "done": done, "total": total})


def main() -> int:
    """Do one job; the exit status."""
    _be_modest()
    job = Job.from_line(sys.stdin.readline())
    registered = _watch_parent()
    try:
        with locks.held(job.lock) as mine:
            if not mine:
                _say({"error": BUSY})
                return 1
            told = FitProgress()
            with told.stage("Reading"):
                seen = asyncio.run(_snapshot(job))
                versions.sweep(job.models, {version.path for version in seen.versions})
            _say({"result": _fit(job, seen, told)})
            registered.wait(REGISTER_SECONDS)
    except WITH_A_SENTENCE as error:
        _say({"error": str(error)})
    except MemoryError:
        _say(
            {"error": "There was not enough memory to fit the models; add some, or stop something."}
        )
    except OSError as error:
        _say(
            {"error": f"The fit could not go on ({error}); check the disk's space and permissions."}
        )
    else:
        return 0
    return 1


def _be_modest() -> None:
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    if hasattr(os, "sched_setaffinity"):
        ours = sorted(os.sched_getaffinity(0))
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, ours[len(ours) // 2 :])


def _watch_parent() -> threading.Event:
    """Set once the parent has registered the version. Ends this process where the parent ends."""
    registered = threading.Event()

    def watch() -> None:
        # Not through sys.stdin, whose lock a thread must not hold when the interpreter ends.
        if os.read(sys.stdin.fileno(), 64).decode().strip() != REGISTERED:
            os._exit(3)
        registered.set()

    threading.Thread(target=watch, daemon=True).start()
    return registered


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def _snapshot(job: Job) -> Snapshot:
    async with reading(job.database) as conn:
        return Snapshot(
            tuple(await films.all_films(conn)),
            tuple(await films.all_tags(conn)),
            tuple(await ratings.snapshot(conn)),
            await registry.versions(conn),
            await registry.erasures(conn),
            await evidence.read(conn, job.now),
        )


def _fit(job: Job, seen: Snapshot, told: FitProgress) -> dict[str, Any]:
    """Fit, judge, fit on everything, write: what to register."""
    with told.stage("Reading"):
        world = arrays.catalogue(seen.films, seen.tags)
        live = arrays.ratings(seen.rows, world.films)
        everyone = together(live, read_corpus(job.corpus), world)
        served = next((v for v in seen.versions if v.version == job.serving), None)
        before = _readable(job, seen.versions)
        leads = _leads(served)
        live_at = served.trained_at.timestamp() if served and _whole(job, served) else None
        held = acceptance.held_out(everyone, live_at, job.seed)
    config, searched = _settings(job, seen, before, everyone, held, world, told)
    judged = None
    if held is not None:
        judged = _judged(job, held, world, config, served, told)
    with told.stage("Fitting"):
        events = evidence.events(seen.evidence, world.films)
        model = fit.fit(world, everyone, config, job.seed, job.now, told.progress, events)
    with told.stage("Sanity"):
        broken = sanity.failures(model)
        if broken and served is not None and (old := _read(job, served, world)) is not None:
            broken = {k: v for k, v in broken.items() if k not in sanity.failures(old)}
    must_go = served is not None and versions.erasures(served) < seen.erasures
    verdict = acceptance.verdict(judged, leads, broken, must_go)
    record = {
        "ratings": model.ratings,
        "live_ratings": len(live),
        "people": model.people,
        "films": len(world),
        "erasures": seen.erasures,
        "searched": searched,
        "lift": _learned(model),
        "judged": None if judged is None else asdict(judged),
        "against": None if served is None else served.version,
        "promote": verdict.promote,
        "retire": verdict.retire,
        "why": verdict.why,
        "seconds": told.seconds,
    }
    with told.stage("Writing"):
        path = artifacts.write(model, job.models, record)
    return {"version": model.version, "path": path.name, "record": record}


def _learned(model: Recommender) -> dict[str, Any]:
    """What was learned of moments, for the record; log-odds, and evidence in nats."""
    lift = model.lift
    return {
        "events": lift.events,
        "strength": lift.strength,
        "supports": [asdict(one) for one in lift.supports if one.spread > 0],
    }


def together(live: Interactions, background: Interactions, world: Catalogue) -> Interactions:
    """Live ratings and the background corpus, over the catalogue's films."""
    both = join(live, background)
    rows = world.films.rows(both.films.ids_array)[both.film]
    known = rows >= 0
    return Interactions(
        both.people,
        world.films,
        both.person[known],
        rows[known].astype(both.film.dtype),
        both.stars[known],
        both.when[known],
    ).newest()


def _settings(
    job: Job,
    seen: Snapshot,
    before: tuple[ModelVersion, Config] | None,
    everyone: Interactions,
    held: HeldOut | None,
    world: Catalogue,
    told: FitProgress,
) -> tuple[Config, dict[str, Any] | None]:
    """Those of the version before; searched for anew once a week, or when the ratings doubled. The
    first fit takes the defaults, so that a new installation need not wait. What is held out for the
    judgement is not seen by the search."""
    config = Config() if before is None else before[1]
    last = None if before is None else before[0].metrics.get("searched")
    due = before is not None and _search_due(last, len(everyone), job.now)
    if held is None or not (job.search or due):
        return config, last
    with told.stage("Searching"):
        config = fit.tuned_config(world, held.train, config, job.seed, told.progress)
    return config, {"at": job.now.isoformat(), "ratings": len(everyone)}


def _search_due(last: Any, count: int, now: datetime) -> bool:
    try:
        old = now - datetime.fromisoformat(last["at"]) >= SEARCH_EVERY
        return old or count >= SEARCH_GROWTH * float(last["ratings"])
    except (KeyError, TypeError, ValueError):
        return True


def _judged(
    job: Job,
    held: HeldOut,
    world: Catalogue,
    config: Config,
    served: ModelVersion | None,
    told: FitProgress,
) -> Judgement:
    with told.stage("Fitting to judge"):
        new = fit.fit(world, held.train, config, job.seed, job.now, told.progress)
        other = _opponent(job, held, world, config, served, told)
    with told.stage("Judging"):
        marks: list[Scores | None] = []
        for model in (new, other):
            marks.append(
                None if model is None else acceptance.mark(ServedRanker(model), held, world)
            )
        usual = acceptance.mark(acceptance.popular(held), held, world)
    theirs, ours = marks[1], marks[0]
    assert ours is not None
    return acceptance.judge(ours, theirs, usual, held)


def _opponent(
    job: Job,
    held: HeldOut,
    world: Catalogue,
    config: Config,
    served: ModelVersion | None,
    told: FitProgress,
) -> Recommender | None:
    """What the new model is compared with; None where that would be fitted just as the new one."""
    if served is None or (live := _read(job, served, world)) is None:
        return fit.fit(world, None, Config(), job.seed, job.now)  # what serves without one
    if held.kind == "since":
        return live
    if live.config == config:
        return None
    return fit.fit(world, held.train, live.config, job.seed, job.now, told.progress)


def _read(job: Job, version: ModelVersion, world: Catalogue) -> Recommender | None:
    try:
        return artifacts.read(job.models / version.path, world)
    except ArtifactError:
        return None


def _whole(job: Job, version: ModelVersion) -> bool:
    try:
        artifacts.check(job.models / version.path)
    except ArtifactError:
        return False
    return True


def _readable(job: Job, known: tuple[ModelVersion, ...]) -> tuple[ModelVersion, Config] | None:
    """The newest version whose settings can be read, and them."""
    for version in known:
        with contextlib.suppress(ArtifactError):
            return version, artifacts.config(job.models / version.path)
    return None


def _leads(served: ModelVersion | None) -> dict[str, Gain] | None:
    """The leads that the serving version had when it was judged."""
    try:
        told = (served.metrics if served else {})["judged"]["leads"]
        return {name: Gain(float(x["mean"]), float(x["error"])) for name, x in told.items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return None

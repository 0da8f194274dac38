"""The metrics of a running bot for Prometheus, and the page that shows them.

Names follow Prometheus's conventions (prometheus.io/docs/practices/naming): base units, and
counters end in `_total`. There is no page unless a port is set. The page is for this machine only,
unless another address is set.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

log = logging.getLogger(__name__)

HOUR_SECONDS = 3600.0
ANSWER_SECONDS_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 15.0)
POST_LAG_BUCKETS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0)
DATABASE_WAIT_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 10.0, 60.0)
MAX_ERROR_TIMES = 10_000


@dataclass(frozen=True)
class Metrics:
    """The metrics of one bot, in a registry of its own: two bots in one process do not mix.

    Attributes:
        registry: holds every metric.
        interactions: counts commands, buttons and forms, by name and outcome.
        first_response_seconds: seconds from the arrival of an interaction to its first response (an
            answer or "thinking …"), by name.
        answer_seconds: seconds from the arrival of an interaction to the end of all work on it, by
            name.
        acts: counts ratings that were given or taken back, by source, such as "reaction".
        posts: counts scheduled posts, by outcome.
        post_lag_seconds: seconds from when a post was due until it was sent.
        database_wait_seconds: seconds that transactions waited before their first statement, by
            what they waited for (`storage.database.engine.Wait`).
        fits: counts fits of the models, by outcome.
        errors: counts errors in the log, by logger.
        fit_seconds: the seconds that the last fit took.
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    interactions: Counter = field(init=False)
    first_response_seconds: Histogram = field(init=False)
    answer_seconds: Histogram = field(init=False)
    acts: Counter = field(init=False)
    posts: Counter = field(init=False)
    post_lag_seconds: Histogram = field(init=False)
    database_wait_seconds: Histogram = field(init=False)
    fits: Counter = field(init=False)
    errors: Counter = field(init=False)
    fit_seconds: Gauge = field(init=False)
    # Monotonic times of the newest errors, oldest first.
    _error_times: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_ERROR_TIMES))

    def __post_init__(self) -> None:
        made = {
            "interactions": Counter(
                "matinee_interactions_total",
                "Commands, buttons and forms by name and what came of them",
                ("name", "outcome"),
                registry=self.registry,
            ),
            "first_response_seconds": Histogram(
                "matinee_first_response_seconds",
                "From hearing an interaction to its first response",
                ("name",),
                buckets=ANSWER_SECONDS_BUCKETS,
                registry=self.registry,
            ),
            "answer_seconds": Histogram(
                "matinee_answer_seconds",
                "From hearing an interaction to the end of all work on it",
                ("name",),
                buckets=ANSWER_SECONDS_BUCKETS,
                registry=self.registry,
            ),
            "acts": Counter(
                "matinee_rating_acts_total",
                "Ratings given and withdrawn, by source",
                ("source",),
                registry=self.registry,
            ),
            "posts": Counter(
                "matinee_posts_total",
                "Scheduled posts by what came of them",
                ("outcome",),
                registry=self.registry,
            ),
            "post_lag_seconds": Histogram(
                "matinee_post_lag_seconds",
                "From when a scheduled post was due until it was sent",
                buckets=POST_LAG_BUCKETS,
                registry=self.registry,
            ),
            "database_wait_seconds": Histogram(
                "matinee_database_wait_seconds",
                "What transactions waited for before their first statement, and how long",
                ("what",),
                buckets=DATABASE_WAIT_BUCKETS,
                registry=self.registry,
            ),
            "fits": Counter(
                "matinee_fits_total",
                "Fits of the models by what came of them",
                ("outcome",),
                registry=self.registry,
            ),
            "errors": Counter(
                "matinee_errors_total",
                "Errors in the log, by the logger that told of them",
                ("logger",),
                registry=self.registry,
            ),
            "fit_seconds": Gauge(
                "matinee_fit_seconds", "How long the last fit took", registry=self.registry
            ),
        }
        for name, metric in made.items():
            object.__setattr__(self, name, metric)
        ProcessCollector(registry=self.registry)  # resident memory, processor time, open files

    def count_error(self, logger: str) -> None:
        """Counts an error that this logger logged."""
        self.errors.labels(logger).inc()
        self._error_times.append(time.monotonic())

    def errors_in_last_hour(self) -> int:
        """Returns the number of errors in the last hour, at most MAX_ERROR_TIMES."""
        since = time.monotonic() - HOUR_SECONDS
        return sum(at >= since for at in self._error_times)

    def add_gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Adds a gauge that calls `value` whenever the metrics page is read.

        meaning: the page's description of the gauge.

        Raises ValueError if there is a metric of that name already.
        """
        Gauge(name, meaning, registry=self.registry).set_function(value)

    def page(self) -> bytes:
        """Returns every metric in Prometheus's text format."""
        return generate_latest(self.registry)


@dataclass(frozen=True)
class Health:
    """The answer of the page /health.

    Attributes:
        ok: True if all is well.
        parts: the state of each part, by the part's name.
    """

    ok: bool
    parts: dict[str, str]


async def serve(
    metrics: Metrics,
    health: Callable[[], Health],
    host: str,
    port: int,
    stopping: asyncio.Event,
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Serves /metrics and /health until `stopping` is set.

    If the address cannot be used, it logs a warning and returns, and the bot runs without the page.
    This happens, for instance, if another program uses the port or the host does not resolve.

    metrics: the metrics to show.
    health: returns the answer of /health.
    host: the network address to listen on.
    port: the port; 0 for any free port.
    ready: is called with the port once it is open.
    """

    async def get_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def get_health(_: web.Request) -> web.Response:
        found = health()
        body = {"status": "ok" if found.ok else "unwell", **found.parts}
        return web.json_response(body, status=200 if found.ok else 503)

    app = web.Application()
    app.add_routes([web.get("/metrics", get_metrics), web.get("/health", get_health)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except (OSError, UnicodeError) as error:  # UnicodeError: a host that is no name at all
            log.warning(
                "the metrics page cannot have %s:%d (%s), so there is none; choose another "
                "MATINEE_METRICS_HOST or MATINEE_METRICS_PORT",
                host,
                port,
                error,
            )
            return
        ready(runner.addresses[0][1])
        await stopping.wait()
    finally:
        await runner.cleanup()

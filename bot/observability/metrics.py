"""What is counted while the bot runs, in Prometheus's words, and the page that tells it.

Names follow Prometheus's conventions (prometheus.io/docs/practices/naming): base units, counters
end in `_total`. The page is off unless a port is set, and stays on this machine unless another
address is.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.errors import Sorry

HOUR = 3600.0
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 15.0)

MOST_ERRORS = 10_000  # whose times are remembered


@dataclass(frozen=True)
class Metrics:
    """One registry of its own, so that two bots in one process do not mix."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    interactions: Counter = field(init=False)
    answer_seconds: Histogram = field(init=False)
    acts: Counter = field(init=False)
    posts: Counter = field(init=False)
    fits: Counter = field(init=False)
    errors: Counter = field(init=False)
    fit_seconds: Gauge = field(init=False)
    _lately: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_ERRORS))

    def __post_init__(self) -> None:
        made = {
            "interactions": Counter(
                "matinee_interactions_total",
                "Commands, buttons and forms by name and what came of them",
                ("name", "outcome"),
                registry=self.registry,
            ),
            "answer_seconds": Histogram(
                "matinee_answer_seconds",
                "From hearing an interaction to having answered it",
                ("name",),
                buckets=SECONDS,
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

    def failed(self, logger: str) -> None:
        """Count an error."""
        self.errors.labels(logger).inc()
        self._lately.append(time.monotonic())

    def failed_lately(self) -> int:
        """The errors of the last hour; a bounded number of them is remembered."""
        since = time.monotonic() - HOUR
        return sum(at >= since for at in self._lately)

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """A gauge that asks `value` whenever the page is read. Raises ValueError for a name that
        is taken."""
        Gauge(name, meaning, registry=self.registry).set_function(value)

    def page(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self.registry)


@dataclass(frozen=True)
class Health:
    """What /health answers: whether all is well, and each part by name."""

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
    """Answer /metrics and /health until `stopping` is set; `ready` is told the port. Raises Sorry
    where the port is taken."""

    async def tell_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def tell_health(_: web.Request) -> web.Response:
        found = health()
        said = {"status": "ok" if found.ok else "unwell", **found.parts}
        return web.json_response(said, status=200 if found.ok else 503)

    app = web.Application()
    app.add_routes([web.get("/metrics", tell_metrics), web.get("/health", tell_health)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise Sorry(
                f"The metrics page cannot have {host}:{port} ({error.strerror}); choose another "
                "MATINEE_METRICS_PORT, or 0 for none."
            ) from error
        ready(runner.addresses[0][1])
        await stopping.wait()
    finally:
        await runner.cleanup()

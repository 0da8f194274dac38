"""What the running bot reports about itself: interactions, gauges, errors, outages and health.

An interaction is a command, a pressed button or a form. `run.py` calls `attach`, which connects
this module to the client. The client itself does not import this module.
"""

import asyncio
import logging
import time

from bot.client.client import MatineeBot, Press
from bot.client.deferral import RESPONDED_KEY
from bot.client.reply import Outcome
from bot.observability import metrics
from bot.observability.events import Outage, tell
from bot.observability.logs import INTERACTION
from bot.observability.metrics import Health, Metrics
from bot.services.operations import saving
from bot.wording.errors.said import said

log = logging.getLogger(__name__)

BEGAN_AT_KEY = "matinee.began"
"""The key in `Interaction.extras` under which the start of the work is kept, in monotonic seconds.
"""

OUTAGE_AFTER_SECONDS = 5.0
"""The least time without a connection to the gateway that counts as an outage. Discord often renews
connections.
"""


class _InteractionCounter:
    """Counts interactions, measures how long they take, and adds their names to log lines."""

    def __init__(self, app_metrics: Metrics) -> None:
        self._metrics = app_metrics

    def begun(self, interaction: Press) -> None:
        """Starts timing the interaction. All later log lines of this task contain its name."""
        INTERACTION.set(interaction.id)
        interaction.extras[BEGAN_AT_KEY] = time.monotonic()

    def ended(self, interaction: Press, name: str, outcome: Outcome) -> None:
        """Counts the interaction. Records how long it took, if `begun` was called for it."""
        self._metrics.interactions.labels(name, outcome).inc()
        began = interaction.extras.get(BEGAN_AT_KEY)
        if not isinstance(began, float):
            return
        self._metrics.answer_seconds.labels(name).observe(time.monotonic() - began)
        responded = interaction.extras.get(RESPONDED_KEY)
        if isinstance(responded, float):
            self._metrics.first_response_seconds.labels(name).observe(responded - began)


def attach(bot: MatineeBot) -> None:
    """Connects the client to counters and timers of interactions, and adds gauges of its state."""
    bot.observers.append(_InteractionCounter(bot.app.metrics))
    waits = bot.app.metrics.database_wait_seconds
    bot.app.db.on_wait(lambda what, seconds: waits.labels(what).observe(seconds))
    _add_gauges(bot)


def _add_gauges(bot: MatineeBot) -> None:
    add = bot.app.metrics.add_gauge
    add("matinee_guilds", "Servers the bot is in", lambda: len(bot.guilds))
    add("matinee_shards", "Shards of the gateway that this process runs", lambda: len(bot.shards))
    add(
        "matinee_leads",
        "1 if this process does what only one process may do, else 0",
        lambda: bot.app.cluster.leading,
    )
    add(
        "matinee_requests_share",
        "Requests a second that this process may send to Discord",
        lambda: bot.app.cluster.share,
    )
    add(
        "matinee_gateway_latency_seconds",
        "Between a heartbeat and its answer",
        lambda: bot.latency if bot.is_ready() else float("nan"),
    )
    add(
        "matinee_gateway_connected",
        "1 if Discord's gateway is connected, else 0",
        lambda: is_connected(bot),
    )
    add(
        "matinee_database_writable",
        "1 if the last write went well, else 0",
        lambda: bot.app.db.trouble() is None,
    )
    add(
        "matinee_database_writers",
        "Transactions that write or wait for their turn",
        lambda: bot.app.db.writers,
    )
    add(
        "matinee_reactions_waiting",
        "Reactions that are not in the database yet",
        lambda: len(bot.reaction_inbox),
    )
    add(
        "matinee_cards_waiting",
        "Cards that wait for the legend's reactions",
        lambda: bot.reaction_queue.counts().waiting,
    )
    add(
        "matinee_cards_unseeded",
        "Cards that waited too long for them, since the start",
        lambda: bot.reaction_queue.counts().unseeded,
    )
    add(
        "matinee_requests_waiting",
        "Requests to Discord that wait for their turn",
        lambda: len(bot.budget),
    )
    add(
        "matinee_model_age_seconds",
        "Since the serving model was fitted",
        lambda: (bot.app.clock() - bot.app.live.served.model.trained_at).total_seconds(),
    )


class _ErrorCounter(logging.Handler):
    """A log handler that counts the records of level ERROR and above."""

    def __init__(self, app_metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = app_metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.count_error(record.name)


async def count_errors(bot: MatineeBot) -> None:
    """Counts every error in the log until the bot is stopping."""
    handler = _ErrorCounter(bot.app.metrics)
    logging.getLogger().addHandler(handler)
    try:
        await bot.stopping.wait()
    finally:
        logging.getLogger().removeHandler(handler)


class Outages:
    """Reports outages of the gateway and the database: one event when an outage begins, one when it
    ends.
    """

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._lost_shards: set[int] = set()
        self._gateway_lost_at = 0.0  # monotonic seconds
        self._gateway_told = False
        self._database_trouble: str | None = None
        self._database_lost_at = 0.0

    def watch_gateway(self) -> None:
        """Listens to discord.py's events about the gateway's connections (shards)."""
        self._bot.add_listener(self._shard_lost, "on_shard_disconnect")
        self._bot.add_listener(self._shard_found, "on_shard_connect")
        self._bot.add_listener(self._shard_found, "on_shard_resumed")

    async def _shard_lost(self, shard_id: int) -> None:
        if not self._lost_shards:
            self._gateway_lost_at = time.monotonic()
        self._lost_shards.add(shard_id)
        await asyncio.sleep(OUTAGE_AFTER_SECONDS)
        lasts = time.monotonic() - self._gateway_lost_at >= OUTAGE_AFTER_SECONDS
        stopping = self._bot.stopping.is_set()
        if self._lost_shards and lasts and not self._gateway_told and not stopping:
            self._gateway_told = True
            tell(Outage("gateway", "began", 0.0, "not connected"))

    async def _shard_found(self, shard_id: int) -> None:
        self._lost_shards.discard(shard_id)
        if self._gateway_told and not self._lost_shards:
            self._gateway_told = False
            tell(Outage("gateway", "ended", time.monotonic() - self._gateway_lost_at, ""))

    async def watch_database(self) -> None:
        """Logs when the data folder is removed, when writing fails, and when it works again."""
        found = await saving.find_trouble(self._bot.app)
        trouble = None if found is None else said(found)
        if trouble == self._database_trouble:
            return
        now = time.monotonic()
        if trouble is None:
            log.warning("the database can be written again")
            tell(Outage("database", "ended", now - self._database_lost_at, ""))
        else:
            log.error("nothing is kept any more: %s", trouble)
            if self._database_trouble is None:
                self._database_lost_at = now
                tell(Outage("database", "began", 0.0, trouble))
        self._database_trouble = trouble


async def serve_metrics(bot: MatineeBot) -> None:
    """Serves the metrics page until the bot is stopping. Does nothing if no port is set."""
    settings = bot.app.settings
    if not settings.metrics_port:
        return
    await metrics.serve(
        bot.app.metrics,
        lambda: health(bot),
        settings.metrics_host,
        settings.metrics_port,
        bot.stopping,
    )


def is_connected(bot: MatineeBot) -> bool:
    """True if the gateway was ready, and every shard is connected to it now.

    discord.py's `is_ready` is not used, because it stays True while a shard connects again.
    """
    closed = any(shard.is_closed() for shard in bot.shards.values())
    return bot.is_ready() and not bot.is_closed() and not closed


def health(bot: MatineeBot) -> Health:
    """Returns the state of each part of the bot.

    `ok` is True if the gateway is connected, the database can be written and the bot is not
    stopping.
    """
    connected = is_connected(bot)
    trouble = bot.app.db.trouble()
    parts = {
        "gateway": "connected" if connected else "disconnected",
        "database": "writable" if trouble is None else said(trouble),
        "model": bot.app.live.served.version,
        "stopping": "yes" if bot.stopping.is_set() else "no",
    }
    if bot.app.cluster.shards is not None:
        parts["shards"] = str(bot.app.cluster.shards)
        parts["leads"] = "yes" if bot.app.cluster.leading else "no"
    well = connected and trouble is None and not bot.stopping.is_set()
    return Health(well, parts)

"""What the running bot reports about itself: interactions, gauges, errors and health.

An interaction is a command, a pressed button or a form. `run.py` calls `attach`, which connects
this module to the client. The client itself does not import this module.
"""

import logging
import time

from bot.client.client import MatineeBot, Press
from bot.client.reply import Outcome
from bot.observability import metrics
from bot.observability.logs import INTERACTION
from bot.observability.metrics import Health, Metrics

BEGAN_AT_KEY = "matinee.began"
"""The key in `Interaction.extras` under which the start of the work is kept, in monotonic seconds.
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
        if isinstance(began, float):
            self._metrics.answer_seconds.labels(name).observe(time.monotonic() - began)


def attach(bot: MatineeBot) -> None:
    """Connects the client to counters and timers of interactions, and adds gauges of its state."""
    bot.observers.append(_InteractionCounter(bot.app.metrics))
    _add_gauges(bot)


def _add_gauges(bot: MatineeBot) -> None:
    add = bot.app.metrics.add_gauge
    add("matinee_guilds", "Servers the bot is in", lambda: len(bot.guilds))
    add(
        "matinee_gateway_latency_seconds",
        "Between a heartbeat and its answer",
        lambda: bot.latency if bot.is_ready() else float("nan"),
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


def health(bot: MatineeBot) -> Health:
    """Returns the state of each part of the bot.

    `ok` is True if the gateway is connected, the database can be written and the bot is not
    stopping.
    """
    connected = bot.is_ready() and not bot.is_closed()
    trouble = bot.app.db.trouble()
    parts = {
        "gateway": "connected" if connected else "not connected",
        "database": "writable" if trouble is None else str(trouble),
        "model": bot.app.live.served.version,
        "stopping": "yes" if bot.stopping.is_set() else "no",
    }
    well = connected and trouble is None and not bot.stopping.is_set()
    return Health(well, parts)

"""What the running bot reports about itself: counts and log names of interactions, gauges, health.

`run.py` attaches it to the client, which does not know it.
"""

import logging
import time

from bot.client.client import MatineeBot, Press
from bot.client.reply import Outcome
from bot.observability import metrics
from bot.observability.logs import INTERACTION
from bot.observability.metrics import Health, Metrics

BEGAN = "matinee.began"
"""The key in `Interaction.extras` under which the start of the work is kept, in monotonic seconds.
"""


class _InteractionCounter:
    """Counts and times interactions, and has the log name them."""

    def __init__(self, counted: Metrics) -> None:
        self._metrics = counted

    def begun(self, interaction: Press) -> None:
        """Name the interaction in this task's log lines from here on, and start its time."""
        INTERACTION.set(interaction.id)
        interaction.extras[BEGAN] = time.monotonic()

    def ended(self, interaction: Press, name: str, outcome: Outcome) -> None:
        """Count the interaction, and its seconds if its beginning was seen."""
        self._metrics.interactions.labels(name, outcome).inc()
        began = interaction.extras.get(BEGAN)
        if isinstance(began, float):
            self._metrics.answer_seconds.labels(name).observe(time.monotonic() - began)


def attach(bot: MatineeBot) -> None:
    """Observe the client's interactions, and add the gauges that read from the client."""
    bot.observers.append(_InteractionCounter(bot.app.metrics))
    _add_gauges(bot)


def _add_gauges(bot: MatineeBot) -> None:
    add = bot.app.metrics.watch
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
    """Counts the records that are logged as errors, by any logger."""

    def __init__(self, counted: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = counted

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.failed(record.name)


async def count_errors(bot: MatineeBot) -> None:
    """Count every error in the log until the bot is stopping."""
    handler = _ErrorCounter(bot.app.metrics)
    logging.getLogger().addHandler(handler)
    try:
        await bot.stopping.wait()
    finally:
        logging.getLogger().removeHandler(handler)


async def serve_metrics(bot: MatineeBot) -> None:
    """Serve the metrics page until the bot is stopping; return at once if no port is set.

    Raises Sorry if the port is taken.
    """
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
    """Returns whether the gateway is connected and the bot not stopping, and each part's state."""
    connected = bot.is_ready() and not bot.is_closed()
    parts = {
        "gateway": "connected" if connected else "not connected",
        "model": bot.app.live.served.version,
        "stopping": "yes" if bot.stopping.is_set() else "no",
    }
    return Health(connected and not bot.stopping.is_set(), parts)

"""What the bot tells of itself: every interaction counted and named in the log, gauges, health."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from bot.observability import metrics
from bot.observability.logs import INTERACTION
from bot.observability.metrics import Health

if TYPE_CHECKING:
    import discord

    from bot.client.client import MatineeBot

BEGAN = "matinee.began"  # in Interaction.extras: when we heard of it, on the monotonic clock


def begun(interaction: "discord.Interaction[Any]") -> None:
    """An interaction is being worked on: log lines name it from here on, and its time runs."""
    INTERACTION.set(interaction.id)
    interaction.extras[BEGAN] = time.monotonic()


def ended(interaction: "discord.Interaction[MatineeBot]", name: str, outcome: str) -> None:
    """It was answered ("done"), a sentence came instead ("refused"), or nothing did ("failed")."""
    counted = interaction.client.app.metrics
    counted.interactions.labels(name, outcome).inc()
    began = interaction.extras.get(BEGAN)
    if isinstance(began, float):
        counted.answer_seconds.labels(name).observe(time.monotonic() - began)


def watch(bot: "MatineeBot") -> None:
    """Gauges of what the bot holds."""
    told = bot.app.metrics
    told.watch("matinee_guilds", "Servers the bot is in", lambda: len(bot.guilds))
    told.watch(
        "matinee_gateway_latency_seconds",
        "Between a heartbeat and its answer",
        lambda: bot.latency if bot.is_ready() else float("nan"),
    )
    told.watch(
        "matinee_cards_waiting",
        "Cards that wait for the legend's reactions",
        lambda: bot.seeder.counts().waiting,
    )
    told.watch(
        "matinee_cards_unseeded",
        "Cards that waited too long for them, since the start",
        lambda: bot.seeder.counts().unseeded,
    )
    told.watch(
        "matinee_model_age_seconds",
        "Since the serving model was fitted",
        lambda: (bot.app.clock() - bot.app.live.served.model.trained_at).total_seconds(),
    )


class _Counting(logging.Handler):
    """Counts what is logged as an error, whoever logs it."""

    def __init__(self, counted: metrics.Metrics) -> None:
        super().__init__(logging.ERROR)
        self._counted = counted

    def emit(self, record: logging.LogRecord) -> None:
        self._counted.failed(record.name)


async def count_errors(bot: "MatineeBot", stopping: asyncio.Event) -> None:
    """Count every error in the log until `stopping` is set."""
    handler = _Counting(bot.app.metrics)
    logging.getLogger().addHandler(handler)
    try:
        await stopping.wait()
    finally:
        logging.getLogger().removeHandler(handler)


def health(bot: "MatineeBot") -> Health:
    """Whether Discord is there and a model answers."""
    connected = bot.is_ready() and not bot.is_closed()
    parts = {
        "gateway": "connected" if connected else "not connected",
        "model": bot.app.live.served.version,
        "stopping": "yes" if bot.stopping.is_set() else "no",
    }
    return Health(connected and not bot.stopping.is_set(), parts)


async def serve(bot: "MatineeBot", stopping: asyncio.Event) -> None:
    """The page, where a port is set."""
    settings = bot.app.settings
    if not settings.metrics_port:
        return
    await metrics.serve(
        bot.app.metrics,
        lambda: health(bot),
        settings.metrics_host,
        settings.metrics_port,
        stopping,
    )

"""The list of everything that runs beside the bot's answers.

`run.py` awaits `prepare` before the gateway opens, and `run` until the bot stops. Everything that
is repeated runs on one scheduler, every `MATINEE_TICK_SECONDS` (seconds).
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterator

from bot import instrument
from bot.client.client import MatineeBot
from bot.jobs.model_preparation import prepare_each_model
from bot.jobs.posts import PostSender
from bot.jobs.reactions import ReactionWriter
from bot.jobs.reconciling import Reconciler
from bot.scheduler import run_ticks
from bot.services.experiments import treatment
from bot.services.operations import backup
from bot.services.posts import claims
from bot.services.training import retrain

log = logging.getLogger(__name__)


class Jobs:
    """Everything that runs beside one bot's answers, until the bot is stopping."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._post_sender = PostSender(bot)
        self._reaction_writer = ReactionWriter(bot)
        self._reconciler = Reconciler(bot)

    async def prepare(self) -> None:
        """Does what must be done before the gateway opens."""
        app = self._bot.app
        await self._reconciler.note_newest_event()
        lost = await claims.record_lost(app)
        if lost:
            log.warning("%d posts were claimed before a crash and may not have been sent", lost)
        await self.keep_arms()

    async def run(self) -> None:
        """Runs every job until the bot is stopping. Each job then finishes what it has begun."""
        async with asyncio.TaskGroup() as group:
            for name, work in self._listing():
                group.create_task(work, name=name)

    def _listing(self) -> Iterator[tuple[str, Coroutine[None, None, None]]]:
        """Yields every job: its name, and the coroutine that does the work."""
        bot = self._bot
        app, stopping = bot.app, bot.stopping
        yield "reaction queue", bot.reaction_queue.run(stopping)
        yield (
            "wild cards",
            prepare_each_model(
                app.live,
                stopping,
                lambda: app.wild.prepare(app.db, app.clock, app.live),
                failure="no wild cards for now; it is tried again",
            ),
        )
        yield (
            "shelves",
            prepare_each_model(
                app.live,
                stopping,
                lambda: app.shelving.get(app.db, app.live, app.settings.corpus),
                failure="the shelves could not be made; /browse tries again",
                start=bot.first_ready,
            ),
        )
        yield "reactions", self._reaction_writer.run()
        yield "reconcile", self._reconciler.run()
        yield (
            "scheduler",
            run_ticks(
                app.settings.tick_seconds,
                stopping,
                self._post_sender.send_due,
                self.refit,
                self.back_up,
                self.keep_arms,
            ),
        )
        yield "metrics page", instrument.serve_metrics(bot)
        yield "errors", instrument.count_errors(bot)

    async def refit(self) -> None:
        """Refits the models if it is time."""
        await retrain.refit_if_due(self._bot.app, self._bot.stopping)

    async def back_up(self) -> None:
        """Copies the database if it is time."""
        await backup.take_if_due(self._bot.app)

    async def keep_arms(self) -> None:
        """Loads the model versions that experiments name and that are not loaded yet."""
        await treatment.load_arm_versions(self._bot.app)

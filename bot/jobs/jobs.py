"""The jobs: everything that the bot does apart from answering people.

`run.py` awaits `prepare` before the gateway opens, and then `run` until the bot stops. One
scheduler looks every `MATINEE_TICK_SECONDS` whether something is due. The nightly fit runs at
`MATINEE_RETRAIN_AT`, or earlier after `MATINEE_RETRAIN_AFTER` new ratings. The backup runs at
`MATINEE_BACKUP_AT` unless `MATINEE_KEEP_BACKUPS` is 0. Both times are in the zone `MATINEE_ZONE`.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine, Iterator

from bot import instrument
from bot.client.budget import URGENCY, Urgency
from bot.client.client import MatineeBot
from bot.jobs import health
from bot.jobs.background_reading import Throttle
from bot.jobs.cluster.following import follow
from bot.jobs.cluster.keeper import led
from bot.jobs.lost_cards import LostCards
from bot.jobs.model_preparation import prepare_each_model
from bot.jobs.nights.keeper import NightKeeper
from bot.jobs.posts import PostSender
from bot.jobs.reactions import ReactionWriter
from bot.jobs.reconciling import Reconciler
from bot.jobs.unknown_messages import UnknownMessages
from bot.scheduler import run_ticks
from bot.services.app import App
from bot.services.experiments import treatment
from bot.services.imports.person import applying
from bot.services.operations import backup, posters, retention
from bot.services.operations.retention import SteadyClock
from bot.services.people import erasure
from bot.services.serving.shelf_process import SMALL_CATALOGUE
from bot.services.training import retrain
from storage.errors import StorageError

log = logging.getLogger(__name__)

COMMANDS_SECONDS = 3600.0
"""How often slash commands that Discord refused are sent again."""

HISTORIES_SECONDS = 600.0
"""How often one of several processes looks for film histories that another left unfinished."""

SHELVES_AFTER_SECONDS = 15.0
"""Seconds after a start, or after a change of model, until a large catalogue's shelves are found.

The bot answers people first. If somebody needs the shelves earlier, it finds them at once.
"""


class Jobs:
    """Everything that the bot does apart from answering people, until it is asked to stop."""

    def __init__(self, bot: MatineeBot) -> None:
        self._bot = bot
        self._post_sender = PostSender(bot)
        self._nights = NightKeeper(bot)
        throttle = Throttle()
        self._lost_cards = LostCards(bot, throttle)
        self._reconciler = Reconciler(bot, throttle, self._lost_cards)
        unknown = UnknownMessages(bot, throttle, self._reconciler.look_at)
        self._reaction_writer = ReactionWriter(
            bot, unknown, self._reconciler.ask, self._reconciler.owes_round
        )
        self._clock = SteadyClock()
        self._outages = instrument.Outages(bot)
        self._outages.watch_gateway()
        self._add_gauges()

    def _add_gauges(self) -> None:
        metrics = self._bot.app.metrics
        metrics.add_gauge(
            "matinee_posts_due",
            "Posts that are due, and neither sent nor given up",
            self._post_sender.due,
        )
        metrics.add_gauge(
            "matinee_answers_undelivered",
            "Answers and posts of which it is not known whether they came",
            lambda: self._lost_cards.missing,
        )

    async def prepare(self) -> None:
        """Does what must be done before the gateway opens.

        Notes which rating event is the newest, and loads the model versions that experiments need.
        """
        await self._reconciler.note_newest_event()
        await self.keep_arms()

    async def run(self) -> None:
        """Runs all jobs side by side until the bot is stopping.

        Each job then finishes what it has begun. Their requests to Discord come after answers to
        people; those for posts and movie nights come before the others.
        """
        URGENCY.set(Urgency.BACKGROUND)
        async with asyncio.TaskGroup() as group:
            for name, work in self._listing():
                group.create_task(work, name=name)

    def _listing(self) -> Iterator[tuple[str, Coroutine[None, None, None]]]:
        """Yields every job: its name, and the coroutine that does the work."""
        bot = self._bot
        app, stopping = bot.app, bot.stopping
        yield "reaction-queue", bot.reaction_queue.run(stopping)
        yield (
            "wild-cards",
            prepare_each_model(
                app.live,
                stopping,
                lambda: app.wild.prepare(app.db, app.clock, app.live),
                what="wild-cards",
            ),
        )
        yield (
            "shelves",
            prepare_each_model(
                app.live,
                stopping,
                self._find_shelves,
                what="shelves",
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
                self._nights.carry_on,
                led(app, self.refit, "fit"),
                led(app, self.back_up, "backup"),
                self.keep_arms,
                self._outages.watch_database,
                self.finish_erasures,
                led(app, self.delete_old, "retention"),
            ),
        )
        yield "nights", self._nights.run()
        yield "posters", posters.fetch(app, stopping)
        yield "histories", self.finish_histories()
        yield "follow", follow(bot)
        yield "commands", run_ticks(COMMANDS_SECONDS, stopping, bot.send_commands)
        yield "metrics-page", instrument.serve_metrics(bot)
        yield "health", health.serve(bot)
        yield "errors", instrument.count_errors(bot)

    async def _find_shelves(self) -> None:
        """Finds the shelves (named sets of films) of the model that answers."""
        app, stopping = self._bot.app, self._bot.stopping
        if len(app.live.served.model.catalogue) >= SMALL_CATALOGUE:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), SHELVES_AFTER_SECONDS)
        if not stopping.is_set():
            await app.shelving.get(app.db, app.live, app.settings.corpus)

    async def refit(self, app: App) -> None:
        """Refits the models if the nightly fit is due or enough new ratings have come."""
        await retrain.refit_if_due(app, self._bot.stopping)

    async def back_up(self, app: App) -> None:
        """Copies the database if the daily backup is due."""
        await backup.take_if_due(app)

    async def delete_old(self, app: App) -> None:
        """Once a day, deletes the rows that are too old for anything to read them."""
        await retention.run_if_due(app, self._clock, time.monotonic())

    async def finish_erasures(self) -> None:
        """Deletes the data of people who asked for it while the database could not be written."""
        await erasure.finish(self._bot.app)

    async def finish_histories(self) -> None:
        """Finishes film histories that were being applied or undone when the bot stopped.

        Among several processes, the leading one does so from time to time, because another process
        may have been stopped.
        """
        bot = self._bot
        if bot.app.cluster.shards is not None:
            job = led(bot.app, applying.finish_old, "histories")
            await run_ticks(HISTORIES_SECONDS, bot.stopping, job)
            return
        try:
            await applying.finish(bot.app)
        except StorageError:
            log.exception("a film history is finished at the next start")

    async def keep_arms(self) -> None:
        """Loads the model versions that experiments compare, unless they are loaded already."""
        await treatment.load_arm_versions(self._bot.app)

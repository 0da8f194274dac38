"""The application: everything that a service needs, in one record."""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.observability.metrics import Metrics
from bot.services.serving.experiment_arms import Experiments
from bot.services.serving.fitting import Fitting
from bot.services.serving.live_model import LiveModel
from bot.services.serving.live_shelves import LiveShelves
from bot.services.serving.wild_cards import WildCards
from bot.settings import Settings
from storage.database.engine import Database


@dataclass(frozen=True)
class App:
    """Everything that a service needs. One value for each process.

    Attributes:
        settings: what the operator chose.
        clock: returns the time now, aware, UTC.
        db: the open database.
        live: the model that answers now.
        metrics: counters for the metrics page.
        shelving: the shelves of the live model's catalogue, once they are computed.
        fitting: whether a fit runs in this process, and whether the last one failed.
        experiments: the experiments, and the models that their arms answer with.
        wild: the pool of films from which wild cards are drawn, for the live model.
    """

    settings: Settings
    clock: Clock
    db: Database
    live: LiveModel
    metrics: Metrics = field(default_factory=Metrics)
    shelving: LiveShelves = field(default_factory=LiveShelves)
    fitting: Fitting = field(default_factory=Fitting)
    experiments: Experiments = field(default_factory=Experiments)
    wild: WildCards = field(default_factory=WildCards)
    _turns: "WeakValueDictionary[int, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    def turn(self, person_id: int) -> asyncio.Lock:
        """Returns the person's lock. While it is held, no other answer to them is prepared.

        So two quick requests show different films: the second answer sees what the first showed.
        """
        lock = self._turns.get(person_id)
        if lock is None:
            lock = self._turns[person_id] = asyncio.Lock()
        return lock

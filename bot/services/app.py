"""The application as one record, which holds everything that services need: settings, database,
models …
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.errors import Sorry
from bot.observability.metrics import Metrics
from bot.services.catalogue.posters import Posters
from bot.services.cluster.cluster import Cluster
from bot.services.languages import ChosenLanguages
from bot.services.pictures.studio import Studio
from bot.services.scale import ServerScales
from bot.services.serving.experiment_arms import Experiments
from bot.services.serving.fitting import Fitting
from bot.services.serving.live_model import LiveModel
from bot.services.serving.live_shelves import LiveShelves
from bot.services.serving.wild_cards import WildCards
from bot.services.view_models import Requester
from bot.settings import Settings
from storage.cluster.fenced import fenced
from storage.database.engine import Database, Transaction
from storage.people.erasures import Erasures


@dataclass(frozen=True)
class App:
    """What all services share: settings, database, models. Each process makes one App.

    Attributes:
        settings: what the operator chose.
        clock: returns the present time, aware, UTC.
        db: the open database.
        live: the model that answers requests now.
        erasures: the list of people who had all their data deleted.
        cluster: this process among the processes of the bot; it says which servers are its own.
        metrics: counters for the metrics page.
        shelving: the shelves (micro-genres) of the live model's catalogue, once they are computed.
        fitting: whether a fit runs in this process, and whether the last one failed.
        experiments: the experiments, and the models that their arms (variants) answer with.
        wild: the films from which wild cards are drawn: new and little known films, one of which is
            sometimes added to a message to give it a chance.
        languages: the languages that people and servers chose.
        posters: posters, and where to watch films, as far as they were fetched.
        scales: the emoji that rate films in servers with a scale of their own.
        studio: the process that draws pictures.
        unfinished_erasures: ids of people whose deletion is stored in `erasures`, but whose rows
            are still in the database, because it could not be written.
    """

    settings: Settings
    clock: Clock
    db: Database
    live: LiveModel
    erasures: Erasures
    cluster: Cluster = field(default_factory=Cluster)
    metrics: Metrics = field(default_factory=Metrics)
    shelving: LiveShelves = field(default_factory=LiveShelves)
    fitting: Fitting = field(default_factory=Fitting)
    experiments: Experiments = field(default_factory=Experiments)
    wild: WildCards = field(default_factory=WildCards)
    languages: ChosenLanguages = field(default_factory=ChosenLanguages)
    scales: ServerScales = field(default_factory=ServerScales)
    studio: Studio = field(default_factory=Studio)
    posters: Posters = field(default_factory=Posters)
    unfinished_erasures: set[int] = field(default_factory=set)
    _turns: "WeakValueDictionary[int, asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    def turn(self, person_id: int) -> asyncio.Lock:
        """Returns a lock for a person, to be held while an answer to them is prepared.

        A second quick request of the person then waits until the first is answered, so that its
        answer can show other films.
        """
        lock = self._turns.get(person_id)
        if lock is None:
            lock = self._turns[person_id] = asyncio.Lock()
        return lock

    def as_leader(self) -> "App":
        """Returns this app for work that only the leading process may do.

        It is the same but for one thing: each of its writes raises NotLeading if this process does
        not lead any more.
        """
        if self.cluster.alone:
            return self
        return replace(self, db=fenced(self.db, self.cluster.check_lead))

    @asynccontextmanager
    async def write_for(self, requester: Requester) -> AsyncIterator[Transaction]:
        """Opens a writing transaction that stores something about the requester.

        Raises Sorry if all their data were deleted after the request began. Otherwise, work that
        had begun before the deletion would store data about them again.
        """
        async with self.db.write(quick=True) as conn:
            if self.erasures.covers(requester.person_id, requester.now):
                raise Sorry("erased-meanwhile")
            yield conn

"""The whole bot, running: local Discord, real discord.py over the network, real SQLite on disk.

    async with running(tmp_path) as house:
        async with house.member("mira") as mira:
            outcome = await mira.command("films", "recommend")

All REST traffic is recorded and checked against Discord's description when the session ends. A test
fails if the bot asked the local Discord for something that it does not support.
"""

import asyncio
import fcntl
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.playground import LocalDiscord, Person, World, connector, start
from bot.playground.records.channels import Channel
from bot.playground.records.objects import Guild
from bot.playground.world.stage import Club, add_club
from bot.playground.world.state import TOKEN
from bot.run import run_bot
from bot.services.app import App
from bot.settings import Settings
from bot.wiring import open_app
from storage.database.address import Address, DatabaseUrl
from tests import direct, postgres
from tests.clock import IMPORTED_AT, PATIENCE_SECONDS, ZONE, club_world
from tests.traffic import recorded

TEST_SETTINGS: dict[str, Any] = {
    "tick_seconds": 0.1,
    "keep_backups": 0,
    "zone": ZONE,
    "post_spread_minutes": 0,  # also on PostgreSQL
}
TEMPLATES = "STOCKED_TEMPLATES"
"""Environment variable with the folder of stocked databases, which all workers of a run share.
`tests/conftest.py` makes it."""
FILM_TABLES = ("film_tags", "external_ids")
FEW_FILMS = 900
"""Size of a catalogue for tests that start or fit often, and for which films are only examples."""
FEWEST_FILMS = 200
"""Size of a catalogue for tests that only need a fitted model."""


@dataclass
class House:
    """A running bot in its world.

    Attributes:
        world: the state of the local Discord.
        local: the local Discord.
        settings: the bot's settings.
        fits: True if the bot fits a new model when one is due.
        app: the running application. `restart` replaces it.
    """

    world: World
    local: LocalDiscord
    settings: Settings
    fits: bool
    app: App
    _stop: asyncio.Event
    _bot: "asyncio.Task[None]"
    _reader: direct.Direct | None = None  # opening a connection takes longer than reading by it

    def member(self, name: str) -> Person:
        """Returns a simulated member. Use it as an async context manager."""
        return Person(self.local.page_url, name)

    def club(self) -> "Visit":
        """Adds a club with a new server and new people, for a test that shares this house."""
        return Visit(self, add_club(self.world, "The Matinee Club"))

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Returns rows read directly from the database, as another program would read it."""
        return direct.rows(self.settings.database, statement, *values, kept=self._reader)

    async def restart(self) -> None:
        """Stops the bot and starts it again on the same data."""
        await self._close()
        await self._open()

    async def _open(self) -> None:
        self._inside = open_app(self.settings, self.world.clock.now)
        self.app = await self._inside.__aenter__()
        if not self.fits:
            await self.app.fitting.lock.acquire()  # as if a fit ran for ever
        self._stop = asyncio.Event()
        # The wait of five seconds between two logins is tested in tests/playground.
        self.local.let_identify()
        door = connector(self.local.port, self.local.ca_pem)
        self._bot = asyncio.create_task(
            run_bot(self.app, TOKEN, connector=door, stop=self._stop, handle_signals=False)
        )
        await until(lambda: self.world.bot_online or self._bot.done(), "the bot is online")
        if self._bot.done():
            await self._bot
        if not isinstance(self.settings.database, DatabaseUrl):
            self._reader = direct.Direct(self.settings.database)

    async def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self._stop.set()
        try:
            await self._bot
        finally:
            await self._inside.__aexit__(None, None, None)


@dataclass(frozen=True)
class Visit:
    """A club of one test in a house that it shares with other tests.

    The server is new, and so are its four people: Mira, who manages it, Tomás, June and Olek. The
    database keeps what other tests stored, so look only at rows of these people and this server.

    Attributes:
        house: the shared house.
        club: the club of this test.
    """

    house: House
    club: Club

    @property
    def guild(self) -> Guild:
        """The server."""
        return self.club.guild

    def member(self, name: str) -> Person:
        """One of the four people, such as "mira"; use it as an async context manager."""
        return Person(self.house.local.page_url, self.club.people[name].username)

    def channel(self, name: str) -> Channel:
        """Returns a channel of the server by its name."""
        channels = (self.house.world.channels[number] for number in self.guild.channels)
        return next(found for found in channels if found.name == name)

    @property
    def app(self) -> App:
        """The application of the house, as it runs now."""
        return self.house.app

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Same as `House.rows`, so it also returns rows of other tests in the house."""
        return self.house.rows(statement, *values)

    def leave(self) -> None:
        """Removes the bot from the server, so that no post comes there later."""
        self.house.world.remove_guild(self.guild)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keeps other processes out of blocks with the same lock file."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # closing the file unlocks it
        yield


async def stocked(database: Address, max_films: int | None = None) -> None:
    """Writes a database with the starter catalogue, which is imported once per run of the tests.

    database: where it is to be. If the tests run on PostgreSQL, a file means the database that the
        file's folder has there.
    max_films: only the first films are in it, such as FEW_FILMS. None keeps them all.
    """
    if postgres.chosen() and isinstance(database, Path):
        database = postgres.database_of(database.parent)
    if isinstance(database, DatabaseUrl):
        await _stocked_on_server(database, max_films)
        return
    folder = Path(os.environ[TEMPLATES])
    whole = folder / "whole" / "matinee.sqlite3"
    template = whole if max_films is None else folder / f"{max_films}.sqlite3"
    with _alone(folder / "lock"):
        if not whole.exists():
            async with open_app(Settings(data=folder / "new"), lambda: IMPORTED_AT):
                pass
            (folder / "new").rename(whole.parent)
        if max_films is not None and not template.exists():
            shutil.copy(whole, folder / "shortened")
            _shorten(folder / "shortened", max_films)
            (folder / "shortened").rename(template)
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, database)


async def _stocked_on_server(database: DatabaseUrl, max_films: int | None) -> None:
    """Does the same on the server of the tests."""
    server, folder = postgres.running(), Path(os.environ[TEMPLATES])
    template = "whole" if max_films is None else f"first_{max_films}"
    with _alone(folder / "lock"):
        if not server.exists("whole"):
            async with open_app(Settings(data=folder / "new"), lambda: IMPORTED_AT):
                pass
            new = postgres.name_of(folder / "new")
            server.execute(f'ALTER DATABASE "{new}" RENAME TO whole')
        if not server.exists(template):
            short = server.create("shortened", "whole")
            first = f"(SELECT id FROM films ORDER BY id LIMIT {max_films})"
            deleted = (f"DELETE FROM {table} WHERE film_id NOT IN {first}" for table in FILM_TABLES)
            last = f"DELETE FROM films WHERE id NOT IN {first}"
            postgres.execute(short, *deleted, last, "VACUUM FULL")
            server.execute(f"ALTER DATABASE shortened RENAME TO {template}")
    server.create(database.name, template)


def _shorten(database: Path, max_films: int) -> None:
    """Deletes all but the first `max_films` films of a catalogue."""
    first = "(select id from films order by id limit ?)"
    with closing(sqlite3.connect(database)) as conn:
        with conn:
            for table in FILM_TABLES:
                conn.execute(f"delete from {table} where film_id not in {first}", (max_films,))
            conn.execute(f"delete from films where id not in {first}", (max_films,))
        conn.execute("vacuum")


def _has_films(database: Address) -> bool:
    if isinstance(database, DatabaseUrl):
        return bool(direct.rows(database, "SELECT 1 FROM films LIMIT 1"))
    return database.exists()


@asynccontextmanager
async def running(
    folder: Path,
    *,
    world: World | None = None,
    max_films: int | None = None,
    fits: bool = False,
    **settings: Any,
) -> AsyncIterator[House]:
    """Yields a bot in a world (None: the default world) with its data in `folder`.

    max_films: the size of a new catalogue, as for `stocked`.
    fits: True if the bot is to fit a new model when one is due. A fit takes seconds. Most tests
        that set the clock to another day need none.

    The bot has a minute to answer, not three seconds, so that nothing fails on a busy machine.
    """
    chosen = Settings(data=folder / "data", **(TEST_SETTINGS | settings))
    if not _has_films(chosen.database):
        await stocked(chosen.database, max_films)
    world = world or club_world()
    world.answer_seconds = PATIENCE_SECONDS
    log = folder / "traffic.jsonl"
    async with start(world, record=log) as local:
        house = House.__new__(House)
        house.world, house.local, house.settings, house.fits = world, local, chosen, fits
        await house._open()
        try:
            yield house
        finally:
            await house._close()
        assert world.unsupported == []
    recorded(log)


async def until(
    condition: Callable[[], bool | Awaitable[bool]],
    what: str,
    patience: float = PATIENCE_SECONDS,
    every: float = 0.02,
) -> None:
    """Waits until the condition holds.

    patience, every: seconds. Raises AssertionError with `what` if the condition does not hold in
    time.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while True:
        holds = condition()
        if isinstance(holds, Awaitable):
            holds = await holds
        if holds:
            return
        assert loop.time() < end, f"waited in vain: {what}"
        await asyncio.sleep(every)

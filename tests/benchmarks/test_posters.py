"""Whether answers come later with a key of TMDB than without one, however TMDB answers.

    pytest -m benchmark_run -s tests/benchmarks/test_posters.py

There is one bot for each way in which TMDB answers, and two without a key; all have the same films
and people. In each round the same person asks all of them for the same, one after the other in
random order. So whatever else the machine does falls on all alike. The two bots without a key show
how far the figures are apart by chance. It writes its part of docs/performance.md.
"""

import asyncio
import json
import os
import platform
import random
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from aiohttp import web

from bot.playground import World, start
from bot.playground.records.channels import Channel
from bot.playground.world.interactions import invocations, lifecycle
from bot.services.catalogue.search import film_value
from bot.services.training import retrain
from bot.settings import Settings
from bot.wiring import open_app
from recommender.numeric.arrays import Array64
from storage.catalogue import films
from storage.catalogue.films import Film
from tests.benchmarks.page import put
from tests.house import FEW_FILMS, stocked
from tests.loading import busy_world, give_tastes
from tests.soak.process import BotProcess, attached
from tests.tmdb import Loopback, good, listening

pytestmark = pytest.mark.benchmark_run

ROUNDS, WARM_UP = 500, 20  # rounds of each command
COMMANDS = ("recommend", "film")
SEED = 5
SAMPLES = 2_000  # of the bootstrap
COUNTRIES, SERVICES = 60, 8  # in a good answer, as TMDB has them of a well-known film
SLOW_SECONDS = 8.0
PATIENCE_SECONDS = 60.0
NO_KEY, NO_KEY_AGAIN, GONE = "no key", "no key again", "gone"


async def _slow(film: Film) -> Any:
    await asyncio.sleep(SLOW_SECONDS)
    return good(film)


def _wealthy(film: Film) -> dict[str, Any]:
    """Returns an answer with offers in many countries."""
    services = [{"provider_name": f"Service {at}", "logo_path": "/x.jpg"} for at in range(SERVICES)]
    offers = {
        chr(65 + at // 26) + chr(65 + at % 26): {"flatrate": services, "rent": services}
        for at in range(COUNTRIES)
    }
    return good(film) | {"watch/providers": {"results": offers}}


MOODS: dict[str, Callable[[Film], Any]] = {
    "good answers": _wealthy,
    "slow, eight seconds": _slow,
    "401": lambda _: web.Response(status=401),
    "429, wait a second": lambda _: web.Response(status=429, headers={"Retry-After": "1"}),
    "garbage, half a MiB": lambda _: web.Response(body=json.dumps([[]] * (1 << 17)).encode()),
    "a wrong film": lambda film: good(film) | {"title": "Another film", "release_date": "1901"},
}
"""What TMDB does -> its answer about a film. It may also be gone: then nobody listens."""


@dataclass
class Contestant:
    """A bot in a process of its own.

    Attributes:
        world: its local Discord.
        tmdb: the server that answers like TMDB; None without one.
        first: command -> milliseconds to the first response, one for each round.
    """

    world: World
    tmdb: Loopback | None
    first: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in COMMANDS})

    async def ask(self, user: int, place: int, command: str, film: int) -> None:
        """Lets a person use a command, and notes how long the answer took.

        place: the number of the channel among those that the person sees.
        """
        channels = [one for one in self.world.channels.values() if self._sees(user, one)]
        options = {"film": [{"name": "title", "type": 3, "value": film_value(film)}]}
        asked = invocations.use_command(
            self.world, user, channels[place % len(channels)], command, options=options.get(command)
        )
        assert await lifecycle.wait_for_state(asked, PATIENCE_SECONDS)
        assert asked.error is None
        assert asked.first_response_ms is not None
        self.first[command].append(asked.first_response_ms)

    def _sees(self, user: int, channel: Channel) -> bool:
        return channel.guild_id is not None and user in self.world.guilds[channel.guild_id].members


async def _stocked(folder: Path) -> tuple[list[int], dict[str, Film]]:
    """Makes a data folder of people with tastes, and a model that knows them.

    Returns the ids of the films, the best-known first, and the films by the ids that TMDB is asked
    with.
    """
    await stocked(folder / "data" / "matinee.sqlite3", FEW_FILMS)
    world = busy_world()
    async with open_app(Settings(data=folder / "data"), world.clock.now) as app:
        await give_tastes(app, world, Random(SEED))
        outcome = await retrain.refit(app)  # so that no fit is due meanwhile
        assert outcome.promoted, outcome.why
        library = app.live.served.library
        known = sorted(library.films, key=lambda film: -library.fame.get(film, 0.0))
        asked: dict[str, Film] = {str(film.id): film for film in library.films.values()}
        async with app.db.read() as conn:
            for film in library.films.values():
                for name in (
                    await films.imdb_id(conn, film.id),
                    await films.tmdb_id(conn, film.id),
                ):
                    if name is not None:
                        asked[name] = film
    return known, asked


@asynccontextmanager
async def _contestants(
    folder: Path, base: Path, asked: dict[str, Film]
) -> AsyncIterator[dict[str, Contestant]]:
    """Yields a running bot for each way in which TMDB answers, and two without a key."""
    found: dict[str, Contestant] = {}
    bots: list[BotProcess] = []
    async with AsyncExitStack() as stack:
        for number, name in enumerate((NO_KEY, NO_KEY_AGAIN, *MOODS, GONE)):
            place = folder / str(number)
            shutil.copytree(base, place)
            settings: dict[str, object] = {"seed_reactions": 0, "keep_backups": 0}
            tmdb = None
            if name in MOODS:
                tmdb = await stack.enter_async_context(listening())
                tmdb.films, tmdb.answer = asked, MOODS[name]
                settings |= {"tmdb_token": "a.token", "tmdb_url": tmdb.url}
            elif name == GONE:
                async with listening() as tmdb_once:
                    settings |= {"tmdb_token": "a.token", "tmdb_url": tmdb_once.url}
            local = await stack.enter_async_context(start(busy_world(), rate_limits=False))
            bots.append(await stack.enter_async_context(attached(place, local, **settings)))
            await bots[-1].start()
            found[name] = Contestant(local.world, tmdb)
        for bot in bots:
            await bot.reconciled()
        yield found


def _interval(
    ours: Sequence[float], others: Sequence[float], figure: Callable[[Array64], Array64]
) -> str:
    """Returns by how much a figure is greater than that of others, with its 95% interval.

    figure: computes it along the last axis.
    """
    both = np.array([ours, others])
    rows = np.random.default_rng(SEED).integers(0, both.shape[1], (SAMPLES, both.shape[1]))
    mine, theirs = figure(both[:, rows])
    low, high = np.percentile(mine - theirs, [2.5, 97.5])
    here, there = figure(both)
    return f"{here - there:+.1f} ({low:+.1f} to {high:+.1f})"


def _median(times: Array64) -> Array64:
    return np.asarray(np.percentile(times, 50, axis=-1))


def _p99(times: Array64) -> Array64:
    return np.asarray(np.percentile(times, 99, axis=-1))


def _table(found: dict[str, Contestant]) -> str:
    rows = []
    for command in COMMANDS:
        base = found[NO_KEY].first[command][WARM_UP:]
        for name, one in found.items():
            own = one.first[command][WARM_UP:]
            apart = ("", "") if name == NO_KEY else (
                _interval(own, base, _median), _interval(own, base, _p99)
            )  # fmt: skip
            p50, p99 = np.percentile(own, [50, 99])
            met = str(len(one.tmdb.asked)) if one.tmdb else ""
            cells = (f"`/{command}`", name, met, f"{p50:.1f}", apart[0], f"{p99:.1f}", apart[1])
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


async def test_no_answer_comes_later_with_a_key(tmp_path: Path) -> None:
    known, asked = await _stocked(tmp_path / "base")
    rng = random.Random(SEED)
    async with _contestants(tmp_path, tmp_path / "base", asked) as found:
        people = [user.id for user in found[NO_KEY].world.people()]
        for number in range(ROUNDS + WARM_UP):
            user, film = rng.choice(people), known[number % len(known)]
            for command in COMMANDS:
                for one in rng.sample(list(found.values()), len(found)):
                    await one.ask(user, number, command, film)
    table = _table(found)
    print("\n" + table)
    put(
        "posters",
        f"""## Answers with a key of TMDB

Written by `pytest -m benchmark_run -s tests/benchmarks/test_posters.py`.

One bot for each way in which TMDB answers, and two without a key, each in a process of its own with
{FEW_FILMS} films. In each of {ROUNDS} rounds the same person asks all of them for the same, in
random order, so that other work on the machine falls on all alike. The columns are the requests
that reached TMDB during both commands, milliseconds to the first response, and by how much they are
greater than without a key, with the 95% interval of a bootstrap over the rounds. The second bot
without a key shows what chance does. After a failure TMDB is left alone for half a minute, and then
longer; after a refused key for an hour.

| command | TMDB | requests | p50 | more than without | p99 | more than without |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
{table}

Measured on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}.
""",
    )

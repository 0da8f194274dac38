"""The bot is killed at random moments during a stream of reactions, buttons and commands.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_kills.py

After every restart and reconciliation, the database holds the acts of all people and every rating
that the bot confirmed to them. On PostgreSQL, the server is killed too: alone, or with the bot.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.postgres import Cluster
from tests.soak.evening import (
    Evening,
    assert_all_is_there,
    assert_old_cards_work,
    evening,
    report,
)
from tests.soak.process import scaled

pytestmark = pytest.mark.soak

KILLS = scaled(50, at_least=2)
SERVER_KILLS = scaled(80, at_least=8)
WAYS = ("the bot", "the server", "a connection", "both")
"""What is killed on PostgreSQL, in turns. After the kill of a connection's process the server ends
all other connections and recovers."""


async def kill_and_start(found: Evening, when: str) -> None:
    """Kills the bot, and starts it again after people have reacted."""
    await found.kill(when)
    await found.start()


async def test_ratings_survive_every_kill(tmp_path: Path) -> None:
    async with evening(tmp_path) as found:
        while found.kills.total() < KILLS:
            found.local.limits.enabled = True  # so that seeding is slow, and often interrupted
            await found.stream()
            await kill_and_start(found, "in the stream")
            if found.rng.random() < 0.25:  # kill again while the bot compares its cards
                await asyncio.sleep(found.rng.uniform(0, 2.5))
                await kill_and_start(found, "before reconciling had ended")
            if found.rng.random() < 0.5:  # people do not wait for the bot to be done
                await found.crowd.begin(pause=(0.1, 0.5))
            await found.bot.reconciled()
            await found.crowd.stop()
            await assert_all_is_there(found)
        await assert_old_cards_work(found)
        report(found)
        assert found.bot.errors() == []


@pytest.fixture
def server() -> Iterator[Cluster]:
    """A server whose commits reach the disk."""
    with postgres.cluster(safe=True) as made:
        yield made


async def kill(found: Evening, server: Cluster, way: str) -> None:
    """Kills the bot, the server, one of its connections, or both; what was killed starts again.

    People go on acting while the server is away.
    """
    if way == "a connection":
        await asyncio.to_thread(server.kill_connection, "films")
        await asyncio.to_thread(server.await_answers)
        found.kills[way] += 1
    if way in ("the server", "both"):
        await asyncio.to_thread(server.kill)
    if way == "the server":
        found.kills[way] += 1
        await found.crowd.begin(pause=(0.1, 0.5))
        await asyncio.sleep(found.rng.uniform(0, 4))
    if way in ("the bot", "both"):
        await found.kill(way)
    if way in ("the server", "both"):
        await asyncio.to_thread(server.start)
    if way in ("the bot", "both"):
        await found.start()


def unforeseen(found: Evening) -> list[str]:
    """Returns lines of the log about errors that nobody foresaw.

    The log also has foreseen ones, of statements that met the server while it was away.
    """
    bad = re.compile(r" CRITICAL |^Traceback|never awaited|never retrieved|, reference ")
    return [line for line in found.bot.whole_log().splitlines() if bad.search(line)]


@pytest.mark.skipif(postgres.installed() is None, reason="needs PostgreSQL")
async def test_ratings_survive_every_kill_of_the_bot_and_its_server(
    tmp_path: Path, server: Cluster
) -> None:
    async with evening(tmp_path, server.create("films")) as found:
        while found.kills.total() < SERVER_KILLS:
            found.local.limits.enabled = True
            await found.stream()
            await kill(found, server, WAYS[found.kills.total() % len(WAYS)])
            if found.rng.random() < 0.5:
                await found.crowd.begin(pause=(0.1, 0.5))
                await asyncio.sleep(found.rng.uniform(0, 2))
            await found.bot.reconciled()
            await found.crowd.stop()
            await assert_all_is_there(found, patience=90)
        await assert_old_cards_work(found)
        report(found)
        assert unforeseen(found) == []

"""`matinee healthcheck` is right about a real bot, whatever happens to it.

One process lives through everything, in the order of the tests. Its data folder is on a small disk
of its own, where this machine lets tests mount one. Its model is damaged from the beginning: that
is no reason to be unwell, since tags answer.
"""

import asyncio
import os
import resource
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio

from bot.errors import NoAnswer
from bot.health import SOCKET_NAME, ask, socket_address
from bot.playground import start
from tests.bot.command import Ended, matinee
from tests.clock import club_world
from tests.disk import small_disk
from tests.house import FEW_FILMS, stocked, until
from tests.soak.process import BotProcess, attached, environment

pytestmark = pytest.mark.asyncio(loop_scope="module")
QUICK = "--seconds=0.2"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    """A bot that was not started yet. Its local Discord lets nobody connect to the gateway."""
    folder = tmp_path_factory.mktemp("health")
    await stocked(folder / "stock", FEW_FILMS)
    with closing(sqlite3.connect(folder / "stock")) as conn, conn:
        conn.execute(
            "insert into model_versions values ('damaged', 'damaged', '', :at, '{}', true, :at)",
            {"at": "2026-03-01 00:00:00.000000"},
        )
    size = (folder / "stock").stat().st_size + (4 << 20)
    with small_disk(folder / "disk", size) as mounted:
        data = folder / "disk" / "data"
        data.mkdir()
        shutil.move(folder / "stock", data / "matinee.sqlite3")
        (data / "models" / "damaged").mkdir(parents=True)
        async with (
            start(club_world()) as local,
            attached(folder, local, data=data, keep_backups=0) as process,
        ):
            process.settings["ON_OWN_DISK"] = "yes" if mounted else ""
            local.faults.down("gateway")
            yield process


def data_of(bot: BotProcess) -> Path:
    return Path(bot.settings["MATINEE_DATA"])


def check(bot: BotProcess, *options: str) -> Ended:
    """Runs `matinee healthcheck` as a monitor does, from another folder."""
    return matinee(bot.folder, "healthcheck", *options, MATINEE_DATA=data_of(bot))


def unwell(bot: BotProcess) -> str:
    """Returns what the check says; fails if it finds the bot well."""
    ended = check(bot, QUICK)
    assert ended.code == 1, ended
    assert "Traceback" not in ended.err
    return ended.err


async def becomes_well(bot: BotProcess) -> None:
    await until(lambda: check(bot).code == 0, "the bot is well")


async def test_before_the_start_nobody_answers(bot: BotProcess) -> None:
    assert "Matinee isn't answering" in unwell(bot)
    assert "still be starting, or it may have stopped" in unwell(bot)


async def test_while_it_starts_it_is_not_well(bot: BotProcess) -> None:
    await bot.start()
    assert "Matinee isn't answering" in unwell(bot)
    await until((data_of(bot) / SOCKET_NAME).exists, "the bot listens")
    assert "I'm not connected to Discord right now" in unwell(bot)


async def test_it_is_well_when_ready_although_its_model_is_damaged(bot: BotProcess) -> None:
    bot.local.faults.up()
    bot.local.let_identify()
    await becomes_well(bot)
    ended = check(bot)
    assert "I'm fine. I'm connected to Discord" in ended.out
    assert "model damaged." not in ended.out
    assert "model damaged cannot be used" in bot.current_log()


async def test_the_check_alone_loads_little(bot: BotProcess) -> None:
    """It runs every half minute, so it leaves out all that the other commands need."""
    code = (
        "import atexit, runpy, sys; sys.argv = ['matinee', 'healthcheck']\n"
        "atexit.register(lambda: print(*sys.modules))\n"
        "runpy.run_module('bot', run_name='__main__')"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", code),
        cwd=bot.folder,
        env=environment(data_of(bot)),
        stdout=asyncio.subprocess.PIPE,
    )
    said, loaded = (await process.communicate())[0].decode().splitlines()
    assert "I'm fine. I'm connected to Discord" in said
    heavy = {
        "typer",
        "rich",
        "pydantic",
        "sqlalchemy",
        "discord",
        "numpy",
        "asyncio",
        "storage",
        "babel",
    }
    assert not heavy & set(loaded.split())


async def test_another_folder_is_another_bot(bot: BotProcess, tmp_path: Path) -> None:
    ended = matinee(tmp_path, "healthcheck", QUICK, MATINEE_DATA=tmp_path)
    assert ended.code == 1
    assert "Matinee isn't answering" in ended.err


async def test_a_locked_database(bot: BotProcess) -> None:
    path = data_of(bot) / "matinee.sqlite3"
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "able to save anything" in unwell(bot)
        assert "nother program may be locking it" in unwell(bot)
    await becomes_well(bot)


@contextmanager
def full(bot: BotProcess) -> Iterator[None]:
    """Lets no write of the bot succeed in the block, because the disk is full."""
    data = data_of(bot)
    if bot.settings["ON_OWN_DISK"]:
        with closing(sqlite3.connect(data / "matinee.sqlite3")) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with suppress(OSError), (data / "filler").open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        yield
        (data / "filler").unlink()
        return
    usual = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, usual)


async def test_a_full_disk(bot: BotProcess) -> None:
    with full(bot):
        said = unwell(bot)
        assert "is full" in said or "trouble with the disk" in said
    await becomes_well(bot)


async def test_a_data_folder_that_is_gone_or_replaced(bot: BotProcess) -> None:
    data = data_of(bot)
    data.rename(data.with_name("aside"))
    assert "can't find the data folder" in unwell(bot)
    data.mkdir()
    assert "Matinee isn't answering" in unwell(bot)
    data.rmdir()
    data.with_name("aside").rename(data)
    await becomes_well(bot)
    database = data / "matinee.sqlite3"
    database.rename(database.with_name("aside"))
    assert "removed or replaced" in unwell(bot)
    database.with_name("aside").rename(database)
    await becomes_well(bot)


async def test_a_bot_that_hangs(bot: BotProcess) -> None:
    os.kill(bot.pid, signal.SIGSTOP)
    try:
        with pytest.raises(NoAnswer, match="bot-hangs"):
            ask(data_of(bot), seconds=-0.8)
    finally:
        os.kill(bot.pid, signal.SIGCONT)
    await becomes_well(bot)


async def test_a_gateway_that_is_down(bot: BotProcess) -> None:
    bot.local.faults.down("gateway")
    await until(lambda: check(bot, QUICK).code == 1, "the bot notices")
    assert "I'm not connected to Discord right now" in unwell(bot)


async def test_a_killed_bot_leaves_a_socket_on_which_nobody_answers(bot: BotProcess) -> None:
    await bot.kill()
    assert (data_of(bot) / SOCKET_NAME).is_socket()
    assert "Matinee isn't answering" in unwell(bot)


async def test_a_long_path_has_a_short_address(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 20) / ("long" * 20)
    folder.mkdir(parents=True)
    with socket_address(folder) as address:
        assert len(address) < 100
        Path(address).touch()  # noqa: ASYNC240
    assert (folder / SOCKET_NAME).exists()
    with pytest.raises(NoAnswer, match="no-bot-answers"):
        ask(folder)

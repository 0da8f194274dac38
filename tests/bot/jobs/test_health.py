"""The socket on which the bot says how it is: what goes wrong on it stays there."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.client.client import MatineeBot
from bot.errors import NoAnswer
from bot.health import SOCKET_NAME, ask
from bot.jobs import health
from bot.settings import Settings
from bot.wiring import open_app
from tests.clock import IMPORTED_AT
from tests.house import FEWEST_FILMS, stocked, until


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[MatineeBot]:
    """A bot that is not connected."""
    settings = Settings(data=tmp_path)
    await stocked(settings.database, FEWEST_FILMS)
    async with open_app(settings, lambda: IMPORTED_AT) as app:
        yield MatineeBot(app, ())


async def test_who_asks_nothing_is_let_go(bot: MatineeBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Newer Pythons wait for open connections before a socket is closed, and so the bot would."""
    monkeypatch.setattr(health, "GRACE_SECONDS", 0.05, raising=False)
    serving = asyncio.create_task(health.serve(bot))
    await until((bot.app.settings.data / SOCKET_NAME).exists, "the bot listens")
    reader, writer = await asyncio.open_unix_connection(bot.app.settings.data / SOCKET_NAME)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
    bot.stopping.set()
    await serving


async def test_a_write_that_fails_in_an_unforeseen_way_is_trouble(bot: MatineeBot) -> None:
    probe = health.WriteProbe(bot.app)
    assert await probe.trouble(5) is None
    with closing(sqlite3.connect(bot.app.db.address)) as conn, conn:
        conn.execute("drop table settings_kv")
    assert "no such table: settings_kv" in str(await probe.trouble(5))


async def test_a_system_without_unix_sockets(
    bot: MatineeBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as without:
        without.delattr(asyncio, "start_unix_server")
        await health.serve(bot)
        assert "finds no bot" in caplog.text
        without.delattr(socket, "AF_UNIX")
        with pytest.raises(NoAnswer, match="no-unix-sockets"):
            ask(bot.app.settings.data)


async def test_a_bot_that_hangs_for_long_is_said_to_hang(tmp_path: Path) -> None:
    """After an hour, too many askers wait, and the system refuses further connections."""
    with closing(socket.socket(socket.AF_UNIX)) as hangs:
        hangs.bind(str(tmp_path / SOCKET_NAME))
        hangs.listen(0)
        with closing(socket.socket(socket.AF_UNIX)) as earlier:
            earlier.connect(str(tmp_path / SOCKET_NAME))
            with pytest.raises(NoAnswer, match="bot-hangs"):
                ask(tmp_path, seconds=-0.9)

"""The metrics page, health, log lines and shutdown of a running bot."""

import asyncio
import json
import logging
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.observability import logs, metrics
from bot.observability.metrics import Health, Metrics
from bot.playground import Person, start
from tests.bot.command import matinee
from tests.clock import PATIENCE_SECONDS, club_world
from tests.house import FEW_FILMS, running, stocked, until
from tests.soak.process import attached


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def read(port: int, page: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{port}/{page}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_the_page_counts_what_happened(tmp_path: Path) -> None:
    port = free_port()
    async with (
        running(tmp_path, max_films=FEW_FILMS, metrics_port=port) as house,
        house.member("mira") as mira,
    ):
        await mira.command("films", "recommend")
        await mira.command("films", "similar", film="no such film at all")
        await until(
            lambda: house.app.metrics.page().count(b"matinee_answer_seconds_count{") == 2, "counted"
        )
        status, text = await read(port, "metrics")
        assert status == 200
        assert 'matinee_interactions_total{name="recommend",outcome="done"} 1.0' in text
        assert 'matinee_interactions_total{name="similar",outcome="refused"} 1.0' in text
        assert 'matinee_answer_seconds_count{name="recommend"} 1.0' in text
        assert "matinee_guilds 1.0" in text

        async def well() -> bool:
            return (await read(port, "health"))[0] == 200

        await until(well, "Discord has sent every guild, so the bot is ready")
        _, body = await read(port, "health")
        assert json.loads(body)["model"] == house.app.live.served.version
        house.settings.data.rename(tmp_path / "aside")
        status, body = await read(port, "health")
        assert status == 503
        assert "Somebody removed or replaced" in json.loads(body)["database"]
        (tmp_path / "aside").rename(house.settings.data)
        await until(well, "a write that failed meanwhile is tried again")
        house.local.faults.down("gateway")
        await until(lambda: not house.world.bot_online, "the connection is cut")

        async def unwell() -> bool:
            return (await read(port, "health"))[0] == 503

        await until(unwell, "discord.py connects again and again")
        assert json.loads((await read(port, "health"))[1])["gateway"] == "disconnected"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "."])
async def test_a_page_that_cannot_be_served_is_a_warning(
    host: str, caplog: pytest.LogCaptureFixture
) -> None:
    stopping = asyncio.Event()
    serving = metrics.serve(Metrics(), lambda: Health(True, {}), host, free_port(), stopping)
    await asyncio.wait_for(serving, PATIENCE_SECONDS)
    assert f"the metrics page cannot have {host}" in caplog.text
    assert "MATINEE_METRICS_HOST" in caplog.text


async def test_the_bot_runs_without_its_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        async with (
            running(tmp_path, max_films=FEW_FILMS, metrics_port=port) as house,
            house.member("mira") as mira,
        ):
            await until(lambda: "the metrics page cannot have" in caplog.text, "it is said")
            assert (await mira.command("films", "help")).error is None


async def test_there_is_no_page_unless_asked_for(tmp_path: Path) -> None:
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        assert house.settings.metrics_port == 0
        assert house.settings.metrics_host == "127.0.0.1"


def test_json_lines_name_the_interaction_and_hide_tokens() -> None:
    lines = logs.JsonLines(None, ["s3cret"])
    logs.INTERACTION.set(42)
    try:
        raise ValueError("with s3cret inside")
    except ValueError:
        record = logging.LogRecord(
            "bot", logging.ERROR, "x.py", 1, "it says %s", ("s3cret",), sys.exc_info()
        )
    written = lines.format(record)
    logs.INTERACTION.set(None)
    line = json.loads(written)
    assert line["interaction"] == "42"
    assert line["level"] == "error"
    assert line["message"] == f"it says {logs.TOKEN_MASK}"
    assert "ValueError" in line["error"]
    assert "s3cret" not in written
    quiet = json.loads(lines.format(logging.LogRecord("b", 20, "x.py", 1, "quiet", (), None)))
    assert "interaction" not in quiet


def test_the_log_can_be_json(tmp_path: Path) -> None:
    asyncio.run(stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS))
    ended = matinee(tmp_path, "models", MATINEE_LOG_FORM="json")
    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert lines
    assert {"at", "level", "logger", "message"} <= set(lines[0])


async def test_a_stop_signal_lets_running_commands_end(tmp_path: Path) -> None:
    world = club_world()
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    async with start(world) as local, attached(tmp_path, local) as bot:
        await bot.start()
        await bot.reconciled()
        async with Person(local.page_url, "mira") as mira:
            asked = [asyncio.create_task(mira.command("films", "recommend")) for _ in range(5)]
            await until(lambda: len(world.interactions) == 5, "five commands are on their way")
            await asyncio.wait_for(bot.end(), PATIENCE_SECONDS)
            answers = await asyncio.gather(*asked)
        assert all(answer.error is None or "respond" in answer.error for answer in answers)
        shown = bot.rows("select count(distinct message_id) from cards")
        assert shown[0][0] == sum(answer.message is not None for answer in answers)
        assert bot.errors() == []


async def test_a_second_stop_signal_ends_at_once(tmp_path: Path) -> None:
    world = club_world()
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    async with start(world) as local, attached(tmp_path, local) as bot:
        await bot.start()
        await bot.reconciled()
        process = bot._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)  # so that both signals wait when it continues
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        code = await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
        assert code in (128 + signal.SIGTERM, 128 + signal.SIGINT)
        assert "second time" in bot.current_log()

"""Discord takes no more slash commands today, and says to wait for hours."""

from pathlib import Path

import pytest

from bot.client import command_sync
from tests.house import FEW_FILMS, running, until

HOURS = 6 * 3600.0


async def test_a_bot_whose_commands_are_there_does_not_wait_for_hours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A8: 429 with code 30034 and the rest of the day as `retry_after`."""
    monkeypatch.setattr(command_sync, "SYNC_SECONDS", 0.5, raising=False)
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        async with house.app.db.write() as conn:
            await conn.exec_driver_sql(
                "update settings_kv set value = 'old' where key = 'commands-hash'"
            )
        house.local.faults.answer(
            "PUT", "/commands", 429, code=30034, message="200 a day", retry_after=HOURS
        )
        await house.restart()
        async with house.member("mira") as mira:
            assert (await mira.command("films", "recommend")).error is None
        await until(lambda: "did not take the slash commands" in caplog.text, "the log says it")

"""The bot stops only after the events that it has received are handled."""

import asyncio
from pathlib import Path

from tests.house import FEW_FILMS, running, until
from tests.locking import locked


async def test_an_event_that_waits_for_the_database_is_stored_before_the_bot_stops(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        guild = next(iter(house.world.guilds.values()))
        async with locked(house.app.db.address) as other:
            house.world.remove_guild(guild)
            await until(lambda: _handling("on_guild_remove"), "the bot hears of it")
            stopping = asyncio.create_task(house._close())
            await asyncio.sleep(0.3)
            other.execute("ROLLBACK")
            await stopping
            stored = other.execute("SELECT guild_id FROM left_servers").fetchall()
        await house._open()
    assert stored == [(guild.id,)]


def _handling(event: str) -> bool:
    """True if a handler of an event of discord.py's is running."""
    return any(task.get_name() == f"discord.py: {event}" for task in asyncio.all_tasks())

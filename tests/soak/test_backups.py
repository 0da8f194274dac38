"""Many backups during a stream of writes. The last one is restored and a bot runs on it.

MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_backups.py
"""

from pathlib import Path

import pytest

from bot.playground import Person, start
from storage.database.sqlite import backups
from tests.clock import club_world
from tests.soak.process import attached, run, scaled
from tests.storage.database.sqlite.test_backups import raters, under_writes

pytestmark = pytest.mark.soak

COPIES = scaled(100, at_least=8)


async def test_every_copy_is_whole_and_a_bot_lives_on_one(tmp_path: Path) -> None:
    busy, fresh = tmp_path / "busy", tmp_path / "fresh"
    busy.mkdir()
    fresh.mkdir()
    meanwhile = await under_writes(busy, COPIES)
    made = backups.list_backups(busy / "backups")
    counts = [len(raters(one.path)) for one in reversed(made)]
    print(
        f"\n{len(made)} backups under a stream of ratings, each passes PRAGMA integrity_check and"
        f" holds all that was acknowledged before it began: {counts[0]} ratings in the first,"
        f" {counts[-1]} in the last; {meanwhile} were acknowledged while one was being taken"
    )
    await run(fresh, "restore", str(made[0].path))
    world = club_world()
    async with start(world) as local, attached(fresh, local, keep_backups=0) as bot:
        await bot.start()
        await bot.reconciled()
        async with Person(local.page_url, "mira") as mira:
            shown = await mira.command("films", "recommend", wait=60)
            assert shown.message is not None
            await mira.react(shown.message, "❤️")
            await mira.command("films", "privacy", wait=60)
        assert bot.rows("select count(*) from ratings")[0][0] >= counts[-1]
        await bot.end()
        assert raters(fresh / "data" / "matinee.sqlite3") >= raters(made[0].path) | {int(mira.id)}
        assert bot.errors() == []
    assert world.unsupported == []
    await run(fresh, "doctor", "--offline")

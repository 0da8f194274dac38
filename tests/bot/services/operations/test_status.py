"""/lab, /status and the choice in /privacy, over the wire."""

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground.testing import Refused
from bot.services.notes import from_text, note
from bot.services.operations import backup, status
from bot.services.operations.status import Online
from bot.services.training import last_fit
from bot.wording.errors.said import said_lines
from storage import registry
from storage.registry import ModelVersion
from storage.servers import guilds, schedules, slots
from tests import postgres
from tests.house import FEW_FILMS, House, running, until

EPHEMERAL = 1 << 6


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as found:
        yield found


async def test_only_the_owner_sees_the_lab(house: House) -> None:
    async with house.member("mira") as mira, house.member("june") as june:
        world = house.world
        world.application = replace(world.application, owner_id=int(mira.id))
        outcome = await mira.command("dm", "lab models")
        version = house.app.live.served.version
        assert f"`{version}`, which hasn't learned from any ratings yet" in outcome.text
        refused = await june.command("dm", "lab models")
        assert "Only whoever runs this bot" in refused.text
        with pytest.raises(Refused):  # Discord does not offer it in a server
            await june.command("films", "lab models")


async def test_only_the_owner_sees_the_status(house: House) -> None:
    guild = next(iter(house.world.guilds.values()))
    async with house.member("mira") as mira, house.member("june") as june:
        house.world.application = replace(house.world.application, owner_id=int(mira.id))
        logging.getLogger("bot.somewhere").error("a thing that fails for this test")
        await until(lambda: bool(house.rows("select 1 from settings_kv")), "it has started")
        asked = await mira.command("dm", "status")
        text = asked.text
        for part in (
            r"\*\*Matinee \S+\*\*, running for less than a minute",
            rf"I'm in 1 server with {len(guild.members)} members\.",
            r"The gateway answers in [\d,]+ ms\.|I haven't timed the gateway yet\.",
            r"I still have 0 to add\. Since I started, I've added \d+ and skipped \d+\.",
            rf"`{house.app.live.served.version}`, which hasn't learned from any ratings yet",
            r"I'll train for the first time once there are ratings\.",
            r"\*\*This week\*\*: 0 new people rated their first film\.",
            r"^-# 0 people came back this week\.",
            r"People liked 0 picks this week\. Run `matinee report` for more\.",
            r"\*\*Posts\*\*: none in the last day\. Still waiting to be sent: 0\.",
            r"takes up [\d.]+ MiB, and the disk has [\d.,]+ [MG]iB free\. Backups are off\."
            if not postgres.chosen()
            else r"takes up [\d.]+ MiB on its server, and the disk with my models has .* free\.",
            r"\*\*Errors\*\* in the last hour: 1$",
        ):
            assert re.search(part, text, re.MULTILINE), (part, text)
        assert asked.message is not None
        assert asked.message["flags"] & EPHEMERAL
        refused = await june.command("dm", "status")
        assert "Only whoever runs this bot" in refused.text
        with pytest.raises(Refused):
            await june.command("films", "status")


@pytest.mark.clock
@pytest.mark.sqlite
async def test_the_status_shows_posts_fits_and_backups(house: House) -> None:
    """The parts of the status that need earlier posts, fits and backups."""
    app, now = house.app, house.app.clock()
    guild = next(iter(house.world.guilds.values()))
    async with app.db.write() as conn:
        await guilds.setup(conn, guild.id, now=now)
        for theme, outcome in (("auto", "sent"), ("wild", "skipped"), ("trending", "sent")):
            one = await schedules.create(
                conn, guild.id, theme=theme, post_time="19:00", now=now, next_at=None
            )  # fmt: skip
            assert await slots.claim(conn, one, "2026-01-01", now, outcome=outcome)
            old = now - timedelta(days=2)
            assert await slots.claim(conn, one, "2025-12-30", old, outcome="lost")
        await registry.register(
            conn, ModelVersion("v1", "v1", "f", now, {"promote": False, "why": "It's worse."})
        )
    await last_fit.record(app, now, "failed", note("make-disk-room"))
    kept = app.settings.model_copy(update={"keep_backups": 3})
    with_backups = replace(app, settings=kept)
    online = Online(timedelta(days=3, hours=4), 12, 3400, 0.045, 7, 20, 2)
    assert "There's no backup yet." in said_lines(await status.status(with_backups, online))
    made = await backup.take(with_backups)
    text = said_lines(await status.status(with_backups, online))
    for part in (
        "running for 3 days and 4 hours",
        "I'm in 12 servers with 3,400 members. The gateway answers in 45 ms.",
        "I still have 7 to add. Since I started, I've added 20 and skipped 2.",
        f"-# I last started training <t:{int(now.timestamp())}:R>, but it failed. "
        "Free up some space.",
        "-# I'm not using the newest version, `v1`. It's worse.",
        "or after 500 new ratings (0 so far).",
        "in the last day: 2 sent and 1 skipped while I was offline. Still waiting to be sent: 0.",
        f"I made and checked the latest backup <t:{int(made.taken_at.timestamp())}:R>.",
    ):
        assert part in text, text
    await last_fit.record(app, now, "held", from_text("It's worse than the live model."))
    text = said_lines(await status.status(with_backups, online))
    assert "but I'm not using the new model. It's worse than the live model." in text


async def test_ratings_can_be_kept_out_of_others_picks(house: House) -> None:
    async with house.member("mira") as mira:
        shown = await mira.command("films", "privacy")
        assert shown.message is not None
        assert "Keep my ratings out of others' picks" in str(shown.message)
        kept = await mira.click(shown.message, "Keep my ratings out of others' picks")
        shapes = "select shapes_others from people where id = ?"
        await until(lambda: house.rows(shapes, int(mira.id)) == [(0,)], "kept out")
        assert "only shape your own picks" in kept.text
        await mira.click(kept.message, "Let my ratings shape others' picks")
        assert house.rows(shapes, int(mira.id)) == [(1,)]

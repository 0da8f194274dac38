"""/lab and the choice in /privacy, over the wire."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.driver import Refused
from tests.house import House, running, until


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path) as found:
        yield found


async def test_only_the_owner_sees_the_lab(house: House) -> None:
    async with house.member("mira") as mira, house.member("june") as june:
        world = house.world
        world.application = replace(world.application, owner_id=int(mira.id))
        told = await mira.command("dm", "lab models")
        version = house.app.live.served.version
        assert f"`{version}` serves, which was fitted to no ratings" in told.text
        refused = await june.command("dm", "lab models")
        assert "owner of the bot" in refused.text
        with pytest.raises(Refused):  # in a server it is not even offered
            await june.command("films", "lab models")


async def test_ratings_can_be_kept_out_of_others_picks(house: House) -> None:
    async with house.member("mira") as mira:
        shown = await mira.command("films", "privacy")
        assert shown.message is not None
        assert "Keep my ratings out of others' picks" in str(shown.message)
        kept = await mira.click(shown.message, "Keep my ratings out of others' picks")
        shapes = "select shapes_others from people where id = ?"
        await until(lambda: house.rows(shapes, int(mira.id)) == [(0,)], "kept out")
        assert "own picks only" in kept.text
        await mira.click(kept.message, "Let my ratings shape others' picks")
        assert house.rows(shapes, int(mira.id)) == [(1,)]

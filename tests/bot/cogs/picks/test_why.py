"""The button *Why?* in the playground: stars are predicted for whoever presses it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.fitted import learn_stars, rate
from tests.house import FEW_FILMS, House, running

STARS = re.compile(r"You'd probably give it ★ [0-5]\.[0-9], give or take 0\.[0-9]\.")
RATED = 40  # films that Mira rated


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS, cooldown_days=0) as house:
        yield house


async def test_stars_are_predicted_for_whoever_presses(house: House) -> None:
    async with house.member("mira") as mira, house.member("june") as june:
        await rate(house.app, int(mira.id), RATED)
        message = (await mira.command("films", "recommend")).message
        before = await mira.click(message, "Why?")
        assert "give or take" not in before.text, "nothing is known of anybody's stars yet"
        await learn_stars(house.app)
        assert STARS.search((await mira.click(message, "Why?")).text)
        other = await june.click(message, "Why?")
        assert "what counted most" in other.text
        assert "give or take" not in other.text, "June has rated nothing"

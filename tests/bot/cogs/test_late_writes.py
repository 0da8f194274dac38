"""While another program keeps the database locked, everything that writes is acknowledged.

What was asked for is stored, and said to be, once the lock is free.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.playground.testing import Outcome, text_of
from tests.house import FEW_FILMS, House, running, until
from tests.locking import locked


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as found:
        yield found


async def while_locked(house: House, *asked: Coroutine[Any, Any, Outcome]) -> list[Outcome]:
    """Keeps the write lock until each interaction is acknowledged. Returns the outcomes."""
    interactions = house.world.interactions
    before = set(interactions)

    def acknowledged() -> bool:
        new = [interactions[number] for number in interactions.keys() - before]
        return len(new) == len(asked) and all(x.first_response_ms is not None for x in new)

    async with locked(house.settings.database) as other:
        begun = [asyncio.create_task(one) for one in asked]
        await until(acknowledged, "all are acknowledged")
        other.execute("ROLLBACK")
        return await asyncio.gather(*begun)


def ended(house: House, name: str) -> float:
    """Returns how often the bot has finished an action without an error."""
    labels = {"name": name, "outcome": "done"}
    counted = house.app.metrics.registry
    return counted.get_sample_value("matinee_interactions_total", labels) or 0.0


async def test_what_writes_waits_for_a_lock(house: House) -> None:
    titles = [title for (title,) in house.rows("select title from films order by id limit 9")]
    async with (
        house.member("mira") as mira,
        house.member("june") as june,
        house.member("tomas") as tomas,
        house.member("olek") as olek,
    ):
        card = (await mira.command("films", "recommend")).message
        panel = (await june.command("films", "settings")).message
        data = (await tomas.command("films", "privacy")).message
        form = (await olek.command("films", "start")).modal
        screen = (await olek.submit(form)).message
        naming = (await olek.click(screen, "Add one I love")).modal
        wait = 30.0
        outcomes = await while_locked(
            house,
            mira.command("films", "rate", wait=wait, film=titles[0], stars=4.0),
            mira.click(card, "Another", wait=wait),
            june.click(card, "Seen it", wait=wait),
            june.select(panel, 0, ["off the path"], wait=wait),
            tomas.click(data, "Keep my ratings out of others' picks", wait=wait),
            olek.command("films", "rate", wait=wait, film=titles[1], stars=3.0),
            olek.command("films", "settings", wait=wait, zone="Tokyo"),
            mira.command("films", "setup server", wait=wait, family_safe=True),
            olek.submit(naming, {"film": titles[2]}, wait=wait),
        )
        await until(lambda: ended(house, "named") > 0, "the loved film was stored")
        assert "I've added" in text_of(await olek.message(screen) or {})
    for outcome in outcomes:
        assert outcome.error is None, outcome
    assert outcomes[0].text.startswith("Got it")
    assert outcomes[5].text.startswith("Got it")
    assert house.rows("select stars from ratings order by film_id") == [(4.0,), (3.0,), (5.0,)]
    assert house.rows("select kind, value from preferences order by 1, 2") == [
        ("dial", "balanced"),
        ("dial", "off the path"),
        ("zone", "Asia/Tokyo"),
    ]
    assert house.rows("select count(*) from people where not shapes_others") == [(1,)]
    assert house.rows("select count(*) from film_marks where kind = 'seen'") == [(1,)]
    assert house.rows("select family_safe from guilds") == [(1,)]

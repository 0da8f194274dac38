"""Days and nights in a server, over the wire: posts, new models, and films that come back later.

Each test has a house of its own, because it moves the clock or counts the rows of everybody.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.testing import buttons_of, selects_of, text_of
from tests.bot.cogs.test_evening import card, film_of, ratings
from tests.clock import at
from tests.house import FEWEST_FILMS, House, running, until


@pytest.fixture
async def mira(house: House) -> AsyncIterator[Person]:
    async with house.member("mira") as person:
        yield person


@pytest.fixture
async def june(house: House) -> AsyncIterator[Person]:
    async with house.member("june") as person:
        yield person


@pytest.mark.clock
async def test_nothing_comes_twice_within_the_cool_down(house: House, mira: Person) -> None:
    seen: set[str] = set()
    for _ in range(6):
        message = (await card(mira)).message or {}
        names = {option["label"] for option in selects_of(message)[0]["options"]}
        names.add(str(film_of(message)))
        assert not names & seen
        seen |= names
    later = house.world.clock.now() + timedelta(days=house.settings.cooldown_days + 1)
    house.world.clock.set(later)
    again = await card(mira)
    assert str(film_of(again.message)) in seen


@pytest.mark.clock
async def test_trending_needs_three_people(house: House, mira: Person, june: Person) -> None:
    quiet = await mira.command("films", "trending")
    assert "All-time favourites" in quiet.text
    message = (await card(mira)).message
    for name in ("mira", "tomas", "june"):
        async with house.member(name) as person:
            await person.react(message, "❤️")
    await until(lambda: house.rows("select count(*) from ratings") == [(3,)], "three ratings")
    async with house.member("olek") as olek:
        hot = await olek.command("films", "trending", scope="server")
    assert "trending here: 3 people rated it" in hot.text
    assert film_of(hot.message) == film_of(message)


async def test_the_night_brings_a_new_model(tmp_path: Path) -> None:
    async with (
        running(tmp_path, max_films=FEWEST_FILMS, fits=True) as house,
        house.member("mira") as mira,
    ):
        before = house.app.live.served.version
        message = (await card(mira)).message
        await mira.react(message, "❤️")
        await until(lambda: len(ratings(house, mira)) == 1, "rated")
        house.world.clock.set(house.world.clock.now() + timedelta(days=1))
        serves = "a new version serves"  # its fit is the lowest of the machine's tasks
        await until(lambda: house.app.live.served.version != before, serves, 90.0)
        assert house.app.live.served.model.ratings == 1
        assert house.rows("select count(*) from model_versions where is_live") == [(1,)]
        version = house.app.live.served.version
        await house.restart()
        assert house.app.live.served.version == version
        await card(mira)
        newest = house.rows("select model_version from impressions order by id desc limit 1")
        assert newest == [(version,)]


@pytest.mark.clock
async def test_the_daily_post_comes_once_at_its_local_time(
    house: House, mira: Person, june: Person
) -> None:
    """Also when the Monday digest falls due in between: then there are two posts, one of them
    Mira's alone."""
    house.world.clock.set(at(1, "12:00", "Asia/Tokyo"))
    lounge = mira.channel("lounge")
    said = await mira.command(
        "films", "setup post", channel=lounge, time="19:00", zone="Asia/Tokyo"
    )
    assert "7:00 PM" in said.text

    async def posts() -> list[dict[str, Any]]:
        return [m for m in await june.messages("lounge") if m["author"].get("bot")]

    assert await posts() == []
    target = at(1, "19:00", "Asia/Tokyo")
    house.world.clock.set(target - timedelta(seconds=3))
    await until(lambda: house.app.clock() >= target, "the time comes")

    async def arrived() -> bool:
        return len(await posts()) == 1

    await until(arrived, "the post")
    (post,) = await posts()
    assert "My next post is on" in text_of(post)
    assert "Another" not in buttons_of(post)
    await june.react(post, "❤️")
    await until(lambda: ratings(house, june) == {film_of(post): 5.0}, "the post rates")
    seeded = "select seeded from cards where message_id = ?"
    await until(lambda: house.rows(seeded, int(post["id"])) == [(1,)], "the bot has reacted")
    reactions = (await june.message(post) or {})["reactions"]
    assert [(one["emoji"]["name"], one["count"]) for one in reactions] == [("❤️", 2)]
    await house.restart()
    house.world.clock.set(target + timedelta(minutes=10))
    kept = (
        "select outcome from posts join schedules on schedules.id = schedule_id"
        " where theme != 'digest'"
    )
    await until(lambda: house.rows(kept) == [("sent",)], "recorded")
    assert len(await posts()) == 1


async def test_commands_are_synced_only_when_they_changed(house: House, mira: Person) -> None:
    def syncs() -> int:
        log = (house.settings.data.parent / "traffic.jsonl").read_text(encoding="utf-8")
        return sum('"PUT"' in line and "/commands" in line for line in log.splitlines())

    assert syncs() == 1
    await house.restart()
    await card(mira)
    assert syncs() == 1

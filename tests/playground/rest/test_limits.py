"""Rate limits: headers, 429 answers, and how discord.py handles them."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.playground import start
from bot.playground.rest.limits import MAX_INVALID_REQUESTS, Limits, Rule
from tests.clock import club_world
from tests.playground.stage import RawRest, open_stage


def test_a_bucket_of_three() -> None:
    limits = Limits()
    rule = Rule("r", 3, 60.0)
    left = [limits.take(rule, "a").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = limits.take(rule, "a")
    assert refused.body is not None
    assert refused.body["global"] is False
    assert 0 < refused.body["retry_after"] <= 60
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert int(refused.headers["Retry-After"]) >= 1
    other = limits.take(rule, "b")
    assert other.body is None
    assert other.headers["X-RateLimit-Bucket"] == refused.headers["X-RateLimit-Bucket"]


def test_fifty_requests_a_second_without_counting_interactions() -> None:
    limits = Limits()
    for number in range(50):
        assert limits.take(Rule(f"r{number}", 100, 1.0), "").body is None
    refused = limits.take(Rule("one more", 100, 1.0), "")
    assert refused.body is not None
    assert refused.body["global"] is True
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert limits.take(Rule("callback", 100, 1.0, in_global=False), "").body is None


def test_disabled_limits_send_no_headers() -> None:
    limits = Limits(enabled=False)
    assert all(limits.take(Rule("r", 1, 60.0), "").headers == {} for _ in range(100))


def test_ten_thousand_invalid_requests_bar_the_address() -> None:
    limits = Limits()
    for _ in range(MAX_INVALID_REQUESTS - 1):
        limits.invalid()
    assert not limits.barred
    limits.invalid()
    assert limits.barred


async def test_headers_and_a_real_429() -> None:
    async with start(club_world()) as local, RawRest(local.port, local.ca_pem) as raw:
        films = next(x for x in local.world.channels.values() if x.name == "films")
        path = f"/channels/{films.id}/messages"
        answers = [await raw.call("POST", path, json={"content": "x"}) for _ in range(6)]
    assert [x[0] for x in answers] == [200] * 5 + [429]
    status, body, headers = answers[-1]
    assert headers["Via"]
    assert headers["X-RateLimit-Limit"] == "5"
    assert headers["X-RateLimit-Remaining"] == "0"
    assert float(headers["X-RateLimit-Reset-After"]) == pytest.approx(body["retry_after"], abs=0.01)
    assert status == 429
    assert len(films.messages) == 5


async def test_discord_py_waits_and_loses_nothing(record: Path) -> None:
    async with open_stage(record) as stage:
        june = await stage.person("june")
        sent = await stage.room("films").send("card")
        faces = "😀😁😂🤣"
        await asyncio.gather(*(sent.add_reaction(x) for x in faces))
        seen = (await june.messages("films"))[0]
        assert {x["emoji"]["name"] for x in seen["reactions"]} == set(faces)


async def test_a_burst_that_meets_429s_is_retried(record: Path) -> None:
    async with open_stage(record) as stage:
        rooms = [stage.room(x) for x in ("films", "lounge")]
        cards = [await room.send("card") for room in rooms]
        stage.local.limits.per_second = 20  # a slow machine may not reach the usual 50 a second
        # Other buckets fill the global limit, so some of these are refused at first.
        jobs: list[Any] = [stage.bot.fetch_user(stage.world.people()[0].id) for _ in range(30)]
        jobs += [stage.bot.fetch_channel(room.id) for room in rooms for _ in range(15)]
        await asyncio.gather(*jobs, *(card.add_reaction("👍") for card in cards))
        assert stage.local.limits.hits > 0
        for card in cards:
            again = await card.fetch()
            assert [x.me for x in again.reactions] == [True]

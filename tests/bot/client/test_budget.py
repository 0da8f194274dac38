"""The bot sends fewer requests a second than Discord accepts, and the most urgent first."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from yarl import URL

from bot.client.budget import URGENCY, RequestBudget, Urgency, is_counted
from tests.house import FEWEST_FILMS, running, until

API = "https://discord.com/api/v10"


class Second:
    """A monotonic clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def given(tasks: list["asyncio.Task[None]"]) -> int:
    """Returns how many requests had their turn."""
    await asyncio.sleep(0)
    return sum(task.done() for task in tasks)


async def test_answers_come_before_posts_and_posts_before_reactions() -> None:
    budget = RequestBudget(0.0)
    order: list[tuple[Urgency, int]] = []

    async def ask(urgency: Urgency, number: int) -> None:
        await budget.take(urgency)
        order.append((urgency, number))

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            for urgency in (Urgency.BACKGROUND, Urgency.ANSWER, Urgency.POST):
                group.create_task(ask(urgency, number))
        await asyncio.sleep(0)
        assert (len(budget), order) == (9, [])
        budget.change(1000.0)
    assert order == sorted(order)
    assert len(order) == 9


async def test_a_second_has_no_more_requests_than_its_share() -> None:
    clock = Second()
    budget = RequestBudget(50.0, clock=clock)
    tasks = [asyncio.create_task(budget.take(Urgency.POST)) for _ in range(100)]
    assert await given(tasks) == 5, "a burst"
    for eighth in range(1, 9):
        clock.now = eighth / 8
        budget.change(50.0)
        assert await given(tasks) == 5 + 5 * eighth
    for task in tasks:
        task.cancel()
    clock.now = 60.0
    budget.change(50.0)
    again = [asyncio.create_task(budget.take(Urgency.POST)) for _ in range(100)]
    assert await given(again) == 5, "what was not used is not saved up"
    for task in again:
        task.cancel()


async def test_a_request_that_is_cancelled_leaves_its_turn_to_the_next() -> None:
    clock = Second()
    budget = RequestBudget(10.0, clock=clock)
    first, second, third = (asyncio.create_task(budget.take(Urgency.POST)) for _ in range(3))
    assert await given([first]) == 1
    second.cancel()
    clock.now = 0.125  # one turn more
    budget.change(10.0)
    await third
    assert second.cancelled()


def test_answers_to_interactions_are_not_counted() -> None:
    for path in ("/channels/1/messages", "/users/@me", "/gateway/bot", "/webhook", "/guilds/1"):
        assert is_counted(URL(API + path)), path
    for url in (
        f"{API}/interactions/1/token/callback",
        f"{API}/webhooks/1/token/messages/@original",
        "wss://gateway.discord.gg/?v=10",
        "https://cdn.discordapp.com/ephemeral-attachments/1/2/films.csv",
    ):
        assert not is_counted(URL(url)), url


async def test_the_bots_requests_are_as_urgent_as_what_they_are_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, set[Urgency]] = defaultdict(set)
    take = RequestBudget._before

    async def spy(
        budget: RequestBudget,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        request: aiohttp.TraceRequestStartParams,
    ) -> None:
        if is_counted(request.url):
            parts = request.url.raw_parts
            asked[f"{request.method} {parts[5] if len(parts) > 5 else parts[3]}"].add(URGENCY.get())
        await take(budget, session, context, request)

    monkeypatch.setattr(RequestBudget, "_before", spy)
    async with running(tmp_path, max_films=FEWEST_FILMS) as house, house.member("mira") as mira:
        noon = house.world.clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
        house.world.clock.set(noon)
        lounge = mira.channel("lounge")
        await mira.command("films", "setup post", channel=lounge, time="19:00", zone="UTC")
        house.world.clock.set(noon + timedelta(hours=7))
        seeded = "select count(*) from cards where seeded"
        await until(lambda: house.rows(seeded) == [(1,)], "the post has its emoji")
    assert asked.pop("GET users") == {Urgency.ANSWER}, "the login"
    assert asked.pop("POST messages") == {Urgency.POST}
    assert asked.pop("PUT messages") == {Urgency.BACKGROUND}, "the reaction"
    assert Urgency.POST not in set().union(*asked.values())

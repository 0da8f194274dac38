"""Ten members take the quiz at once, on the full MovieLens catalogue.

    pytest -m benchmark_run -s tests/bot/services/quiz/test_quiz_load.py

Every member taps, looks for two seconds, and taps again. Meanwhile the bot makes the shelves of the
new catalogue and fits its models, as it does after every import. Bot, local Discord and members
share one process. The local Discord measures the times, from sending a tap to receiving the bot's
answer.
"""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import numpy as np
import pytest

from bot.playground.testing import Outcome, selects_of
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.imports import movielens
from bot.services.serving import live_model
from recommender.datasets.corpus import read_corpus
from recommender.pipeline.recommender import Config
from recommender.training import fit
from storage.catalogue import films
from tests.house import House, running
from tests.movielens import FOLDER, needs_movielens

pytestmark = [pytest.mark.benchmark_run, needs_movielens]

MEMBERS, TAPS, THINKING_SECONDS = 10, 15, 2.0  # between one member's taps
MAX_P99_MS = 250.0
ANSWERS = ("Loved", "Haven't seen it", "Liked", "Disliked", "Haven't seen it")


async def take(house: House, name: str, at: int) -> list[float]:
    """Takes the quiz: a screen with both menus, then single films. Returns the times in ms."""
    outcomes: list[Outcome] = []

    async def tapped(tap: Awaitable[Outcome]) -> Outcome:
        outcome = await tap
        assert outcome.error is None, outcome.error
        outcomes.append(outcome)
        await asyncio.sleep(THINKING_SECONDS)
        return outcome

    async with house.member(name) as member:
        await asyncio.sleep(at * THINKING_SECONDS / MEMBERS)
        opened = await tapped(member.command("films", "start"))
        assert opened.modal is not None, opened
        shown = (await tapped(member.submit(opened.modal, {}))).message
        assert shown is not None
        shown_films = [option["value"] for option in selects_of(shown)[0]["options"]]
        await tapped(member.select(shown, 0, shown_films[at % 5 : at % 5 + 4]))
        await tapped(member.select(shown, 1, shown_films[-2:]))
        last = await tapped(member.click(shown, "More films"))
        last = await tapped(member.click(last.message, "One at a time"))
        for tap in range(TAPS):
            label = ANSWERS[(tap + at) % len(ANSWERS)]
            last = await tapped(member.click(last.message, label))
    return [outcome.first_response_ms or np.inf for outcome in outcomes]


async def fill(app: App) -> None:
    """Imports MovieLens and fits a model to it with the default settings."""
    await movielens.import_folder(app, FOLDER)
    async with app.db.read() as conn:
        known, tags = await films.all_films(conn), await films.all_tags(conn)
    world = arrays.catalogue(known, tags)
    everyone = read_corpus(app.settings.corpus)
    model = await asyncio.to_thread(fit.fit, world, everyone, Config(), 1, app.clock())
    app.live.swap(live_model.serve(model, known, tags))


async def test_taps_are_answered_in_time(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await fill(house.app)
        guild = next(iter(house.world.guilds.values()))
        for number in range(MEMBERS):
            house.world.add_member(guild, house.world.add_user(f"quizzed-{number}"))
        names = [f"quizzed-{number}" for number in range(MEMBERS)]
        told = await asyncio.gather(*(take(house, name, at) for at, name in enumerate(names)))
    times = np.concatenate([np.array(each) for each in told])
    p50, p99 = np.percentile(times, [50, 99])
    print(f"\n{len(times)} taps of {MEMBERS} members: p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    assert p99 <= MAX_P99_MS

"""Real requests call the functions of the five walks in docs/architecture.md, in that order."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.house import FEW_FILMS, FEWEST_FILMS, House, running, until
from tests.walks import Trace, assert_met, child_calls, child_environment, tracing, walk


def film_of(house: House) -> int:
    return int(house.rows("select film_id from impressions order by id limit 1")[0][0])


async def walked(name: str, trace: Trace) -> None:
    """Waits for the walk's last step, which may follow the answer, and checks all its steps."""
    steps = walk(name)
    await until(lambda: steps[-1] in trace.calls(), f"the last step of the walk of {name}")
    assert_met(steps, trace.calls())


async def test_recommend(tmp_path: Path) -> None:
    with tracing() as trace:
        async with running(tmp_path, max_films=FEW_FILMS) as house, house.member("mira") as mira:
            trace.clear()
            await mira.command("films", "recommend")
            await until(lambda: house.rows("select count(*) from cards") == [(1,)], "a card")
            await walked("/recommend", trace)


async def test_a_reaction(tmp_path: Path) -> None:
    with tracing() as trace:
        async with running(tmp_path, max_films=FEW_FILMS) as house, house.member("mira") as mira:
            message = (await mira.command("films", "recommend")).message
            await until(lambda: house.rows("select count(*) from cards") == [(1,)], "a card")
            trace.clear()
            await mira.react(message, "👍")
            await until(lambda: house.rows("select stars from ratings") == [(4.0,)], "a rating")
            await walked("a reaction", trace)


async def test_a_quiz_screen(tmp_path: Path) -> None:
    with tracing() as trace:
        async with running(tmp_path, max_films=FEW_FILMS) as house, house.member("mira") as mira:
            form = await mira.command("films", "start")
            trace.clear()
            await mira.submit(form.modal, {"shelves": ["scary"]})
            await walked("a quiz screen", trace)


async def test_a_post(tmp_path: Path) -> None:
    with tracing() as trace:
        async with running(tmp_path, max_films=FEW_FILMS) as house, house.member("mira") as mira:
            start = house.world.clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
            house.world.clock.set(start)
            lounge = mira.channel("lounge")
            await mira.command("films", "setup post", channel=lounge, time="19:00", zone="UTC")
            trace.clear()
            house.world.clock.set(start + timedelta(hours=7))
            await until(lambda: house.rows("select outcome from posts") == [("sent",)], "a post")
            await walked("a post", trace)


async def test_a_retrain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in child_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    with tracing() as trace:
        async with (
            running(tmp_path, max_films=FEWEST_FILMS, fits=True, retrain_after=1) as house,
            house.member("mira") as mira,
        ):
            trace.clear()
            for film in ("Casablanca", "Metropolis", "Citizen Kane"):
                await mira.command("films", "rate", film=film, stars=5.0)
            await until(
                lambda: (
                    (tmp_path / "trace.json").is_file()
                    and house.rows("select count(*) from model_versions") == [(1,)]
                ),
                "a fit",
                patience=120,
            )
            await asyncio.sleep(0.5)
            assert_met(walk("a retrain"), trace.calls(), child_calls(tmp_path))

"""`matinee train` is killed at random moments around writing and promoting a model.

No incomplete artifact is ever served, and every later start is clean. The catalogue is small, so
that a fit is short and most of the time is spent on what is tested.

    MATINEE_SOAK=1.0 pytest -m soak -s tests/soak/test_retrain_kills.py
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bot.services.training import versions
from bot.settings import Settings
from bot.wiring import open_app
from recommender.training import artifacts
from storage import registry
from storage.database.engine import reading
from storage.database.sqlite import locks
from tests.bot.fitted import make
from tests.clock import NOW
from tests.house import until
from tests.soak.process import command, environment, run, scaled

pytestmark = pytest.mark.soak

RUNS = scaled(150, at_least=4)
SEED = 6
PATIENCE_SECONDS = 120.0
FILMS = 700
KILL_MOMENTS = ("anywhere", "writing", "written", "registered")
"""When the kill comes: anywhere in the usual time of a fit, or once a folder is being written, has
its final name, or is registered."""
VICTIMS = ("parent", "worker", "both")


def children(pid: int) -> Iterator[int]:
    """Yields the ids of the processes whose parent is `pid`."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(path.parent.name)


def unnamed(models: Path) -> set[str]:
    """Returns the folders that are being written."""
    return {path.name for path in models.glob(".*.part")}


def named(models: Path) -> set[str]:
    """Returns the folders that have their final name."""
    return {path.name for path in models.iterdir() if not path.name.startswith(".")}


async def state(settings: Settings) -> tuple[set[str], str | None]:
    """Returns the registered folders and the live version. None if no version is live."""
    async with reading(settings.database) as conn:
        registered = await registry.versions(conn)
    live = next((version.version for version in registered if version.is_live), None)
    return {version.path for version in registered}, live


async def undisturbed_seconds(folder: Path) -> float:
    """Returns the seconds that `matinee train` takes if nobody kills it."""
    began = asyncio.get_running_loop().time()
    await run(folder, "train")
    return asyncio.get_running_loop().time() - began


async def train_and_kill(
    settings: Settings, folder: Path, rng: Random, kills: Counter[str], usual: float
) -> None:
    """Runs `matinee train` once and kills it at a random moment.

    kills: counts, to which this kill is added. usual: seconds of a run that is not killed.
    """
    moment, victim = rng.choice(KILL_MOMENTS), rng.choice(VICTIMS)
    before, (registered, _) = named(settings.models), await state(settings)
    with (folder / "train.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command("train"), cwd=folder, env=environment(settings.data), stdout=log, stderr=log
        )

    async def now_registered() -> bool:
        return (await state(settings))[0] > registered

    reached: dict[str, Callable[[], object]] = {
        "anywhere": lambda: True,
        "writing": lambda: unnamed(settings.models),
        "written": lambda: named(settings.models) - before,
    }
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_SECONDS
    while process.returncode is None:  # looks as often as possible
        reached_now = await now_registered() if moment == "registered" else reached[moment]()
        if reached_now:
            break
        assert loop.time() < end, moment
        await asyncio.sleep(0.0005)
    await asyncio.sleep(
        rng.uniform(0, usual) if moment == "anywhere" else rng.expovariate(1 / 0.02)
    )
    late = process.returncode is not None
    workers = list(children(process.pid))
    for pid in [
        *([process.pid] if victim != "worker" else []),
        *(workers if victim != "parent" else []),
    ]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    kills["too late" if late else f"{moment}, {victim}"] += 1

    def free() -> bool:
        with locks.held(settings.fitting_lock) as acquired:
            return acquired

    await until(free, "the orphaned worker ended", PATIENCE_SECONDS)


async def assert_clean(settings: Settings, caplog: pytest.LogCaptureFixture) -> str:
    """Asserts that the registered versions are complete and that a start is clean.

    The start must serve the live version and remove all other folders. Returns that version.
    """
    registered, live = await state(settings)
    for path in registered:
        artifacts.check(settings.models / path)
    caplog.clear()
    async with open_app(settings, lambda: NOW) as app:
        served = app.live.served.version
        assert served == live
        assert {
            one.version for one in await versions.list_versions(app) if one.state == "serves"
        } == {live}
    complaints = [x.getMessage() for x in caplog.records if x.levelno >= logging.WARNING]
    assert complaints == []
    assert {path.name for path in settings.models.iterdir()} == registered
    return served


async def test_no_half_artifact_is_ever_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data=tmp_path / "data")
    await make(tmp_path, max_films=FILMS)
    rng, kills = Random(SEED), Counter[str]()
    usual = await undisturbed_seconds(tmp_path)
    served = [await assert_clean(settings, caplog)]
    for number in range(1, RUNS + 1):
        await train_and_kill(settings, tmp_path, rng, kills, usual)
        served.append(await assert_clean(settings, caplog))
        if number % 10 == 0:
            print(f"  {number} runs: {dict(kills)}", flush=True)
    output = (tmp_path / "train.log").read_text("utf-8")
    assert "Traceback" not in output
    promoted = sum(a != b for a, b in pairwise(served))
    print(
        f"\n{RUNS} runs of `matinee train`, killed with SIGKILL: "
        + "; ".join(f"{name}: {count}" for name, count in sorted(kills.items()))
        + f"\n{promoted} of them had already promoted their model; none left anything half"
    )
    shutil.rmtree(settings.data)

"""What every test shares: at the end, all traffic is checked against Discord's description."""

import gc
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from bot.garbage import COLLECTION_THRESHOLDS
from tests import postgres
from tests.house import TEMPLATES
from tests.traffic import CHECKER, all_findings, all_recorded

if TYPE_CHECKING:
    from playwright.async_api import Browser

# The time of an example depends on the machine, not on the code.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the folder of stocked databases, once for all workers: they inherit its name.

    If the tests run on PostgreSQL, starts the server, also once.
    """
    gc.set_threshold(*COLLECTION_THRESHOLDS)  # as in a running bot
    signal.signal(signal.SIGINT, _interrupt)
    if TEMPLATES not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="matinee-stocked-")
        os.environ[TEMPLATES] = folder.name
        config.add_cleanup(lambda: os.environ.pop(TEMPLATES))
        config.add_cleanup(folder.cleanup)
    if postgres.chosen():
        postgres.use(config.add_cleanup)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Ends the run at Ctrl+C, as Python's own handler does.

    Beside Python's own handler, asyncio would set and remove one for each async fixture. The module
    `signal` would then describe what the fixture returned, twice. For a whole bot this is a text of
    millions of characters.
    """
    raise KeyboardInterrupt


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keeps what is loaded for all tests out of the rounds of the garbage collector.

    There are about a million objects, which would be visited again and again and stay.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps the traffic of bot and local Discord for the check at the end of the run."""
    yield
    all_recorded(Path(tmp_path_factory.mktemp("traffic", numbered=False)) / "all.jsonl")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> "AsyncIterator[Browser]":
    """The Chromium of all tests in this process. Each page opens a profile of its own.

    Tests with it, and their fixtures, run in the loop of the session.
    """
    from tests.browser import chromium  # most runs need no Playwright

    async with chromium() as found:
        yield found


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run if bot or local Discord sent something that Discord does not describe.

    It runs once for all workers. Their folders are below the folder of the run.
    """
    if hasattr(session.config, "workerinput"):
        return
    base: Path = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    logs = sorted({path.resolve() for path in base.glob("**/traffic/all.jsonl")})
    told = session.config.get_terminal_writer()
    if not logs:
        return
    if not CHECKER.is_file():
        told.line(f"\nTraffic was not checked: {CHECKER} is missing; set MATINEE_SHARED.")
        return
    found = all_findings(logs, base)
    if found:
        told.line(f"\nTraffic that Discord does not describe:\n{found}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

"""What every test shares: at the end, all recorded traffic against Discord's description."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.traffic import CHECKER, all_recorded, findings

# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps what bot and local Discord sent, for the check at the end of the run."""
    yield
    all_recorded(Path(tmp_path_factory.mktemp("traffic", numbered=False)) / "all.jsonl")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run when bot or local Discord sent something Discord does not describe; once for
    all workers, whose folders lie below the run's own."""
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
    with ThreadPoolExecutor(os.cpu_count()) as several:  # a process for each worker's traffic
        found = "\n".join(filter(None, several.map(findings, logs)))
    if found:
        told.line(f"\nTraffic that Discord does not describe:\n{found}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

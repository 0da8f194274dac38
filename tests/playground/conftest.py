"""Records all traffic of these tests in one log, which is checked at the end of the run."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.playground.stage import Stage, open_stage
from tests.traffic import recorded


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    log = tmp_path_factory.mktemp("stages") / "rest.jsonl"
    yield log
    if log.is_file() and log.stat().st_size:
        recorded(log)


@pytest.fixture
async def quick(record: Path) -> AsyncIterator[Stage]:
    """A stage without rate limits, for tests of many requests."""
    async with open_stage(record, rate_limits=False) as stage:
        yield stage
        assert stage.world.unsupported == []


@pytest.fixture
async def stage(record: Path) -> AsyncIterator[Stage]:
    async with open_stage(record) as stage:
        yield stage
        assert stage.world.unsupported == []

"""What every test shares: at the end, all recorded traffic against Discord's description."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.traffic import all_recorded, assert_clean

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fails the session when bot or local Discord sent something Discord does not describe."""
    yield
    log = all_recorded(Path(tmp_path_factory.mktemp("traffic")) / "all.jsonl")
    if log is not None:
        assert_clean(log)

"""A bot in the playground, and MovieLens, imported once per run with an operator's commands."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bot.command import Ended, files, matinee
from tests.house import FEW_FILMS, House, Visit, running, stocked
from tests.movielens import FOLDER


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house for one test that moves the clock or counts the rows of everybody."""
    async with running(tmp_path, max_films=FEW_FILMS) as house:
        yield house


@pytest.fixture(scope="module")
async def shared_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house that all tests of a module share; each of them adds a club of its own."""
    async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
        yield house


@pytest.fixture
async def visit(shared_house: House) -> AsyncIterator[Visit]:
    """A club of this test alone, in the house of its module."""
    found = shared_house.club()
    yield found
    found.leave()


@dataclass(frozen=True)
class Evening:
    """A data folder after two imports of MovieLens. Tests must not write to it.

    Attributes:
        folder: the data folder.
        imports: how the two commands ended.
        once: path -> content of the files after the first import.
        twice: path -> content of the files after the second import.
    """

    folder: Path
    imports: tuple[Ended, Ended]
    once: dict[str, bytes]
    twice: dict[str, bytes]


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """MovieLens, imported twice. Tests that use it must be marked `needs_movielens`."""
    folder = tmp_path_factory.mktemp("movielens")
    asyncio.run(stocked(folder / "data" / "matinee.sqlite3"))
    first = matinee(folder, "import", "movielens", FOLDER)
    once = files(folder)
    second = matinee(folder, "import", "movielens", FOLDER)
    return Evening(folder, (first, second), once, files(folder))

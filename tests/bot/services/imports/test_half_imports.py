"""An import that fails changes nothing: neither the films nor the imported ratings."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.services.app import App
from bot.services.imports import movielens
from bot.settings import Settings
from bot.wiring import open_app
from recommender.errors import DatasetError
from recommender.numeric.system import partial_path
from storage.errors import DatabaseBusy
from tests.bot.folders import Film, write_csv
from tests.clock import NOW
from tests.direct import dump
from tests.house import FEW_FILMS, stocked


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, lambda: NOW) as app:
        first = write_csv(
            tmp_path / "first", [Film(1, "Zzyzx Lantern (1971)", ("War",))], [(1, 1, 4, 1)]
        )
        await movielens.import_folder(app, first)
        yield app


def kept(app: App) -> tuple[list[str], bytes]:
    """Returns the database as texts, and the file of imported ratings."""
    return dump(app.settings.database), app.settings.corpus.read_bytes()


@contextmanager
def unwritable(app: App) -> Iterator[None]:
    """Keeps the file of ratings from being written in the block."""
    blocked = partial_path(app.settings.corpus)
    blocked.mkdir()
    yield
    blocked.rmdir()


async def test_ratings_that_cannot_be_written(app: App, tmp_path: Path) -> None:
    before = kept(app)
    more = write_csv(tmp_path / "more", [Film(2, "Qwert Fjord (1972)", ())], [(1, 2, 5, 1)])
    with unwritable(app), pytest.raises(DatasetError, match="corpus-not-written"):
        await movielens.import_folder(app, more)
    assert kept(app) == before


async def test_films_that_cannot_be_written(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database fails once the file of ratings is ready."""
    before = kept(app)
    more = write_csv(tmp_path / "more", [Film(2, "Qwert Fjord (1972)", ())], [(1, 2, 5, 1)])
    usual = movielens._merge
    calls = 0

    async def fail(*given: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise DatabaseBusy("locked")
        return await usual(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(movielens, "_merge", fail)
    with pytest.raises(DatabaseBusy):
        await movielens.import_folder(app, more)
    assert kept(app) == before
    assert [path.name for path in app.settings.corpus.parent.glob(".*.part")] == []
    monkeypatch.undo()
    assert (await movielens.import_folder(app, more)).added == 1

"""What interrupted fits left is deleted, and nothing that another process registers meanwhile."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.wiring import load_served
from storage import registry
from storage.database.sqlite import locks
from storage.registry import ModelVersion
from tests.bot.fitted import START, Time, make, opened


async def test_a_version_that_another_process_registers_meanwhile_keeps_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process may be stopped after it has read the versions, and go on when there is another."""
    one, _ = await make(tmp_path, max_films=400)
    async with opened(tmp_path, Time(START)) as app:
        models, lock = app.settings.models, app.settings.fitting_lock
        read_versions = registry.versions

        async def stopped_after_reading(conn: AsyncConnection) -> Sequence[ModelVersion]:
            known = await read_versions(conn)
            with locks.held(lock) as can_fit:  # as a fit of another process asks first
                if can_fit and not (models / "another").exists():
                    shutil.copytree(models / one, models / "another")
                    async with app.db.write() as other:
                        first = await registry.get(other, one)
                        assert first is not None
                        await registry.register(
                            other, replace(first, version="another", path="another")
                        )
            return known

        (models / "half.part").mkdir()
        monkeypatch.setattr(registry, "versions", stopped_after_reading)
        await load_served(app.settings, app.db, app.clock)
        monkeypatch.undo()
        async with app.db.read() as conn:
            known = await registry.versions(conn)
        assert {version.path for version in known} == {path.name for path in models.iterdir()}
        assert "another" in {version.path for version in known}, "it came after the tidying"

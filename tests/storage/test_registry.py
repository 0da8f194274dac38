"""Model versions, of which one is live, and small facts by key."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from storage import registry
from storage.engine import Database
from storage.registry import ModelVersion
from tests.storage.samples import NOW, later

OLD = ModelVersion("a", "models/a", "f1", NOW, {"ndcg": 0.25, "films": 3})
NEW = ModelVersion("b", "models/b", "f2", later(5), {})


async def test_one_version_is_live(db: Database) -> None:
    async with db.write() as conn:
        assert await registry.live(conn) is None
        await registry.register(conn, OLD)
        await registry.register(conn, replace(NEW, is_live=True))
        assert await registry.versions(conn) == (NEW, OLD)
        for chosen in (OLD, NEW, OLD, OLD):
            await registry.promote(conn, chosen.version)
            assert await registry.live(conn) == replace(chosen, is_live=True)


async def test_an_unknown_version_is_not_promoted(db: Database) -> None:
    async with db.write() as conn:
        await registry.register(conn, OLD)
        await registry.promote(conn, "a")
        with pytest.raises(LookupError, match="zz"):
            await registry.promote(conn, "zz")
        live = await registry.live(conn)
    assert live is not None
    assert live.version == "a"


async def test_a_version_is_registered_once(db: Database) -> None:
    async with db.write() as conn:
        await registry.register(conn, OLD)
    with pytest.raises(IntegrityError):
        async with db.write() as conn:
            await registry.register(conn, OLD)


async def test_values(db: Database) -> None:
    async with db.write() as conn:
        assert await registry.get_value(conn, "k") is None
        await registry.set_value(conn, "k", "1")
        await registry.set_value(conn, "k", "2")
    async with db.read() as conn:
        assert await registry.get_value(conn, "k") == "2"

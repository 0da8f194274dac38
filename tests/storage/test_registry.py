"""Model versions, of which one is live, and small facts by key."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from storage import keyvalue, registry
from storage.database.engine import Database
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
        for at, chosen in enumerate((OLD, NEW, OLD, OLD)):
            await registry.promote(conn, chosen.version, now=later(at))
            served = replace(chosen, is_live=True, promoted_at=later(at))
            assert await registry.live(conn) == served
            assert await registry.get(conn, chosen.version) == served


async def test_no_version_needs_to_be_live_or_to_stay(db: Database) -> None:
    async with db.write() as conn:
        await registry.register(conn, OLD)
        await registry.register(conn, NEW)
        await registry.promote(conn, "b", now=NOW)
        await registry.retire(conn)
        assert await registry.live(conn) is None
        await registry.remove(conn, "b")
        await registry.remove(conn, "zz")
        assert await registry.versions(conn) == (OLD,)
        assert await registry.get(conn, "b") is None


async def test_deletions_are_counted(db: Database) -> None:
    async with db.write() as conn:
        assert await registry.erasures(conn) == 0
        await registry.count_erasure(conn)
        await registry.count_erasure(conn)
        assert await registry.erasures(conn) == 2


async def test_an_unknown_version_is_not_promoted(db: Database) -> None:
    async with db.write() as conn:
        await registry.register(conn, OLD)
        await registry.promote(conn, "a", now=NOW)
        with pytest.raises(LookupError, match="zz"):
            await registry.promote(conn, "zz", now=NOW)
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
        assert await keyvalue.get_value(conn, "k") is None
        await keyvalue.set_value(conn, "k", "1")
        await keyvalue.set_value(conn, "k", "2")
    async with db.read() as conn:
        assert await keyvalue.get_value(conn, "k") == "2"

"""Writers get their turns in the order in which they ask."""

import asyncio

import pytest

from storage import keyvalue
from storage.database import turns
from storage.database.engine import Database
from storage.errors import DatabaseBusy


@pytest.mark.parametrize("long", [False, True], ids=["long work", "quick long work"])
@pytest.mark.parametrize("short", [False, True], ids=["others", "quick others"])
async def test_many_writes_in_a_row_let_others_in_between(
    db: Database, long: bool, short: bool
) -> None:
    """The long work asks for its next turn at once, as somebody does who has more rows already."""
    written: list[str] = []
    others: list[asyncio.Task[None]] = []

    async def write(name: str, quick: bool) -> None:
        async with db.write(quick=quick) as conn:
            await keyvalue.set_value(conn, name, "1")
            written.append(name)
            if name == "long 0":
                others.extend(asyncio.create_task(write(f"other {at}", short)) for at in range(2))
                for _ in range(20):
                    await asyncio.sleep(0)  # the others get to where they wait
                assert db.writers == 3

    for at in range(4):
        await write(f"long {at}", long)
    await asyncio.gather(*others)
    assert written == ["long 0", "other 0", "other 1", "long 1", "long 2", "long 3"]


async def test_a_turn_that_does_not_come_is_said_plainly(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.write() as conn:
        await keyvalue.set_value(conn, "first", "1")
        monkeypatch.setattr(turns, "QUEUE_SECONDS", 0.0)
        with pytest.raises(DatabaseBusy, match="too-slow"):
            async with db.write():
                pass
    async with db.write() as conn:
        assert await keyvalue.get_value(conn, "first") == "1"

"""When people opted out of shaping others' picks is known."""

from storage.database.engine import Database
from storage.people import profiles
from tests.storage.samples import ANN, BEN, NOW, later


async def test_when_people_opted_out(db: Database) -> None:
    async with db.write() as conn:
        await profiles.ensure(conn, ANN, now=NOW)
        for person in (ANN, BEN):
            await profiles.set_shapes_others(conn, person, False, now=later(5))
        await profiles.set_shapes_others(conn, BEN, True, now=later(6))
        assert await profiles.opted_out(conn) == (later(5),)

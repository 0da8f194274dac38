"""Migration 0014 adds the choice of a language, and its way back keeps everything else."""

from pathlib import Path

import pytest

from storage.database import revisions
from storage.database.engine import open_database
from storage.people import preferences
from storage.servers import guilds, schedules
from tests.storage.samples import ANN, BEN, GUILD, NOW

pytestmark = pytest.mark.sqlite

PREFERENCES = "SELECT person_id, kind, value FROM preferences"
SERVERS = "SELECT guilds.id, zone, theme FROM guilds JOIN schedules ON guild_id = guilds.id"


async def test_only_the_languages_go_with_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "languages.sqlite3"
    async with open_database(path, now=NOW) as db, db.write() as conn:
        for kind, value in (("language", "pt_BR"), ("never", "War"), ("zone", "Asia/Tokyo")):
            await preferences.set_values(conn, ANN, kind, [value], now=NOW)
        await preferences.set_values(conn, BEN, "language", ["en"], now=NOW)
        await guilds.setup(conn, GUILD, now=NOW, zone="Asia/Tokyo", language="pt_BR")
        await schedules.create(conn, GUILD, theme="auto", post_time="18:30", now=NOW, next_at=NOW)
    with revisions.connection(path) as old:
        revisions.downgrade(old, "0013")
        assert set(old.exec_driver_sql(PREFERENCES)) == {
            (ANN, "never", "War"),
            (ANN, "zone", "Asia/Tokyo"),
        }
        assert list(old.exec_driver_sql(SERVERS)) == [(GUILD, "Asia/Tokyo", "auto")]
        revisions.upgrade(old)
    async with open_database(path, now=NOW) as db, db.read() as found:
        assert await preferences.languages(found) == {}
        assert (await preferences.of_person(found, ANN)).zone == "Asia/Tokyo"
        assert await guilds.languages(found) == {}

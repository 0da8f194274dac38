"""An acknowledged rating survives `kill -9`."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database.engine import open_database
from storage.feedback import ratings
from tests.storage.samples import NOW, set_stage

pytestmark = pytest.mark.sqlite

WRITER = """
import asyncio, itertools, sys
from datetime import timedelta
from pathlib import Path

from storage.feedback import reactions
from storage.database.engine import open_database
from tests.storage.samples import CARD, NOW, SCALE

async def main():
    async with open_database(Path(sys.argv[1]), now=NOW) as db:
        for number in itertools.count(1):
            async with db.write() as conn:
                await reactions.add(
                    conn, message_id=CARD, person_id=number, emoji="👍", at=NOW, scale=SCALE
                )
            print(number, flush=True)  # from now on this rating must not be lost

asyncio.run(main())
"""


@pytest.mark.parametrize("acknowledged", [1, 17, 60])
async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, acknowledged: int) -> None:
    path = tmp_path / "matinee.sqlite3"
    async with open_database(path, now=NOW) as db:
        await set_stage(db)
    count = await asyncio.to_thread(write_until_killed, path, acknowledged)
    assert count >= acknowledged
    async with open_database(path, now=NOW) as db, db.read() as conn:
        rated = [row.person_id for row in await ratings.snapshot(conn)]
        assert rated == list(range(1, len(rated) + 1))
        assert count <= len(rated) <= count + 1  # at most the one that was being written
        assert [row[0] for row in await conn.exec_driver_sql("PRAGMA integrity_check")] == ["ok"]


def write_until_killed(path: Path, acknowledged: int) -> int:
    """Rate in another process and kill it after `acknowledged` ratings; returns their number."""
    root = Path(__file__).parents[4]
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if len(lines) == acknowledged:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return len([line for line in lines if line.endswith("\n")])

"""Who had everything deleted stays deleted, whatever is read or put back afterwards."""

import asyncio
import io
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.database import backups as commands
from bot.playground import Person
from bot.playground.testing import Outcome
from bot.services.operations import backup, retention
from bot.services.people.privacy import copy_age
from bot.services.training import retrain
from storage.database.sqlite import backups
from tests.clock import NOW
from tests.house import FEWEST_FILMS, House, running, until

NAME = "Zaphyrine"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEWEST_FILMS, fits=True, cooldown_days=0) as house:
        next(user for user in house.world.people() if user.username == "mira").global_name = NAME
        yield house


def forms(person_id: int) -> tuple[bytes, ...]:
    """Returns the forms in which a file may hold a person: the id as text and number, the name."""
    numbers = (person_id.to_bytes(8, order) for order in ("little", "big"))
    return (str(person_id).encode(), NAME.encode(), *numbers)


def traces(house: House, person: Person, log: str, *, copies: bool = False) -> list[str]:
    """Returns where a person is still found: files of the data folder and the log.

    copies: False leaves out the copies of the database.
    """
    # Another process reads the files: if this one closed the database's file, SQLite would lose its
    # locks on it (sqlite.org/howtocorrupt.html, 2.2).
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["cp", "-r", house.settings.data, folder], check=True)
        found = ["the log"] if person.id in log or NAME in log else []
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and (copies or path.parent.name != house.settings.backups.name):
                content = path.read_bytes()
                found += [path.name for form in forms(int(person.id)) if form in content]
        return found


async def card(person: Person, **options: object) -> Outcome:
    outcome = await person.command("films", "recommend", **options)
    assert outcome.message is not None
    return outcome


async def erase(person: Person) -> None:
    panel = (await person.command("films", "privacy")).message
    asked = await person.click(panel, "Delete everything")
    done = await person.click(asked.message, "Yes, delete everything")
    assert "I don't know anything about you any more" in done.text


async def live(house: House, mira: Person, june: Person) -> list[Outcome]:
    """Lets Mira do a bit of everything. Returns her first card, June's, and one that gets lost."""
    hers, other = await card(mira), await card(june)
    await mira.react(hers.message, "❤️")
    await june.react(hers.message, "👍")
    await mira.command("films", "rate", film="Casablanca", stars=4.5)
    await june.command("films", "rate", film="Casablanca", stars=4.0)
    panel = (await mira.command("films", "settings", zone="Europe/Berlin")).message
    await mira.click(panel, "Show my taste here")
    await mira.click(hers.message, "Later")
    await card(june, **{"with": mira.id})
    channel = mira.channel("lounge")
    await mira.command("films", "setup post", channel=channel, theme="staff", member=mira.id)
    lost = await card(mira)
    reacted = "select * from standing_acts where source = 'reaction'"
    await until(lambda: len(house.rows(reacted)) == 2, "both reactions are stored")
    return [hers, other, lost]


async def lose_records(house: House) -> None:
    """Makes the newest cards unknown to the bot, as a crash before their recording would."""
    async with house.app.db.write() as conn:
        await conn.exec_driver_sql(
            "delete from cards where message_id not in (select message_id from standing_acts)"
        )
        await conn.exec_driver_sql("update impressions set message_id = null")


def copies_of(house: House) -> Iterator[Path]:
    """Yields a copy of the database of each kind."""
    folder, stamp = house.settings.backups, f"{NOW:%Y%m%dT%H%M%SZ}"
    for kind in (f"before-0010-{stamp}", f"replaced-{stamp}"):
        path = folder / f"{kind}.sqlite3"
        backups.copy(house.settings.database, path)
        yield path


async def test_deleted_is_deleted(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "bot")
    async with house.member("mira") as mira, house.member("june") as june:
        hers, other, _ = await live(house, mira, june)
        assert traces(house, mira, ""), "the scan finds who is there"
        copies = [(await backup.take(house.app)).path, *copies_of(house)]
        await erase(mira)
        assert traces(house, mira, caplog.text) == []

        await lose_records(house)
        caplog.clear()
        await house._close()
        await mira.react(other.message, "👎")  # on a card from before, while the bot is away
        await june.react(hers.message, "❤️")
        await house._open()
        loved = "select 1 from standing_acts where person_id = ? and emoji = '❤'"
        await until(lambda: house.rows(loved, int(june.id)), "others on her cards are read again")
        await until(lambda: "reactions reconciled" in caplog.text, "all cards were read")
        assert traces(house, mira, caplog.text) == []

        for copy in copies:
            await house._close()
            out = io.StringIO()
            await asyncio.to_thread(
                commands.restore, house.settings, copy, True, Console(file=out, width=200)
            )
            assert "1 person had asked me to delete their data" in out.getvalue()
            assert traces(house, mira, "") == []
            await house._open()
            assert traces(house, mira, caplog.text) == []
            assert house.rows("select count(*) from ratings")[0][0] >= 1, "June's stay"

        await retrain.refit(house.app)
        assert traces(house, mira, caplog.text) == []

        days = copy_age(house.settings).days
        house.world.clock.advance(timedelta(days=days - 1).total_seconds())
        await retention.run(house.app)
        assert traces(house, mira, "", copies=True), "copies hold her as long as is said"
        house.world.clock.advance(timedelta(days=1, hours=1).total_seconds())
        await retention.run(house.app)
        assert traces(house, mira, caplog.text, copies=True) == []

        again = await card(mira)  # she comes back, and this counts
        await mira.react(again.message, "👍")
        stars = "select stars from ratings where person_id = ?"
        await until(lambda: house.rows(stars, int(mira.id)) == [(4.0,)], "it counts")
        await house.restart()
        assert house.rows(stars, int(mira.id)) == [(4.0,)]

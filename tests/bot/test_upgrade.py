"""A data folder from before the code moved into wings opens, serves and answers its old buttons.

`tests/upgrade/data.tar.xz` is the data folder of a bot that ran at commit e3c9a91: four pretend
members, two days, 400 films, a post, a fitted model, backups. `tests/upgrade/discord.json` holds
what the local Discord knew when that bot was stopped (one message for every kind of button and
menu, and the registered commands) and what must still be true. `tests/upgrade/make.py` made both.

At the end the folder goes back to the old version, in the way of docs/deploy.md.
"""

import json
import re
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.health import SOCKET_NAME
from bot.playground import World, default_world
from bot.playground.records.channels import Message, Reaction
from bot.playground.testing import text_of
from storage.database import revisions
from storage.database.sqlite import backups
from tests.bot.command import matinee
from tests.house import House, running, until
from tests.upgrade.make import unpack

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOLDER = Path(__file__).resolve().parents[1] / "upgrade"
OLD: dict[str, Any] = json.loads((FOLDER / "discord.json").read_text(encoding="utf-8"))
NOW = datetime.fromisoformat("2026-03-09T21:30:00+00:00")  # when no post and no fit is due
LAST = ("done", "post-remove", "digest-off", "forget", "unmark", "unrate", "erase", "erase-yes")
SELECT = 3


def message_of(old: dict[str, Any]) -> Message:
    """Returns a message as it was."""
    reactions = [
        Reaction(**one | {"users": {int(user): None for user in one["users"]}})
        for one in old["reactions"]
    ]
    timestamp = datetime.fromisoformat(old["timestamp"])
    return Message(**old | {"reactions": reactions, "timestamp": timestamp})


def restore(world: World) -> None:
    """Puts every old message back as it was; answers edit them."""
    for old in OLD["messages"]:
        message = message_of(json.loads(json.dumps(old)))
        world.channels[message.channel_id].messages[message.id] = message


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("upgrade")
    with tarfile.open(FOLDER / "data.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    world = default_world(NOW)
    world.commands.update({int(key): command for key, command in OLD["commands"].items()})
    restore(world)
    async with running(folder, world=world, retrain_after=0) as house:
        yield house


def presser(house: House, press: dict[str, Any]) -> str:
    """Returns the username of a member who may press a button: its owner, or Mira."""
    (old,) = (one for one in OLD["messages"] if one["id"] == int(press["message"]))
    owner = press["visible_to"] or ((old["metadata"] or {}).get("user") or {}).get("id")
    channel = house.world.channels[old["channel_id"]]
    known = {str(user.id): user.username for user in house.world.people()}
    return known.get(str(owner or channel.recipient_id), "mira")


async def test_it_opens_on_the_newest_tables_and_the_old_model_serves(house: House) -> None:
    assert house.rows("select version_num from alembic_version") == [(revisions.head(),)]
    assert house.app.live.served.version == OLD["model"]
    assert house.app.live.served.model.config.ranking.popularity_penalty == 0.2


async def test_ratings_and_marks_and_schedules_are_kept(house: House) -> None:
    ratings = house.rows("select person_id, film_id, stars from ratings order by 1, 2")
    assert [list(row) for row in ratings] == sorted(OLD["ratings"])
    marks = house.rows("select person_id, film_id, kind from film_marks order by 1, 2, 3")
    assert [list(row) for row in marks] == sorted(OLD["film_marks"])
    assert len(house.rows("select id from schedules")) == len(OLD["schedules"])


SINCE_THEN = ("Content I leave out", "Language")
"""How the lines of settings begin that the old version did not have."""


def chosen_in(text: str) -> list[str]:
    """Returns what is chosen according to the text of /settings, whatever its other words."""
    lines = [line for line in text.splitlines() if not line.startswith(SINCE_THEN)]
    found = re.findall(r"\*\*(.+?)\*\*", "\n".join(lines))
    return [chosen.split(" (")[0].lower() for chosen in found]


@pytest.mark.parametrize("name", sorted(OLD["settings"]))
async def test_everybody_finds_their_settings(house: House, name: str) -> None:
    async with house.member(name) as member:
        outcome = await member.command("films", "settings")
    assert chosen_in(outcome.text) == chosen_in(OLD["settings"][name])


each_old_button = pytest.mark.parametrize(
    "press",
    sorted(
        OLD["presses"],
        key=lambda press: (
            LAST.index(action) if (action := press["custom_id"].split(":")[1]) in LAST else -1
        ),
    ),
    ids=lambda press: press["custom_id"],
)


async def press_old_button(house: House, press: dict[str, Any]) -> None:
    """Presses a button from before the upgrade. Asserts that it is answered."""
    restore(house.world)
    values = press["values"][: max(1, press["at_least"] or 0)] if press["type"] == SELECT else None
    async with house.member(presser(house, press)) as member:
        message = {"id": press["message"], "channel_id": press["channel"]}
        outcome = await member.press(message, press["custom_id"], values)
    assert outcome.error is None
    assert outcome.modal is not None or outcome.message is not None or outcome.followups
    for answer in filter(None, (outcome.message, *outcome.followups)):
        assert "don't know that button" not in text_of(answer)
        assert "Something went wrong" not in text_of(answer)


async def react_to_old_card(house: House) -> None:
    """Reacts to a card from before the upgrade. Asserts that this rates its film."""
    restore(house.world)
    card = next(one for one in OLD["messages"] if one["reactions"])
    ((film,),) = house.rows("select film_id from cards where message_id = ?", card["id"])
    async with house.member("tomas") as tomas:
        await tomas.react({"id": str(card["id"]), "channel_id": str(card["channel_id"])}, "❤️")
        statement = "select stars from ratings where person_id = ? and film_id = ?"
        await until(lambda: house.rows(statement, int(tomas.id), film) == [(5.0,)], "a rating")


@each_old_button
async def test_an_old_button_is_answered(house: House, press: dict[str, Any]) -> None:
    await press_old_button(house, press)


async def test_a_reaction_on_an_old_card_still_rates(house: House) -> None:
    await react_to_old_card(house)


def rows_of(database: Path) -> dict[str, list[Any]]:
    """Returns how each table is made, and its rows."""
    with closing(sqlite3.connect(database)) as conn:
        tables = conn.execute("select name, sql from sqlite_master where type = 'table'").fetchall()
        return {sql: conn.execute(f'select * from "{name}"').fetchall() for name, sql in tables}


async def test_it_goes_back_with_the_copy_that_was_made_before(
    house: House, tmp_path: Path
) -> None:
    """The old version puts the copy back, and finds exactly what it left.

    That is every row, the models and the backups.
    """
    try:
        code = unpack(tmp_path / "code")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the old version is in the history alone")
    with tarfile.open(FOLDER / "data.tar.xz") as packed:
        packed.extractall(tmp_path / "before", filter="data")
    left = tmp_path / "before" / "data"
    (copy,) = house.settings.backups.glob("before-*.sqlite3")
    data = shutil.copytree(
        house.settings.data,
        tmp_path / "data",
        ignore=shutil.ignore_patterns("matinee.sqlite3*", SOCKET_NAME),
    )
    backups.copy(house.settings.database, data / "matinee.sqlite3")

    copy = data / "backups" / copy.name
    assert matinee(tmp_path, "restore", copy, "--replace", code=code).code == 0
    assert (rows_of(data / "matinee.sqlite3") == rows_of(left / "matinee.sqlite3")) is True
    listed = matinee(tmp_path, "models", code=code, COLUMNS="200")
    assert re.search(rf"{OLD['model']}.*serves", listed.out), listed
    for part in ("models", "backups"):
        for path in (left / part).rglob("*.*"):
            assert (data / path.relative_to(left)).read_bytes() == path.read_bytes(), path
    assert any((data / "backups").glob("replaced-*.sqlite3")), "what came since is kept"

"""`matinee doctor` finds and explains each planted fault and says how to mend it."""

import asyncio
import json
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import discord
import pytest
from aiohttp.abc import ResolveResult

from bot.cli.doctor_discord import check_discord
from bot.playground import connect
from bot.playground.records import permissions
from bot.playground.world.state import TOKEN
from bot.services.notes import note
from bot.services.operations import backup, doctor
from bot.services.operations.doctor import Finding, PostChannel
from bot.services.training import retrain
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from storage.servers import guilds, schedules
from tests.bot.client.test_refusals import forbid
from tests.bot.command import matinee
from tests.clock import NOW
from tests.house import FEW_FILMS, FEWEST_FILMS, House, running, stocked


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS, keep_backups=7) as house:
        yield house


def one(found: tuple[Finding, ...], part: str) -> Finding:
    """Returns the worst finding of a part. Asserts that every bad finding says what to do."""
    assert all((x.fix is not None) == (x.state != "good") for x in found), found
    findings = sorted(
        (x for x in found if x.part == part), key=lambda x: "bad look good".index(x.state)
    )
    assert findings, f"nothing about {part} in {found}"
    return findings[0]


async def ask(
    house: House,
    token: str | None = TOKEN,
    *,
    at: datetime | None = None,
    connector: aiohttp.BaseConnector | None = None,
) -> tuple[Finding, ...]:
    door = connector or connect.connector(house.local.port, house.local.ca_pem)
    chosen = doctor.channels(house.settings)
    house.local.let_identify()
    return await check_discord(token, chosen, at or house.app.clock(), door, patience=10.0)


async def choose(house: House) -> tuple[int, int]:
    """Sets up a scheduled post. Returns its id and that of its channel."""
    guild = next(iter(house.world.guilds.values()))
    channel = next(c for c in guild.channels if house.world.channels[c].name == "films")
    now = house.app.clock()
    async with house.app.db.write() as conn:
        await guilds.setup(conn, guild.id, now=now)
        made = await schedules.create(
            conn,
            guild.id,
            theme="auto",
            post_time="19:00",
            now=now,
            next_at=None,
            channel_id=channel,
        )
    return made.id, channel


# All is well -------------------------------------------------------------------------------------


@pytest.mark.clock
async def test_a_healthy_bot_has_nothing_to_mend(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "data")
    async with running(tmp_path, keep_backups=7) as house:
        await choose(house)
        found = doctor.check_machine(house.settings, house.app.clock()) + await ask(house)
    assert {x.part for x in found} == {
        "disk", "database", "database-version", "model", "backup", "token", "clock",
        "application", "commands", "gateway", "permissions",
    }  # fmt: skip
    assert [x for x in found if x.state == "bad"] == []
    assert [x for x in found if x.state == "look" and x.part != "disk"] == []


# Discord's end -----------------------------------------------------------------------------------


async def test_problems_on_discords_side(house: House) -> None:
    wanted, channel = await choose(house)
    # No token, and a wrong one.
    assert "isn't set" in said(one(await ask(house, None), "token").found)
    found = await ask(house, "MTIz.wrong.token")
    assert said(one(found, "token").found) == "Discord refused the token."
    assert len(found) == 1, "the rest cannot be asked without"
    # A wrong clock.
    late = one(await ask(house, at=house.app.clock() - timedelta(minutes=3)), "clock")
    assert (late.state, "behind" in said(late.found)) == ("bad", True)
    # A missing permission, an endpoint that swallows commands, commands never synced.
    forbid(house, "films", permissions.ADD_REACTIONS)
    house.world.application.interactions_endpoint_url = "https://example.org/interactions"
    house.world.commands.clear()
    found = await ask(house)
    lacking, commands = one(found, "permissions"), one(found, "commands")
    assert (lacking.state, "Add Reactions" in said(lacking.found)) == ("bad", True)
    assert (commands.state, "recommend" in said(commands.found)) == ("bad", True)
    assert one(found, "application").state == "bad"
    # A deleted channel, a server that the bot left.
    async with house.app.db.write() as conn:
        await schedules.change(conn, wanted, house.app.clock(), channel_id=channel + 10**9)
    assert "is gone, or I can't see it" in said(one(await ask(house), "permissions").found)
    house.local.let_identify()
    door = connect.connector(house.local.port, house.local.ca_pem)
    found = await check_discord(TOKEN, [PostChannel(42, 43)], house.app.clock(), door)
    assert one(found, "permissions").state == "look"


async def test_a_gateway_that_does_not_answer(house: House) -> None:
    class NoGateway(connect._Resolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            if host == "gateway.discord.gg":
                raise OSError("no such host")
            return await super().resolve(host, port, family)

    whole = connect.connector(house.local.port, house.local.ca_pem)
    cut = aiohttp.TCPConnector(resolver=NoGateway(house.local.port), ssl=whole._ssl)
    try:
        found = await ask(house, connector=cut)
    finally:
        await whole.close()
    assert one(found, "token").state == "good"
    gateway = one(found, "gateway")
    assert gateway.state == "bad"
    assert gateway.fix is not None
    assert "443" in said(gateway.fix)


async def test_intents_that_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bot.cli.doctor_discord.INTENTS", discord.Intents(guilds=True, message_content=True)
    )
    gateway = one(await ask(house), "gateway")
    assert (gateway.state, "refused the intents" in said(gateway.found)) == ("bad", True)


# This machine ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after a fit and a backup, both at NOW. Tests use a copy."""
    settings = Settings(data=tmp_path_factory.mktemp("prepared") / "data")

    async def prepare() -> None:
        await stocked(settings.database, FEWEST_FILMS)
        async with open_app(settings, lambda: NOW) as app:
            await retrain.refit(app)
            await backup.take(app)

    asyncio.run(prepare())
    return settings.data


@pytest.fixture
def copied(prepared: Path, tmp_path: Path) -> Settings:
    """The settings of a copied data folder, which no bot has open."""
    shutil.copytree(prepared, tmp_path / "copy")
    return Settings(data=tmp_path / "copy")


def change(settings: Settings, statement: str) -> None:
    with closing(sqlite3.connect(settings.database)) as conn, conn:
        conn.execute(statement)


def test_only_the_owner_may_read_what_a_fit_and_a_backup_wrote(prepared: Path) -> None:
    for folder in (prepared / "models", prepared / "backups"):
        for path in (folder, *folder.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path


def test_a_damaged_database(copied: Settings) -> None:
    raw = bytearray(copied.database.read_bytes())
    raw[4096 * 3 : 4096 * 40] = b"\xff" * (4096 * 37)
    copied.database.write_bytes(raw)
    database = one(doctor.check_machine(copied, NOW), "database")
    assert database.state == "bad"
    assert database.fix == note("put-copy-back")


def test_a_database_of_a_newer_version(copied: Settings) -> None:
    change(copied, "UPDATE alembic_version SET version_num = '9999'")
    newer = one(doctor.check_machine(copied, NOW), "database-version")
    assert newer.state == "bad"
    assert newer.found == note("revision-newer", revision="9999")


def test_a_disk_that_is_nearly_full(copied: Settings) -> None:
    assert one(doctor.check_machine(copied, NOW, lambda _: 50 << 20), "disk").state == "bad"
    assert one(doctor.check_machine(copied, NOW, lambda _: 700 << 20), "disk").state == "look"


@pytest.mark.clock
def test_a_model_that_is_old_damaged_or_gone(copied: Settings) -> None:
    old = one(doctor.check_machine(copied, NOW + timedelta(days=5)), "model")
    assert (old.state, old.found.data["age"]) == ("look", timedelta(days=5))
    (folder,) = copied.models.iterdir()
    victim = max(folder.iterdir(), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-100])
    assert one(doctor.check_machine(copied, NOW), "model").state == "bad"
    change(copied, "DELETE FROM model_versions")
    assert one(doctor.check_machine(copied, NOW), "model").state == "look"


@pytest.mark.clock
def test_a_fit_that_failed(copied: Settings) -> None:
    kept = {"at": (NOW - timedelta(hours=5)).isoformat(), "end": "failed", "why": "No room."}
    change(copied, f"UPDATE settings_kv SET value = '{json.dumps(kept)}' WHERE key = 'last-fit'")
    failed = one(doctor.check_machine(copied, NOW), "model")
    assert failed.state == "look"
    assert said(failed.found) == "I last started training 5 hours ago, but it failed. No room."


@pytest.mark.clock
def test_backups_that_are_old_missing_or_off(copied: Settings) -> None:
    assert one(doctor.check_machine(copied, NOW + timedelta(days=3)), "backup").state == "look"
    off = copied.model_copy(update={"keep_backups": 0})
    assert one(doctor.check_machine(off, NOW), "backup").found.key == "backups-off"
    shutil.rmtree(copied.backups)
    assert one(doctor.check_machine(copied, NOW), "backup").found.key == "no-backup"


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    ended = matinee(tmp_path, "doctor", "--offline")
    assert ended.code == 0
    assert "doesn't exist yet" in ended.out
    ended = matinee(tmp_path, "doctor")
    assert ended.code == 1
    assert "DISCORD_TOKEN isn't set" in ended.out
    assert "There's 1 thing to fix." in ended.out
    assert list(tmp_path.iterdir()) == [], "it only reads"


async def test_backup_and_restore_on_the_command_line(house: House, tmp_path: Path) -> None:
    data = {"MATINEE_DATA": house.settings.data}
    made = await asyncio.to_thread(matinee, tmp_path, "backup", **data)
    assert made.code == 0, made.err
    listed = await asyncio.to_thread(matinee, tmp_path, "restore", COLUMNS="300", **data)
    assert "matinee-" in listed.out
    copy = max(house.settings.backups.glob("matinee-*"))
    refused = await asyncio.to_thread(matinee, tmp_path, "restore", copy, **data)
    assert "already have a database" in refused.sentence
    refused = await asyncio.to_thread(matinee, tmp_path, "restore", copy, "--replace", **data)
    assert "running" in refused.sentence
    other = {"MATINEE_DATA": tmp_path / "new"}
    (tmp_path / "new").mkdir()
    assert (await asyncio.to_thread(matinee, tmp_path, "restore", copy, **other)).code == 0
    trained = await asyncio.to_thread(matinee, tmp_path, "train", **other)
    assert trained.code == 0, trained.err

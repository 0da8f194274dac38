"""Registering application commands: the rules, and which ids stay."""

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.playground import start
from tests.clock import at, club_world
from tests.playground.stage import RawRest, Stage, open_stage, refused


def command(name: str = "x", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "d", "type": 1} | more


def option(name: str = "o", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "d", "type": 3} | more


BAD_COMMANDS: dict[str, Any] = {
    "upper case": [command("Name")],
    "a space": [command("a b")],
    "33 characters": [command("x" * 33)],
    "no description": [{"name": "x", "type": 1}],
    "long description": [command(description="d" * 101)],
    "an unknown language": [command(description_localizations={"en": "d"})],
    "long translation": [command(description_localizations={"fr": "d" * 101})],
    "translated name in capitals": [command(name_localizations={"fr": "Nom"})],
    "long translated choice": [
        command(
            options=[
                option(
                    choices=[{"name": "c", "value": "c", "name_localizations": {"fr": "c" * 101}}]
                )
            ]
        )
    ],
    "translations in a list": [command(options=[option(name_localizations=["nom"])])],
    "twice": [command(), command()],
    "26 options": [command(options=[option(f"o{x}") for x in range(26)])],
    "same option twice": [command(options=[option(), option()])],
    "required after optional": [command(options=[option("a"), option("b", required=True)])],
    "26 choices": [command(options=[option(choices=[{"name": "c", "value": "c"}] * 26)])],
    "long choice": [command(options=[option(choices=[{"name": "c" * 101, "value": "c"}])])],
    "choice of the wrong type": [command(options=[option(choices=[{"name": "c", "value": 1}])])],
    "autocomplete and choices": [
        command(options=[option(autocomplete=True, choices=[{"name": "c", "value": "c"}])])
    ],
    "autocomplete of a member": [command(options=[option(type=6, autocomplete=True)])],
    "sub-command beside option": [command(options=[option(type=1), option("p")])],
    "8000 characters": [
        command(
            options=[
                option(
                    f"o{x}",
                    description="d" * 100,
                    choices=[{"name": f"{y:0100}", "value": f"{y:0100}"} for y in range(2)],
                )
                for x in range(25)
            ]
        )
    ],
    "101 commands": [command(f"c{x}") for x in range(101)],
    "16 message commands": [{"name": f"c {x}", "type": 3} for x in range(16)],
    "a described message command": [{"name": "c", "type": 3, "description": "d"}],
    "private channels of a server command": [command(contexts=[0, 2], integration_types=[0])],
    "no contexts": [command(contexts=[])],
    "no object": ["x"],
}


@pytest.mark.parametrize("name", BAD_COMMANDS)
async def test_bad_commands(name: str) -> None:
    async with start(club_world()) as local, RawRest(local.port, local.ca_pem) as raw:
        path = f"/applications/{local.world.application.id}/commands"
        status, body, _ = await raw.call("PUT", path, json=BAD_COMMANDS[name])
        assert (status, body["code"]) == (400, 50035)
        assert local.world.commands == {}


async def test_commands_keep_their_ids_until_they_go(stage: Stage) -> None:
    tree = stage.bot.tree

    def add(name: str) -> None:
        async def callback(interaction: discord.Interaction, film: str | None = None) -> None:
            pass

        tree.add_command(app_commands.Command(name=name, description="d", callback=callback))

    add("one")
    add("two")
    first = {x.name: x.id for x in await tree.sync()}
    tree.remove_command("two")
    add("three")
    second = {x.name: x.id for x in await tree.sync()}
    assert second["one"] == first["one"]
    assert set(second) == {"one", "three"}
    fetched = await tree.fetch_commands()
    assert {x.name: x.id for x in fetched} == second
    await fetched[0].delete()
    assert (await refused(tree.fetch_command(fetched[0].id))).code == 10063
    kept = await tree.fetch_command(fetched[1].id)
    edited = await kept.edit(description="new words")
    assert edited.description == "new words"


async def test_a_bad_command_is_a_sync_failure() -> None:
    async with open_stage() as stage:

        @stage.bot.tree.command(description="d" * 100)
        async def good(interaction: discord.Interaction, film: str) -> None:
            pass

        await stage.bot.tree.sync()
        good.description = "d" * 101
        with pytest.raises(app_commands.CommandSyncFailure, match="description"):
            await stage.bot.tree.sync()


@pytest.mark.clock
async def test_two_hundred_new_commands_a_day() -> None:
    async with start(club_world(), rate_limits=False) as local:
        local.world.clock.set(at(1, zone="UTC"))  # far from the end of a day
        path = f"/applications/{local.world.application.id}/commands"
        async with RawRest(local.port, local.ca_pem) as raw:
            for day in ("first", "second"):
                sets = [[command(f"{day}{x}-{y}") for y in range(100)] for x in range(3)]
                codes = [(await raw.call("PUT", path, json=x))[0] for x in sets]
                assert codes == [200, 200, 400]
                local.world.clock.advance(86400)
            status, made, _ = await raw.call("POST", path, json=command("alone"))
            assert status == 400  # the scope is full
            await raw.call("PUT", path, json=[])
            assert (await raw.call("POST", path, json=command("alone")))[0] == 201
            status, again, _ = await raw.call("POST", path, json=command("alone", description="e"))
            assert (status, again["description"]) == (200, "e")
            assert made["code"] == 50035

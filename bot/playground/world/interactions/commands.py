"""Reads, overwrites, adds and removes the application's registered commands.

A scope is a guild's id, or None for global commands.
"""

from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.validation import commands
from bot.playground.validation.errors import Problems, refusal
from bot.playground.world.world import World


def list_scope(world: World, guild_id: int | None) -> list[JSON]:
    """Returns the commands of a guild, or the global commands if `guild_id` is None."""
    wanted = None if guild_id is None else str(guild_id)
    return [x for x in world.commands.values() if x.get("guild_id") == wanted]


def overwrite(world: World, guild_id: int | None, bodies: list[JSON]) -> list[JSON]:
    """Replaces all commands of one scope (a guild's id, or None for global commands).

    A command whose name existed before keeps its id. Raises ApiError 50035 for wrong fields, 30034
    if too many commands were created today.
    """
    problems = Problems()
    made = []
    for place, body in enumerate(bodies):
        with problems.at(place):
            made.append(commands.check(problems, body, in_guild=guild_id is not None))
    commands.check_set(problems, made)
    problems.raise_any()
    existing = {(x["name"], x["type"]): x for x in list_scope(world, guild_id)}
    new = [x for x in made if (x["name"], x["type"]) not in existing]
    _count_creates(world, guild_id, len(new))
    result = [_registered(world, x, existing.get((x["name"], x["type"])), guild_id) for x in made]
    for command in existing.values():
        del world.commands[int(command["id"])]
    world.commands.update((int(x["id"]), x) for x in result)
    world.emit(Event("commands", {}))
    return result


def upsert(world: World, guild_id: int | None, body: JSON) -> tuple[JSON, bool]:
    """Adds a command, or overwrites the one with the same name.

    Returns the command, and True if it is new.
    Raises ApiError 50035 for wrong fields, 30034 if too many commands were created today.
    """
    problems = Problems()
    made = commands.check(problems, body, in_guild=guild_id is not None)
    problems.raise_any()
    others = list_scope(world, guild_id)
    key = (made["name"], made["type"])
    former = next((x for x in others if (x["name"], x["type"]) == key), None)
    if former is None:
        commands.check_set(problems, [*others, made])
        problems.raise_any()
        _count_creates(world, guild_id, 1)
    command = _registered(world, made, former, guild_id)
    world.commands[int(command["id"])] = command
    world.emit(Event("commands", {}))
    return command, former is None


def find(world: World, guild_id: int | None, command_id: int) -> JSON:
    """Returns one command of a guild, or a global one if `guild_id` is None.

    Raises ApiError 10063 if it does not exist.
    """
    command = world.commands.get(command_id)
    if command is None or command not in list_scope(world, guild_id):
        raise refusal(10063)
    return command


def change(world: World, guild_id: int | None, command_id: int, body: JSON) -> JSON:
    """Edits one command. Raises ApiError 10063 if it does not exist, 50035 for wrong fields."""
    former = find(world, guild_id, command_id)
    problems = Problems()
    whole = {k: v for k, v in former.items() if k not in ("contexts", "integration_types")}
    if guild_id is None:
        whole = dict(former)
    made = commands.check(problems, whole | body, in_guild=guild_id is not None)
    problems.raise_any()
    world.commands[command_id] = _registered(world, made, former, guild_id)
    world.emit(Event("commands", {}))
    return world.commands[command_id]


def remove(world: World, guild_id: int | None, command_id: int) -> None:
    """Removes one command. Raises ApiError 10063 if it does not exist."""
    find(world, guild_id, command_id)
    del world.commands[command_id]
    world.emit(Event("commands", {}))


def _count_creates(world: World, guild_id: int | None, count: int) -> None:
    today = (world.clock.now().date(), guild_id or 0)
    world.command_creates[today] = world.command_creates.get(today, 0) + count
    if world.command_creates[today] > commands.MAX_CREATES_PER_DAY:
        raise refusal(30034)


def _registered(world: World, made: JSON, former: JSON | None, guild_id: int | None) -> JSON:
    same = former is not None and all(former.get(k) == v for k, v in made.items())
    version = former["version"] if former is not None and same else str(world.ids.next())
    identity: JSON = {
        "id": str(world.ids.next()) if former is None else former["id"],
        "application_id": str(world.application.id),
        "version": version,
    }
    if guild_id is not None:
        identity["guild_id"] = str(guild_id)
    return identity | made

"""The application's registered commands: reading, overwriting, adding and removing them."""

from bot.playground.records.events import Event
from bot.playground.records.objects import JSON
from bot.playground.validation import commands
from bot.playground.validation.errors import Problems, refusal
from bot.playground.world.world import World


def listed(world: World, guild_id: int | None) -> list[JSON]:
    """The commands of one scope: a guild's own, or the global ones."""
    wanted = None if guild_id is None else str(guild_id)
    return [x for x in world.commands.values() if x.get("guild_id") == wanted]


def overwrite(world: World, guild_id: int | None, bodies: list[JSON]) -> list[JSON]:
    """Make the commands of one scope exactly these; known names keep their ids. Raises 50035."""
    problems = Problems()
    made = []
    for place, body in enumerate(bodies):
        with problems.at(place):
            made.append(commands.checked(problems, body, in_guild=guild_id is not None))
    commands.set_problems(problems, made)
    problems.raise_any()
    known = {(x["name"], x["type"]): x for x in listed(world, guild_id)}
    new = [x for x in made if (x["name"], x["type"]) not in known]
    _count_creates(world, guild_id, len(new))
    result = [_kept(world, x, known.get((x["name"], x["type"])), guild_id) for x in made]
    for command in known.values():
        del world.commands[int(command["id"])]
    world.commands.update((int(x["id"]), x) for x in result)
    world.emit(Event("commands", {}))
    return result


def upsert(world: World, guild_id: int | None, body: JSON) -> tuple[JSON, bool]:
    """Add a command, or overwrite the one of its name; True when it is new. Raises 50035."""
    problems = Problems()
    made = commands.checked(problems, body, in_guild=guild_id is not None)
    problems.raise_any()
    others = listed(world, guild_id)
    key = (made["name"], made["type"])
    known = next((x for x in others if (x["name"], x["type"]) == key), None)
    if known is None:
        commands.set_problems(problems, [*others, made])
        problems.raise_any()
        _count_creates(world, guild_id, 1)
    command = _kept(world, made, known, guild_id)
    world.commands[int(command["id"])] = command
    world.emit(Event("commands", {}))
    return command, known is None


def find(world: World, guild_id: int | None, command_id: int) -> JSON:
    """One command of the scope, or 10063."""
    command = world.commands.get(command_id)
    if command is None or command not in listed(world, guild_id):
        raise refusal(10063)
    return command


def change(world: World, guild_id: int | None, command_id: int, body: JSON) -> JSON:
    """Edit one command. Raises 10063 or 50035."""
    known = find(world, guild_id, command_id)
    problems = Problems()
    whole = {k: v for k, v in known.items() if k not in ("contexts", "integration_types")}
    if guild_id is None:
        whole = dict(known)
    made = commands.checked(problems, whole | body, in_guild=guild_id is not None)
    problems.raise_any()
    world.commands[command_id] = _kept(world, made, known, guild_id)
    world.emit(Event("commands", {}))
    return world.commands[command_id]


def remove(world: World, guild_id: int | None, command_id: int) -> None:
    """Remove one command. Raises 10063."""
    find(world, guild_id, command_id)
    del world.commands[command_id]
    world.emit(Event("commands", {}))


def _count_creates(world: World, guild_id: int | None, count: int) -> None:
    today = (world.clock.now().date(), guild_id or 0)
    world.command_creates[today] = world.command_creates.get(today, 0) + count
    if world.command_creates[today] > commands.CREATES_A_DAY:
        raise refusal(30034)


def _kept(world: World, made: JSON, known: JSON | None, guild_id: int | None) -> JSON:
    same = known is not None and all(known.get(k) == v for k, v in made.items())
    version = known["version"] if known is not None and same else str(world.ids.next())
    identity: JSON = {
        "id": str(world.ids.next()) if known is None else known["id"],
        "application_id": str(world.application.id),
        "version": version,
    }
    if guild_id is not None:
        identity["guild_id"] = str(guild_id)
    return identity | made

"""REST routes: the application's registered commands.

If the path names a guild, a route is about the commands of that guild, else about the global ones.
"""

from bot.playground.records.objects import JSON
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation.errors import Problems, refusal
from bot.playground.world.interactions import commands


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    for scope in ("/applications/{app}", "/applications/{app}/guilds/{guild}"):
        routes.add("GET", f"{scope}/commands", get_commands)
        routes.add("PUT", f"{scope}/commands", put_commands, count=5, seconds=5.0)
        routes.add("POST", f"{scope}/commands", post_command, count=5, seconds=5.0)
        one = scope + "/commands/{command}"
        routes.add("GET", one, get_command)
        routes.add("PATCH", one, patch_command, count=5, seconds=5.0)
        routes.add("DELETE", one, delete_command, count=5, seconds=5.0)


def _scope(call: Call) -> int | None:
    if call.number("app") != call.world.application.id:
        raise refusal(50001)
    return call.guild().id if "guild" in call.path else None


def get_commands(call: Call) -> Reply:
    """Returns all registered commands."""
    return Reply(200, commands.list_scope(call.world, _scope(call)))


def put_commands(call: Call) -> Reply:
    """Replaces all registered commands by those in the body."""
    scope = _scope(call)
    bodies: list[JSON] = call.body if isinstance(call.body, list) else []
    problems = Problems()
    if not isinstance(call.body, list) or not all(isinstance(x, dict) for x in bodies):
        problems.say("Only lists of dictionaries can be used here.")
        problems.raise_any()
    return Reply(200, commands.overwrite(call.world, scope, bodies))


def post_command(call: Call) -> Reply:
    """Adds one command, or overwrites the one with the same name."""
    command, new = commands.upsert(call.world, _scope(call), call.object())
    return Reply(201 if new else 200, command)


def get_command(call: Call) -> Reply:
    """Returns one command."""
    return Reply(200, commands.find(call.world, _scope(call), call.number("command")))


def patch_command(call: Call) -> Reply:
    """Edits one command."""
    scope, number = _scope(call), call.number("command")
    return Reply(200, commands.change(call.world, scope, number, call.object()))


def delete_command(call: Call) -> Reply:
    """Removes one command."""
    commands.remove(call.world, _scope(call), call.number("command"))
    return Reply()

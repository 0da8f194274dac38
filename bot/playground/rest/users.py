"""REST routes: the bot's own user, other users, and direct messages with them."""

from bot.playground.records import payloads, permissions
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation import fields
from bot.playground.validation.errors import refusal
from bot.playground.world import rendering


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    routes.add("GET", "/users/@me", get_me)
    routes.add("GET", "/users/@me/guilds", get_my_guilds)
    routes.add("POST", "/users/@me/channels", post_dm, count=10, seconds=10.0)
    routes.add("GET", "/users/{user}", get_user)


def get_me(call: Call) -> Reply:
    """Returns the bot's own user."""
    return Reply(200, payloads.own_user(call.world.bot))


def get_user(call: Call) -> Reply:
    """Returns the user that the path names."""
    return Reply(200, payloads.user(call.world.user(call.number("user"))))


def get_my_guilds(call: Call) -> Reply:
    """Returns the guilds the bot is in, in the order of their ids."""
    world = call.world
    limit = call.whole("limit", 200, 1, 200)
    before, after = call.bound("before"), call.bound("after") or 0
    found = [
        x
        for x in sorted(world.guilds.values(), key=lambda guild: guild.id)
        if world.bot.id in x.members and x.id > after and (before is None or x.id < before)
    ]
    return Reply(
        200,
        [
            {
                "id": str(x.id),
                "name": x.name,
                "icon": None,
                "banner": None,
                "owner": x.owner_id == world.bot.id,
                "permissions": str(permissions.in_guild(x, world.bot.id)),
                "features": [],
            }
            for x in found[:limit]
        ],
    )


def post_dm(call: Call) -> Reply:
    """Returns the direct-message channel with a user; opens it if necessary.

    Raises ApiError 50007 if the user is a bot.
    """
    number = fields.snowflake(call.object().get("recipient_id"))
    user = call.world.user(number or 0)
    if user.bot:
        raise refusal(50007)
    return Reply(200, rendering.channel(call.world, call.world.open_dm(user)))

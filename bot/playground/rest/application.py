"""REST: the application, users, guilds, the gateway's address, registered commands."""

from bot.playground.records import payloads, permissions
from bot.playground.records.objects import JSON
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.validation import fields
from bot.playground.validation.errors import Problems, refusal
from bot.playground.world import intents, rendering
from bot.playground.world.interactions import commands
from bot.playground.world.state import GATEWAY_URL, MAX_SESSION_STARTS_PER_DAY


def register(routes: Routes) -> None:
    """Add the routes."""
    routes.add("GET", "/gateway", get_gateway)
    routes.add("GET", "/gateway/bot", get_gateway_bot)
    routes.add("GET", "/oauth2/applications/@me", get_application)
    routes.add("GET", "/applications/@me", get_application)
    routes.add("GET", "/users/@me", get_me)
    routes.add("GET", "/users/@me/guilds", get_my_guilds)
    routes.add("POST", "/users/@me/channels", post_dm, count=10, seconds=10.0)
    routes.add("GET", "/users/{user}", get_user)
    routes.add("GET", "/guilds/{guild}", get_guild)
    routes.add("GET", "/guilds/{guild}/channels", get_guild_channels)
    routes.add("GET", "/guilds/{guild}/roles", get_roles)
    routes.add("GET", "/guilds/{guild}/members", get_members)
    routes.add("GET", "/guilds/{guild}/members/{user}", get_member)
    for scope in ("/applications/{app}", "/applications/{app}/guilds/{guild}"):
        routes.add("GET", f"{scope}/commands", get_commands)
        routes.add("PUT", f"{scope}/commands", put_commands, count=5, seconds=5.0)
        routes.add("POST", f"{scope}/commands", post_command, count=5, seconds=5.0)
        one = scope + "/commands/{command}"
        routes.add("GET", one, get_command)
        routes.add("PATCH", one, patch_command, count=5, seconds=5.0)
        routes.add("DELETE", one, delete_command, count=5, seconds=5.0)


def get_gateway(call: Call) -> Reply:
    """Where the gateway is."""
    return Reply(200, {"url": GATEWAY_URL})


def get_gateway_bot(call: Call) -> Reply:
    """Where the gateway is, how many shards to use, how many sessions are left today."""
    start = {
        "total": MAX_SESSION_STARTS_PER_DAY,
        "remaining": max(0, MAX_SESSION_STARTS_PER_DAY - call.world.identifies),
        "reset_after": 86_400_000,
        "max_concurrency": 1,
    }
    return Reply(200, {"url": GATEWAY_URL, "shards": 1, "session_start_limit": start})


def get_application(call: Call) -> Reply:
    """The application."""
    world = call.world
    application = world.application
    owner = world.users.get(application.owner_id, world.bot)
    flags = intents.application_flags(world)
    return Reply(
        200,
        {
            "id": str(application.id),
            "name": application.name,
            "icon": None,
            "description": application.description,
            "type": None,
            "bot": payloads.user(world.bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": flags,
            "flags_new": str(flags),
            "redirect_uris": [],
            "interactions_endpoint_url": application.interactions_endpoint_url,
            "role_connections_verification_url": None,
            "owner": payloads.user(owner),
            "approximate_guild_count": len(world.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
            "tags": [],
            "install_params": {"scopes": ["bot", "applications.commands"], "permissions": "0"},
        },
    )


def get_me(call: Call) -> Reply:
    """The bot's own user."""
    return Reply(200, payloads.own_user(call.world.bot))


def get_user(call: Call) -> Reply:
    """Any user."""
    return Reply(200, payloads.user(call.world.user(call.number("user"))))


def get_my_guilds(call: Call) -> Reply:
    """The guilds the bot is in, by id."""
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
    """The direct message with a user."""
    number = fields.snowflake(call.object().get("recipient_id"))
    user = call.world.user(number or 0)
    if user.bot:
        raise refusal(50007)
    return Reply(200, rendering.channel(call.world, call.world.open_dm(user)))


def get_guild(call: Call) -> Reply:
    """A guild."""
    guild = call.guild()
    payload = rendering.guild(call.world, guild)
    if call.query.get("with_counts") in ("1", "true", "True"):
        payload["approximate_member_count"] = len(guild.members)
        payload["approximate_presence_count"] = len(guild.members)
    return Reply(200, payload)


def get_guild_channels(call: Call) -> Reply:
    """A guild's channels."""
    world = call.world
    return Reply(200, [rendering.channel(world, world.channels[x]) for x in call.guild().channels])


def get_roles(call: Call) -> Reply:
    """A guild's roles."""
    return Reply(200, [payloads.role(x) for x in call.guild().roles.values()])


def get_member(call: Call) -> Reply:
    """One member of a guild, or 10007."""
    user = call.world.user(call.number("user"))
    member = call.guild().members.get(user.id)
    if member is None:
        raise refusal(10007)
    return Reply(200, rendering.member(call.world, member))


def get_members(call: Call) -> Reply:
    """All members, by id; needs the members intent."""
    if not call.world.application.privileged & intents.GUILD_MEMBERS:
        raise refusal(50001)
    limit, after = call.whole("limit", 1, 1, 1000), call.bound("after") or 0
    found = sorted(x for x in call.guild().members if x > after)[:limit]
    members = call.guild().members
    return Reply(200, [rendering.member(call.world, members[x]) for x in found])


def _scope(call: Call) -> int | None:
    if call.number("app") != call.world.application.id:
        raise refusal(50001)
    return call.guild().id if "guild" in call.path else None


def get_commands(call: Call) -> Reply:
    """The registered commands of a scope."""
    return Reply(200, commands.listed(call.world, _scope(call)))


def put_commands(call: Call) -> Reply:
    """Overwrite the registered commands of a scope."""
    scope = _scope(call)
    bodies: list[JSON] = call.body if isinstance(call.body, list) else []
    problems = Problems()
    if not isinstance(call.body, list) or not all(isinstance(x, dict) for x in bodies):
        problems.say("Only lists of dictionaries can be used here.")
        problems.raise_any()
    return Reply(200, commands.overwrite(call.world, scope, bodies))


def post_command(call: Call) -> Reply:
    """Add or overwrite one command."""
    command, new = commands.upsert(call.world, _scope(call), call.object())
    return Reply(201 if new else 200, command)


def get_command(call: Call) -> Reply:
    """One command."""
    return Reply(200, commands.find(call.world, _scope(call), call.number("command")))


def patch_command(call: Call) -> Reply:
    """Edit one command."""
    scope, number = _scope(call), call.number("command")
    return Reply(200, commands.change(call.world, scope, number, call.object()))


def delete_command(call: Call) -> Reply:
    """Remove one command."""
    commands.remove(call.world, _scope(call), call.number("command"))
    return Reply()

"""REST routes: the application, and the gateway's address."""

from bot.playground.records import payloads
from bot.playground.rest.calls import Call, Reply, Routes
from bot.playground.world import intents
from bot.playground.world.state import GATEWAY_URL, MAX_SESSION_STARTS_PER_DAY


def register(routes: Routes) -> None:
    """Adds the routes of this module."""
    routes.add("GET", "/gateway", get_gateway)
    routes.add("GET", "/gateway/bot", get_gateway_bot)
    routes.add("GET", "/oauth2/applications/@me", get_application)
    routes.add("GET", "/applications/@me", get_application)


def get_gateway(call: Call) -> Reply:
    """Returns the gateway's address."""
    return Reply(200, {"url": GATEWAY_URL})


def get_gateway_bot(call: Call) -> Reply:
    """Returns the gateway's address, the number of shards and today's remaining session starts."""
    start = {
        "total": MAX_SESSION_STARTS_PER_DAY,
        "remaining": max(0, MAX_SESSION_STARTS_PER_DAY - call.world.identifies),
        "reset_after": 86_400_000,
        "max_concurrency": call.world.max_concurrency,
    }
    return Reply(200, {"url": GATEWAY_URL, "shards": 1, "session_start_limit": start})


def get_application(call: Call) -> Reply:
    """Returns the application to which the bot belongs."""
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

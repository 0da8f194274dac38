"""The page's calls that make Discord fail on purpose, so that people can see how the bot copes with
it.
"""

from collections.abc import Callable

from bot.playground.records.objects import JSON, User
from bot.playground.validation import fields
from bot.playground.web.calls import PageRoute
from bot.playground.world.faults import Faults, Place
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

CLOSE_CODES = (4000, 4003, 4007, 4009, 4010, 4011, 4012, 4013, 4014)
"""The gateway's close codes that the page offers. After codes from 4010 on, Discord does not let a
bot reconnect.
"""

PAGES = (403, 502, 503)

ANY = ""
ROUTES_OF_REQUESTS = {
    "any request": (ANY, ""),
    "sending a message": ("POST", r"/messages$"),
    "answering a command": ("POST", r"/(callback|webhooks/)"),
    "reading messages": ("GET", r"/messages"),
    "reacting": ("PUT", r"/reactions/"),
}
"""For each kind of request that the page names, its method and the pattern of its path."""


def state(world: World) -> JSON:
    """Returns which failures are set up now, and which ones the page offers."""
    faults = world.faults
    return {
        "gateway": faults.is_down("gateway"),
        "rest": faults.is_down("rest"),
        "waiting": faults.waiting(),
        "met": faults.met,
        "requests": list(ROUTES_OF_REQUESTS),
        "codes": list(CLOSE_CODES),
        "pages": list(PAGES),
    }


def _down(faults: Faults, data: JSON) -> None:
    places: dict[str, Place] = {"gateway": "gateway", "rest": "rest"}
    chosen = [places[x] for x in data.get("places") or places if x in places]
    faults.down(*chosen, seconds=float(data.get("seconds") or "inf"))


def _close(faults: Faults, data: JSON) -> None:
    code = fields.snowflake(data.get("code"))
    if code is not None and code not in CLOSE_CODES:
        raise refuse(f"The gateway does not close with {code}.")
    if faults.gateway is not None:
        faults.gateway.drop(code)


def _invalidate(faults: Faults, data: JSON) -> None:
    if faults.gateway is not None:
        faults.gateway.invalidate(resumable=bool(data.get("resumable")))


def _reconnect(faults: Faults, data: JSON) -> None:
    if faults.gateway is not None:
        faults.gateway.ask_to_reconnect()


def _cut(faults: Faults, data: JSON) -> None:
    faults.cut(*_request(data))


def _lose(faults: Faults, data: JSON) -> None:
    faults.cut(*_request(data), carried_out=True)


def _page(faults: Faults, data: JSON) -> None:
    status = fields.snowflake(data.get("status"))
    if status not in PAGES:
        raise refuse("Choose one of Cloudflare's pages.")
    faults.page(*_request(data), status)


def _clear(faults: Faults, data: JSON) -> None:
    faults.clear()


def _request(data: JSON) -> tuple[str, str]:
    found = ROUTES_OF_REQUESTS.get(str(data.get("request")))
    if found is None:
        raise refuse("Choose a kind of request.")
    return found


_ACTS: dict[str, Callable[[Faults, JSON], None]] = {
    "down": _down,
    "close": _close,
    "invalidate": _invalidate,
    "reconnect": _reconnect,
    "cut": _cut,
    "lose": _lose,
    "page": _page,
    "clear": _clear,
}


async def get_faults(world: World, person: User, data: JSON) -> JSON:
    """Returns which failures of Discord are set up now, and which ones the page offers."""
    return state(world)


async def post_fault(world: World, person: User, data: JSON) -> JSON:
    """Sets up a failure of Discord, or ends all failures. Returns the new state."""
    act = _ACTS.get(str(data.get("act")))
    if act is None:
        raise refuse("There is no such fault.")
    try:
        act(world.faults, data)
    except ValueError:
        raise refuse("Say for how many seconds.") from None
    return state(world)


ROUTES: tuple[PageRoute, ...] = (
    ("GET", "/api/faults", get_faults),
    ("POST", "/api/faults", post_fault),
)

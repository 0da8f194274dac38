"""Failures of a local Discord, set up on purpose, so that people can see how the bot copes.

`World.faults` holds them. REST calls `take` before it answers a request, and the gateway looks at
`gateway_down` before it accepts a connection. Discord documents its failures in
topics/opcodes-and-status-codes and events/gateway. Broken connections are failures of the network.
"""

import re
import time
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.playground.records.objects import JSON

Place = Literal["gateway", "rest"]

CLOUDFLARE_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>discord.com | {status}: {reason}</title></head>
<body><h1><span>{reason}</span> <span class="code">Error code {status}</span></h1>
<p>You can find more information about this page at www.cloudflare.com.</p></body></html>
"""
"""The page that Cloudflare sends when it answers for Discord. It is no JSON and has no code."""

_REASONS = {403: "Access denied", 502: "Bad gateway", 503: "Service unavailable", 504: "Time-out"}


@dataclass(slots=True)
class Fault:
    """A failure: what happens to certain REST requests instead of their usual answer.

    Attributes:
        method: the HTTP method of the requests, in capitals; an empty text means any.
        path: a pattern that is searched for in the paths of requests.
        left: how many further requests it happens to.
        status: the HTTP status of the answer; 0 if the connection breaks instead.
        body: the answer: a JSON object, or the text of a page in HTML.
        carried_out: True if Discord carries the request out first, so that only the answer is lost.
        halfway: True if the connection breaks in the middle of the usual answer.
    """

    method: str
    path: re.Pattern[str]
    left: int
    status: int = 0
    body: JSON | str = ""
    carried_out: bool = False
    halfway: bool = False


class GatewayControl(Protocol):
    """The part of the gateway that ends connections and sessions."""

    def drop(self, code: int | None = None) -> None:
        """Cuts every connection. If `code` is given, sends that close code first."""

    def ask_to_reconnect(self) -> None:
        """Sends op 7 on every connection."""

    def invalidate(self, *, resumable: bool = False) -> None:
        """Sends op 9 on every connection. Unless `resumable`, the sessions end."""


@dataclass
class Faults:
    """All failures of the local Discord that are set up on purpose.

    Attributes:
        gateway: the gateway; None before it exists.
        met: how many requests and connections have failed on purpose.
    """

    gateway: GatewayControl | None = None
    met: int = 0
    _rest: list[Fault] = field(default_factory=list)
    _down_until: dict[Place, float] = field(default_factory=dict)

    # --- Discord is not there -----------------------------------------------------------------

    def down(self, *places: Place, seconds: float = float("inf")) -> None:
        """Makes the gateway, REST, or both (if no place is given) unreachable.

        Open gateway connections are cut. New ones break before the first payload. REST connections
        break without an answer.

        places: what becomes unreachable.
        seconds: for how long; by default until `up` is called.
        """
        for place in places or ("gateway", "rest"):
            self._down_until[place] = time.monotonic() + seconds
        if self.is_down("gateway") and self.gateway is not None:
            self.gateway.drop()

    def up(self) -> None:
        """Makes the gateway and REST reachable again."""
        self._down_until.clear()

    def is_down(self, place: Place) -> bool:
        """True while the gateway or REST is unreachable.

        place: the gateway or REST.
        """
        return time.monotonic() < self._down_until.get(place, 0.0)

    def refuses_gateway(self) -> bool:
        """True if a new gateway connection must break at once; this is then counted in `met`."""
        refused = self.is_down("gateway")
        self.met += refused
        return refused

    # --- single requests ----------------------------------------------------------------------

    def answer(
        self,
        method: str,
        route: str,
        status: int,
        *,
        code: int = 0,
        message: str = "An injected fault",
        times: int = 1,
        carried_out: bool = False,
        retry_after: float | None = None,
    ) -> None:
        """Answers the next `times` requests that match with an error of Discord's.

        method: the HTTP method; an empty text means any.
        route: a regular expression that is searched for in the path.
        status: the HTTP status.
        code, message: Discord's error code and text in the body.
        times: number of requests.
        carried_out: True if Discord carries the request out in spite of the error.
        retry_after: for status 429, the seconds until Discord takes the request again.
        """
        body: JSON = {"message": message, "code": code}
        if retry_after is not None:
            body |= {"retry_after": retry_after, "global": False}
        self._add(method, route, times, status=status, body=body, carried_out=carried_out)

    def page(
        self, method: str, route: str, status: int, *, times: int = 1, carried_out: bool = False
    ) -> None:
        """Answers the next `times` requests that match with a page of Cloudflare, which has no
        error code.

        method: the HTTP method; an empty text means any.
        route: a regular expression that is searched for in the path.
        status: 403, 502, 503 or 504.
        times: number of requests.
        carried_out: True if Discord carries the request out in spite of the error.
        """
        body = CLOUDFLARE_PAGE.format(status=status, reason=_REASONS.get(status, "Error"))
        self._add(method, route, times, status=status, body=body, carried_out=carried_out)

    def cut(
        self,
        method: str,
        route: str,
        *,
        times: int = 1,
        carried_out: bool = False,
        halfway: bool = False,
    ) -> None:
        """Breaks the connections of the next `times` requests that match.

        method: the HTTP method; an empty text means any.
        route: a regular expression that is searched for in the path.
        times: number of requests.
        carried_out: True if Discord carries the request out, and only its answer is lost.
        halfway: True if the answer breaks off in its middle; the request is then carried out too.
        """
        self._add(method, route, times, carried_out=carried_out or halfway, halfway=halfway)

    def clear(self) -> None:
        """Ends all failures."""
        self._rest.clear()
        self.up()

    def waiting(self) -> int:
        """Returns how many further requests are to fail."""
        return sum(fault.left for fault in self._rest)

    def take(self, method: str, path: str) -> Fault | None:
        """Returns the failure for a request, and counts it; None if the request must not fail."""
        if self.is_down("rest"):
            self.met += 1
            return Fault(method, re.compile(""), 1)
        for fault in self._rest:
            if fault.left and fault.method in ("", method) and fault.path.search(path):
                fault.left -= 1
                self.met += 1
                self._rest = [x for x in self._rest if x.left]
                return fault
        return None

    def _add(
        self,
        method: str,
        route: str,
        times: int,
        *,
        status: int = 0,
        body: JSON | str = "",
        carried_out: bool = False,
        halfway: bool = False,
    ) -> None:
        pattern = re.compile(route)
        self._rest.append(Fault(method.upper(), pattern, times, status, body, carried_out, halfway))

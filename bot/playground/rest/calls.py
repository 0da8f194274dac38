"""A REST request as the handlers get it, and the table of routes.

`Call` is one parsed request. A handler returns a `Reply` or raises `ApiError`. In phrases such as
"ApiError 50035" the number is Discord's JSON error code.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bot.playground.records.channels import Channel, Message
from bot.playground.records.objects import JSON, Guild
from bot.playground.rest.limits import Rule
from bot.playground.validation import fields
from bot.playground.validation.errors import ApiError, refusal
from bot.playground.world.channels.uploads import Upload
from bot.playground.world.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        world: everything that exists in the local Discord.
        path: the URL-decoded path parameters by name.
        query: the URL-decoded query parameters by name.
        body: the parsed JSON body, or None if there is no body.
        files: the uploaded files.
    """

    world: World
    path: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    files: list[Upload] = field(default_factory=list)

    def number(self, key: str) -> int:
        """Returns the path parameter `key` as an id.

        Raises ApiError 50035 if it is not a snowflake.
        """
        found = fields.snowflake(self.path[key])
        if found is None:
            nested = {key: {"_errors": [{"code": 50035, "message": "Value is not snowflake."}]}}
            raise ApiError(400, 50035, "Invalid Form Body", nested)
        return found

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """Returns the query parameter `key` as a whole number; `default` if it is missing.

        Raises ApiError 50035 unless it is a number from `low` to `high`.
        """
        text = self.query.get(key, str(default))
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        nested = {
            key: {"_errors": [{"code": 50035, "message": f"Must be between {low} and {high}."}]}
        }
        raise ApiError(400, 50035, "Invalid Form Body", nested)

    def bound(self, key: str) -> int | None:
        """Returns the query parameter `key` as an id, such as `before` or `after`.

        Returns None if it is missing or not a snowflake.
        """
        return fields.snowflake(self.query.get(key))

    def object(self) -> JSON:
        """Returns the JSON body. Raises ApiError 50109 if it is not a JSON object."""
        if not isinstance(self.body, dict):
            raise refusal(50109)
        return self.body

    def channel(self) -> Channel:
        """Returns the channel that the path names. Raises ApiError 10003 if it does not exist."""
        return self.world.channel(self.number("channel"))

    def message(self) -> Message:
        """Returns the message that the path names.

        Raises ApiError 10008 if it does not exist or is ephemeral.
        """
        message = self.world.message(self.number("channel"), self.number("message"))
        if message.visible_to is not None:
            raise refusal(10008)
        return message

    def guild(self) -> Guild:
        """Returns the guild that the path names. Raises ApiError 10004 if the bot is no member."""
        guild = self.world.guild(self.number("guild"))
        if self.world.bot.id not in guild.members:
            raise refusal(10004)
        return guild


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request.

    Attributes:
        status: the HTTP status.
        body: the JSON body, or None for no body.
    """

    status: int = 204
    body: Any = None


Handler = Callable[[Call], Reply]

DEFAULT_SECONDS = 1.0
DEFAULT_COUNT = 30


@dataclass(frozen=True)
class Route:
    """An HTTP method and a path that the local Discord answers.

    Attributes:
        method: the HTTP method.
        path: the path below `/api/v10`; names in braces are its parameters.
        handler: the function that answers.
        rule: the rate limit.
        with_token: True if the path contains another token, so that no bot token is needed.
    """

    method: str
    path: str
    handler: Handler
    rule: Rule
    with_token: bool = False


class Routes:
    """The table of the routes that the local Discord supports."""

    def __init__(self) -> None:
        self._routes: list[tuple[Route, re.Pattern[str]]] = []

    def add(
        self,
        method: str,
        path: str,
        handler: Handler,
        *,
        bucket: str | None = None,
        count: int = DEFAULT_COUNT,
        seconds: float = DEFAULT_SECONDS,
        with_token: bool = False,
    ) -> None:
        """Adds a route.

        path: the path below `/api/v10`; `{name}` is a parameter and matches one segment.
        bucket: the name of a rate-limit bucket that several routes share; None if the route has its
            own bucket.
        count: the number of requests that the bucket allows in `seconds`.
        with_token: True if the path contains another token, so that no bot token is needed.
        """
        rule = Rule(bucket or f"{method} {path}", count, seconds, not with_token)
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        self._routes.append((Route(method, path, handler, rule, with_token), pattern))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Returns the route that matches, and the URL-decoded path parameters by name.

        path: the path below `/api/v10`, not yet URL-decoded.

        Returns None if no route matches.
        """
        for route, pattern in self._routes:
            if route.method == method:
                match = pattern.fullmatch(path)
                if match:
                    return route, {k: unquote(v) for k, v in match.groupdict().items()}
        return None


def major(words: dict[str, str]) -> str:
    """Returns the values of the path parameters that Discord calls major, joined by colons.

    These are the channel, the guild, the webhook and its token. Requests with different values are
    counted separately for a rate limit.

    words: all path parameters by name.
    """
    return ":".join(words.get(x, "") for x in ("channel", "guild", "webhook", "token"))

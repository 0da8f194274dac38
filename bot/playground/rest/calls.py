"""A REST request as the handlers get it, and the table of routes.

`Call` is one parsed request. A handler returns a `Reply` or raises `ApiError`.
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
        world: the world it is about.
        path: the parts of the path, by their names in the route.
        query: the query's values by key.
        body: the parsed JSON body, or None if there is no body.
        files: the uploaded files.
    """

    world: World
    path: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    files: list[Upload] = field(default_factory=list)

    def number(self, key: str) -> int:
        """Returns an id of the path. Raises 50035 if it is not a snowflake."""
        found = fields.snowflake(self.path[key])
        if found is None:
            nested = {key: {"_errors": [{"code": 50035, "message": "Value is not snowflake."}]}}
            raise ApiError(400, 50035, "Invalid Form Body", nested)
        return found

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """Returns a number of the query. Raises 50035 unless it is from `low` to `high`."""
        text = self.query.get(key, str(default))
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        nested = {
            key: {"_errors": [{"code": 50035, "message": f"Must be between {low} and {high}."}]}
        }
        raise ApiError(400, 50035, "Invalid Form Body", nested)

    def bound(self, key: str) -> int | None:
        """Returns an id of the query; None if it is missing or not a snowflake."""
        return fields.snowflake(self.query.get(key))

    def object(self) -> JSON:
        """Returns the body. Raises 50109 if it is not a JSON object."""
        if not isinstance(self.body, dict):
            raise refusal(50109)
        return self.body

    def channel(self) -> Channel:
        """Returns the path's channel. Raises 10003 if it does not exist."""
        return self.world.channel(self.number("channel"))

    def message(self) -> Message:
        """Returns the path's message. Raises 10008 if it does not exist or is ephemeral."""
        message = self.world.message(self.number("channel"), self.number("message"))
        if message.visible_to is not None:
            raise refusal(10008)
        return message

    def guild(self) -> Guild:
        """Returns the path's guild. Raises 10004 if the bot is no member."""
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
    """One method and path.

    Attributes:
        method: the HTTP method.
        path: the path below `/api/v10`, with names in braces.
        handler: the function that answers.
        rule: the rate limit.
        with_token: True if the path carries a token of its own, so that no bot token is needed.
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
        """Adds a route; `{word}` in the path matches one step.

        `bucket` None gives the route a bucket of its own. It allows `count` requests in `seconds`.
        """
        rule = Rule(bucket or f"{method} {path}", count, seconds, not with_token)
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        self._routes.append((Route(method, path, handler, rule, with_token), pattern))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Returns the route of a raw path below `/api/v10`, and the decoded words in it.

        None if no route matches.
        """
        for route, pattern in self._routes:
            if route.method == method:
                match = pattern.fullmatch(path)
                if match:
                    return route, {k: unquote(v) for k, v in match.groupdict().items()}
        return None


def major(words: dict[str, str]) -> str:
    """Returns the part of a path that has its own bucket: channel, guild, or webhook and token."""
    return ":".join(words.get(x, "") for x in ("channel", "guild", "webhook", "token"))

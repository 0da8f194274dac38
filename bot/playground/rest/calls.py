"""A REST request as the handlers see it, and the table of routes.

`Call` is one request, read; a handler answers with `Reply` or raises `ApiError`.
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
    """One request: the words of its path, its query, body and files."""

    world: World
    path: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    files: list[Upload] = field(default_factory=list)

    def number(self, key: str) -> int:
        """An id in the path; 50035 when it is none."""
        found = fields.snowflake(self.path[key])
        if found is None:
            nested = {key: {"_errors": [{"code": 50035, "message": "Value is not snowflake."}]}}
            raise ApiError(400, 50035, "Invalid Form Body", nested)
        return found

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A number in the query, within its bounds; 50035 otherwise."""
        text = self.query.get(key, str(default))
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        nested = {
            key: {"_errors": [{"code": 50035, "message": f"Must be between {low} and {high}."}]}
        }
        raise ApiError(400, 50035, "Invalid Form Body", nested)

    def bound(self, key: str) -> int | None:
        """An id in the query."""
        return fields.snowflake(self.query.get(key))

    def object(self) -> JSON:
        """The body, which must be an object."""
        if not isinstance(self.body, dict):
            raise refusal(50109)
        return self.body

    def channel(self) -> Channel:
        """The channel of the path."""
        return self.world.channel(self.number("channel"))

    def message(self) -> Message:
        """The message of the path; ephemeral ones do not exist here."""
        message = self.world.message(self.number("channel"), self.number("message"))
        if message.visible_to is not None:
            raise refusal(10008)
        return message

    def guild(self) -> Guild:
        """The guild of the path, if the bot is in it."""
        guild = self.world.guild(self.number("guild"))
        if self.world.bot.id not in guild.members:
            raise refusal(10004)
        return guild


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer; without a body the status is usually 204."""

    status: int = 204
    body: Any = None


Handler = Callable[[Call], Reply]

DEFAULT_SECONDS = 1.0
DEFAULT_COUNT = 30


@dataclass(frozen=True)
class Route:
    """One method and path, who answers it, and the bucket it counts in."""

    method: str
    path: str
    handler: Handler
    rule: Rule
    with_token: bool = False
    """The path carries a token of its own, so no bot token is asked for."""


class Routes:
    """The table of what the local Discord supports."""

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
        """One more route; `{word}` in the path matches one step."""
        rule = Rule(bucket or f"{method} {path}", count, seconds, not with_token)
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        self._routes.append((Route(method, path, handler, rule, with_token), pattern))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a raw path below `/api/v10`, and the words in it, decoded."""
        for route, pattern in self._routes:
            if route.method == method:
                match = pattern.fullmatch(path)
                if match:
                    return route, {k: unquote(v) for k, v in match.groupdict().items()}
        return None


def major(words: dict[str, str]) -> str:
    """The part of a path that has its own bucket: channel, guild, or webhook and token."""
    return ":".join(words.get(x, "") for x in ("channel", "guild", "webhook", "token"))

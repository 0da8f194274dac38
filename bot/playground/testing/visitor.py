"""A visitor of the playground's page: the connection, the places and the clock."""

from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.playground.records.objects import JSON


class Refused(Exception):
    """The local Discord refused what a person tried; str() is the sentence for the person.

    Attributes:
        status: the HTTP status.
        code: Discord's error code, or 0.
    """

    def __init__(self, status: int, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


class Visitor:
    """A pretend person who only looks at the page, to be used in `async with`.

    Attributes:
        url: the page's address, without a slash at the end.
        name: the person's username or id.
        id: the person's id; empty until the page was read.
    """

    def __init__(self, url: str, name: str) -> None:
        self.url = url
        self.name = name
        self._session: aiohttp.ClientSession | None = None
        self._channels: dict[str, str] = {}
        self._commands: list[JSON] = []
        self.id = ""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        try:
            await self.refresh()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Leaves the page."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def refresh(self) -> JSON:
        """Reads the person's channels and commands again. Returns the answer of `/api/state`."""
        state: JSON = await self._call("GET", "/api/state")
        self.id = state["me"]["id"]
        self._channels = {"dm": state["dms"][0]["id"]} if state["dms"] else {}
        for guild in reversed(state["guilds"]):
            self._channels |= {x["name"]: x["id"] for x in guild["channels"]}
        self._commands = state["commands"]
        return state

    async def _call(self, method: str, path: str, **data: Any) -> Any:
        assert self._session is not None, "use `async with Person(...)`"
        data = {"as": self.name} | {k: v for k, v in data.items() if v is not None}
        sent: JSON = {"params": data} if method == "GET" else {"json": data}
        async with self._session.request(method, self.url + path, **sent) as response:
            body = await response.json()
            if response.status >= 400:
                raise Refused(response.status, body["error"], body.get("code", 0))
            return body

    def channel(self, name: str | int) -> str:
        """Returns the id of a channel. `name` is its name, its id, or "dm"."""
        return self._channels.get(str(name), str(name))

    async def set_clock(self, now: str | None = None, *, advance: float | None = None) -> JSON:
        """Sets the local Discord's clock to `now` (ISO 8601), or moves it by `advance` seconds.

        If both are None, the clock shows the machine's own time again.
        """
        body: JSON = {"now": now, "advance": advance}
        if now is None and advance is None:
            body = {"real": True}
        clock: JSON = await self._call("POST", "/api/clock", **body)
        return clock


def place_of(message: JSON | None) -> JSON:
    """Returns the fields of a call that name a message."""
    assert message is not None
    return {"channel": message["channel_id"], "message": message["id"]}

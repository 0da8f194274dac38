"""A pretend member at the playground's page, for tests: everything goes over the page's HTTP API.

    async with Person(local.page_url, "mira") as mira:
        outcome = await mira.command("films", "recommend", private=True)
        picked = await mira.click(outcome.message, "Another")

Channels are named ("films", or "dm" for the direct message with the bot) or given by id; it works
across processes, since it knows nothing but the page's address.
"""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

JSON = dict[str, Any]

SELECTS = (3, 5, 6, 7, 8)

PATIENCE = 60.0
"""Seconds to wait for an outcome, unless told otherwise."""


class Refused(Exception):
    """The local Discord refused what a person tried; str() is its sentence."""

    def __init__(self, status: int, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Outcome:
    """What came of an interaction. `message` is the reply as it stands (or the edited message)."""

    id: str
    state: str
    error: str | None = None
    first_response_ms: float | None = None
    message: JSON | None = None
    modal: JSON | None = None
    followups: list[JSON] = field(default_factory=list)
    choices: list[JSON] | None = None

    @property
    def text(self) -> str:
        """Every text of the reply and its follow-ups, for asserting on words."""
        return "\n".join(text_of(x) for x in [self.message, *self.followups] if x is not None)


def walk(components: list[JSON]) -> list[JSON]:
    """Every component of a message or modal, parents first."""
    found: list[JSON] = []
    for component in components:
        found.append(component)
        found += walk(component.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                found += walk([component[key]])
    return found


def text_of(message: JSON) -> str:
    """Content, text displays and embeds of a message, line by line."""
    parts = [message.get("content") or ""]
    parts += [x["content"] for x in walk(message.get("components") or []) if x["type"] == 10]
    for embed in message.get("embeds") or []:
        parts += [embed.get("title") or "", embed.get("description") or ""]
        parts += [f"{x['name']} {x['value']}" for x in embed.get("fields") or []]
    return "\n".join(x for x in parts if x)


def buttons_of(message: JSON) -> dict[str, JSON]:
    """Label -> button of a message; a button without a label goes by its emoji."""
    found = [x for x in walk(message.get("components") or []) if x["type"] == 2]
    return {x.get("label") or (x.get("emoji") or {}).get("name") or "": x for x in found}


def selects_of(message: JSON) -> list[JSON]:
    """The menus of a message, in order."""
    return [x for x in walk(message.get("components") or []) if x["type"] in SELECTS]


class Person:
    """One member, by username or id, at the page of address `url`."""

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
        """Leave the page."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def refresh(self) -> JSON:
        """Read channels and commands anew; gives `/api/state`."""
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
        """The id of a channel, by name, "dm", or id."""
        return self._channels.get(str(name), str(name))

    async def commands(self) -> list[str]:
        """Names of the commands this member may use."""
        await self.refresh()
        return [x["name"] for x in self._commands]

    async def command(
        self, channel: str | int, name: str, /, *, wait: float = PATIENCE, **options: Any
    ) -> Outcome:
        """Use a slash command ("watchlist add" for a subcommand) and wait for its outcome.

        Options map by name; None leaves one out. Values are sent as Discord would: a film is its
        string value, a member their id.
        """
        first, *inner = name.split()
        definition = await self._definition(first)
        sent = _options(definition, inner, options)
        body = {"channel": self.channel(channel), "name": first, "type": 1, "options": sent}
        return await self._begun("/api/commands", wait, **body)

    async def menu(
        self, channel: str | int, name: str, target: str | int, *, wait: float = PATIENCE
    ) -> Outcome:
        """Use a message or user command on a message's or user's id."""
        await self.refresh()
        kind = next(x["type"] for x in self._commands if x["name"] == name and x["type"] != 1)
        body = {"channel": self.channel(channel), "name": name, "type": kind}
        return await self._begun("/api/commands", wait, target=str(target), **body)

    async def autocomplete(
        self, channel: str | int, name: str, option: str, text: str, /, **others: Any
    ) -> list[JSON]:
        """The choices offered for what has been typed into an option."""
        first, *inner = name.split()
        definition = await self._definition(first)
        sent = _options(definition, inner, {**others, option: text})
        at = sent
        while at and at[0]["type"] in (1, 2):
            at = at[0]["options"]
        next(x for x in at if x["name"] == option)["focused"] = True
        body = {"channel": self.channel(channel), "name": first, "options": sent}
        answer = await self._call("POST", "/api/autocomplete", **body)
        if "error" in answer:
            raise Refused(200, answer["error"], 0)
        choices: list[JSON] = answer["choices"]
        return choices

    async def click(self, message: JSON | None, button: str, *, wait: float = PATIENCE) -> Outcome:
        """Press a button, given its label or custom id."""
        assert message is not None
        labelled = buttons_of(message)
        custom_id = labelled[button]["custom_id"] if button in labelled else button
        return await self.press(message, custom_id, wait=wait)

    async def press(
        self,
        message: JSON,
        custom_id: str,
        values: list[str] | None = None,
        *,
        wait: float = PATIENCE,
    ) -> Outcome:
        """Use the component of this custom id, whatever it is."""
        body = {
            "channel": message["channel_id"],
            "message": message["id"],
            "custom_id": custom_id,
            "values": values,
        }
        return await self._begun("/api/components", wait, **body)

    async def select(
        self,
        message: JSON | None,
        custom_id: str | int,
        values: list[str],
        *,
        wait: float = PATIENCE,
    ) -> Outcome:
        """Choose from a menu, given its custom id or place (0 is the first)."""
        assert message is not None
        if isinstance(custom_id, int):
            custom_id = str(selects_of(message)[custom_id]["custom_id"])
        return await self.press(message, custom_id, values, wait=wait)

    async def submit(
        self, modal: JSON | None, values: dict[str, Any] | None = None, *, wait: float = PATIENCE
    ) -> Outcome:
        """Submit a form; `values` by custom id. What is not given keeps its default.

        Menus and checkbox groups take lists, the rest a single value.
        """
        assert modal is not None
        given = values or {}
        parts = walk(modal["components"])
        unknown = given.keys() - {x.get("custom_id") for x in parts}
        assert not unknown, f"the form has no {unknown}"
        sent = [_filled(part, given) for part in modal["components"]]
        return await self._begun("/api/modals", wait, modal=modal["id"], components=sent)

    async def wait_for(
        self, interaction: str, *, wait: float = PATIENCE, until: str | None = "done"
    ) -> Outcome:
        """The outcome of an interaction, when it is over or the time is up."""
        path = f"/api/interactions/{interaction}"
        answer = await self._call("GET", path, wait=str(wait), until=until)
        return Outcome(**{k: v for k, v in answer.items() if k in Outcome.__dataclass_fields__})

    async def react(self, message: JSON | None, emoji: str) -> None:
        """React to a message."""
        await self._call("POST", "/api/reactions", emoji=emoji, **_place(message))

    async def unreact(self, message: JSON | None, emoji: str) -> None:
        """Take a reaction back."""
        await self._call("DELETE", "/api/reactions", emoji=emoji, **_place(message))

    async def clear_reactions(self, message: JSON | None, emoji: str | None = None) -> None:
        """As a moderator: clear all reactions, or all of one emoji."""
        await self._call("DELETE", "/api/reactions/all", emoji=emoji, **_place(message))

    async def say(self, channel: str | int, content: str) -> JSON:
        """Write a message."""
        body = {"channel": self.channel(channel), "content": content}
        message: JSON = await self._call("POST", "/api/messages", **body)
        return message

    async def messages(self, channel: str | int, limit: int = 50) -> list[JSON]:
        """What this member sees in a channel, oldest first."""
        sent = {"channel": self.channel(channel), "limit": str(limit)}
        found: list[JSON] = await self._call("GET", "/api/messages", **sent)
        return found

    async def message(self, known: JSON | None) -> JSON | None:
        """A message as it stands now; None when it is gone."""
        assert known is not None
        found = await self.messages(known["channel_id"], 100)
        return next((x for x in found if x["id"] == known["id"]), None)

    async def delete_message(self, message: JSON | None) -> None:
        """Delete a message."""
        await self._call("DELETE", "/api/messages", **_place(message))

    async def dismiss(self, message: JSON | None) -> None:
        """Hide an ephemeral message."""
        assert message is not None
        await self._call("POST", "/api/dismiss", message=message["id"])

    async def set_clock(self, now: str | None = None, *, advance: float | None = None) -> JSON:
        """Set the world's clock (ISO 8601), move it by seconds, or make it real again."""
        body: JSON = {"now": now, "advance": advance}
        if now is None and advance is None:
            body = {"real": True}
        clock: JSON = await self._call("POST", "/api/clock", **body)
        return clock

    async def _definition(self, name: str) -> JSON:
        def known() -> JSON | None:
            return next((x for x in self._commands if (x["name"], x["type"]) == (name, 1)), None)

        if known() is None:
            await self.refresh()
        return known() or {}

    async def _begun(self, path: str, wait: float, **data: Any) -> Outcome:
        answer = await self._call("POST", path, **data)
        return await self.wait_for(answer["interaction"], wait=wait)


def _place(message: JSON | None) -> JSON:
    assert message is not None
    return {"channel": message["channel_id"], "message": message["id"]}


def _options(definition: JSON, inner: list[str], values: dict[str, Any]) -> list[JSON]:
    known = {x["name"]: x for x in definition.get("options") or []}
    if inner:
        sub = known.get(inner[0], {})
        options = _options(sub, inner[1:], values)
        return [{"name": inner[0], "type": sub.get("type", 1), "options": options}]
    return [
        {"name": name, "type": known.get(name, {}).get("type", 3), "value": value}
        for name, value in values.items()
        if value is not None
    ]


def _filled(part: JSON, values: dict[str, Any]) -> JSON:
    if part["type"] == 1:
        return {"type": 1, "components": [_filled(x, values) for x in part["components"]]}
    if part["type"] == 18:
        return {"type": 18, "component": _filled(part["component"], values)}
    if part["type"] == 10:
        return {"type": 10}
    custom_id, kind = part["custom_id"], part["type"]
    made: JSON = {"type": kind, "custom_id": custom_id}
    chosen = [x["value"] for x in part.get("options") or [] if x.get("default")]
    if kind in (*SELECTS, 19, 22):
        return made | {"values": values.get(custom_id, chosen)}
    default: Any = part.get("value", "")
    if kind == 21:
        default = chosen[0] if chosen else None
    elif kind == 23:
        default = bool(part.get("default"))
    return made | {"value": values.get(custom_id, default)}

"""The web page's HTTP interface: plain JSON on this machine only, and the page's own files.

A person at the page acts as one of the pretend members. The field `as` of each call holds the
member's id or username. If a call is refused, the answer is `{"error": …, "code": …}`; `error` is a
sentence for the person.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.playground.records.objects import JSON, User
from bot.playground.validation import fields
from bot.playground.validation.errors import ApiError
from bot.playground.web import faults, gatherings, interactions, messages, polls, settings, state
from bot.playground.web.calls import PageHandler
from bot.playground.web.live import Live
from bot.playground.world.interactions.resolution import refuse
from bot.playground.world.world import World

FOLDER = Path(__file__).parent.parent / "page"

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Messages:
    """What the bot can say, for the page of messages.

    Attributes:
        languages: the codes of the languages to choose from, the first one chosen.
        render: returns every message in a language, with sample data: a dictionary with the keys
            "room", "place", "about", "text" and "source".
    """

    languages: Sequence[str]
    render: Callable[[str], Sequence[Mapping[str, str]]]


NO_MESSAGES = Messages((), lambda _: ())


class PageApi:
    """Serves the page of one world (everything that exists in one local Discord)."""

    def __init__(self, world: World, live: Live, messages: Messages = NO_MESSAGES) -> None:
        self.world = world
        self.live = live
        self.messages = messages

    def register(self, app: web.Application) -> None:
        """Adds the page's routes."""
        router = app.router
        router.add_get("/", self._index)
        router.add_get("/messages", self._messages_page)
        router.add_get("/page/{file}", self._file)
        router.add_get("/page/{version}/{file}", self._file)
        router.add_get("/api/wording", self._wording)
        router.add_get("/attachments/{channel}/{id}/{filename}", self._attachment)
        router.add_get("/api/live", self._live)
        for module in (state, messages, polls, gatherings, interactions, faults, settings):
            for method, path, handler in module.ROUTES:
                router.add_route(method, path, self._json(handler))

    def _json(self, handler: PageHandler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                data = await _data(request)
                data |= request.match_info
                result = await handler(self.world, self._person(data), data)
            except ApiError as error:
                sentence = error.message
                if error.errors:
                    sentence = f"{sentence}: {_first(error.errors)}"
                status = error.status
                return web.json_response({"error": sentence, "code": error.code}, status=status)
            return web.json_response(result, headers=_HEADERS)

        return handle

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return _document("index.html")

    async def _messages_page(self, request: web.Request) -> web.StreamResponse:
        return _document("wording.html")

    async def _wording(self, request: web.Request) -> web.StreamResponse:
        """Answers with every message of the bot in the language that the query names."""
        languages = list(self.messages.languages)
        wanted = request.query.get("language") or (languages[0] if languages else "")
        if languages and wanted not in languages:
            raise web.HTTPNotFound(text="There is no such language.")
        found = [dict(message) for message in self.messages.render(wanted)]
        content = {"languages": languages, "language": wanted, "messages": found}
        return web.json_response(content, headers=_HEADERS)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name, version = request.match_info["file"], request.match_info.get("version")
        path = FOLDER / name
        if name.startswith(".") or path.parent != FOLDER or not path.is_file():
            raise web.HTTPNotFound(text="There is no such file.")
        keep = "max-age=86400, immutable" if version == _version() else "no-cache"
        return web.FileResponse(path, headers={**_HEADERS, "Cache-Control": keep})

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        return attachment(self.world, request)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        try:
            person = self._person(dict(request.query))
        except ApiError as error:
            raise web.HTTPNotFound(text=error.message) from None
        return await self.live.handle(request, person.id)

    def _person(self, data: JSON) -> User:
        people = self.world.people()
        wanted = data.get("as")
        if wanted is None and people:
            return people[0]
        for user in people:
            if wanted in (str(user.id), user.username):
                return user
        raise refuse(f"There is no member {wanted!r}.", 404)


def _version() -> str:
    """Returns a short text that changes when a file of the page changes."""
    found = [(x.name, x.stat().st_mtime_ns, x.stat().st_size) for x in sorted(FOLDER.iterdir())]
    return hashlib.sha256(repr(found).encode()).hexdigest()[:12]


def _document(name: str) -> web.Response:
    """Answers with a document of the page.

    It names the version of the page's other files in their paths. So the browser can keep them, and
    fetches them again when one has changed.
    """
    text = (FOLDER / name).read_text(encoding="utf-8")
    text = text.replace('"/page/', f'"/page/{_version()}/')
    headers = {**_HEADERS, "Cache-Control": "no-cache"}
    return web.Response(text=text, content_type="text/html", headers=headers)


def attachment(world: World, request: web.Request) -> web.StreamResponse:
    """Answers a request for a file of a message.

    The page's port serves files to the page. The bot's port serves them to the bot, in the place of
    Discord's CDN. Raises HTTPNotFound if there is no such file.
    """
    channel = world.channels.get(fields.snowflake(request.match_info["channel"]) or 0)
    wanted = request.match_info["id"]
    for message in reversed(channel.messages.values()) if channel is not None else ():
        for file in message.attachments:
            if str(file.id) == wanted and file.filename == request.match_info["filename"]:
                headers = {**_HEADERS, "Content-Security-Policy": "sandbox"}
                if not file.content_type.startswith("image/") or "svg" in file.content_type:
                    headers["Content-Disposition"] = f'attachment; filename="{file.filename}"'
                return web.Response(body=file.data, content_type=file.content_type, headers=headers)
    raise web.HTTPNotFound(text="There is no such file.")


def option_file(world: World, request: web.Request) -> web.StreamResponse:
    """Answers the bot's request for a file that somebody chose for an option of a command.

    Raises HTTPNotFound if there is no such file.
    """
    file = world.uploads.get(fields.snowflake(request.match_info["id"]) or 0)
    if file is None or file.filename != request.match_info["filename"]:
        raise web.HTTPNotFound(text="There is no such file.")
    return web.Response(body=file.data, content_type=file.content_type, headers=_HEADERS)


async def _data(request: web.Request) -> JSON:
    data: JSON = dict(request.query)
    if request.method != "GET":
        try:
            body = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            raise refuse("The request is not JSON.") from None
        if not isinstance(body, dict):
            raise refuse("The request is not a JSON object.")
        data |= body
    return data


def _first(errors: JSON) -> str:
    """Returns the first of the nested errors of an ApiError 50035, with the name of its field."""
    for key, value in errors.items():
        if key == "_errors":
            return str(value[0]["message"])
        inner = _first(value)
        return inner if key.isdigit() or ":" in inner else f"{key}: {inner}"
    return "something is wrong with it."

"""Discord's REST interface, version 10: from an HTTP request to a handler and back.

A request passes these steps in order: injected faults (`world/faults.py`), the search for the
route, the check of the token, the body, the rate limit, the handler. Then request and answer are
recorded. A request for an unknown route gets the answer 404, is logged as a warning and is added to
`World.unsupported`. The Date header of an answer follows the local Discord's clock.
"""

import json
import logging
from email.utils import format_datetime
from typing import Any

from aiohttp import BodyPartReader, web

from bot.playground.records.objects import JSON
from bot.playground.rest import (
    application,
    channels,
    commands,
    interactions,
    messages,
    polls,
    reactions,
    threads,
    users,
)
from bot.playground.rest.calls import Call, Reply, Route, Routes, major
from bot.playground.rest.guilds import guilds, scheduled_events, voice
from bot.playground.rest.limits import Limits, LimitVerdict
from bot.playground.rest.recording import Recording
from bot.playground.validation.errors import ApiError, refusal
from bot.playground.world.channels import uploads
from bot.playground.world.channels.uploads import Upload
from bot.playground.world.faults import Fault
from bot.playground.world.world import World

logger = logging.getLogger(__name__)

PREFIX = "/api/v10"

_HEADERS = {"Via": "1.1 playground"}

_ROUTE_MODULES = (
    channels,
    messages,
    reactions,
    polls,
    threads,
    interactions,
    application,
    users,
    guilds,
    scheduled_events,
    voice,
    commands,
)


class Rest:
    """Serves REST for one world (everything that exists in one local Discord)."""

    def __init__(self, world: World, limits: Limits, recording: Recording) -> None:
        self.world = world
        self.limits = limits
        self.recording = recording
        self.routes = Routes()
        for module in _ROUTE_MODULES:
            module.register(self.routes)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers one request of the bot."""
        raw = request.rel_url.raw_path
        if self.limits.barred:
            return web.Response(status=429, text="Too many invalid requests from this address.")
        date = {"Date": format_datetime(self.world.clock.now(), usegmt=True)}
        fault = self.world.faults.take(request.method, raw)
        if fault is None:
            return await self._answer(request, date)
        answer = await self._answer(request, date) if fault.carried_out else None
        return await _fail(request, fault, answer, date)

    async def _answer(self, request: web.Request, date: dict[str, str]) -> web.Response:
        """Carries a request out, records it, and returns its answer.

        date: the Date header.
        """
        raw = request.rel_url.raw_path
        body, files = None, list[Upload]()
        verdict = LimitVerdict({})
        found = self.routes.find(request.method, raw.removeprefix(PREFIX))
        try:
            if found is None or not raw.startswith(PREFIX):
                self.world.miss(f"{request.method} {raw}")
                raise ApiError(404, 0, "404: Not Found")
            route, words = found
            self._authorize(request, route)
            body, files = await _read(request)
            verdict = self.limits.take(route.rule, major(words))
            if verdict.body is not None:
                reply = Reply(429, verdict.body)
            else:
                call = Call(self.world, words, dict(request.query), body, files)
                reply = route.handler(call)
        except ApiError as error:
            reply = Reply(error.status, error.body())
        except Exception:
            if _broke_off(request):
                # The bot stopped while it sent this, so Discord would carry nothing out.
                raise ConnectionResetError(f"{request.method} {raw} broke off") from None
            logger.exception("the local Discord failed at %s %s", request.method, raw)
            reply = Reply(500, {"message": "500: Internal Server Error", "code": 0})
        if reply.status in (401, 403, 429):
            self.limits.invalid()
        self.recording.add(
            request.method,
            raw,
            dict(request.query),
            request.content_type,
            body,
            [{"field": f"files[{x.index}]", "filename": x.filename} for x in files],
            reply.status,
            reply.body,
        )
        return _response(reply, date | verdict.headers)

    def _authorize(self, request: web.Request, route: Route) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not route.with_token and (scheme != "Bot" or token not in self.world.tokens):
            raise ApiError(401, 0, "401: Unauthorized")


def _broke_off(request: web.Request) -> bool:
    """True if the connection was lost before the whole request had come.

    Reading the request can fail a moment before the connection counts as closing.
    """
    closing = request.transport is None or request.transport.is_closing()
    return closing or request.content.exception() is not None


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    try:
        if request.content_type == "multipart/form-data":
            return await _read_multipart(request)
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise uploads.too_large() from None
    return (_json(raw) if raw else None), []


async def _read_multipart(request: web.Request) -> tuple[Any, list[Upload]]:
    body: Any = {}
    files: list[Upload] = []
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        size += len(data)
        if size > uploads.REQUEST_LIMIT_BYTES:
            raise uploads.too_large()
        name = part.name or ""
        if name == "payload_json":
            body = _json(data)
        elif name.startswith("files[") and name[6:-1].isdigit():
            files.append(Upload(int(name[6:-1]), part.filename or "unknown", data))
    return body, files


async def _fail(
    request: web.Request, fault: Fault, answer: web.Response | None, date: dict[str, str]
) -> web.StreamResponse:
    """Lets a request fail: sends the error of the injected `fault`, or breaks the connection.

    answer: the usual answer, of which the bot gets nothing or only a part; None if the request is
        not carried out.
    date: the Date header.
    """
    if answer is None:
        await request.read()
    if isinstance(fault.body, dict):
        return _response(Reply(fault.status, fault.body), date)
    if fault.status:
        return web.Response(
            text=fault.body, status=fault.status, headers=_HEADERS | date, content_type="text/html"
        )
    if fault.halfway and answer is not None and isinstance(answer.body, bytes):
        half = web.StreamResponse(status=answer.status, headers=answer.headers)
        half.content_length = len(answer.body)
        await half.prepare(request)
        await half.write(answer.body[: len(answer.body) // 2])
        broken: web.StreamResponse = half
    else:
        broken = web.Response(status=503)
    if request.transport is not None:
        request.transport.abort()
    return broken


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise refusal(50109) from None


def _response(reply: Reply, headers: dict[str, str]) -> web.Response:
    headers = _HEADERS | headers
    if reply.body is None:
        return web.Response(status=reply.status, headers=headers)
    body: JSON | list[JSON] = reply.body
    return web.Response(
        body=json.dumps(body).encode(),
        status=reply.status,
        headers=headers | {"Content-Type": "application/json"},
    )

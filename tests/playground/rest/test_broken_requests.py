"""Requests that break off while they are sent, as when a bot is stopped."""

import asyncio
import json
import ssl
from pathlib import Path

import pytest

from bot.playground import start
from tests.clock import club_world
from tests.playground.stage import TOKEN, RawRest


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
async def test_a_request_that_breaks_off_is_not_answered(tmp_path: Path, kind: str) -> None:
    world, record = club_world(), tmp_path / "traffic.jsonl"
    channel = next(iter(world.channels))
    async with start(world, record=record) as local:
        trust = ssl.create_default_context(cadata=local.ca_pem.decode())
        _, sent = await asyncio.open_connection(
            "127.0.0.1", local.port, ssl=trust, server_hostname="discord.com"
        )
        begun = "--x\r\n" if kind.startswith("multipart") else '{"content": "a'
        sent.write(
            f"POST /api/v10/channels/{channel}/messages HTTP/1.1\r\nHost: discord.com\r\n"
            f"Authorization: Bot {TOKEN}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: 500\r\n\r\n{begun}".encode()
        )
        await sent.drain()
        await asyncio.sleep(0.2)  # the local Discord waits for the rest
        sent.transport.abort()
        await asyncio.sleep(0.2)
        async with RawRest(local.port, local.ca_pem) as rest:
            status, _, _ = await rest.call("GET", f"/channels/{channel}")
    lines = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    assert [(line["method"], line["status"]) for line in lines] == [("GET", status)]

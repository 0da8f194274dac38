"""Chooses files for options of commands, as the page does for a person."""

import base64
import io
import json

import aiohttp

from bot.playground.records.objects import JSON
from bot.playground.testing.person import Person
from bot.playground.testing.visitor import Refused


async def chosen_file(person: Person, filename: str, content: bytes) -> str:
    """Sends a file of the person for an option of a command; returns the option's value.

    Raises Refused if the local Discord refuses the file.
    """
    encoded = base64.b64encode(content).decode()
    body = json.dumps({"as": person.name, "filename": filename, "content": encoded}).encode()
    async with (
        aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session,
        session.post(f"{person.url}/api/files", data=io.BytesIO(body)) as response,
    ):
        made: JSON = await response.json()
        if response.status >= 400:
            raise Refused(response.status, made["error"], made.get("code", 0))
    return str(made["id"])

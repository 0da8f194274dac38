"""The playground's pretend members: kept between plays, gone before real people come."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from storage import keyvalue
from storage.people import privacy
from storage.servers import guilds

if TYPE_CHECKING:
    from bot.services.app import App

_KEY = "pretend"


async def remember(app: "App", person_ids: Sequence[int], guild_ids: Sequence[int]) -> None:
    """Remember who is pretend before they do anything."""
    async with app.db.write() as conn:
        known = json.dumps({"people": list(person_ids), "guilds": list(guild_ids)})
        await keyvalue.set_value(conn, _KEY, known)


async def forget(app: "App") -> int:
    """Delete everything the pretend members and servers left; how many rows."""
    async with app.db.write() as conn:
        text = await keyvalue.get_value(conn, _KEY)
        if text is None:
            return 0
        known = json.loads(text)
        count = 0
        for person_id in known["people"]:
            count += await privacy.erase(conn, person_id)
        for guild_id in known["guilds"]:
            count += await guilds.erase(conn, guild_id)
        await keyvalue.set_value(conn, _KEY, json.dumps({"people": [], "guilds": []}))
    return count

"""The made-up members and servers of the playground (the bot on a simulated Discord).

Their ids are stored, so that everything about them can be deleted before the bot is used for real.
"""

import json
from collections.abc import Sequence

from bot.services.app import App
from storage import keyvalue
from storage.people import privacy
from storage.servers import guilds

_KEY = "pretend"


async def record(app: App, person_ids: Sequence[int], guild_ids: Sequence[int]) -> None:
    """Stores which people and servers are made up. Call it before they do anything."""
    async with app.db.write() as conn:
        ids = json.dumps({"people": list(person_ids), "guilds": list(guild_ids)})
        await keyvalue.set_value(conn, _KEY, ids)


async def erase(app: App) -> int:
    """Deletes everything about the made-up people and servers. Returns the number of rows."""
    async with app.db.write() as conn:
        text = await keyvalue.get_value(conn, _KEY)
        if text is None:
            return 0
        ids = json.loads(text)
        count = 0
        for person_id in ids["people"]:
            count += await privacy.erase(conn, person_id)
        for guild_id in ids["guilds"]:
            count += await guilds.erase(conn, guild_id)
        await keyvalue.set_value(conn, _KEY, json.dumps({"people": [], "guilds": []}))
    return count

"""Facts that the bot keeps about itself between runs, such as the commands Discord already has."""

import hashlib

from bot.services.app import App
from storage import keyvalue

_COMMANDS = "commands-hash"


async def commands_changed(app: App, payload: str) -> bool:
    """True if `payload` differs from what was last synced."""
    async with app.db.read() as conn:
        return await keyvalue.get_value(conn, _COMMANDS) != _digest(payload)


async def commands_synced(app: App, payload: str) -> None:
    """Records `payload` as what Discord has."""
    async with app.db.write() as conn:
        await keyvalue.set_value(conn, _COMMANDS, _digest(payload))


async def first_time(app: App, key: str) -> bool:
    """True the first time for each key, over all runs. So a manager hears of it once."""
    async with app.db.write() as conn:
        if await keyvalue.get_value(conn, f"once:{key}") is not None:
            return False
        await keyvalue.set_value(conn, f"once:{key}", "told")
        return True


def _digest(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()

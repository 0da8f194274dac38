"""Facts that the bot keeps about itself between runs, such as the commands Discord already has."""

import hashlib

from bot.services.app import App
from storage import keyvalue

_COMMANDS = "commands-hash"


async def commands_changed(app: App, payload: str) -> bool:
    """True if the commands in `payload` differ from those that were last synced."""
    async with app.db.read() as conn:
        return await keyvalue.get_value(conn, _COMMANDS) != _digest(payload)


async def record_commands(app: App, payload: str) -> None:
    """Records the commands in `payload` as those that Discord has."""
    async with app.db.write() as conn:
        await keyvalue.set_value(conn, _COMMANDS, _digest(payload))


async def first_time(app: App, key: str) -> bool:
    """Returns True if it was never called with this key before, in this run or an earlier one."""
    async with app.db.write() as conn:
        if await keyvalue.get_value(conn, f"once:{key}") is not None:
            return False
        await keyvalue.set_value(conn, f"once:{key}", "told")
        return True


def _digest(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()

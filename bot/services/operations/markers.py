"""Small facts that the bot stores about itself between runs, such as the commands it sent to
Discord.
"""

import hashlib

from bot.services.app import App
from storage import keyvalue

_COMMANDS = "commands-hash"


async def commands_changed(app: App, payload: str) -> bool:
    """True if the slash commands in `payload` differ from those that the bot last sent to
    Discord.
    """
    async with app.db.read() as conn:
        return await keyvalue.get_value(conn, _COMMANDS) != _digest(payload)


async def commands_known(app: App) -> bool:
    """True if the bot has ever sent its slash commands to Discord."""
    async with app.db.read() as conn:
        return await keyvalue.get_value(conn, _COMMANDS) is not None


async def record_commands(app: App, payload: str) -> None:
    """Stores that the bot has sent the slash commands in `payload` to Discord."""
    async with app.db.write() as conn:
        await keyvalue.set_value(conn, _COMMANDS, _digest(payload))


async def first_time(app: App, key: str) -> bool:
    """Returns True only for the first call ever with this key, even if the bot restarted since.

    key: a name for what is to happen only once, such as a notice in one channel.
    """
    async with app.db.write() as conn:
        if await keyvalue.get_value(conn, f"once:{key}") is not None:
            return False
        await keyvalue.set_value(conn, f"once:{key}", "told")
        return True


def _digest(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()

"""Small facts that the bot stores about itself between runs, such as the commands it sent to
Discord.
"""

import hashlib
import json
from collections.abc import Mapping

from bot.services.app import App
from storage import keyvalue

_COMMANDS = "commands-hash"
_COMMAND_IDS = "command-ids"


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


async def record_commands(app: App, payload: str, ids: Mapping[str, int]) -> None:
    """Stores that the bot has sent the slash commands in `payload` to Discord.

    ids: Discord's id of each command, by the command's name.
    """
    async with app.db.write() as conn:
        await keyvalue.set_value(conn, _COMMANDS, _digest(payload))
        await keyvalue.set_value(conn, _COMMAND_IDS, json.dumps(dict(ids), sort_keys=True))


async def command_ids(app: App) -> dict[str, int]:
    """Returns Discord's ids of the slash commands that the bot last sent, by the commands' names.

    Empty if the bot has not sent any since it began to store the ids.
    """
    async with app.db.read() as conn:
        stored = await keyvalue.get_value(conn, _COMMAND_IDS)
    return {str(name): int(number) for name, number in json.loads(stored or "{}").items()}


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

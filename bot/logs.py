"""How the log is written: to stderr, one line a record, with every token struck out.

A token can reach a log line by ways nobody thought of (an address in an error, a payload at debug
level), so it is struck out where lines are made, not where they are written.
"""

import logging
import re
from collections.abc import Sequence

from rich.console import Console
from rich.logging import RichHandler

STRUCK = "[token]"
VOICE = "voice will NOT be supported"
_IN_ADDRESS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]{16,}")
_IN_PAYLOAD = re.compile(r"""((["'])token\2:\s*)(["'])[^"']*\3""")


class Discreet(logging.Formatter):
    """A formatter that strikes out `secrets` and the tokens of interactions."""

    def __init__(self, layout: str, secrets: Sequence[str] = ()) -> None:
        super().__init__(layout)
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The whole record, traceback included, without tokens."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, STRUCK)
        text = _IN_ADDRESS.sub(rf"\1{STRUCK}", text)
        return _IN_PAYLOAD.sub(rf"\1\3{STRUCK}\3", text)


def set_up(level: str, err: Console, secrets: Sequence[str] = ()) -> None:
    """Log to `err` from `level` on; other people's libraries only where they warn."""
    handler: logging.Handler
    if err.is_terminal:
        handler = RichHandler(console=err, show_path=False, rich_tracebacks=False, markup=False)
        layout = "%(name)s: %(message)s"
    else:  # a file or a journal: whole lines, so that addresses stay in one piece
        handler = logging.StreamHandler(err.file)
        layout = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(Discreet(layout, secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for chatty in ("discord", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for silent in ("apscheduler", "alembic", "asyncio"):
        logging.getLogger(silent).setLevel(logging.ERROR)
    logging.getLogger("discord.client").addFilter(_is_not_about_voice)


def _is_not_about_voice(record: logging.LogRecord) -> bool:
    """discord.py misses its voice libraries at every start; Matinee never speaks."""
    return VOICE not in str(record.msg)

"""How the log is written: to stderr, one line a record, with every token struck out.

A token can reach a log line by ways nobody thought of (an address in an error, a payload at debug
level), so it is struck out where lines are made, not where they are written. While an interaction
is worked on, every line names it.
"""

import json
import logging
import re
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

from rich.console import Console
from rich.logging import RichHandler

Form = Literal["auto", "plain", "json"]

STRUCK = "[token]"
VOICE = "voice will NOT be supported"
INTERACTION: ContextVar[int | None] = ContextVar("interaction", default=None)
"""The interaction that the running task works on."""
_IN_ADDRESS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]{16,}")
_IN_PAYLOAD = re.compile(r"""((["'])token\2:\s*)(["'])[^"']*\3""")


class Discreet(logging.Formatter):
    """A formatter that strikes out `secrets` and the tokens of interactions."""

    def __init__(self, layout: str | None = None, secrets: Sequence[str] = ()) -> None:
        super().__init__(layout)
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The whole record, traceback included, without tokens."""
        return self.struck(super().format(record))

    def struck(self, text: str) -> str:
        """The text without tokens."""
        for secret in self._secrets:
            text = text.replace(secret, STRUCK)
        text = _IN_ADDRESS.sub(rf"\1{STRUCK}", text)
        return _IN_PAYLOAD.sub(rf"\1\3{STRUCK}\3", text)


class JsonLines(Discreet):
    """One JSON object a line: at, level, logger, message, and where there are any the interaction
    and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, without tokens."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.struck(record.getMessage()),
        }
        interaction = INTERACTION.get()
        if interaction is not None:
            said["interaction"] = str(interaction)
        if record.exc_info:
            said["error"] = self.struck(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


class _Named(logging.Filter):
    """Gives every record `where`: " [interaction 123]" while one is worked on, else nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        number = INTERACTION.get()
        record.where = "" if number is None else f" [interaction {number}]"
        return True


def set_up(level: str, err: Console, secrets: Sequence[str] = (), form: Form = "auto") -> None:
    """Log to `err` from `level` on; other people's libraries only where they warn."""
    handler: logging.Handler
    formatter: Discreet
    if form == "auto" and err.is_terminal:
        handler = RichHandler(console=err, show_path=False, rich_tracebacks=False, markup=False)
        formatter = Discreet("%(name)s:%(where)s %(message)s", secrets)
    else:  # a file or a journal: whole lines, so that addresses stay in one piece
        handler = logging.StreamHandler(err.file)
        layout = "%(asctime)s %(levelname)s %(name)s:%(where)s %(message)s"
        formatter = JsonLines(None, secrets) if form == "json" else Discreet(layout, secrets)
    handler.setFormatter(formatter)
    handler.addFilter(_Named())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for chatty in ("discord", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for silent in ("apscheduler", "alembic", "asyncio"):
        logging.getLogger(silent).setLevel(logging.ERROR)
    logging.getLogger("discord.client").addFilter(_is_not_about_voice)


def _is_not_about_voice(record: logging.LogRecord) -> bool:
    """discord.py misses its voice libraries at every start; Matinee never speaks."""
    return VOICE not in str(record.msg)

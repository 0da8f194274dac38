"""Writes the log to stderr, one line for each record, with every token masked and no person named.

A token can get into a log line in many ways, such as an address in an error or a payload at debug
level. Therefore the formatter looks for tokens in every line and masks them. It also masks the ids
of people in the addresses that discord.py writes. While the bot works on an interaction, every line
names that interaction.
"""

import json
import logging
import re
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

from rich.console import Console

from storage.errors import DatabaseUnreachable

Form = Literal["auto", "plain", "json"]

TOKEN_MASK = "[token]"
"""What a log line shows in place of a token."""
PERSON_MASK = "[person]"
"""The text that replaces a person's id in an address of Discord's, in a log line."""
VOICE_WARNING = "voice will NOT be supported"
INTERACTION: ContextVar[int | None] = ContextVar("interaction", default=None)
"""The id of the interaction on which the running task works; None outside of interactions."""
_IN_ADDRESS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]{16,}")
_PERSON_IN_ADDRESS = re.compile(r"(/(?:users|members)/)\d+")
_IN_PAYLOAD = re.compile(r"""((["'])token\2:\s*)(["'])[^"']*\3""")


class Discreet(logging.Formatter):
    """A log formatter that masks the texts `secrets` and the tokens of interactions."""

    def __init__(self, layout: str | None = None, secrets: Sequence[str] = ()) -> None:
        super().__init__(layout)
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Returns the whole record, with its traceback, without tokens."""
        return self.mask_tokens(super().format(record))

    def formatException(self, ei: Any) -> str:
        """Returns an error with its traceback, or without one if the database is out of reach.

        While it is, several jobs meet that error each second, and where they met it says nothing.
        """
        error = ei[1]
        if isinstance(error, DatabaseUnreachable):
            return f"{type(error).__name__}: {error}"
        return super().formatException(ei)

    def mask_tokens(self, text: str) -> str:
        """Returns the text in which every secret, every token, and people's ids in addresses are
        masked.
        """
        for secret in self._secrets:
            text = text.replace(secret, TOKEN_MASK)
        text = _IN_ADDRESS.sub(rf"\1{TOKEN_MASK}", text)
        text = _PERSON_IN_ADDRESS.sub(rf"\1{PERSON_MASK}", text)
        return _IN_PAYLOAD.sub(rf"\1\3{TOKEN_MASK}\3", text)


class JsonLines(Discreet):
    """A formatter that writes one JSON object on each line.

    Its keys are `at`, `level`, `logger` and `message`; also `interaction` while the bot works on
    one, and `error` if the record has a traceback. An event (`events.py`) adds `event` and its
    fields.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Returns the record as JSON, without tokens."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.mask_tokens(record.getMessage()),
        }
        interaction = INTERACTION.get()
        if interaction is not None:
            line["interaction"] = str(interaction)
        for name, value in getattr(record, "event", {}).items():
            line[name] = self.mask_tokens(value) if isinstance(value, str) else value
        if record.exc_info:
            line["error"] = self.mask_tokens(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class _InteractionName(logging.Filter):
    """Gives every record the field `where`: " [interaction 123]", or "" outside of interactions."""

    def filter(self, record: logging.LogRecord) -> bool:
        number = INTERACTION.get()
        record.where = "" if number is None else f" [interaction {number}]"
        return True


def set_up(level: str, err: Console, secrets: Sequence[str] = (), form: Form = "auto") -> None:
    """Sends the log of this level and above to `err`. Libraries log only warnings and errors.

    secrets: texts that no log line may show, such as the bot's token.
    form: "plain" or "json"; "auto" for colours in a terminal and plain lines elsewhere.
    """
    handler: logging.Handler
    formatter: Discreet
    if form == "auto" and err.is_terminal:
        from rich.logging import RichHandler  # with a highlighter of code, which is large

        handler = RichHandler(console=err, show_path=False, rich_tracebacks=False, markup=False)
        formatter = Discreet("%(name)s:%(where)s %(message)s", secrets)
    else:  # a file or a journal: whole lines, so that addresses stay in one piece
        handler = logging.StreamHandler(err.file)
        layout = "%(asctime)s %(levelname)s %(name)s:%(where)s %(message)s"
        formatter = JsonLines(None, secrets) if form == "json" else Discreet(layout, secrets)
    handler.setFormatter(formatter)
    handler.addFilter(_InteractionName())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for name in ("discord", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("apscheduler", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("discord.client").addFilter(_is_not_about_voice)


def _is_not_about_voice(record: logging.LogRecord) -> bool:
    """A log filter that drops the warning that libraries for voice are missing: False for it, else
    True.

    Matinee does not use voice.
    """
    return VOICE_WARNING not in str(record.msg)

"""What all commands share: the consoles that they print to, and the ways in which they end."""

import asyncio
import codecs
import io
import os
import sys
import unicodedata
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.errors import MatineeError, SettingsError
from bot.observability import logs
from bot.settings import Settings, read_settings
from bot.wording import settings as words
from bot.wording.cli import terminal
from bot.wording.errors.said import said
from bot.wording.speech import language_codes, speak, speaks
from recommender.errors import RecommenderError
from storage.errors import StorageError

PLAIN_SIGNS = {
    "→": "->", "←": "<-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "·": "-", "•": "*",
    "–": "-", "—": "-", "★": "*", "✓": "ok", "−": "-", "×": "x", "≥": ">=", "≤": "<=", "±": "+-",
    "↑": "^", "↓": "v", "²": "2", "│": "|", "─": "-", "━": "-", "┃": "|",
}  # fmt: skip
"""Signs that a terminal may lack, and what is printed there instead."""


def plain_signs(error: UnicodeError) -> tuple[str, int]:
    """Returns what to print instead of characters that the terminal's encoding lacks.

    It is an error handler of `codecs`. Typographic signs become plain ones, letters lose their
    accents, and everything else becomes "?". Also returns the position after these characters.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = ""
    for sign in error.object[error.start : error.end]:
        plain = PLAIN_SIGNS.get(sign) or unicodedata.normalize("NFKD", sign)
        plain = "".join(each for each in plain if not unicodedata.combining(each))
        found += plain if plain.isascii() else "?"
    return found, error.end


codecs.register_error("matinee-plain", plain_signs)
for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, io.TextIOWrapper):  # tests replace the streams
        _stream.reconfigure(errors="matinee-plain")

out = Console()
err = Console(stderr=True)


def give_up(sentence: object) -> NoReturn:
    """Prints the sentence, or that of an error, and ends the command with exit status 1."""
    if isinstance(sentence, ERRORS_WITH_A_SENTENCE):
        sentence = said(sentence)
    heading = (terminal.stops(), Style(color="red", bold=True))
    err.print(Text.assemble(heading, " ", str(sentence)), highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def settings_or_stop() -> Settings:
    """Returns the settings and sets up the log.

    If a setting is wrong, prints every problem and ends the command with exit status 1.
    """
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        speak(os.environ.get("MATINEE_LOCALE", "en"))
        give_up(words.problems([said(problem) for problem in error.problems]))
    if not speaks(settings.locale):
        give_up(words.unknown_language(settings.locale, language_codes()))
    speak(settings.locale)
    token = settings.discord_token
    secrets = [token.get_secret_value()] if token is not None else []
    logs.set_up(settings.log_level, err, secrets, settings.log_form)
    return settings


def run_or_stop(work: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine to its end.

    If it raises an error whose text is a sentence for the operator, prints that sentence and ends
    the command with exit status 1.
    """
    do_or_stop(lambda: asyncio.run(work))


def do_or_stop(work: Callable[[], None]) -> None:
    """Calls a function. If it raises an error whose text is a sentence for the operator, prints
    that sentence and ends the command with exit status 1.
    """
    try:
        work()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        give_up(sentence)


ERRORS_WITH_A_SENTENCE = (MatineeError, RecommenderError, StorageError)
"""The base classes of the errors of `bot`, `recommender` and `storage`. There is a sentence for
people for each such error.
"""


def sentence_of(error: BaseException) -> str | None:
    """Returns the error as a sentence for the operator; None for an unforeseen error."""
    if isinstance(error, BaseExceptionGroup):
        sentences = [sentence_of(inner) for inner in error.exceptions]
        return sentences[0] if sentences and all(sentences) else None
    return said(error) if isinstance(error, ERRORS_WITH_A_SENTENCE) else None

"""What every command of the command line shares: where it writes, and how it ends."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from bot.errors import Sorry
from bot.observability import logs
from bot.run import CannotConnect
from bot.settings import Settings, SettingsError, read_settings
from recommender.datasets.movielens_films import DatasetError
from recommender.errors import DataError
from recommender.training.artifacts import ArtifactError
from storage.errors import StorageError

out = Console()
err = Console(stderr=True)


def give_up(sentence: object) -> NoReturn:
    """One clear sentence, and exit status 1."""
    err.print(
        f"[bold red]Matinee stops:[/] {escape(str(sentence))}", highlight=False, soft_wrap=True
    )
    raise typer.Exit(1)


def settings_or_stop() -> Settings:
    """The settings, with logging set up; every problem printed where there is one."""
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        give_up("the settings need a change.\n" + "\n".join(f"  • {p}" for p in error.problems))
    token = settings.discord_token
    secrets = [token.get_secret_value()] if token is not None else []
    logs.set_up(settings.log_level, err, secrets, settings.log_form)
    return settings


def run_or_stop(work: Coroutine[Any, Any, None]) -> None:
    """Run the work; every error that has a sentence becomes that sentence."""
    do_or_stop(lambda: asyncio.run(work))


def do_or_stop(work: Callable[[], None]) -> None:
    """As `run_or_stop`, for work that does not wait."""

    try:
        work()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        said = sentence_of(error)
        if said is None:
            raise
        give_up(said)


WITH_A_SENTENCE = (
    ArtifactError,
    CannotConnect,
    DataError,
    DatasetError,
    Sorry,
    StorageError,
)


def sentence_of(error: BaseException) -> str | None:
    """What to tell the operator, or None where only a traceback helps."""
    if isinstance(error, BaseExceptionGroup):
        said = [sentence_of(inner) for inner in error.exceptions]
        return said[0] if said and all(said) else None
    return str(error) if isinstance(error, WITH_A_SENTENCE) else None

"""The command line: every `matinee …` command with its options, in one place.

The work of each command is in a module named after the command's subject, such as `backups.py`. It
is imported only when the command runs, so that `matinee --help` is quick. The commands below
`evaluate` and `experiment` are in modules of their own.

The help is made when this module is imported, so `bot/__main__.py` chooses the language before.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import do_or_stop, give_up, out, run_or_stop, settings_or_stop
from bot.cli.database.moving import move_database
from bot.cli.evaluate.commands import evaluate_cli, explore
from bot.cli.experiments import experiment_cli
from bot.cli.histories.commands import export_history, import_history
from bot.cli.report import report
from bot.health import SECONDS
from bot.settings import Settings
from bot.wording.cli import help as texts
from bot.wording.cli import terminal as words
from bot.wording.operations.evaluate_help import EXPLORE
from bot.wording.speech import translated

cli = typer.Typer(
    help=translated(texts.MATINEE),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
importing = typer.Typer(help=translated(texts.IMPORTING), no_args_is_help=True)
exporting = typer.Typer(help=translated(texts.EXPORTING), no_args_is_help=True)
models_cli = typer.Typer(help=translated(texts.MODELS))
catalogue_cli = typer.Typer(help=translated(texts.CATALOGUE), no_args_is_help=True)
cli.add_typer(evaluate_cli, name="evaluate")
cli.add_typer(importing, name="import")
cli.add_typer(exporting, name="export")
cli.add_typer(models_cli, name="models")
cli.add_typer(experiment_cli, name="experiment")
cli.add_typer(catalogue_cli, name="catalogue")
OFFICIAL_MIRROR = "https://files.grouplens.org/datasets/movielens"


@cli.command(help=translated(texts.RUN))
def run(
    or_play: Annotated[bool, typer.Option("--or-play", help=translated(texts.RUN_OR_PLAY))] = False,
) -> None:
    """Runs the bot on Discord, or with `--or-play` and no token in the playground."""
    settings = settings_or_stop()
    if settings.discord_token is None:
        if or_play:
            return _play(settings)
        give_up(words.token_missing())
    from bot.run import run_bot
    from bot.services.operations.alone import only_bot
    from bot.services.people import pretend
    from bot.wiring import open_app

    token = settings.discord_token.get_secret_value()

    async def live() -> None:
        with only_bot(settings):
            async with open_app(settings) as app:
                await pretend.erase(app)
                await run_bot(app, token)

    return run_or_stop(live())


@cli.command(help=translated(texts.PLAY))
def play() -> None:
    """Runs the bot in the playground."""
    _play(settings_or_stop())


def _play(settings: Settings) -> None:
    try:
        from bot.cli.play import play as play_here
    except ModuleNotFoundError as error:
        give_up(words.playground_lacks(error.name or str(error)))
    run_or_stop(play_here(settings, lambda text: out.print(text, highlight=False, soft_wrap=True)))


@cli.command(hidden=True, help=translated(texts.ATTACH))
def attach(port: int, certificate: Path, ahead: float = 0.0) -> None:
    """Runs the bot on the local Discord of another process.

    ahead: how many seconds the bot's clock is ahead of this machine's.
    """
    from bot.cli.play import attach as attach_to

    ca_pem = certificate.read_bytes()
    run_or_stop(attach_to(settings_or_stop(), port, ca_pem, timedelta(seconds=ahead)))


@cli.command(help=translated(texts.TRAIN))
def train(
    search: Annotated[bool, typer.Option("--search", help=translated(texts.TRAIN_SEARCH))] = False,
) -> None:
    """Fits a version of the model, and serves it if it is no worse."""
    from bot.cli.train import train as train_here

    run_or_stop(train_here(settings_or_stop(), out, search=search))


Version = Annotated[str, typer.Argument(help=translated(texts.VERSION))]


@models_cli.callback(invoke_without_command=True, help=translated(texts.MODELS))
def models(context: typer.Context) -> None:
    """Lists the versions if no subcommand is given."""
    if context.invoked_subcommand is None:
        _models("table")


@models_cli.command("list", help=translated(texts.MODELS_LIST))
def models_list() -> None:
    """Lists all versions."""
    _models("table")


@models_cli.command("show", help=translated(texts.MODELS_SHOW))
def models_show(version: Version) -> None:
    """Prints everything about one version."""
    _models("show", version)


@models_cli.command("promote", help=translated(texts.MODELS_PROMOTE))
def models_promote(version: Version) -> None:
    """Serves a version, however it was judged."""
    _models("promote", version)


@models_cli.command("rollback", help=translated(texts.MODELS_ROLLBACK))
def models_rollback() -> None:
    """Serves the version that served before."""
    _models("rollback")


@models_cli.command("prune", help=translated(texts.MODELS_PRUNE))
def models_prune() -> None:
    """Removes old versions, and what killed fits left."""
    _models("prune")


def _models(verb: str, *arguments: str) -> None:
    from bot.cli import models as shelf

    run_or_stop(getattr(shelf, verb)(settings_or_stop(), out, *arguments))


@cli.command(help=translated(texts.BACKUP))
def backup(
    to: Annotated[Path | None, typer.Option(help=translated(texts.BACKUP_TO))] = None,
) -> None:
    """Copies the database and checks the copy."""
    from bot.cli.database.backups import backup as backup_here

    do_or_stop(lambda: backup_here(settings_or_stop(), to, out))


@cli.command(help=translated(texts.RESTORE))
def restore(
    copy: Annotated[
        Path | None, typer.Argument(metavar="BACKUP", help=translated(texts.RESTORE_COPY))
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help=translated(texts.RESTORE_REPLACE))
    ] = False,
) -> None:
    """Puts a copy of the database back, or lists the copies."""
    from bot.cli.database.backups import restore as restore_here

    do_or_stop(lambda: restore_here(settings_or_stop(), copy, replace, out))


@cli.command(help=translated(texts.HEALTHCHECK))
def healthcheck(
    seconds: Annotated[float, typer.Option(help=translated(texts.HEALTHCHECK_SECONDS))] = SECONDS,
) -> None:
    """Asks the running bot how it is. Exits with status 1 if it is not well."""
    from bot.cli.healthcheck import healthcheck as ask_here

    raise typer.Exit(ask_here(seconds))


@cli.command(help=translated(texts.DOCTOR))
def doctor(
    offline: Annotated[
        bool, typer.Option("--offline", help=translated(texts.DOCTOR_OFFLINE))
    ] = False,
    mend: Annotated[bool, typer.Option("--mend", help=translated(texts.DOCTOR_MEND))] = False,
) -> None:
    """Prints what is wrong here and at Discord's end. Exits with status 1 if anything is."""
    from bot.cli.doctor import find_problems, show
    from bot.cli.doctor import mend as mend_here

    settings = settings_or_stop()
    if mend:
        run_or_stop(mend_here(settings, out))
    if not show(asyncio.run(find_problems(settings, offline=offline)), out):
        raise typer.Exit(1)


cli.command(help=translated(EXPLORE))(explore)
cli.command(help=translated(texts.REPORT))(report)
cli.command("move-database", help=translated(texts.MOVE))(move_database)


@importing.command("movielens", help=translated(texts.IMPORT_MOVIELENS))
def import_movielens(
    folder: Annotated[Path, typer.Argument(help=translated(texts.MOVIELENS_FOLDER))],
    download: Annotated[
        str | None,
        typer.Option(help=translated(texts.MOVIELENS_DOWNLOAD)),
    ] = None,
    mirror: Annotated[str, typer.Option(help=translated(texts.MOVIELENS_MIRROR))] = OFFICIAL_MIRROR,
    scale: Annotated[int, typer.Option(help=translated(texts.MOVIELENS_SCALE))] = 5,
) -> None:
    """Imports a MovieLens data set."""
    from bot.cli.import_movielens import import_movielens as import_here

    run_or_stop(import_here(settings_or_stop(), folder, download, mirror, out, scale=scale))


@importing.command("imdb", help=translated(texts.IMPORT_IMDB))
def import_imdb(
    folder: Annotated[Path, typer.Argument(help=translated(texts.IMDB_FOLDER))],
    least_votes: Annotated[
        int, typer.Option(min=0, help=translated(texts.IMDB_LEAST_VOTES))
    ] = 1_000,
    kinds: Annotated[str, typer.Option(help=translated(texts.IMDB_KINDS))] = "movie,tvMovie",
    since: Annotated[int | None, typer.Option(help=translated(texts.IMDB_SINCE))] = None,
    regions: Annotated[str, typer.Option(help=translated(texts.IMDB_REGIONS))] = "",
    adult: Annotated[bool, typer.Option("--adult", help=translated(texts.IMDB_ADULT))] = False,
) -> None:
    """Imports IMDb's tables."""
    from bot.cli.import_imdb import chosen
    from bot.cli.import_imdb import import_imdb as import_here

    choice = chosen(least_votes, kinds, since, regions, adult=adult)
    run_or_stop(import_here(settings_or_stop(), folder, choice, out))


@importing.command("catalogue", help=translated(texts.IMPORT_LIST))
def import_catalogue(
    films: Annotated[Path, typer.Argument(help=translated(texts.LIST_FILMS))],
    tags: Annotated[Path | None, typer.Option(help=translated(texts.LIST_TAGS))] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=translated(texts.LIST_DRY_RUN))
    ] = False,
) -> None:
    """Imports an operator's own list."""
    from bot.cli.catalogue import import_list

    run_or_stop(import_list(settings_or_stop(), films, tags, out, rehearse=dry_run))


importing.command("history", help=translated(texts.IMPORT_HISTORY))(import_history)
exporting.command("history", help=translated(texts.EXPORT_HISTORY))(export_history)


@catalogue_cli.command("check", help=translated(texts.CATALOGUE_CHECK))
def catalogue_check(
    films: Annotated[Path | None, typer.Argument(help=translated(texts.CHECK_FILMS))] = None,
    tags: Annotated[Path | None, typer.Option(help=translated(texts.LIST_TAGS))] = None,
) -> None:
    """Checks a catalogue. Exits with status 1 if it has problems."""
    from bot.cli.catalogue import check
    from storage.errors import CatalogueError

    try:
        good = check(out, films, tags)
    except CatalogueError as error:
        give_up(error)
    if not good:
        raise typer.Exit(1)

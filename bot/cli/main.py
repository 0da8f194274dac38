"""The command line: every `matinee …` command with its options, in one place.

The work of each command is in a module named after the command's subject, such as `backups.py`. It
is imported only when the command runs, so that `matinee --help` is quick. The commands below
`evaluate` and `experiment` are in modules of their own.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import do_or_stop, give_up, out, run_or_stop, settings_or_stop
from bot.cli.evaluate.commands import evaluate_cli, explore
from bot.cli.experiments import experiment_cli
from bot.health import SECONDS
from bot.settings import Settings

cli = typer.Typer(
    help="Matinee, a Discord bot that recommends films.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
importing = typer.Typer(help="Bring films and ratings in.", no_args_is_help=True)
models_cli = typer.Typer(help="The versions of the model.")
catalogue_cli = typer.Typer(help="The starter catalogue.", no_args_is_help=True)
cli.add_typer(evaluate_cli, name="evaluate")
cli.add_typer(importing, name="import")
cli.add_typer(models_cli, name="models")
cli.add_typer(experiment_cli, name="experiment")
cli.add_typer(catalogue_cli, name="catalogue")
OFFICIAL_MIRROR = "https://files.grouplens.org/datasets/movielens"


@cli.command()
def run(
    or_play: Annotated[
        bool, typer.Option("--or-play", help="Without a token, open the playground instead.")
    ] = False,
) -> None:
    """Run the bot against Discord. Needs DISCORD_TOKEN."""
    settings = settings_or_stop()
    if settings.discord_token is None:
        if or_play:
            return _play(settings)
        give_up(
            "DISCORD_TOKEN is not set. Put the bot's token into .env (README, “Making the "
            "application”), or try it without one: matinee play."
        )
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


@cli.command()
def play() -> None:
    """Run the bot against a local Discord with a web page, on this machine only."""
    _play(settings_or_stop())


def _play(settings: Settings) -> None:
    try:
        from bot.cli.play import play as play_here
    except ModuleNotFoundError as error:
        give_up(
            f"the playground needs {error.name}, which production leaves out. Add it with "
            f"`pipx inject matinee {error.name}`, or `pip install {error.name}` where Matinee is "
            "installed; in the folder of the source, `make run` brings it."
        )
    run_or_stop(play_here(settings, lambda text: out.print(text, highlight=False, soft_wrap=True)))


@cli.command(hidden=True)
def attach(port: int, certificate: Path, ahead: float = 0.0) -> None:
    """Run the bot against a local Discord of another process (the soak tests do).

    ahead: seconds by which its clock is ahead of this machine's.
    """
    from bot.cli.play import attach as attach_to

    ca_pem = certificate.read_bytes()
    run_or_stop(attach_to(settings_or_stop(), port, ca_pem, timedelta(seconds=ahead)))


@cli.command()
def train(
    search: Annotated[
        bool, typer.Option("--search", help="Search for better settings first; takes long.")
    ] = False,
) -> None:
    """Fit the models now, judge them, and serve them if they are no worse."""
    from bot.cli.train import train as train_here

    run_or_stop(train_here(settings_or_stop(), out, search=search))


@cli.command(hidden=True, name="fit-worker")
def fit_worker() -> None:
    """Fit as the job on standard input says (a running bot and `train` start this)."""
    from bot.services.training.fit_process import main as work

    raise typer.Exit(work())


Version = Annotated[str, typer.Argument(help="A version, or the beginning of its name.")]


@models_cli.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """The versions of the model: which serves, how each was judged."""
    if context.invoked_subcommand is None:
        _models("table")


@models_cli.command("list")
def models_list() -> None:
    """All versions, newest first."""
    _models("table")


@models_cli.command("show")
def models_show(version: Version) -> None:
    """Everything about one version."""
    _models("show", version)


@models_cli.command("promote")
def models_promote(version: Version) -> None:
    """Serve a version, whatever was judged; a running bot follows within a minute."""
    _models("promote", version)


@models_cli.command("rollback")
def models_rollback() -> None:
    """Serve the version that served before; a running bot follows within a minute."""
    _models("rollback")


@models_cli.command("prune")
def models_prune() -> None:
    """Remove what need not be kept: old versions, and what killed fits left."""
    _models("prune")


def _models(verb: str, *arguments: str) -> None:
    from bot.cli import models as shelf

    run_or_stop(getattr(shelf, verb)(settings_or_stop(), out, *arguments))


@cli.command()
def backup(
    to: Annotated[
        Path | None, typer.Option(help="Another folder than the data folder's backups/.")
    ] = None,
) -> None:
    """Copy the database and check the copy; the bot may be running."""
    from bot.cli.backups import backup as backup_here

    do_or_stop(lambda: backup_here(settings_or_stop(), to, out))


@cli.command()
def restore(
    copy: Annotated[
        Path | None, typer.Argument(help="A copy; without one, they are listed.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the present database, which is kept beside.")
    ] = False,
) -> None:
    """Put a copy of the database back. Stop the bot first."""
    from bot.cli.backups import restore as restore_here

    do_or_stop(lambda: restore_here(settings_or_stop(), copy, replace, out))


@cli.command()
def healthcheck(
    seconds: Annotated[
        float, typer.Option(help="How long the bot may take to try a write.")
    ] = SECONDS,
) -> None:
    """Ask the running bot whether it is well: gateway ready, database writable. Else exit 1."""
    from bot.cli.healthcheck import healthcheck as ask_here

    raise typer.Exit(ask_here(seconds))


@cli.command()
def doctor(
    offline: Annotated[
        bool, typer.Option("--offline", help="Look at this machine only, not at Discord.")
    ] = False,
    mend: Annotated[
        bool, typer.Option("--mend", help="Mend data that faults of earlier versions have harmed.")
    ] = False,
) -> None:
    """Look for what is wrong, on this machine and at Discord's end, and say how to mend it."""
    from bot.cli.doctor import find_problems, show
    from bot.cli.doctor import mend as mend_here

    settings = settings_or_stop()
    if mend:
        run_or_stop(mend_here(settings, out))
    if not show(asyncio.run(find_problems(settings, offline=offline)), out):
        raise typer.Exit(1)


cli.command()(explore)


@importing.command("movielens")
def import_movielens(
    folder: Annotated[Path, typer.Argument(help="A MovieLens folder; the target of --download.")],
    download: Annotated[
        str | None,
        typer.Option(help="Fetch this data set into the folder first, e.g. ml-latest-small."),
    ] = None,
    mirror: Annotated[str, typer.Option(help="Where --download fetches from.")] = OFFICIAL_MIRROR,
    scale: Annotated[int, typer.Option(help="10 if the folder's ratings go from 1 to 10.")] = 5,
) -> None:
    """Films into the catalogue, ratings into a background corpus. Twice changes nothing."""
    from bot.cli.import_movielens import import_movielens as import_here

    run_or_stop(import_here(settings_or_stop(), folder, download, mirror, out, scale=scale))


@importing.command("catalogue")
def import_catalogue(
    films: Annotated[Path, typer.Argument(help="A CSV file; its columns: docs/catalogue.md.")],
    tags: Annotated[
        Path | None, typer.Option(help="A CSV file of tags of your own, beside the vocabulary.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
) -> None:
    """Your own list of films, or of anything with titles and tags: all of it or nothing."""
    from bot.cli.catalogue import import_list

    run_or_stop(import_list(settings_or_stop(), films, tags, out, rehearse=dry_run))


@catalogue_cli.command("check")
def catalogue_check(
    films: Annotated[
        Path | None, typer.Argument(help="A list of your own; without one, the starter catalogue.")
    ] = None,
    tags: Annotated[
        Path | None, typer.Option(help="A CSV file of tags of your own, beside the vocabulary.")
    ] = None,
) -> None:
    """Check a catalogue line by line, and show its balance."""
    from bot.cli.catalogue import check
    from storage.errors import CatalogueError

    try:
        good = check(out, films, tags)
    except CatalogueError as error:
        give_up(error)
    if not good:
        raise typer.Exit(1)

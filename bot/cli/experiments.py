"""`matinee experiment`: lists, shows and checks the experiments, and prints their results."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.console import out, run_or_stop, settings_or_stop
from bot.wording.cli import experiments as words
from bot.wording.cli import help as texts
from bot.wording.speech import number, percent, translated

if TYPE_CHECKING:
    from bot.settings import Settings

experiment_cli = typer.Typer(help=translated(texts.EXPERIMENTS), no_args_is_help=True)
Name = Annotated[str, typer.Argument(help=translated(texts.EXPERIMENT_NAME))]


@experiment_cli.command("list", help=translated(texts.EXPERIMENT_LIST))
def experiment_list() -> None:
    """Lists all experiments."""
    run_or_stop(print_all(settings_or_stop()))


@experiment_cli.command("show", help=translated(texts.EXPERIMENT_SHOW))
def experiment_show(name: Name) -> None:
    """Prints one definition."""
    run_or_stop(print_one(settings_or_stop(), name))


@experiment_cli.command("report", help=translated(texts.EXPERIMENT_REPORT))
def experiment_report(
    name: Name,
    json: Annotated[
        Path | None, typer.Option("--json", help=translated(texts.EXPERIMENT_JSON))
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help=translated(texts.EXPERIMENT_PAGE))
    ] = None,
) -> None:
    """Prints what an experiment has found so far."""
    run_or_stop(print_findings(settings_or_stop(), name, json, report))


@experiment_cli.command("check", help=translated(texts.EXPERIMENT_CHECK))
def experiment_check() -> None:
    """Reads the definitions as the bot would, and checks whether each arm can be served."""
    run_or_stop(check_arms(settings_or_stop()))


async def print_all(settings: "Settings") -> None:
    """Prints a table of all experiments."""
    from bot.services.experiments import findings
    from bot.wiring import open_app
    from bot.wording.errors.said import said
    from recommender.experiments.verdict import state

    async with open_app(settings) as app:
        defined = app.experiments.definitions
        exposed = [await findings.exposed_units(app, one) for one in defined]
        now = app.clock()
    if not defined:
        out.print(
            words.none_defined(str(settings.experiments_file)), highlight=False, soft_wrap=True
        )
        return
    rows = Table(*words.list_headings())
    for one, count in zip(defined, exposed, strict=True):
        arms = ", ".join(arm.name for arm in one.arms)
        rows.add_row(
            one.name, one.kind, one.unit, arms, one.metric, said(state(one, now)), number(count)
        )
    out.print(rows)


async def print_one(settings: "Settings", name: str) -> None:
    """Prints the definition of one experiment. Raises Sorry if there is no such experiment."""
    from bot.services.experiments import findings
    from bot.wiring import open_app
    from bot.wording.errors.said import said
    from recommender.experiments.verdict import state

    async with open_app(settings) as app:
        one = findings.experiment_named(app, name)
        now = app.clock()
    definition = words.definition(one, said(state(one, now)))
    out.print(definition, highlight=False, markup=False, soft_wrap=True)
    rows = Table(*words.arm_headings())
    for arm, share in zip(one.arms, one.shares.tolist(), strict=True):
        changes = ", ".join(f"{key} = {value}" for key, value in arm.changes.items())
        part = words.every_card() if one.kind == "interleave" else percent(share)
        rows.add_row(arm.name, part, changes or words.no_change())
    out.print(rows)


async def print_findings(
    settings: "Settings", name: str, json: Path | None, report: Path | None
) -> None:
    """Prints the results of an experiment so far, and writes them to the files.

    json: the file for the figures; None to write no such file.
    report: the file for a page with plots; None to write no such file.

    Raises Sorry if there is no such experiment, DataError if a file cannot be written.
    """
    from bot.cli.evaluate.files import OutputFiles
    from bot.cli.evaluate.terminal import print_report
    from bot.services.experiments import findings
    from bot.wiring import open_app
    from bot.wording.errors.said import said
    from bot.wording.speech import speaking
    from recommender.experiments.report import experiment_file, experiment_report

    files = OutputFiles(json=json, report=report)
    files.check()
    async with open_app(settings) as app:
        found = await findings.read_findings(app, findings.experiment_named(app, name))
        now = app.clock()
    with speaking("en"):  # reports of studies are English documents
        page = experiment_report(found, now, said)
    print_report(page, out)
    files.write(experiment_file(found, now), page, out)


async def check_arms(settings: "Settings") -> None:
    """Checks that each arm (variant) of every experiment has a model that can answer requests.

    Prints the result. Raises ExperimentError if the file of definitions is wrong, Sorry if an arm's
    model cannot be used.
    """
    from bot.errors import Sorry
    from bot.services.experiments import findings, treatment
    from bot.services.notes import note
    from bot.wiring import open_app

    async with open_app(settings) as app:
        defined = app.experiments.definitions
        await treatment.load_arm_versions(app)
        wrong = [
            note("experiment-unserved", experiment=one.name, problem=why)
            for one in defined
            for why in findings.unserved_arms(app, one)
        ]
    if not defined:
        out.print(
            words.none_defined(str(settings.experiments_file)), highlight=False, soft_wrap=True
        )
        return
    if wrong:
        raise Sorry("arms-unserved", file=str(settings.experiments_file), problems=wrong)
    checked = words.all_served(len(defined), str(settings.experiments_file))
    out.print(checked, highlight=False, soft_wrap=True)

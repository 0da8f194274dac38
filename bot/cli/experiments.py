"""`matinee experiment`: lists, shows and checks the experiments, and prints their results."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.console import out, run_or_stop, settings_or_stop

if TYPE_CHECKING:
    from bot.settings import Settings

experiment_cli = typer.Typer(
    help="Experiments: who is shown what, and what comes of it.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="As the file of definitions names it.")]


@experiment_cli.command("list")
def experiment_list() -> None:
    """Every experiment, and how it stands."""
    run_or_stop(print_all(settings_or_stop()))


@experiment_cli.command("show")
def experiment_show(name: Name) -> None:
    """One definition: its arms and what each changes."""
    run_or_stop(print_one(settings_or_stop(), name))


@experiment_cli.command("report")
def experiment_report(
    name: Name,
    json: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="A page with plots: FILE.html or FILE.md.")
    ] = None,
) -> None:
    """What an experiment has found so far; look as often as you like."""
    run_or_stop(print_findings(settings_or_stop(), name, json, report))


@experiment_cli.command("check")
def experiment_check() -> None:
    """Read the definitions as the bot would, and see whether each arm can be served."""
    run_or_stop(check_arms(settings_or_stop()))


async def print_all(settings: "Settings") -> None:
    """Prints a table of all experiments."""
    from bot.services.experiments import findings
    from bot.wiring import open_app
    from recommender.experiments.verdict import state

    async with open_app(settings) as app:
        defined = app.experiments.definitions
        exposed = [await findings.exposed_units(app, one) for one in defined]
        now = app.clock()
    if not defined:
        out.print(_none(settings), highlight=False, soft_wrap=True)
        return
    rows = Table("experiment", "kind", "by", "arms", "metric", "state", "exposed")
    for one, count in zip(defined, exposed, strict=True):
        arms = ", ".join(arm.name for arm in one.arms)
        rows.add_row(one.name, one.kind, one.unit, arms, one.metric, state(one, now), f"{count:,}")
    out.print(rows)


async def print_one(settings: "Settings", name: str) -> None:
    """Prints the definition of one experiment. Raises Sorry if there is no such experiment."""
    from bot.services.experiments import findings
    from bot.wiring import open_app
    from recommender.experiments.verdict import state

    async with open_app(settings) as app:
        one = findings.experiment_named(app, name)
        now = app.clock()
    rails = ", ".join(one.guardrails) or "none"
    out.print(
        f"{one.name}: {state(one, now)}; {one.kind}, by {one.unit}, {one.share:.0%} of them; "
        f"metric {one.metric}; guardrails {rails}.",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip
    rows = Table("arm", "share", "changes")
    for arm, share in zip(one.arms, one.shares.tolist(), strict=True):
        changes = ", ".join(f"{key} = {value}" for key, value in arm.changes.items())
        part = "every card" if one.kind == "interleave" else f"{share:.0%}"
        rows.add_row(arm.name, part, changes or "nothing")
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
    from recommender.experiments.report import experiment_file, experiment_report

    files = OutputFiles(json=json, report=report)
    files.check()
    async with open_app(settings) as app:
        found = await findings.read_findings(app, findings.experiment_named(app, name))
        now = app.clock()
    page = experiment_report(found, now)
    print_report(page, out)
    files.write(experiment_file(found, now), page, out)


async def check_arms(settings: "Settings") -> None:
    """Checks that each arm (variant) of every experiment has a model that can answer requests.

    Prints the result. Raises ExperimentError if the file of definitions is wrong, Sorry if an arm's
    model cannot be used.
    """
    from bot.errors import Sorry
    from bot.services.experiments import findings, treatment
    from bot.wiring import open_app
    from bot.wording.errors.said import said

    async with open_app(settings) as app:
        defined = app.experiments.definitions
        await treatment.load_arm_versions(app)
        wrong = [
            f"{one.name}: {said(why)}"
            for one in defined
            for why in findings.unserved_arms(app, one)
        ]
    if not defined:
        out.print(_none(settings), highlight=False, soft_wrap=True)
        return
    if wrong:
        raise Sorry(f"{settings.experiments_file} can be read, but:\n" + "\n".join(wrong))
    count = "1 experiment" if len(defined) == 1 else f"{len(defined)} experiments"
    out.print(
        f"{settings.experiments_file}: {count}, and every arm can be served.",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


def _none(settings: "Settings") -> str:
    return (
        f"No experiment is defined: {settings.experiments_file} does not exist or holds none. "
        "docs/experiments.md says how to write one."
    )

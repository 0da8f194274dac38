"""`matinee evaluate …` and `matinee explore`: the commands and their options.

The work of each command is in a module named after the command's subject, such as `ranking.py`.
That module is imported only when the command runs.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import do_or_stop, give_up, out, run_or_stop, settings_or_stop

evaluate_cli = typer.Typer(help="Measure models on a data set, side by side.", no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="A MovieLens folder of any layout.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the figures here.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write them as a table here.")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="A page: FILE.html or FILE.md.")]
Scale = Annotated[int, typer.Option(help="10 if the folder's ratings go from 1 to 10.")]
Joined = Annotated[
    bool, typer.Option("--catalogue", help="With the tags and facts of the starter catalogue.")
]
Models = Annotated[str | None, typer.Option(help="Names with commas between; without, all.")]


@evaluate_cli.command("ranking")
def evaluate_ranking(
    data: Data,
    scale: Scale = 5,
    catalogue: Joined = False,
    split: Annotated[str, typer.Option(help="reference, temporal or new-people.")] = "reference",
    models: Models = None,
    seed: Annotated[int | None, typer.Option(help="One split's seed; without, 42.")] = None,
    seeds: Annotated[
        str | None, typer.Option(help="Several, e.g. 42,1,2,3,4,5: means and paired gains.")
    ] = None,
    people: Annotated[
        int | None, typer.Option(min=1, help="Ask for so many people only, drawn at random.")
    ] = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    report: ReportFile = None,
) -> None:
    """How well models rank, and what they cost; “serving” is what /recommend answers with."""
    from bot.cli.evaluate import ranking
    from bot.cli.evaluate.files import OutputFiles

    if seed is not None and seeds is not None:
        give_up("--seed and --seeds are both given; give one of them.")
    wanted = seeds if seed is None else str(seed)
    files = OutputFiles(json, csv, report)
    do_or_stop(
        lambda: ranking.evaluate(
            data, split, models, wanted, people, files, out, scale=scale, catalogue=catalogue
        )
    )


Column = Annotated[str | None, typer.Option(help="The column's name; without, guessed.")]


@evaluate_cli.command("context")
def evaluate_context(
    data: Annotated[Path, typer.Option(help="A file of ratings or counts; any delimiter.")],
    user: Column = None,
    item: Column = None,
    rating: Column = None,
    count: Column = None,
    time: Column = None,
    daypart: Column = None,
    weekday: Column = None,
    genres: Column = None,
    mood: Annotated[
        str | None, typer.Option(help="A mood that was asked before; never guessed.")
    ] = None,
    zone: Annotated[str, typer.Option(help="The time zone of the times, e.g. Asia/Tokyo.")] = "UTC",
    liked: Annotated[
        float | None, typer.Option(help="The least rating to be found; without, 4 of 5.")
    ] = None,
    seeds: Annotated[str | None, typer.Option(help="Of the splits; without, 0,1,2,3,4.")] = None,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """Whether knowing the time of day and week helps the ranking, on anybody's data."""
    from bot.cli.evaluate import context
    from bot.cli.evaluate.files import OutputFiles

    columns = {
        "user": user, "item": item, "rating": rating, "count": count, "time": time,
        "daypart": daypart, "weekday": weekday, "genres": genres, "mood": mood,
    }  # fmt: skip
    files = OutputFiles(json=json, report=report)
    do_or_stop(lambda: context.evaluate(data, columns, zone, liked, seeds, files, out))


@evaluate_cli.command("rating")
def evaluate_rating(
    data: Data,
    scale: Scale = 5,
    models: Models = None,
    seeds: Annotated[
        str | None, typer.Option(help="Of the random tenths held out; without, 0,1,2.")
    ] = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    report: ReportFile = None,
) -> None:
    """How well models predict stars; on u1 to u5 where the folder has those folds."""
    from bot.cli.evaluate import rating
    from bot.cli.evaluate.files import OutputFiles

    files = OutputFiles(json, csv, report)
    do_or_stop(lambda: rating.evaluate(data, seeds, models, files, out, scale=scale))


@evaluate_cli.command("groups")
def evaluate_groups(
    data: Data,
    scale: Scale = 5,
    groups: Annotated[int, typer.Option(min=5, help="Groups to draw.")] = 200,
    size: Annotated[int, typer.Option(min=2, help="Members of a group.")] = 4,
    films: Annotated[int, typer.Option(min=3, help="Films in common, at least.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Of groups and held-out ratings.")] = 42,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """How everybody in a group likes what it is shown, the worst-off member above all."""
    from bot.cli.evaluate import groups as here
    from bot.cli.evaluate.files import OutputFiles
    from recommender.evaluation.groups import GroupStudyConfig

    files = OutputFiles(json=json, report=report)
    do_or_stop(
        lambda: here.evaluate(
            data,
            GroupStudyConfig(groups=groups, size=size, films=films, seed=seed),
            files,
            out,
            scale=scale,
        )
    )


@evaluate_cli.command("shelves")
def evaluate_shelves(
    data: Data,
    scale: Scale = 5,
    seed: Annotated[int, typer.Option(min=0, help="Of folds and of the ratings shown.")] = 42,
    json: JsonFile = None,
) -> None:
    """How well shelves are ordered for a person, against their size and counted tags."""
    from bot.cli.evaluate import shelves

    do_or_stop(lambda: shelves.evaluate(data, seed, json, out, scale=scale))


@evaluate_cli.command("taste")
def evaluate_taste(
    seed: Annotated[int, typer.Option(min=0, help="Of the simulated people.")] = 42,
    people: Annotated[int, typer.Option(min=2, help="Simulated people of each taste.")] = 60,
    json: JsonFile = None,
) -> None:
    """How well what serves now finds films of narrow tastes, beside the tags alone."""
    from bot.cli.evaluate import taste

    run_or_stop(taste.evaluate(settings_or_stop(), seed, people, json, out))


@evaluate_cli.command("growth")
def evaluate_growth(
    days: Annotated[int, typer.Option(min=1, help="Days, each with a fit at night.")] = 60,
    people: Annotated[int, typer.Option(min=0, help="Who join on each day after the first.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Of the simulated people and the fits.")] = 1,
    plot: Annotated[Path | None, typer.Option(help="Draw the days here, as SVG.")] = None,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """How simulated people of twelve tastes are served while they fill a server, day by day."""
    from bot.cli.evaluate import growth
    from bot.cli.evaluate.files import OutputFiles

    files = OutputFiles(json=json, report=report)
    do_or_stop(lambda: growth.evaluate(days, people, seed, plot, files, out))


@evaluate_cli.command("coldstart")
def evaluate_coldstart(
    data: Data,
    scale: Scale = 5,
    catalogue: Joined = False,
    draws: Annotated[int, typer.Option(min=1, max=10, help="Tenths of the people as new.")] = 10,
    strategies: Annotated[
        str | None, typer.Option(help="Ways of asking, with commas between; without, all.")
    ] = None,
    people: Annotated[
        int | None, typer.Option(min=1, help="So many new people a draw at most.")
    ] = None,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """What a quiz of so many questions or screens is worth; “newcomer” is how the bot asks."""
    from bot.cli.evaluate import cold_start
    from bot.cli.evaluate.files import OutputFiles

    files = OutputFiles(json=json, report=report)
    do_or_stop(
        lambda: cold_start.evaluate(
            data, draws, strategies, people, files, out, scale=scale, catalogue=catalogue
        )
    )


def explore(data: Data, scale: Scale = 5, report: ReportFile = None) -> None:
    """Look at a data set: how its stars fall, how sparse it is, its long tail, genres and tags."""
    from bot.cli.evaluate.explore import explore as explore_here
    from bot.cli.evaluate.files import OutputFiles

    do_or_stop(lambda: explore_here(data, OutputFiles(report=report), out, scale=scale))

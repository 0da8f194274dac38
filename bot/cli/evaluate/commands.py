"""`matinee evaluate …` and `matinee explore`: the commands and their options.

The work of each command is in a module named after the command's subject, such as `ranking.py`.
That module is imported only when the command runs.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import do_or_stop, give_up, out, run_or_stop, settings_or_stop
from bot.wording.operations import evaluate_help as texts
from bot.wording.speech import translated

evaluate_cli = typer.Typer(help=translated(texts.EVALUATE), no_args_is_help=True)

Data = Annotated[Path, typer.Option(help=translated(texts.DATA))]
JsonFile = Annotated[Path | None, typer.Option("--json", help=translated(texts.JSON))]
CsvFile = Annotated[Path | None, typer.Option("--csv", help=translated(texts.CSV))]
ReportFile = Annotated[Path | None, typer.Option("--report", help=translated(texts.REPORT))]
Scale = Annotated[int, typer.Option(help=translated(texts.SCALE))]
Joined = Annotated[bool, typer.Option("--catalogue", help=translated(texts.STARTER))]
Models = Annotated[str | None, typer.Option(help=translated(texts.MODELS))]


@evaluate_cli.command("ranking", help=translated(texts.RANKING))
def evaluate_ranking(
    data: Data,
    scale: Scale = 5,
    catalogue: Joined = False,
    split: Annotated[str, typer.Option(help=translated(texts.RANKING_SPLIT))] = "reference",
    models: Models = None,
    seed: Annotated[int | None, typer.Option(help=translated(texts.RANKING_SEED))] = None,
    seeds: Annotated[str | None, typer.Option(help=translated(texts.RANKING_SEEDS))] = None,
    people: Annotated[
        int | None, typer.Option(min=1, help=translated(texts.RANKING_PEOPLE))
    ] = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    report: ReportFile = None,
) -> None:
    """Compares how well models rank films."""
    from bot.cli.evaluate import ranking
    from bot.cli.evaluate.files import OutputFiles

    if seed is not None and seeds is not None:
        give_up(texts.one_seed_option())
    wanted = seeds if seed is None else str(seed)
    files = OutputFiles(json, csv, report)
    do_or_stop(
        lambda: ranking.evaluate(
            data, split, models, wanted, people, files, out, scale=scale, catalogue=catalogue
        )
    )


Column = Annotated[str | None, typer.Option(help=translated(texts.CONTEXT_COLUMN))]


@evaluate_cli.command("context", help=translated(texts.CONTEXT))
def evaluate_context(
    data: Annotated[Path, typer.Option(help=translated(texts.CONTEXT_DATA))],
    user: Column = None,
    item: Column = None,
    rating: Column = None,
    count: Column = None,
    time: Column = None,
    daypart: Column = None,
    weekday: Column = None,
    genres: Column = None,
    mood: Annotated[str | None, typer.Option(help=translated(texts.CONTEXT_MOOD))] = None,
    zone: Annotated[str, typer.Option(help=translated(texts.CONTEXT_ZONE))] = "UTC",
    liked: Annotated[float | None, typer.Option(help=translated(texts.CONTEXT_LIKED))] = None,
    seeds: Annotated[str | None, typer.Option(help=translated(texts.CONTEXT_SEEDS))] = None,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """Compares rankings with and without the time of day and the weekday."""
    from bot.cli.evaluate import context
    from bot.cli.evaluate.files import OutputFiles

    columns = {
        "user": user, "item": item, "rating": rating, "count": count, "time": time,
        "daypart": daypart, "weekday": weekday, "genres": genres, "mood": mood,
    }  # fmt: skip
    files = OutputFiles(json=json, report=report)
    do_or_stop(lambda: context.evaluate(data, columns, zone, liked, seeds, files, out))


@evaluate_cli.command("rating", help=translated(texts.RATING))
def evaluate_rating(
    data: Data,
    scale: Scale = 5,
    models: Models = None,
    seeds: Annotated[str | None, typer.Option(help=translated(texts.RATING_SEEDS))] = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    report: ReportFile = None,
) -> None:
    """Compares how well models predict stars."""
    from bot.cli.evaluate import rating
    from bot.cli.evaluate.files import OutputFiles

    files = OutputFiles(json, csv, report)
    do_or_stop(lambda: rating.evaluate(data, seeds, models, files, out, scale=scale))


@evaluate_cli.command("groups", help=translated(texts.GROUPS))
def evaluate_groups(
    data: Data,
    scale: Scale = 5,
    groups: Annotated[int, typer.Option(min=5, help=translated(texts.GROUPS_COUNT))] = 200,
    size: Annotated[int, typer.Option(min=2, help=translated(texts.GROUPS_SIZE))] = 4,
    films: Annotated[int, typer.Option(min=3, help=translated(texts.GROUPS_FILMS))] = 20,
    seed: Annotated[int, typer.Option(min=0, help=translated(texts.GROUPS_SEED))] = 42,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """Measures how much members of groups like what they are shown."""
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


@evaluate_cli.command("matches", help=translated(texts.MATCHES))
def evaluate_matches(
    data: Data,
    scale: Scale = 5,
    pairs: Annotated[int, typer.Option(min=8, help=translated(texts.MATCHES_PAIRS))] = 500,
    films: Annotated[int, typer.Option(min=1, help=translated(texts.MATCHES_FILMS))] = 5,
    seed: Annotated[int, typer.Option(min=0, help=translated(texts.MATCHES_SEED))] = 42,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """Measures how well the match of two people predicts."""
    from bot.cli.evaluate import matches
    from bot.cli.evaluate.files import OutputFiles
    from recommender.evaluation.matches.study import MatchStudyConfig

    files = OutputFiles(json=json, report=report)
    do_or_stop(
        lambda: matches.evaluate(
            data, MatchStudyConfig(pairs=pairs, films=films, seed=seed), files, out, scale=scale
        )
    )


@evaluate_cli.command("shelves", help=translated(texts.SHELVES))
def evaluate_shelves(
    data: Data,
    scale: Scale = 5,
    seed: Annotated[int, typer.Option(min=0, help=translated(texts.SHELVES_SEED))] = 42,
    json: JsonFile = None,
) -> None:
    """Compares orders of shelves."""
    from bot.cli.evaluate import shelves

    do_or_stop(lambda: shelves.evaluate(data, seed, json, out, scale=scale))


@evaluate_cli.command("taste", help=translated(texts.TASTE))
def evaluate_taste(
    seed: Annotated[int, typer.Option(min=0, help=translated(texts.PEOPLE_SEED))] = 42,
    people: Annotated[int, typer.Option(min=2, help=translated(texts.TASTE_PEOPLE))] = 60,
    json: JsonFile = None,
) -> None:
    """Measures how well films of narrow tastes are found."""
    from bot.cli.evaluate import taste

    run_or_stop(taste.evaluate(settings_or_stop(), seed, people, json, out))


@evaluate_cli.command("growth", help=translated(texts.GROWTH))
def evaluate_growth(
    days: Annotated[int, typer.Option(min=1, help=translated(texts.GROWTH_DAYS))] = 60,
    people: Annotated[int, typer.Option(min=0, help=translated(texts.GROWTH_PEOPLE))] = 2,
    seed: Annotated[int, typer.Option(min=0, help=translated(texts.GROWTH_SEED))] = 1,
    plot: Annotated[Path | None, typer.Option(help=translated(texts.GROWTH_PLOT))] = None,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """Simulates a server that fills with people."""
    from bot.cli.evaluate import growth
    from bot.cli.evaluate.files import OutputFiles

    files = OutputFiles(json=json, report=report)
    do_or_stop(lambda: growth.evaluate(days, people, seed, plot, files, out))


@evaluate_cli.command("coldstart", help=translated(texts.COLDSTART))
def evaluate_coldstart(
    data: Data,
    scale: Scale = 5,
    catalogue: Joined = False,
    draws: Annotated[int, typer.Option(min=1, max=10, help=translated(texts.COLDSTART_DRAWS))] = 10,
    strategies: Annotated[
        str | None, typer.Option(help=translated(texts.COLDSTART_STRATEGIES))
    ] = None,
    people: Annotated[
        int | None, typer.Option(min=1, help=translated(texts.COLDSTART_PEOPLE))
    ] = None,
    json: JsonFile = None,
    report: ReportFile = None,
) -> None:
    """Compares ways of asking newcomers about films."""
    from bot.cli.evaluate import cold_start
    from bot.cli.evaluate.files import OutputFiles

    files = OutputFiles(json=json, report=report)
    do_or_stop(
        lambda: cold_start.evaluate(
            data, draws, strategies, people, files, out, scale=scale, catalogue=catalogue
        )
    )


def explore(data: Data, scale: Scale = 5, report: ReportFile = None) -> None:
    """Describes a data set."""
    from bot.cli.evaluate.explore import explore as explore_here
    from bot.cli.evaluate.files import OutputFiles

    do_or_stop(lambda: explore_here(data, OutputFiles(report=report), out, scale=scale))

"""`matinee evaluate ranking`: compares how well models rank."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.starter import read_data
from bot.cli.evaluate.terminal import parse_names, parse_seeds, print_report, progress_in
from bot.wording.errors.said import said
from recommender.datasets.movielens import STARS
from recommender.evaluation.ranking.report import ranking_report
from recommender.evaluation.ranking.study import SEEDS, rank_models, ranking_file


def evaluate(
    data: Path,
    split: str,
    models: str | None,
    seeds: str | None,
    people: int | None,
    files: OutputFiles,
    out: Console,
    *,
    scale: int = STARS,
    catalogue: bool = False,
) -> None:
    """Ranks films with each model, fitted on a folder's ratings, and prints the comparison.

    data: the folder of a data set.
    split: which ratings are held out. "reference": a random fifth of each person's ratings.
        "temporal": the newest fifth. "new-people": some of the ratings of a fifth of the people;
        models are not fitted on any of these people's ratings.
    models: names with commas between; None for all.
    seeds: the seeds of the random splits, with commas between; None for the one seed 42.
    people: films are ranked for at most this many people; None for all.
    files: the files to write.
    scale: the highest rating of the folder, 5 or 10.
    catalogue: True to join the folder's films with those that come with Matinee.

    Raises DatasetError if the data cannot be read, DataError if they or the options do not allow
    the evaluation.
    """
    files.check()
    chosen_seeds = SEEDS[:1] if seeds is None else parse_seeds(seeds)
    names = None if models is None else parse_names(models)
    folder = read_data(data, out, scale, catalogue)
    with Progress(console=out, transient=True) as bar:
        found = rank_models(folder, split, names, chosen_seeds, people, progress=progress_in(bar))
    report = ranking_report(found, said)
    print_report(report, out)
    files.write(ranking_file(found), report, out)

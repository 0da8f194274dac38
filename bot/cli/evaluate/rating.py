"""`matinee evaluate rating`: compares how well models predict stars."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.terminal import parse_names, parse_seeds, print_report, progress_in
from bot.wording.operations import evaluate as words
from recommender.datasets.folder import read_folder
from recommender.datasets.movielens import STARS
from recommender.evaluation.movielens_folds import has_folds, read_folds
from recommender.evaluation.ranking.report import stars_report
from recommender.evaluation.ranking.stars import SEEDS, predict_stars, stars_file


def evaluate(
    data: Path,
    seeds: str | None,
    models: str | None,
    files: OutputFiles,
    out: Console,
    *,
    scale: int = STARS,
) -> None:
    """Predicts stars with each model and prints the comparison.

    If the folder comes divided into folds (u1 to u5), those are used. Otherwise, for each seed, a
    random tenth of the ratings is held out.

    data: the folder of a data set.
    seeds: whole numbers with commas between; None for the usual three.
    models: names with commas between; None for all.
    files: the files to write.
    scale: the highest rating of the folder, 5 or 10; only folders with stars have folds.

    Raises DatasetError if the data cannot be read, DataError if they or the options do not allow
    the evaluation.
    """
    files.check()
    chosen_seeds = SEEDS if seeds is None else parse_seeds(seeds)
    names = None if models is None else parse_names(models)
    with out.status(words.reading_data()):
        folder = read_folder(data, scale)
        divided = scale == STARS and has_folds(data)
        folds = read_folds(data, folder.catalogue.films) if divided else ()
    with Progress(console=out, transient=True) as bar:
        found = predict_stars(folder, chosen_seeds, names, folds=folds, progress=progress_in(bar))
    report = stars_report(found)
    print_report(report, out)
    files.write(stars_file(found), report, out)

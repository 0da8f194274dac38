"""`matinee evaluate matches`: whether the match of two people says how they will agree."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.terminal import print_report, progress_in
from bot.wording.operations import evaluate as words
from recommender.datasets.folder import read_folder
from recommender.datasets.movielens import STARS
from recommender.evaluation.matches.report import match_file, match_report
from recommender.evaluation.matches.study import MatchStudyConfig, study_matches


def evaluate(
    data: Path, study: MatchStudyConfig, files: OutputFiles, out: Console, *, scale: int = STARS
) -> None:
    """Tells pairs of people a match from half of their ratings, and compares it with the others.

    data: the folder of a data set.
    study: the number of pairs, of films in common, and the seed.
    files: the files to write.
    scale: the highest rating of the folder, 5 or 10.

    Raises DatasetError if the data cannot be read, DataError if they or the options do not allow
    the evaluation.
    """
    files.check()
    with out.status(words.reading_data()):
        folder = read_folder(data, scale)
    with Progress(console=out, transient=True) as bar:
        found = study_matches(folder, study, progress=progress_in(bar))
    report = match_report(found)
    print_report(report, out)
    files.write(match_file(found), report, out)

"""`matinee evaluate groups`: compares how groups like what they are shown."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.terminal import print_report, progress_in
from bot.wording.operations import evaluate as words
from recommender.datasets.folder import read_folder
from recommender.datasets.movielens import STARS
from recommender.evaluation.groups import (
    GroupStudyConfig,
    group_file,
    group_report,
    study_groups,
)


def evaluate(
    data: Path, study: GroupStudyConfig, files: OutputFiles, out: Console, *, scale: int = STARS
) -> None:
    """Chooses films for simulated groups, once with predicted stars and once without.

    Prints how the members rated the films of both lists.

    data: the folder of a data set.
    study: the number, size and seed of the groups.
    files: the files to write.
    scale: the highest rating of the folder, 5 or 10.

    Raises DatasetError if the data cannot be read, DataError if they or the options do not allow
    the evaluation.
    """
    files.check()
    with out.status(words.reading_data()):
        folder = read_folder(data, scale)
    with Progress(console=out, transient=True) as bar:
        found = study_groups(folder, study, progress=progress_in(bar))
    report = group_report(found)
    print_report(report, out)
    files.write(group_file(found), report, out)

"""`matinee evaluate taste`: measures how well the model that answers requests now finds films of
narrow tastes.
"""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles
from bot.cli.evaluate.starter import starter
from bot.cli.evaluate.terminal import print_report, progress_in
from bot.clock import system_clock
from bot.settings import Settings
from bot.wiring import open_app
from recommender.evaluation.taste.report import taste_report
from recommender.evaluation.taste.study import study_tastes, taste_file
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit


async def evaluate(
    settings: Settings, seed: int, people: int, path: Path | None, out: Console
) -> None:
    """Measures how many films of a narrow taste a model picks for simulated people; prints it.

    The live model, which answers requests now, is compared with a model of tags alone. If there is
    no live model, only the latter is measured. If there is no data folder, the films that come with
    Matinee are used.

    seed: the seed of the simulated people.
    people: number of simulated people for each taste.
    path: the file for the figures as JSON; None to write no file.

    Raises DataError if the catalogue has too few tags for tastes or the file cannot be written.
    """
    files = OutputFiles(json=path)
    files.check()
    model = await _model(settings)
    with Progress(console=out, transient=True) as bar:
        study = study_tastes(model, seed, system_clock(), people, progress_in(bar))
    report = taste_report(study)
    print_report(report, out)
    files.write(taste_file(study), report, out)


async def _model(settings: Settings) -> Recommender:
    """Returns the live model, which answers requests now.

    If there is no such model, returns a model of tags alone, without ratings, for the films that
    come with Matinee.
    """
    if isinstance(settings.database, Path) and not settings.database.exists():
        return fit(starter().world, None, Config(), seed=1, now=system_clock())
    async with open_app(settings) as app:
        return app.live.served.model

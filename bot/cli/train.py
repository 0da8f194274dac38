"""`matinee train`: fits once with a progress bar, and prints how the fit was judged."""

from rich.console import Console
from rich.progress import Progress

from bot.cli.models import print_version
from bot.services.training import retrain, versions
from bot.services.training.fit_messages import StageProgress
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.cli import models as words
from bot.wording.operations.training import stage


async def train(settings: Settings, out: Console, *, search: bool = False) -> None:
    """Fits a version of the model to all ratings, and lets it answer if it is good enough.

    It is good enough if it ranks held-out ratings no worse than the version that answers now.
    Raises FitFailed if the fit produced no model.

    search: True to search for better model settings first.
    """
    async with open_app(settings) as app:
        with Progress(console=out, transient=True) as bar:
            task = bar.add_task(words.starting(), total=None)

            def show(at: StageProgress) -> None:
                bar.update(
                    task, description=stage(at.stage), completed=at.done, total=at.total or None
                )

            outcome = await retrain.refit(app, show, search=search)
        print_version(await versions.find_version(app, outcome.version), out)
        out.print(words.trained(outcome.promoted))

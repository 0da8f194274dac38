"""`matinee train`: one fit with a progress bar, and a table of how it was judged."""

from rich.console import Console
from rich.progress import Progress

from bot.cli.models import told
from bot.services.training import retrain, versions
from bot.settings import Settings
from bot.wiring import open_app


async def train(settings: Settings, out: Console, *, search: bool = False) -> None:
    """Fit on everything known, judge, and make the version the live one where it is no worse."""
    async with open_app(settings) as app:
        with Progress(console=out, transient=True) as bar:
            task = bar.add_task("Starting", total=None)

            def show(stage: str, done: int, of: int) -> None:
                bar.update(task, description=stage, completed=done, total=of or None)

            outcome = await retrain.refit(app, show, search=search)
        told(await versions.shown(app, outcome.version), out)
        out.print("A running bot follows within a minute." if outcome.promoted else HELD_BACK)


HELD_BACK = "It is kept but does not serve; `matinee models promote` makes it serve all the same."

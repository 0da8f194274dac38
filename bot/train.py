"""`matinee train`: one fit with a progress bar, and a table of what came of it."""

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.app import open_app
from bot.services import retrain
from bot.settings import Settings


async def train(settings: Settings, out: Console) -> None:
    """Fit on everything known and make the version the live one."""
    async with open_app(settings) as app:
        with Progress(console=out, transient=True) as bar:
            task = bar.add_task("Fitting", total=None)
            version = await retrain.refit(
                app, lambda done, total: bar.update(task, completed=done, total=total)
            )
        table = Table("model", "films", "ratings", "of them live")
        model = app.live.served.model
        metrics = await retrain.metrics(app, version)
        table.add_row(
            version,
            str(len(model.catalogue)),
            f"{metrics.get('ratings', 0):.0f}",
            f"{metrics.get('live_ratings', 0):.0f}",
        )
        out.print(table)
        out.print("A running bot serves it from its next nightly fit or start on.")

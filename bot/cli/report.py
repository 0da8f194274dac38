"""`matinee report`: prints what people did about the picks, and writes it to files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import out, run_or_stop, settings_or_stop
from bot.wording.cli import help as texts
from bot.wording.speech import translated

if TYPE_CHECKING:
    from bot.settings import Settings

WEEKS = 12
MAX_WEEKS = 520


def report(
    weeks: Annotated[
        int, typer.Option(min=1, max=MAX_WEEKS, help=translated(texts.REPORT_WEEKS))
    ] = WEEKS,
    json: Annotated[Path | None, typer.Option("--json", help=translated(texts.REPORT_JSON))] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help=translated(texts.REPORT_CSV))] = None,
    html: Annotated[Path | None, typer.Option("--html", help=translated(texts.REPORT_HTML))] = None,
) -> None:
    """Prints the report on engagement of the last weeks, this one included."""
    run_or_stop(print_engagement(settings_or_stop(), weeks, json, csv, html))


async def print_engagement(
    settings: "Settings", weeks: int, json: Path | None, csv: Path | None, html: Path | None
) -> None:
    """Prints the report, and writes it to the files that are not None.

    json, csv: files for the figures. html: file for a page with plots.

    Raises DataError if a file cannot be written.
    """
    from bot.cli.evaluate.files import OutputFiles
    from bot.cli.evaluate.terminal import print_report
    from bot.services.operations import engagement
    from bot.wiring import open_app
    from recommender.engagement import report as pages

    files = OutputFiles(json=json, csv=csv, report=html)
    files.check()
    async with open_app(settings) as app:
        now = app.clock()
        since = engagement.start_of(now, weeks)
        found = await engagement.report(app, since)
    page = pages.engagement_report(found, since, now)
    print_report(page, out)
    figures = pages.engagement_file(found, since, now)
    files.write(figures, page, out, lines=pages.engagement_lines(found))

"""A report of headings, tables and plots, and how it is written to files.

It is written as one HTML page that needs no other file, or as Markdown with its plots in separate
files of the same folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.reports.rendering import render

FORMS = (".html", ".md")


@dataclass(frozen=True)
class Table:
    """A table whose cells are text.

    Attributes:
        columns: the headings.
        rows: the rows, each with one cell for every heading.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of a report under one heading.

    Attributes:
        title: the heading.
        text: one paragraph; empty for no paragraph.
        table: the section's table, None for a section without one.
        plots: pictures as SVG text, shown after the table.
    """

    title: str
    text: str = ""
    table: Table | None = None
    plots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A document of titled sections.

    Attributes:
        title: the heading of the whole report.
        lead: the first paragraph.
        sections: the sections, in order.
    """

    title: str
    lead: str
    sections: tuple[Section, ...]


def to_html(report: Report) -> str:
    """Returns the report as one HTML page that needs no other file."""
    return render("page.html.j2", report=report)


def to_markdown(report: Report, pictures: Sequence[str]) -> str:
    """Returns the report as Markdown with links to its pictures.

    pictures: the address of each plot, relative or absolute, in the order of the sections.
    """
    remaining = iter(pictures)
    addresses = [[next(remaining) for _ in section.plots] for section in report.sections]
    return render("page.md.j2", report=report, addresses=addresses)


def write_report(path: Path, report: Report) -> tuple[Path, ...]:
    """Writes the report and returns the files written.

    A path that ends in `.md` gets Markdown, with the plots in `<name>-1.svg` and so on in the same
    folder. Any other path gets the HTML page. Raises OSError if a file cannot be written.
    """
    if path.suffix != ".md":
        path.write_text(to_html(report), encoding="utf-8")
        return (path,)
    plots = [plot for section in report.sections for plot in section.plots]
    files = [path.with_name(f"{path.stem}-{n}.svg") for n in range(1, len(plots) + 1)]
    for file, plot in zip(files, plots, strict=True):
        file.write_text(plot + "\n", encoding="utf-8")
    addresses = [file.name.replace(" ", "%20") for file in files]
    path.write_text(to_markdown(report, addresses), encoding="utf-8")
    return (path, *files)

"""A report as one value, and its two written forms: HTML in one file, or Markdown with its pictures
beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

FORMS = (".html", ".md")
STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;"
    "margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}"
    "th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #8886}"
    "th:first-child,td:first-child{text-align:left}.wide{overflow-x:auto}"
    "svg{max-width:100%;height:auto;display:block;margin:1rem 0}"
)


@dataclass(frozen=True)
class Table:
    """columns: headings; rows: as many cells each, already in words."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading, what it says, perhaps a table, perhaps pictures as SVG."""

    title: str
    text: str = ""
    table: Table | None = None
    plots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A title, a first paragraph and sections."""

    title: str
    lead: str
    sections: tuple[Section, ...]


def to_html(report: Report) -> str:
    """One page that needs no other file."""
    parts = [f"<h1>{escape(report.title)}</h1><p>{escape(report.lead)}</p>"]
    for section in report.sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        if section.text:
            parts.append(f"<p>{escape(section.text)}</p>")
        if section.table is not None:
            head = "".join(f'<th scope="col">{escape(name)}</th>' for name in section.table.columns)
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
                for row in section.table.rows
            )
            parts.append(
                f'<div class="wide"><table><thead><tr>{head}</tr></thead>'
                f"<tbody>{body}</tbody></table></div>"
            )
        parts += section.plots
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{STYLE}</style></head>\n<body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )


def to_markdown(report: Report, pictures: Sequence[str]) -> str:
    """The report with links to its pictures; `pictures`: one address for each plot, in order."""
    addresses = iter(pictures)
    parts = [f"# {_plain(report.title)}", _plain(report.lead)]
    for section in report.sections:
        parts.append(f"## {_plain(section.title)}")
        if section.text:
            parts.append(_plain(section.text))
        if section.table is not None:
            columns, rows = section.table.columns, section.table.rows
            under = ["---", *["--:"] * (len(columns) - 1)]
            parts.append("\n".join(_row(cells) for cells in (columns, under, *rows)))
        parts += [f"![{_plain(section.title)}]({next(addresses)})" for _ in section.plots]
    return "\n\n".join(parts) + "\n"


def write_report(path: Path, report: Report) -> tuple[Path, ...]:
    """Write `.html`, or `.md` with `<name>-1.svg` and so on beside it; the files written. Raises
    OSError where that cannot be done."""
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


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Text whose marks Markdown takes as they are."""
    for mark in "\\`*_<>|[]#":
        text = text.replace(mark, f"\\{mark}")
    return text

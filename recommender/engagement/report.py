"""The report on engagement as a page with plots, as lines of a CSV file, and as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from recommender.data import MIN_PEOPLE
from recommender.engagement.figures import CountTable, median_wait
from recommender.engagement.suppression import REST, CountRow
from recommender.reports.plots import bars, columns
from recommender.reports.report import Report, Section, Table

TITLES = {
    "newcomers": "Newcomers",
    "picks": "Picks",
    "long tail": "Films of the long tail",
}
MEANINGS = {
    "newcomers": "People by when they came, which is when they first did something: how many got a "
    "first pick and then rated, how many were back 1, 7 and 28 days or more after they came, "
    "and the median time to a first pick and to a first rating.",
    "picks": "Films shown to a person, and posts that somebody answered. Each counts once, by the "
    "strongest thing that was done about it; rated films may also have been opened. Rated well is "
    "four stars or more; loved, which is rated well too, is four and a half or more.",
    "long tail": "Films that few people have rated, by when a pick first led somebody to open, "
    "keep or rate them well, and those that somebody then loved.",
}
BY = {None: "in all", "week": "by week (from Monday, UTC)", "server": "by server", "arm": "by arm"}
WAITS = {"got a pick": "to a pick", "rated": "to a rating"}
"""A column of newcomers -> what the time to that step is called."""
MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds


def engagement_report(found: Sequence[CountTable], since: datetime, until: datetime) -> Report:
    """Returns the report as a document. since, until: the time that it covers."""
    lead = (
        f"From {since:%Y-%m-%d} to {until:%Y-%m-%d}. Nothing is shown that would tell what fewer "
        f"than {MIN_PEOPLE} people did: columns are left out, and rows are put together as the "
        f"{REST}. People who opted out are not counted."
    )
    sections = []
    for family, title in TITLES.items():
        own = [table for table in found if table.family == family]
        if not own:
            few = f"Fewer than {MIN_PEOPLE} people so far."
            sections.append(Section(title, f"{MEANINGS[family]} {few}"))
        for table in own:
            text = MEANINGS[family] if table.breakdown is None else ""
            by = BY[table.breakdown]
            sections.append(Section(f"{title}, {by}", text, _table(table), _plots(title, table)))
    return Report("Engagement", lead, tuple(sections))


def engagement_lines(found: Sequence[CountTable]) -> list[dict[str, Any]]:
    """Returns every figure on a line of its own, for a CSV file.

    The keys are family, by, row, figure and value. Times are in seconds.
    """
    return [
        {
            "family": table.family,
            "by": table.breakdown or "total",
            "row": row.name,
            "figure": figure,
            "value": value,
        }
        for table in found
        for row in table.rows
        for figure, value in _figures(table, row).items()
    ]


def engagement_file(
    found: Sequence[CountTable], since: datetime, until: datetime
) -> dict[str, Any]:
    """Returns the figures as the content of a JSON file: by family, breakdown and row."""
    content: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat()}
    for table in found:
        rows = {row.name: _figures(table, row) for row in table.rows}
        content.setdefault(table.family, {})[table.breakdown or "total"] = rows
    return content


def _figures(table: CountTable, row: CountRow) -> dict[str, float]:
    figures: dict[str, float] = dict(zip(table.columns, row.counts, strict=True))
    for name, wait in _waits(table, row).items():
        if wait is not None:
            figures[f"seconds {name}"] = wait
    return figures


def _waits(table: CountTable, row: CountRow) -> dict[str, float | None]:
    if table.family != "newcomers":
        return {}
    return {
        name: median_wait(row, step)
        for step, (column, name) in enumerate(WAITS.items())
        if column in table.columns
    }


def _table(table: CountTable) -> Table:
    head = [table.breakdown or "", *table.columns]
    head += list(_waits(table, table.rows[0]))
    rows = []
    for row in table.rows:
        waits = _waits(table, row).values()
        cells = [f"{count:,}" for count in row.counts]
        rows.append((row.name, *cells, *("" if at is None else _span(at) for at in waits)))
    return Table(tuple(head), tuple(rows))


def _plots(title: str, table: CountTable) -> tuple[str, ...]:
    if table.breakdown is None:
        values = [float(count) for count in table.rows[0].counts]
        return (bars(title, table.columns, values, digits=0),)
    if table.breakdown != "week":
        return ()
    weeks = [row for row in table.rows if row.name != REST]
    names = [
        datetime.fromisoformat(row.name).replace(tzinfo=UTC).strftime("%d %b") for row in weeks
    ]
    if not weeks:
        return ()
    return tuple(
        columns(f"{title}: {name}", names, [float(row.counts[at]) for row in weeks])
        for at, name in enumerate(table.columns)
    )


def _span(seconds: float) -> str:
    """Returns a time in its greatest unit, such as "3 min"."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"

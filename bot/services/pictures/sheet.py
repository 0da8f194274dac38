"""What a picture shows: headings, names and numbers. It imports nothing that draws."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Chart:
    """One chart of a picture.

    Attributes:
        heading: the text above it.
        names: the name of each bar; empty for a column without a name.
        values: the length of each bar, at least 0; the picture scales them.
    """

    heading: str
    names: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Sheet:
    """The content of a picture.

    Attributes:
        bars: charts with one bar under the other, each with its name in it. At most two are drawn,
            side by side.
        columns: charts with upright bars side by side, with their names below. At most two are
            drawn, side by side.
    """

    bars: tuple[Chart, ...]
    columns: tuple[Chart, ...]


def to_line(sheet: Sheet) -> bytes:
    """Returns a sheet as one line of JSON, with the line's end."""
    return json.dumps(asdict(sheet)).encode() + b"\n"


def from_line(line: bytes) -> Sheet:
    """Returns the sheet that `to_line` wrote."""
    read = json.loads(line)
    return Sheet(_charts(read["bars"]), _charts(read["columns"]))


def _charts(read: list[dict[str, list[str] | str]]) -> tuple[Chart, ...]:
    return tuple(
        Chart(str(each["heading"]), tuple(each["names"]), tuple(map(float, each["values"])))
        for each in read
    )

"""Small plots as SVG text: bars with intervals, columns, and lines.

A browser draws them without any library or further file. Their colours adapt to a light or dark
page, and each plot has a description in words (`<desc>`).
"""

from collections.abc import Mapping, Sequence
from html import escape

from recommender.reports.rendering import render

COLOURS = ("#3b6fb6", "#d1782e", "#3f9b5c", "#8a5bb0", "#b5484d", "#7a7a7a")
WIDTH = 640  # SVG units
TICKS = 4  # steps into which the lines of a vertical scale divide it
MIN_LABEL_GAP = 24.0  # SVG units between two numbers on the x axis
MAX_LABEL_CHARACTERS = 22


def bars(
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float]] | None = None,
    digits: int = 3,
) -> str:
    """Returns horizontal bars from zero, one for each label, as SVG text.

    labels, values: (n,) names and lengths. intervals: (n,) ends of each bar's interval, None for
    bars without intervals. digits: decimals of the number written next to each bar.
    """
    left, right, step = 150, 60, 24
    ends = list(values) + [end for pair in intervals or () for end in pair]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    scale = (WIDTH - left - right) / ((high - low) or 1.0)

    def at(value: float) -> float:
        return left + (value - low) * scale

    shapes = []
    for row, (label, value) in enumerate(zip(labels, values, strict=True)):
        top = 30 + row * step
        start, end = sorted((at(0.0), at(value)))
        shapes.append(
            f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{escape(_short(label))}</text>'
            f'<rect x="{start:.1f}" y="{top}" width="{end - start:.1f}" height="17" '
            f'fill="{COLOURS[0]}"/>'
        )
        edge = end
        if intervals is not None:
            one, other = (at(limit) for limit in intervals[row])
            edge = max(edge, other)
            shapes.append(
                f'<line class="reach" x1="{one:.1f}" x2="{other:.1f}" '
                f'y1="{top + 8.5}" y2="{top + 8.5}"/>'
            )
        shapes.append(f'<text x="{edge + 6:.1f}" y="{top + 13}">{value:.{digits}f}</text>')
    height = 40 + step * len(labels)
    shapes.append(f'<path class="rule" d="M{at(0.0):.1f} 26V{height - 10}"/>')
    description = "; ".join(
        f"{label} {value:.{digits}f}" for label, value in zip(labels, values, strict=True)
    )
    return _svg(title, description, height, shapes)


def columns(title: str, labels: Sequence[str], values: Sequence[float]) -> str:
    """Returns upright columns from zero, as SVG text.

    If the labels would overlap, only every k-th label is drawn. labels, values: (n,) names and
    heights.
    """
    left, bottom, tall = 70, 230, 190
    high = max([*values, 0.0]) or 1.0
    step = (WIDTH - left - 10) / max(1, len(values))
    every = max(
        1, -(-len(values) * (8 * max((len(label) for label in labels), default=1) + 12) // 560)
    )
    shapes = [_scale_line(0.0, high, tick, left, bottom, tall) for tick in range(TICKS + 1)]
    for column, (label, value) in enumerate(zip(labels, values, strict=True)):
        x, height = left + column * step, tall * value / high
        shapes.append(
            f'<rect x="{x + step * 0.08:.1f}" y="{bottom - height:.1f}" '
            f'width="{max(step * 0.84, 0.5):.1f}" height="{height:.1f}" fill="{COLOURS[0]}"/>'
        )
        if column % every == 0:
            shapes.append(
                f'<text x="{x + step / 2:.1f}" y="{bottom + 18}" text-anchor="middle">'
                f"{escape(label)}</text>"
            )
    highest = max(range(len(values)), key=lambda at: values[at], default=None)
    description = f"{len(values)} columns"
    if highest is not None:
        description += f"; the highest is {labels[highest]} with {_number(values[highest])}"
    return _svg(title, description, bottom + 30, shapes)


def lines(
    title: str, across: str, x: Sequence[float], series: Mapping[str, Sequence[float]]
) -> str:
    """Returns lines with dots over common x values, as SVG text.

    across: name of the x axis. x: (n,) values. series: (n,) y values of each line, by its name.
    """
    left, bottom, tall = 70, 230, 180
    everything = [value for values in series.values() for value in values] or [0.0]
    low, high = min(everything), max(everything)
    margin = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    low, high = (0.0 if 0 <= low < margin * 4 else low - margin), high + margin
    start, width = (min(x), (max(x) - min(x)) or 1.0) if x else (0.0, 1.0)

    def place(at: float, value: float) -> tuple[float, float]:
        return (
            left + (at - start) / width * (WIDTH - left - 150),
            bottom - (value - low) / (high - low) * tall,
        )

    shapes = [_scale_line(low, high, tick, left, bottom, tall) for tick in range(TICKS + 1)]
    right = -MIN_LABEL_GAP
    for at in x:
        if place(at, low)[0] < right + MIN_LABEL_GAP:
            continue  # its number would overlap the one before
        right = place(at, low)[0]
        middle = f'x="{place(at, low)[0]:.1f}" y="{bottom + 18}" text-anchor="middle"'
        shapes.append(f"<text {middle}>{at:g}</text>")
    descriptions = []
    for number, (name, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = [place(at, value) for at, value in zip(x, values, strict=True)]
        path = "L".join(f"{h:.1f} {v:.1f}" for h, v in points)
        shapes.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        shapes += [f'<circle cx="{h:.1f}" cy="{v:.1f}" r="3" fill="{colour}"/>' for h, v in points]
        if len(series) > 1:
            top = 44 + number * 20
            shapes.append(
                f'<rect x="{WIDTH - 138}" y="{top - 10}" width="12" height="12" fill="{colour}"/>'
                f'<text x="{WIDTH - 120}" y="{top}">{escape(_short(name))}</text>'
            )
        descriptions.append(f"{name}: " + ", ".join(_number(value) for value in values))
    shapes.append(
        f'<text x="{(left + WIDTH - 150) / 2:.0f}" y="{bottom + 36}" text-anchor="middle">'
        f"{escape(across)}</text>"
    )
    return _svg(title, "; ".join(descriptions), bottom + 46, shapes)


def _svg(title: str, description: str, height: float, shapes: Sequence[str]) -> str:
    """Returns a whole picture as SVG text.

    title: the heading. description: the picture in words. height: height of the picture, pixels.
    shapes: SVG elements, whose texts are already escaped.
    """
    svg = render(
        "plot.svg.j2",
        title=title,
        description=description,
        width=WIDTH,
        height=f"{height:.0f}",
        shapes=shapes,
    )
    return svg.rstrip("\n")


def _scale_line(low: float, high: float, tick: int, left: int, bottom: int, tall: int) -> str:
    """Returns a horizontal line across the plot at one number of its vertical scale, as SVG text.

    low, high: ends of the scale. tick: the number. left, bottom: position of the plot's lower left
    corner. tall: its height.
    """
    y = bottom - tall * tick / TICKS
    value = low + (high - low) * tick / TICKS
    return (
        f'<path class="rule" opacity="0.4" d="M{left} {y:.1f}H{WIDTH - 10}"/>'
        f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(value)}</text>'
    )


def _number(value: float) -> str:
    """Returns a number as text: three significant digits, or whole thousands with separators."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _short(text: str) -> str:
    if len(text) <= MAX_LABEL_CHARACTERS:
        return text
    return f"{text[: MAX_LABEL_CHARACTERS - 1]}…"

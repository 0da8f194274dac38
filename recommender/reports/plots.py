"""Small pictures as SVG text: bars with intervals, columns, lines. They need nothing to be drawn,
follow a light or dark page, and say in words what they show."""

from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#3b6fb6", "#d1782e", "#3f9b5c", "#8a5bb0", "#b5484d", "#7a7a7a")
STYLE = (
    "<style>.plot text{fill:#222;font:12px system-ui,sans-serif}"
    ".plot .rule{stroke:#999;stroke-width:1;fill:none}.plot .reach{stroke:#222;stroke-width:1.5}"
    "@media(prefers-color-scheme:dark){.plot text{fill:#ddd}.plot .reach{stroke:#ddd}}</style>"
)
WIDTH = 640
TICKS = 4
NEAR = 24.0  # between numbers on an axis


def bars(
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float]] | None = None,
    digits: int = 3,
) -> str:
    """Horizontal bars from zero, one a line, each with its number and perhaps its interval."""
    left, right, step = 150, 60, 24
    ends = list(values) + [end for pair in intervals or () for end in pair]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    scale = (WIDTH - left - right) / ((high - low) or 1.0)

    def at(value: float) -> float:
        return left + (value - low) * scale

    parts = []
    for row, (label, value) in enumerate(zip(labels, values, strict=True)):
        top = 30 + row * step
        start, end = sorted((at(0.0), at(value)))
        parts.append(
            f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{escape(_short(label))}</text>'
            f'<rect x="{start:.1f}" y="{top}" width="{end - start:.1f}" height="17" '
            f'fill="{COLOURS[0]}"/>'
        )
        edge = end
        if intervals is not None:
            one, other = (at(limit) for limit in intervals[row])
            edge = max(edge, other)
            parts.append(
                f'<line class="reach" x1="{one:.1f}" x2="{other:.1f}" '
                f'y1="{top + 8.5}" y2="{top + 8.5}"/>'
            )
        parts.append(f'<text x="{edge + 6:.1f}" y="{top + 13}">{value:.{digits}f}</text>')
    height = 40 + step * len(labels)
    parts.append(f'<path class="rule" d="M{at(0.0):.1f} 26V{height - 10}"/>')
    said = "; ".join(
        f"{label} {value:.{digits}f}" for label, value in zip(labels, values, strict=True)
    )
    return _svg(title, said, height, parts)


def columns(title: str, labels: Sequence[str], values: Sequence[float]) -> str:
    """Upright columns from zero, labelled as densely as there is room for."""
    left, bottom, tall = 70, 230, 190
    high = max([*values, 0.0]) or 1.0
    step = (WIDTH - left - 10) / max(1, len(values))
    every = max(
        1, -(-len(values) * (8 * max((len(label) for label in labels), default=1) + 12) // 560)
    )
    parts = [_scale_line(0.0, high, tick, left, bottom, tall) for tick in range(TICKS + 1)]
    for column, (label, value) in enumerate(zip(labels, values, strict=True)):
        x, height = left + column * step, tall * value / high
        parts.append(
            f'<rect x="{x + step * 0.08:.1f}" y="{bottom - height:.1f}" '
            f'width="{max(step * 0.84, 0.5):.1f}" height="{height:.1f}" fill="{COLOURS[0]}"/>'
        )
        if column % every == 0:
            parts.append(
                f'<text x="{x + step / 2:.1f}" y="{bottom + 18}" text-anchor="middle">'
                f"{escape(label)}</text>"
            )
    most = max(range(len(values)), key=lambda at: values[at], default=None)
    said = f"{len(values)} columns"
    if most is not None:
        said += f"; the highest is {labels[most]} with {_number(values[most])}"
    return _svg(title, said, bottom + 30, parts)


def lines(
    title: str, across: str, x: Sequence[float], series: Mapping[str, Sequence[float]]
) -> str:
    """Lines over common x, each with its dots; `across` names the x axis."""
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

    parts = [_scale_line(low, high, tick, left, bottom, tall) for tick in range(TICKS + 1)]
    right = -NEAR
    for at in x:
        if place(at, low)[0] < right + NEAR:
            continue  # its number would stand on the one before
        right = place(at, low)[0]
        middle = f'x="{place(at, low)[0]:.1f}" y="{bottom + 18}" text-anchor="middle"'
        parts.append(f"<text {middle}>{at:g}</text>")
    said = []
    for number, (name, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = [place(at, value) for at, value in zip(x, values, strict=True)]
        path = "L".join(f"{h:.1f} {v:.1f}" for h, v in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{h:.1f}" cy="{v:.1f}" r="3" fill="{colour}"/>' for h, v in points]
        if len(series) > 1:
            top = 44 + number * 20
            parts.append(
                f'<rect x="{WIDTH - 138}" y="{top - 10}" width="12" height="12" fill="{colour}"/>'
                f'<text x="{WIDTH - 120}" y="{top}">{escape(_short(name))}</text>'
            )
        said.append(f"{name}: " + ", ".join(_number(value) for value in values))
    parts.append(
        f'<text x="{(left + WIDTH - 150) / 2:.0f}" y="{bottom + 36}" text-anchor="middle">'
        f"{escape(across)}</text>"
    )
    return _svg(title, "; ".join(said), bottom + 46, parts)


def _svg(title: str, said: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}">'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>{STYLE}"
        f'<text x="4" y="16" style="font-weight:600">{escape(title)}</text>{"".join(parts)}</svg>'
    )


def _scale_line(low: float, high: float, tick: int, left: int, bottom: int, tall: int) -> str:
    y = bottom - tall * tick / TICKS
    value = low + (high - low) * tick / TICKS
    return (
        f'<path class="rule" opacity="0.4" d="M{left} {y:.1f}H{WIDTH - 10}"/>'
        f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(value)}</text>'
    )


def _number(value: float) -> str:
    """Three significant digits, thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _short(text: str, most: int = 22) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"

"""A plain line chart on logarithmic axes as SVG text: no dependency, the same bytes for the same figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 78, 24, 48, 56
COLOURS = ("#1f6f8b", "#c4572b", "#5b7f2b")
STYLE = "font-family:system-ui,sans-serif;font-size:13px;fill:#333"


@dataclass(frozen=True)
class Line:
    """Named points, joined when `joined`."""

    name: str
    points: Sequence[tuple[float, float]]
    joined: bool = True
    dots: bool = True


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis from one tick to another, on so many pixels."""

    label: str
    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return 1, 3, 10, 30 and so on within the axis."""
        first = math.floor(math.log10(self.low))
        steps = [m * 10.0**k for k in range(first, first + 12) for m in (1, 3)]
        return [step for step in steps if self.low * 0.999 <= step <= self.high * 1.001]


def chart(title: str, x_label: str, y_label: str, lines: Sequence[Line]) -> str:
    """Return the chart as SVG."""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points]
    x = Axis(x_label, *_range(xs), LEFT, WIDTH - RIGHT)
    y = Axis(y_label, *_range(ys), HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" style="{STYLE}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-weight="600">{escape(title)}</text>',
        *_grid(x, y),
    ]
    for number, line in enumerate(lines):
        parts += _line(line, x, y, COLOURS[number % len(COLOURS)], number)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return a range with a little room."""
    return min(values) / 1.3, max(values) * 1.3


def _grid(x: Axis, y: Axis) -> list[str]:
    parts = []
    for tick in x.ticks():
        at = x.at(tick)
        parts.append(
            f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#e5e5e5"/>'
        )
        parts.append(_text(at, HEIGHT - BOTTOM + 18, number_text(tick), "middle"))
    for tick in y.ticks():
        at = y.at(tick)
        parts.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#e5e5e5"/>')
        parts.append(_text(LEFT - 8, at + 4, number_text(tick), "end"))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x.label, "middle"))
    parts.append(
        f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">{escape(y.label)}</text>'
    )
    return parts


def _line(line: Line, x: Axis, y: Axis, colour: str, number: int) -> list[str]:
    points = [(x.at(a), y.at(b)) for a, b in line.points]
    parts = []
    if line.joined:
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        dash = "" if line.dots else ' stroke-dasharray="5 4"'
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>')
    if line.dots:
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>' for a, b in points]
    parts.append(f'<rect x="{LEFT + 10}" y="{TOP + 8 + 20 * number}" width="12" height="4" fill="{colour}"/>')
    return [*parts, _text(LEFT + 28, TOP + 14 + 20 * number, line.name, "start")]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def number_text(value: float) -> str:
    """Return 300000 as `300k` and 3000000 as `3M`."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"

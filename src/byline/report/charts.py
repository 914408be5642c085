"""Charts as SVG: drawn from numbers, coloured by the page's style sheet, told in words for who can't see them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import polars as pl

from byline.report.circle import Circle

WIDTH, HEIGHT = 760, 260
LEFT, BOTTOM, TOP = 66, 30, 12
RADIUS = 250
"""Of the circle of authors, in units of its picture."""


def stacked_years(years: pl.DataFrame) -> str:
    """Return the papers of each year as stacked bars, a colour a category."""
    if years.is_empty():
        return _nothing()
    categories = _categories(years)
    spans = _spans(years)
    totals = {year: sum(parts.values()) for year, parts in spans.items()}
    top = _nice(max(totals.values()))
    step = (WIDTH - LEFT) / len(spans)
    bars = []
    for number, (year, parts) in enumerate(spans.items()):
        base, label = 0, _year(year)
        for place, category in enumerate(categories):
            papers = parts.get(category, 0)
            if papers:
                told = f"{label}, {category}: {_count(papers)}"
                bars.append(_bar(number, step, base, base + papers, top, f"c{place}", told))
            base += papers
    labels = [_year(year) for year in spans]
    legend = "".join(
        f'<li><span class="swatch c{place}"></span>{escape(name)}</li>'
        for place, name in enumerate(categories)
    )
    most = max(totals, key=lambda year: (totals[year], year))
    told = f"Papers by year and category, {len(spans)} years; most in {_year(most)}: {_count(totals[most])}."
    return _chart(bars, labels, top, told) + f'<ul class="legend">{legend}</ul>'


def _categories(years: pl.DataFrame) -> list[str]:
    """Return the categories, the commonest first, `other` last."""
    summed = (
        years.group_by("category")
        .agg(pl.col("papers").sum())
        .sort("papers", "category", descending=[True, False])
    )
    names: list[str] = summed["category"].to_list()
    return [name for name in names if name != "other"] + (["other"] if "other" in names else [])


def _spans(years: pl.DataFrame) -> dict[int, dict[str, int]]:
    """Return papers by category for each year from the first to the last, empty ones too; year 0 stands first."""
    found: dict[int, dict[str, int]] = {}
    for year, category, papers in years.iter_rows():
        found.setdefault(year, {})[category] = papers
    dated = [year for year in found if year]
    whole = range(min(dated), max(dated) + 1) if dated else range(0)
    return {year: found.get(year, {}) for year in [*([0] if 0 in found else []), *whole]}


def _year(year: int) -> str:
    return str(year) if year else "no date"


def bars(labels: Sequence[str], values: Sequence[int], told: str) -> str:
    """Return one bar a value."""
    if not any(values):
        return _nothing()
    top = _nice(max(values))
    step = (WIDTH - LEFT) / len(values)
    drawn = [
        _bar(number, step, 0, value, top, "c0", f"{label}: {_count(value)}")
        for number, (label, value) in enumerate(zip(labels, values, strict=True))
        if value
    ]
    return _chart(drawn, labels, top, told)


def probabilities(counts: Sequence[int], what: str) -> str:
    """Return a histogram of probabilities, on a logarithmic scale: the few doubtful ones are what one looks for."""
    if not any(counts):
        return _nothing()
    top = max(1, math.ceil(math.log10(max(counts) + 1)))
    step = (WIDTH - LEFT) / len(counts)
    labels = [f"{number / len(counts):.2f}" for number in range(len(counts))]
    drawn = []
    for number, count in enumerate(counts):
        if count:
            told = f"{labels[number]} to {(number + 1) / len(counts):.2f}: {_count(count)}"
            drawn.append(_bar(number, step, 0.0, math.log10(count + 1), top, "c0", told))
    marks = [(level, f"{10**level:,}") for level in range(1, top + 1)]
    sure = sum(counts[-2:])
    told = f"{what}: {_count(sure)} of {_count(sum(counts))} at 0.9 or more. Logarithmic scale."
    return _chart(drawn, labels, top, told, marks)


def network(picture: Circle) -> str:
    """Return the authors of most papers on a circle, with arcs between those who share papers."""
    if not picture.spots:
        return _nothing("No two authors share a paper.")
    most = max(spot.papers for spot in picture.spots)
    heavy = max(shared for *_, shared in picture.arcs)
    parts = []
    for one, other, shared in picture.arcs:
        a, b = picture.spots[one], picture.spots[other]
        told = escape(f"{a.name} and {b.name}: {_count(shared)} shared")
        width = round(1 + 5 * shared / heavy, 1)
        parts.append(
            f'<path class="arc" stroke-width="{width}" d="M{_r(a.x)} {_r(a.y)}Q0 0 {_r(b.x)} {_r(b.y)}">'
            f"<title>{told}</title></path>"
        )
    for spot in picture.spots:
        parts.append(
            _spot(spot.name, spot.papers, spot.x, spot.y, round(3 + 7 * math.sqrt(spot.papers / most), 1))
        )
    edge = RADIUS + 190
    told = (
        f"{len(picture.spots)} authors who share most papers, {len(picture.arcs)} pairs; "
        "byline export network lists all of them."
    )
    return (
        f'<svg class="network" viewBox="{-edge} {-edge} {2 * edge} {2 * edge}" role="img" '
        f'aria-label="{escape(told)}">{"".join(parts)}</svg>'
    )


def _spot(name: str, papers: int, x: float, y: float, size: float) -> str:
    """Return a dot with its name outside the circle, turned so that it can be read."""
    angle = round(math.degrees(math.atan2(y, x)), 1)
    left = x < 0
    turn, gap, anchor = (angle + 180 if left else angle), (-14 if left else 14), ("end" if left else "start")
    short = name if len(name) <= 26 else name[:25] + "…"
    return (
        f'<g transform="translate({_r(x)} {_r(y)})"><circle class="spot" r="{size}"></circle>'
        f'<text transform="rotate({round(turn, 1)})" x="{gap}" y="4" text-anchor="{anchor}">{escape(short)}</text>'
        f"<title>{escape(name)}: {_count(papers)}</title></g>"
    )


def _r(part: float) -> float:
    return round(part * RADIUS, 1)


def _bar(number: int, step: float, low: float, high: float, top: float, style: str, told: str) -> str:
    """Return one bar. Worked example: 5 of at most 10, 218 units of room: half of them, so 109 high."""
    room = HEIGHT - BOTTOM - TOP
    height = room * (high - low) / top
    x, y = LEFT + number * step, TOP + room * (1 - high / top)
    width = max(step - max(1.0, step * 0.15), 0.8)
    return (
        f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 0.8):.1f}">'
        f"<title>{escape(told)}</title></rect>"
    )


def _chart(
    drawn: Sequence[str],
    labels: Sequence[str],
    top: float,
    told: str,
    marks: Sequence[tuple[float, str]] | None = None,
) -> str:
    room = HEIGHT - BOTTOM - TOP
    if marks is None:
        marks = [(top / 2, f"{top / 2:,.0f}"), (top, f"{top:,.0f}")] if top > 1 else [(top, f"{top:,.0f}")]
    lines = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{_y(at, top, room)}" y2="{_y(at, top, room)}"></line>'
        f'<text x="{LEFT - 6}" y="{_y(at, top, room) + 4}" text-anchor="end">{text}</text>'
        for at, text in marks
    )
    step = (WIDTH - LEFT) / len(labels)
    every = max(1, math.ceil(48 / step))
    names = "".join(
        f'<text x="{LEFT + (number + 0.45) * step:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(label)}</text>'
        for number, label in enumerate(labels)
        if number % every == 0
    )
    axis = f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{TOP + room}" y2="{TOP + room}"></line>'
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">'
        f"{lines}{axis}{''.join(drawn)}{names}</svg>"
    )


def _y(at: float, top: float, room: float) -> float:
    return round(TOP + room * (1 - at / top), 1)


def _nice(value: int) -> int:
    """Return a round number that is not less. Worked example: 2,491 has the power 1,000; 2.6 times it is 2,600."""
    power = 10 ** (len(str(value)) - 1)
    steps = (1, 1.2, 1.6, 2, 2.6, 3, 4, 5, 6, 8, 10)
    return next(int(step * power) for step in steps if step * power >= value and step * power % 1 == 0)


def _count(papers: int) -> str:
    return f"{papers:,}"


def _nothing(why: str = "Nothing to show.") -> str:
    return f'<p class="none">{escape(why)}</p>'

"""Charts as SVG: drawn from numbers, coloured by the page's style sheet, told in words for who can't see them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

import polars as pl

from byline.report.circle import Circle
from byline.report.tables import count, short

WIDTH, HEIGHT = 760, 260
LEFT, BOTTOM, TOP = 66, 30, 12
THIN = 0.4
"""Percent of the width that a bar takes at least: one of a million is something."""
LABEL = 48
"""Room for a year's label."""
NAME = 60
"""Characters of a name in the picture: a hostile one must not make the page large."""
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
                told = f"{label}, {category}: {count(papers)}"
                bars.append(_bar(number, step, base, base + papers, top, f"c{place}", told))
            base += papers
    labels = [_year(year) for year in spans]
    most = max(totals, key=lambda year: (totals[year], year))
    told = f"Papers by year and category, {len(spans)} years; most in {_year(most)}: {count(totals[most])}."
    legend = _legend((f"c{place}", escape(name)) for place, name in enumerate(categories))
    return _chart(bars, labels, top, told) + legend


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


def rows(labels: Sequence[str], values: Sequence[int]) -> str:
    """Return a list of horizontal bars, each with its label before and its number behind it: text at any width."""
    if not any(values):
        return _nothing()
    most = max(values)
    widths = [f"{max(100 * value / most, THIN):.2f}%" if value else "0" for value in values]
    bar = '<svg aria-hidden="true"><rect class="c0" width="{}" height="100%"></rect></svg>'
    items = "".join(
        f"<li><span>{escape(label)}</span>{bar.format(width)}<strong>{count(value)}</strong></li>"
        for label, value, width in zip(labels, values, widths, strict=True)
    )
    return f'<ul class="bars">{items}</ul>'


def shares(parts: Sequence[tuple[str, int, str]]) -> str:
    """Return one bar cut into shares, and what they are. `parts`: name, number, style."""
    whole = sum(number for _, number, _ in parts)
    if not whole:
        return _nothing()
    at, drawn = 0.0, []
    for _, number, style in parts:
        width = 100 * number / whole
        drawn.append(f'<rect class="{style}" x="{at:.2f}%" width="{width:.2f}%" height="100%"></rect>')
        at += width
    legend = _legend((style, f"{name} <strong>{count(number)}</strong>") for name, number, style in parts)
    return f'<svg class="shares" aria-hidden="true">{"".join(drawn)}</svg>{legend}'


def _legend(items: Iterable[tuple[str, str]]) -> str:
    """Return what the colours mean. `items`: style, text as HTML."""
    listed = "".join(f'<li><span class="swatch {style}"></span>{text}</li>' for style, text in items)
    return f'<ul class="legend">{listed}</ul>'


def network(picture: Circle) -> str:
    """Return the authors of most papers on a circle, with arcs between those who share papers."""
    if not picture.spots:
        return _nothing("No two authors share a paper.")
    most = max(spot.papers for spot in picture.spots)
    heavy = max(shared for *_, shared in picture.arcs)
    parts = []
    for one, other, shared in picture.arcs:
        a, b = picture.spots[one], picture.spots[other]
        told = f"{short(a.name, NAME)} and {short(b.name, NAME)}: {count(shared)} shared"
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
    # On a phone the picture keeps its size and is scrolled: names of half the size could not be read.
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Picture of who wrote with whom">'
        f'<svg class="network" viewBox="{-edge} {-edge} {2 * edge} {2 * edge}" role="img" '
        f'aria-label="{escape(told)}">{"".join(parts)}</svg></div>'
    )


def _spot(name: str, papers: int, x: float, y: float, size: float) -> str:
    """Return a dot with its name outside the circle, turned so that it can be read."""
    angle = round(math.degrees(math.atan2(y, x)), 1)
    left = x < 0
    turn, gap, anchor = (angle + 180 if left else angle), (-14 if left else 14), ("end" if left else "start")
    return (
        f'<g transform="translate({_r(x)} {_r(y)})"><circle class="spot" r="{size}"></circle>'
        f'<text transform="rotate({round(turn, 1)})" x="{gap}" y="4" text-anchor="{anchor}">{short(name, 26)}</text>'
        f"<title>{short(name, NAME)}: {count(papers)}</title></g>"
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


def _chart(drawn: Sequence[str], labels: Sequence[str], top: float, told: str) -> str:
    room = HEIGHT - BOTTOM - TOP
    marks = [top / 2, top] if top > 1 else [top]
    lines = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{_y(at, top, room)}" y2="{_y(at, top, room)}"></line>'
        f'<text x="{LEFT - 6}" y="{_y(at, top, room) + 4}" text-anchor="end">{at:,.0f}</text>'
        for at in marks
    )
    step = (WIDTH - LEFT) / len(labels)
    names = "".join(
        f'<text{" class=minor" if number % 2 else ""} x="{LEFT + (place + 0.45) * step:.1f}" y="{HEIGHT - 10}" '
        f'text-anchor="middle">{escape(labels[place])}</text>'
        for number, place in enumerate(_told(labels, step))
    )
    axis = f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{TOP + room}" y2="{TOP + room}"></line>'
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">'
        f"{lines}{axis}{''.join(drawn)}{names}</svg>"
    )


def _told(labels: Sequence[str], step: float) -> list[int]:
    """Return the labels that have room: every one, every fifth year (1995, 2000), every tenth and so on.

    Worked example: 30 bars on 694 units are 23 apart, a label needs 48: two make 46, so every fifth year is told.
    """
    every = next((one for one in (1, 2, 5, 10, 20, 50, 100) if one * step >= LABEL), len(labels))
    if every == 1:
        return list(range(len(labels)))
    return [place for place, label in enumerate(labels) if label.isdigit() and int(label) % every == 0]


def _y(at: float, top: float, room: float) -> float:
    return round(TOP + room * (1 - at / top), 1)


def _nice(value: int) -> int:
    """Return a round number that is not less. Worked example: 2,491 has the power 1,000; 2.6 times it is 2,600."""
    power = 10 ** (len(str(value)) - 1)
    steps = (1, 1.2, 1.6, 2, 2.6, 3, 4, 5, 6, 8, 10)
    return next(int(step * power) for step in steps if step * power >= value and step * power % 1 == 0)


def _nothing(why: str = "Nothing to show.") -> str:
    return f'<p class="none">{escape(why)}</p>'

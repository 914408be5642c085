"""The reliability of confidences as a picture: share right against what was said."""

from __future__ import annotations

Band = dict[str, float]


def text(bands: list[Band], width: int = 50) -> str:
    """A plot in letters: `=` up to the share that was right, `|` where the confidence said it would be."""
    rows = []
    for band in bands:
        bar = list("=" * round(band["right"] * width) + " " * width)[: width + 1]
        bar[round(band["confidence"] * width)] = "|"
        rows.append(f"  {band['from']:<7.4g} {''.join(bar)} {band['answers']:.0f}")
    return "\n".join(rows)


def svg(bands: list[Band], size: int = 400) -> str:
    """A plot as SVG: one dot a band, its area by the number of answers, on the diagonal where calibrated."""
    pad = 40
    span = size - 2 * pad
    dots = [
        f'<circle cx="{pad + span * b["confidence"]:.1f}" cy="{size - pad - span * b["right"]:.1f}" '
        f'r="{2 + min(10.0, b["answers"] ** 0.25):.1f}"><title>said {b["confidence"]:.4f}, right {b["right"]:.4f}, '
        f"{b['answers']:.0f} answers</title></circle>"
        for b in bands
    ]
    frame = f'<rect x="{pad}" y="{pad}" width="{span}" height="{span}" fill="none" stroke="#888"/>'
    diagonal = f'<line x1="{pad}" y1="{size - pad}" x2="{size - pad}" y2="{pad}" stroke="#888" stroke-dasharray="4"/>'
    words = (
        f'<text x="{size / 2}" y="{size - 10}" text-anchor="middle">confidence</text>'
        f'<text x="14" y="{size / 2}" text-anchor="middle" transform="rotate(-90 14 {size / 2})">share right</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" font-size="12">'
        f'<rect width="{size}" height="{size}" fill="#fff"/>{frame}{diagonal}<g fill="#26c" fill-opacity="0.7">'
        f"{''.join(dots)}</g>{words}</svg>\n"
    )

"""Displayed mathematics of several lines or columns on one line: a matrix is (a, b; c, d)."""

from __future__ import annotations

import re

from byline.latex.marks import BREAK, LEFT, RIGHT

DISPLAYS = (
    "equation|displaymath|math|align|aligned|alignat|eqnarray|gather|gathered|multline|split|subequations"
    "|flalign"
)
"""Environments that lay out formulas; what they hold is mathematics."""
_BRACKETS = {
    "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": (LEFT, RIGHT), "vmatrix": ("|", "|"),
    "Vmatrix": (r"\|", r"\|"), "matrix": ("", ""), "smallmatrix": ("", ""), "array": ("", ""), "cases": (LEFT, ""),
    "rcases": ("", RIGHT), "psmallmatrix": ("(", ")"), "bsmallmatrix": ("[", "]"), "tabular": ("", ""),
}  # fmt: skip
DISPLAY = "|".join(
    rf"\\(?:begin)\s*\{{{name}\*?\}}[^$]+?\\end\s*\{{{name}\*?\}}" for name in DISPLAYS.split("|")
)

_ONE = re.compile(
    r"\\begin *\{([A-Za-z]+)\*?\}(?: *\[[^\][]*\])?((?:(?!\\begin *\{).)*?)\\end *\{\1\*?\}", re.DOTALL
)
_COLUMNS = re.compile(r"^ *\{(?:[^{}]|\{[^{}]*\})*\}")
_ROWS = re.compile(rf"\s*(?:{BREAK}|\\\\|\\cr(?![A-Za-z]))(?: *\[[^\][]*\])?\s*")
_CELLS = re.compile(r"\s*&\s*")
_DEEPEST = 6


def unfold(formula: str) -> str:
    """Return a formula with its environments on one line: cells apart by commas, rows by semicolons."""
    for _ in range(_DEEPEST):
        found = _ONE.sub(_line, formula)
        if found == formula:
            break
        formula = found
    return formula


def _line(match: re.Match[str]) -> str:
    """Return one environment without another in it on one line; an unknown one as it is."""
    name, body = match[1], match[2]
    display = re.fullmatch(DISPLAYS, name) is not None
    if not display and name not in _BRACKETS:
        return match[0]
    if name in ("array", "tabular", "alignat"):
        body = _COLUMNS.sub("", body)
    rows = [row.strip() for row in _ROWS.split(body)]
    cells = [_CELLS.sub(" " if display else ", ", row).strip(", ") for row in rows if row]
    left, right = ("", "") if display else _BRACKETS[name]
    return f"{left}{{{'; '.join(cells)}}}{right}" if not display else f" {'; '.join(cells)} "

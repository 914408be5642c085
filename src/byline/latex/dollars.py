"""Which dollars of a text enclose mathematics, where not all can: prices, sentences between two, an odd number."""

from __future__ import annotations

import re

from byline.latex.segments import is_prose

MOST = 400
"""Dollars beyond which a doubtful text is not looked into: all of them are left alone."""
_DELIMITER = re.compile(r"\$\$?")
_STRAY, _UNEVEN, _WORDY, _BROKEN, _NEVER = 10, 4, 6, 12, 10_000
"""Costs: a dollar left over; a formula with a space at one end; a word in a formula; LaTeX outside; prose inside."""
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{4,}(?![A-Za-z]*[({])")
_LATEX = re.compile(r"\\(?:[a-zA-Z]{2,}(?<!\\emph)(?<!\\cite)(?<!\\url)|[_^])|[\^_]\{|[A-Za-z)]\^")


def strays(text: str) -> list[tuple[int, int]]:
    """Return start and end of the dollars that stand for themselves: the cheapest way to pair the others.

    `$x$ and $y is` leaves the third; `from $5 to $10` leaves both; where nothing can be paired, all are returned.
    """
    marks = [match.span() for match in _DELIMITER.finditer(text)]
    if len(marks) > MOST:
        return marks
    best: list[tuple[int, list[int]]] = [
        (0, [])
    ]  # cheapest reading of the marks before each place, its strays
    for n, mark in enumerate(marks):
        ways = [(best[n][0] + _STRAY, [*best[n][1], n])]
        if n and marks[n - 1][1] - marks[n - 1][0] == mark[1] - mark[0]:
            inside = _inside(text, marks[n - 1], mark)
            before = text[marks[n - 2][1] if n > 1 else 0 : marks[n - 1][0]]
            ways.append((best[n - 1][0] + inside + _outside(before), best[n - 1][1]))
        best.append(min(ways))
    return [marks[n] for n in best[-1][1]]


def _inside(text: str, opening: tuple[int, int], closing: tuple[int, int]) -> int:
    """Return what it costs to take the text between two dollars for mathematics."""
    body = text[opening[1] : closing[0]]
    if not body.strip() or is_prose(text[opening[0] : closing[1]]):
        return _NEVER
    left, right = body[0].isspace(), body[-1].isspace()
    # `x$ and $y` opens and closes where words touch from outside and spaces from inside.
    turned = (left and text[: opening[0]][-1:].isalnum()) + (right and text[closing[1] :][:1].isalnum())
    word = bool(_WORD.search(body)) or (left and right and body.strip().isalpha() and len(body.strip()) > 1)
    return _UNEVEN * ((left != right) + turned) + _WORDY * word


def _outside(text: str) -> int:
    """Return what it costs to take the text before a formula for prose."""
    return _BROKEN * bool(_LATEX.search(text))

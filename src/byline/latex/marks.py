"""Private-use characters that stand for something while a text is being decoded; none is left in a result.

A text that holds one of them already is left as listed.
"""

from __future__ import annotations

OPEN, CLOSE = "\ue000", "\ue001"
"""Enclose the name of a command that still waits for its argument (mathematics only)."""
LEFT, RIGHT, DOLLAR, BREAK = "\ue002", "\ue003", "\ue004", "\ue005"
r"""`\{`, `\}`, `\$`, `\\` as typed."""
STRAY = "\ue006"
"""A dollar of a text whose dollars don't pair up as mathematics."""
CUT = "\ue007"
"""Parts markup from plain text."""
LITERAL_LEFT, LITERAL_RIGHT, LITERAL_DOLLAR = "\ue008", "\ue009", "\ue00a"
r"""`\{`, `\}`, `\$` once decoded."""
EDGE = "\ue00b"
"""Border of an operator's name: a space where letters or digits would touch it, else nothing."""
FRACTION_OPEN, FRACTION_CLOSE = "\ue00c", "\ue00d"
"""Enclose a fraction until its neighbours are known (mathematics only)."""

ANY = "[\ue000-\ue00f]"

TYPED = {LEFT: r"\{", RIGHT: r"\}", DOLLAR: r"\$", BREAK: r"\\", STRAY: "$"}
LITERAL = {LITERAL_LEFT: "{", LITERAL_RIGHT: "}", LITERAL_DOLLAR: "$"}

"""Markup in running text: accents, emphasis, symbols, quotes, dashes, ties. Each distinct token once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from byline.latex.accents import accented
from byline.latex.marks import BREAK, CUT, DOLLAR, LEFT, LITERAL_DOLLAR, LITERAL_LEFT, LITERAL_RIGHT, RIGHT
from byline.latex.math import decode_math
from byline.latex.segments import LISTS, NESTED, SWITCHES, WRAPPERS, formula, is_math
from byline.latex.tables import ACCENTS, LETTERS, plain_commands, symbols
from byline.latex.terms import lower, raise_


def decode_segments(segments: Sequence[str], names: bool = False) -> list[str]:
    """Return each distinct segment as plain text, or as it was where that is safer.

    A segment whose meaning depends on its neighbours comes with them: CUT before CUT segment CUT after. `names` says
    that the texts are names of people.
    """
    decoded, maths, formulas = list(segments), [], []
    for n, one in enumerate(segments):
        if is_math(one):
            maths.append(n)
            formulas.append(formula(one))
        else:
            decoded[n] = _token(one, names)
    for n, found in zip(maths, decode_math(formulas), strict=True):
        if found is not None:
            decoded[n] = found
    return decoded


_CONTROL = {
    ",": " ", ";": " ", ":": " ", "!": "", "/": "", "@": "", "-": "", "%": "%", "&": "&", "#": "#", "_": "_",
}  # fmt: skip
_SINGLE = {LEFT: LITERAL_LEFT, RIGHT: LITERAL_RIGHT, DOLLAR: LITERAL_DOLLAR, BREAK: " ", "{}": "", "": ""}


def _token(segment: str, names: bool) -> str:
    """Return one token of running text as plain text; what isn't known stays as it is."""
    before, after = None, None
    if segment[:1] == CUT:
        _, before, segment, after = segment.split(CUT)
    if segment in _SINGLE:
        return _SINGLE[segment]
    first = segment[0]
    if first == "\\":
        found = _command(segment, before or "", after or "", names)
    elif first == "{":
        found = _group(segment, before, after, names)
    elif first in "^_":
        found = raise_(segment[2:-1]) if first == "^" else lower(segment[2:-1])
    elif first == "`":
        found = f"“{segment[2:-2]}”"
    else:
        found = _dash(segment, before, after) if first == "-" else _tie(before, after, names)
    return segment if found is None else found


_WRAPPED = re.compile(rf"\\(?:{WRAPPERS})\s*\{{({NESTED})\}}", re.DOTALL)
_SCRIPT = re.compile(rf"\\text(super|sub)script\s*\{{({NESTED})\}}", re.DOTALL)
_TWO = re.compile(rf"\\(textcolor|href)\s*\{{([^{{}}]*)\}}\s*\{{({NESTED})\}}", re.DOTALL)
_CITED = re.compile(r"\\cite[a-zA-Z]*\*?\s*(?:\[[^\]\[{}]*\])*\s*\{([^{}]*)\}")
_LIST = re.compile(rf"\\(?:begin|end)\s*\{{(?:{LISTS})\}}")
_FONT = re.compile(rf"\\(?:{SWITCHES})\{{([^{{}}]*)\}}")
_ALONE = re.compile(r"\\([A-Za-z]+)(?:\{\}|(\s)([a-z]?))?")


def _command(segment: str, before: str, after: str, names: bool) -> str | None:
    """Return what a command with its argument shows."""
    if len(segment) == 2 and not segment[1].isalpha() and segment[1] not in ACCENTS:
        return " " if segment[1].isspace() else _CONTROL.get(segment[1])
    if (found := accented(segment, before, after, names)) is not None:
        return found
    for pattern, show in _ARGUMENTS:
        if match := pattern.fullmatch(segment):
            return show(match)
    match = _ALONE.fullmatch(segment)
    return _alone(match[1], match[2] or "", match[3] or "", before) if match else None


def _two(match: re.Match[str]) -> str:
    """Return coloured text, or a link's words and its address."""
    first, shown = match[2].strip(), match[3]
    return shown if match[1] == "textcolor" or first == shown.strip() else f"{shown} ({first})"


def _alone(name: str, space: str, follows: str, before: str) -> str | None:
    r"""Return what a command without argument shows.

    TeX eats the space behind a command; authors of listings mostly don't know, so only a letter within a word does:
    `S\o rensen`, `\L ukasz`, but not `10 \AA resolution`.
    """
    if name in ("deg", "degree"):
        return "°" if before.isdigit() or before in (" ", "") else "deg"
    if name in LETTERS:
        joined = before.isalpha() or (name in ("L", "O") and follows)
        return LETTERS[name] + ("" if joined else space) + follows
    return plain_commands().get(name, symbols().get(name))


_ARGUMENTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (_WRAPPED, lambda match: match[1]),
    (_SCRIPT, lambda match: (raise_ if match[1] == "super" else lower)(match[2].strip())),
    (_CITED, lambda match: f"[{match[1]}]"),
    (_TWO, _two),
    (_LIST, lambda _: " "),
    (_FONT, lambda match: match[1]),
)
"""What commands with an argument look like, and what they show."""
_SWITCHED = re.compile(rf"\{{\s*\\(?:{SWITCHES})\b\s*({NESTED})\}}", re.DOTALL)


def _group(segment: str, before: str | None, after: str | None, names: bool) -> str | None:
    """Return what stands in braces: text with a font of its own, a letter with its accent, a protected word."""
    inner = segment[1:-1]
    if match := _SWITCHED.fullmatch(segment):
        return match[1].removesuffix("\\/")
    if inner.startswith("\\"):
        found = accented(inner, "", "", names)
        return _command(inner, "a", "", names) if found is None else found
    if len(inner) == 1 and not ((before or " ").isalpha() or (after or " ").isalpha()):
        return None
    return inner


def _dash(segment: str, before: str | None, after: str | None) -> str | None:
    """Return a dash for two or three hyphens, but leave an option of a command (` --verbose`) alone."""
    option = (before or "").isspace() and not (after or "").isspace()
    return None if option or before in ("-", "<", "!") else {2: "–", 3: "—"}[len(segment)]


def _tie(before: str | None, after: str | None, names: bool) -> str | None:
    """Return a space for a tie between words; `/~user`, `~10`, `z~6` and `5~10` keep their tilde."""
    if names:
        return " "
    left, right = before or "", after or ""
    word = left.isalpha() or left in tuple(".,;:)]}") or not right.isdigit()
    return " " if word and left != "/" and not left.isspace() and not right.isspace() else None

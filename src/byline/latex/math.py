r"""Mathematics as plain Unicode: `\ell_1` is `ℓ₁`, `x^{n-1}` is `x^(n-1)`, `\frac{a}{b}` is `a/b`.

All formulas of a batch are rewritten together, one to a line of a single text, by a short list of regular expressions
that work from the innermost braces outwards. None of them reaches over a line or nests quantifiers, so that the time
is linear in the text. A formula with anything unknown left over (an author's own macro, a matrix) is given up: None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from byline.latex.marks import BREAK, CLOSE, EDGE, LEFT, LITERAL_LEFT, LITERAL_RIGHT, OPEN, RIGHT
from byline.latex.tables import HATS, alphabets, math_commands

LONGEST = 600
"""Characters of a formula beyond which it stays as typed: nobody reads such a formula on one line."""
ROUNDS = 10
"""Depth of nested braces beyond which a formula stays as typed."""

_BARE_UP = frozenset("′″°†‡")

_ARG = rf"(?:\{{([^{{}}{OPEN}{CLOSE}\n]*)\}}|([^\s{{}}^_{OPEN}{CLOSE}]))"
# A pattern that begins with a character is searched far faster than one that begins by looking behind itself, so
# what stands before is looked at second.
_NULL_DELIMITER = re.compile(r"\\(?:left|right)[^\S\n]*\.")
_COMMAND = re.compile(r"\\(?:(?<=[^\s{(\[,=]\\)|())([A-Za-z]+)\*?( *)")
_SYMBOL = re.compile(r"\\([^A-Za-z\n])")
_SYMBOLS = {
    ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "|": "‖", "%": "%", "&": "＆", "#": "#", "_": "＿", "/": "",
    "-": "", ">": " ",
}  # fmt: skip
_NORMAL = {EDGE: "", "＆": "&", "＿": "_", LEFT: LITERAL_LEFT, RIGHT: LITERAL_RIGHT}
_NOT_IN = re.compile(r"\\not *\\in(?![A-Za-z])")
_BEFORE_ARGUMENT = re.compile(rf" (?<=[\^_{CLOSE}] ) *")
_UNFINISHED = re.compile(rf"[{OPEN}{CLOSE}{{}}\\&{BREAK}]")


_UP = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_DOWN = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def raise_(text: str) -> str:
    """Return digits and signs as superscript; text with anything else as it is."""
    return text.translate(_UP) if not text.strip("0123456789+-") else text


def lower(text: str) -> str:
    """Return digits and signs as subscript; text with anything else as it is."""
    return text.translate(_DOWN) if not text.strip("0123456789+-") else text


def decode_math(formulas: Sequence[str]) -> list[str | None]:
    """Return each formula, without its delimiters, as plain text, or None where it is better left as typed."""
    if not formulas:
        return []
    text = "\n".join([one.replace("\n", " ") if len(one) <= LONGEST else BREAK for one in formulas])
    text = _NOT_IN.sub(r"\\notin", _NULL_DELIMITER.sub("", text))
    text = _SYMBOL.sub(_symbol, _commands(text))
    lines = _BEFORE_ARGUMENT.sub("", text.replace("~", " ")).split("\n")
    waiting = [n for n, line in enumerate(lines) if _busy(line)]
    for _ in range(ROUNDS):
        if not waiting:
            break
        before = [lines[n] for n in waiting]
        for n, line in zip(waiting, _round(before), strict=True):
            lines[n] = line
        waiting = [n for n, old in zip(waiting, before, strict=True) if lines[n] != old and _busy(lines[n])]
    text = _tidy("\n".join(lines))
    left = _UNFINISHED.search
    return [None if left(line) else line for line in text.split("\n")]


def _busy(line: str) -> bool:
    """Say whether a round could change the line."""
    return "{" in line or OPEN in line


def _commands(text: str) -> str:
    """Put what they become at first in place of all commands; a split and a map are faster than a call for each."""
    parts: list[str] = _COMMAND.split(text)
    loose, names, spaces = parts[1::4], parts[2::4], parts[3::4]
    parts[1::4] = map(_command, loose, names, spaces)
    parts[2::4] = parts[3::4] = [""] * len(names)
    return "".join(parts)


@lru_cache(maxsize=4096)
def _command(loose: str | None, name: str, space: str) -> str:
    r"""Return what a command becomes at first.

    The space behind it stays where there is one before it too (`a \le b`), not where LaTeX's syntax asked for it
    (`a\le b` is `a≤b`).
    """
    found = math_commands().get(name)
    if found is None:
        return f"{OPEN}{name}{CLOSE}"
    if not found or found[-1] == CLOSE or (loose is None and len(found) == 1):
        return found
    return found + space


def _symbol(match: re.Match[str]) -> str:
    """Return what a control symbol prints; what is unknown keeps its backslash and gives the formula up."""
    return _SYMBOLS.get(match[1], match[0])


def _alphabet(match: re.Match[str]) -> str:
    """Return letters in another alphabet."""
    letters = alphabets()[match[1]]
    return "".join(letters.get(one, one) for one in (match[2] or match[3] or ""))


def _hat(match: re.Match[str]) -> str:
    """Return one letter with its accent, a few with a line over them; longer ones are given up."""
    name, body = match[1], (match[2] or match[3] or "").strip()
    mark = HATS[name]
    letters = [one for one in body if not unicodedata.combining(one)]
    if len(letters) == 1 or (name in ("overline", "bar", "underline") and body.isalnum() and len(body) <= 4):
        return unicodedata.normalize(
            "NFC", "".join(one + mark for one in body) if len(letters) > 1 else body + mark
        )
    return f"{OPEN}as typed{CLOSE}"


def _atom(body: str) -> str:
    """Return the text as one term: in brackets when it has parts."""
    body = body.strip()
    whole = body.replace("′", "").replace("^", "").replace("_", "")
    return body if whole.isalnum() or _bracketed(body) else f"({body})"


def _bracketed(body: str) -> bool:
    """Say whether one pair of round brackets encloses the whole text."""
    if not (body.startswith("(") and body.endswith(")")):
        return False
    depth = 0
    for n, one in enumerate(body):
        depth += (one == "(") - (one == ")")
        if depth == 0:
            return n == len(body) - 1
    return False


@lru_cache(maxsize=16384)
def _script(mark: str, body: str, follows: bool) -> str:
    """Return an exponent or index: raised or lowered digits, else `^` or `_` with one term."""
    body = body.strip().replace(EDGE, "")
    if not body:
        return ""
    if body.strip("0123456789+-") == "" and body.lstrip("+-").isdigit() | (body in "+-"):
        return raise_(body) if mark == "^" else lower(body)
    if mark == "^" and (body in ("th", "st", "nd", "rd") or set(body) <= _BARE_UP):
        return body
    if mark == "^" and body == "∘":
        return "°"
    plain = len(body) == 1 or (body.replace(".", "").isalnum() and not follows)
    return mark + (body if plain or _bracketed(body) else f"({body})")


def _fraction(match: re.Match[str]) -> str:
    """Return `a/b`, in brackets where a neighbour would bind tighter."""
    above, below = match[2] or match[3] or "", match[4] or match[5] or ""
    term = f"{_atom(above)}/{_atom(below)}"
    return f"({term})" if match[1] or match[6] else term


def _root(match: re.Match[str]) -> str:
    """Return a root as √x or √(x + y)."""
    degree, body = match[1], match[2] or match[3] or ""
    if degree not in (None, "2", "3", "4"):
        return f"{OPEN}as typed{CLOSE}"
    return {None: "√", "2": "√", "3": "∛", "4": "∜"}[degree] + _atom(body)


def _group(match: re.Match[str]) -> str:
    """Return what stands in braces of their own; a word keeps its distance from letters around it."""
    body = match[1]
    if len(body) > 1 and body.isalpha() and body not in ("th", "st", "nd", "rd"):
        return f"{EDGE}{body}{EDGE}"
    return body


def _negated(match: re.Match[str]) -> str:
    """Return a relation struck out."""
    return unicodedata.normalize("NFC", match[1] + "\u0338")


_INNER = rf"[^{{}}{OPEN}{CLOSE}\n]*"
_FRAC = f"{OPEN}frac{CLOSE}"
_Rules = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]
_WAITING: _Rules = (
    (re.compile(rf"\{{ *{OPEN}(mathcal|mathfrak|mathbb){CLOSE} *([A-Za-z]+)() *\}}"), _alphabet),
    (re.compile(rf"{OPEN}(mathcal|mathfrak|mathbb){CLOSE}{_ARG}"), _alphabet),
    (re.compile(rf"{OPEN}({'|'.join(HATS)}){CLOSE}{_ARG}"), _hat),
    (re.compile(rf"{OPEN}not{CLOSE}([^\w\s{{}}{OPEN}{CLOSE}])"), _negated),
    (re.compile(rf"\{{({_INNER}){OPEN}over{CLOSE}({_INNER})\}}"), rf"{OPEN}frac{CLOSE}{{\1}}{{\2}}"),
    (re.compile(rf"\{{({_INNER}){OPEN}choose{CLOSE}({_INNER})\}}"), rf"{OPEN}binom{CLOSE}{{\1}}{{\2}}"),
    (re.compile(rf"{_FRAC}(?:(?<=([^\W_]|\)){_FRAC})|){_ARG} *{_ARG}(?=([^\W_]|[(]|))"), _fraction),
    (re.compile(rf"{OPEN}binom{CLOSE}\{{({_INNER})\}} *\{{({_INNER})\}}"), r"(\1 choose \2)"),
    (re.compile(rf"{OPEN}sqrt{CLOSE}(?:\[([^\][{{}}\n]*)\])?{_ARG}"), _root),
)
"""What becomes of commands that wait for their argument."""
_BRACES: _Rules = (
    (
        re.compile(rf"([\^_])\{{({_INNER})\}}(?=([^\W_]|))"),
        lambda match: _script(match[1], match[2], match[3] != ""),
    ),
    (re.compile(rf"\{{(?<![}}{CLOSE}^_]\{{)({_INNER})\}}"), _group),
)
"""What becomes of the innermost braces."""


def _round(lines: Sequence[str]) -> list[str]:
    """Apply every rule once to the lines."""
    found = list(lines)
    commands = [n for n, line in enumerate(lines) if OPEN in line]
    for n, line in zip(commands, _apply(_WAITING, [lines[n] for n in commands]), strict=True):
        found[n] = line
    return _apply(_BRACES, found)


def _apply(rules: _Rules, lines: Sequence[str]) -> list[str]:
    """Rewrite lines by one rule after the other, all lines at once."""
    if not lines:
        return []
    text = "\n".join(lines)
    for pattern, change in rules:
        text = pattern.sub(change, text)
    return text.split("\n")


_PRIMES = re.compile(r"'(?<=[^\s']')'{0,2}")
_SINGLES = {
    mark + char: char.translate(turned) if char in "0123456789+-" else char.replace("∘", "°")
    for mark, turned in (("^", _UP), ("_", _DOWN))
    for char in "0123456789+-′″°†‡∘"
}
_SINGLE = re.compile(r"[\^_][0-9+\-′″°†‡∘]")
_TOUCHING = re.compile(rf"{EDGE}(?<=[^\W_]{EDGE}|[)\]]{EDGE}){EDGE}*(?=[^\W_⁰¹²³⁴-⁹₀-₉])")


def _tidy(text: str) -> str:
    """Return the lines with primes, operator borders and spaces in order."""
    text = _PRIMES.sub(lambda match: {1: "′", 2: "″", 3: "‴"}[len(match[0])], text)
    text = _SINGLE.sub(lambda match: _SINGLES[match[0]], text)
    text = _TOUCHING.sub(" ", text)
    for mark, char in _NORMAL.items():
        text = text.replace(mark, char)
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")

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

from byline.latex.marks import (
    BREAK,
    CLOSE,
    EDGE,
    FRACTION_CLOSE,
    FRACTION_OPEN,
    LEFT,
    LITERAL_LEFT,
    LITERAL_RIGHT,
    OPEN,
    RIGHT,
)
from byline.latex.tables import AROUND, HATS, alphabets, math_commands
from byline.latex.terms import close_fractions, factor, fraction, lower, raise_, root, script

LONGEST = 600
"""Characters of a formula beyond which it stays as typed: nobody reads such a formula on one line."""
ROUNDS = 10
"""Depth of nested braces beyond which a formula stays as typed."""

_EDGES = FRACTION_OPEN + FRACTION_CLOSE
_FRACTION = f"{FRACTION_OPEN}[^{{}}{_EDGES}\n]*{FRACTION_CLOSE}"
_ARG = rf"(?:\{{([^{{}}{OPEN}{CLOSE}\n]*)\}}|({_FRACTION}|[^\s{{}}^_{OPEN}{CLOSE}{_EDGES}]))"
# A pattern that begins with a character is searched far faster than one that begins by looking behind itself, so
# what stands before is looked at second.
_NULL_DELIMITER = re.compile(r"\\(?:left|right)[^\S\n]*\.")
_OVER = re.compile(r"\\(?:over|choose)(?![A-Za-z])")
_LEFT_DELIMITER = re.compile(r"\\left *(?:\\[A-Za-z]+|\\?.)")
_RIGHT_DELIMITER = re.compile(r"\\right(?![A-Za-z])")
_COMMAND = re.compile(r"\\(?:(?<=[^\s{(\[,=]\\)|())([A-Za-z]+)\*?( *)")
_SYMBOL = re.compile(r"\\([^A-Za-z\n])")
_SYMBOLS = {
    ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "|": "‖", "%": "%", "&": "＆", "#": "#", "_": "＿", "/": "",
    "-": "", ">": " ",
}  # fmt: skip
_NORMAL = {EDGE: "", "＆": "&", "＿": "_", LEFT: LITERAL_LEFT, RIGHT: LITERAL_RIGHT}
_NOT_IN = re.compile(r"\\not *\\in(?![A-Za-z])")
_BEFORE_ARGUMENT = re.compile(rf" (?<=[\^_{CLOSE}] ) *")
_BARE_SCRIPT = re.compile(r"[\^_](?<=[^\s{][\^_])[^\W\d_](?=[^\W_])")
"""A script of one letter without braces that touches the next: `x^ny` is `x^n y`."""
_SCRIPT = (
    rf"(?:[^\s{{}}^_\n{OPEN}]|{OPEN}[a-z]+{CLOSE}\{{[^{{}}\n]*\}}|"
    r"\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\})"
)
_SWAPPED = re.compile(rf"(\^(?![0-9+\-'′]|\{{[0-9+\-]*\}}){_SCRIPT}) *(_{_SCRIPT})")
"""An exponent before an index: `x^a_i` would read x^(a_i)."""
_PREFIXES = frozenset("∂∇¬√")
"""What stands close before its operand, however it was typed."""
_BARE_ARGUMENT = re.compile(
    rf"({OPEN}(?:frac|binom|overset|underset|stackrel){CLOSE}) *([^\s{{}}^_{OPEN}{CLOSE}])(?= *\{{)"
)
_APART = re.compile(r"\} +\{")
"""Spaces between two arguments."""
_RAISED_END = re.compile(r"(?:\^(?:\([^()]*\)|[^\W_])|[⁰¹²³⁴-⁹⁺⁻])" + f"{EDGE}?$")
_OPTION = re.compile(rf"({OPEN}(?:sqrt|xrightarrow|xleftarrow){CLOSE}) *\[([^\][\n]*)\] *")
_DIVIDED = f"{OPEN}over{CLOSE}"
_UNFINISHED = re.compile(rf"[{OPEN}{CLOSE}{FRACTION_OPEN}{FRACTION_CLOSE}{{}}\\&{BREAK}]")


def decode_math(formulas: Sequence[str]) -> list[str | None]:
    """Return each formula, without its delimiters, as plain text, or None where it is better left as typed."""
    if not formulas:
        return []
    text = "\n".join([_grouped(one.replace("\n", " ")) if len(one) <= LONGEST else BREAK for one in formulas])
    text = _NOT_IN.sub(r"\\notin", _NULL_DELIMITER.sub("", text))
    text = _SYMBOL.sub(_symbol, _commands(text))
    text = _BEFORE_ARGUMENT.sub("", text.replace("~", " "))
    text = _APART.sub("}{", text)
    text = _OPTION.sub(rf"\1{OPEN}of{CLOSE}{{\2}}", text)
    text = _BARE_ARGUMENT.sub(r"\1{\2}", text)
    text = _SWAPPED.sub(r"\2\1", _BARE_SCRIPT.sub(rf"\g<0>{EDGE}", text))
    lines = [f"{{{line}}}" if _DIVIDED in line else line for line in text.split("\n")]
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


def _grouped(formula: str) -> str:
    r"""Return a formula with `\over` so that its delimiters enclose a group, as in TeX (`\left(a \over b\right)`)."""
    if not _OVER.search(formula):
        return formula
    return _RIGHT_DELIMITER.sub(r"}\g<0>", _LEFT_DELIMITER.sub(r"\g<0>{", formula))


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
    if not found or found[-1] == CLOSE or (loose is None and len(found) == 1) or found in _PREFIXES:
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
    return f"{EDGE}{name.removeprefix('wide')}({body})" if body else f"{OPEN}as typed{CLOSE}"


def _fraction(match: re.Match[str]) -> str:
    """Return `a/b` between marks; whether it needs brackets is seen when its neighbours are plain text."""
    return fraction(match[1] or match[2] or "", match[3] or match[4] or "")


def _root(match: re.Match[str]) -> str:
    """Return a root as √x or √(x + y)."""
    return root(match[1], match[2] or match[3] or "", raised=bool(match[4]))


def _above(match: re.Match[str]) -> str:
    r"""Return what stands over or under a symbol as its exponent or index: `\\stackrel{d}{=}` is `=^d`."""
    kind, put, base = match[1], match[2] or match[3] or "", match[4] or match[5] or ""
    base = base if len(base) == 1 else factor(base)
    return f"{base}{'_' if kind == 'underset' else '^'}{{{put}}}"


def _binomial(match: re.Match[str]) -> str:
    """Return a binomial coefficient in words."""
    return f"({match[1] or match[2] or ''} choose {match[3] or match[4] or ''})"


def _arrow(match: re.Match[str]) -> str:
    """Return an arrow with what stands over and under it."""
    under = f"_{{{match[2]}}}" if match[2] else ""
    return f"{'→' if match[1] == 'xrightarrow' else '←'}{under}^{{{match[3] or match[4] or ''}}}"


def _around(match: re.Match[str]) -> str:
    """Return a term between the signs that a command puts around it."""
    left, right = AROUND[match[1]]
    return f"{left}{match[2]}{right}"


def _group(match: re.Match[str]) -> str:
    """Return what stands in braces of their own; a word keeps its distance from letters around it."""
    body = match[1]
    if match[2] and _RAISED_END.search(body):
        return f"({body})"  # `{x^2}^3` is no x²³
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
    (re.compile(rf"{OPEN}(overset|underset|stackrel){CLOSE}{_ARG} *{_ARG}"), _above),
    (
        re.compile(rf"{OPEN}(xrightarrow|xleftarrow){CLOSE}(?:{OPEN}of{CLOSE}\{{({_INNER})\}})? *{_ARG}"),
        _arrow,
    ),
    (re.compile(rf"{OPEN}({'|'.join(AROUND)}){CLOSE}\{{({_INNER})\}}"), _around),
    (re.compile(rf"{_FRAC}{_ARG} *{_ARG}"), _fraction),
    (re.compile(rf"{OPEN}binom{CLOSE}{_ARG} *{_ARG}"), _binomial),
    (re.compile(rf"{OPEN}sqrt{CLOSE}(?:{OPEN}of{CLOSE}\{{({_INNER})\}})? *{_ARG}(?=( *\^)|)"), _root),
)
"""What becomes of commands that wait for their argument."""
_BRACES: _Rules = (
    (re.compile(rf"([\^_])\{{({_INNER})\}}"), lambda match: script(match[1], match[2])),
    (re.compile(rf"\{{(?<![}}{CLOSE}^_]\{{)({_INNER})\}}(?=( *\^)|)"), _group),
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
    mark + char: turn(char).replace("∘", "°")
    for mark, turn in (("^", raise_), ("_", lower))
    for char in "0123456789+-′″°†‡∘"
}
_SINGLE = re.compile(r"[\^_](?:[0-9](?!\.[0-9])|[+\-′″°†‡∘])")
_TOUCHING = re.compile(rf"{EDGE}(?<=[^\W_]{EDGE}|[)\]]{EDGE}){EDGE}*(?=[^\W_⁰¹²³⁴-⁹₀-₉])")


def _tidy(text: str) -> str:
    """Return the lines with primes, operator borders and spaces in order."""
    text = close_fractions(text)
    text = _PRIMES.sub(lambda match: {1: "′", 2: "″", 3: "‴"}[len(match[0])], text)
    text = _SINGLE.sub(lambda match: _SINGLES[match[0]], text)
    text = _TOUCHING.sub(" ", text)
    for mark, char in _NORMAL.items():
        text = text.replace(mark, char)
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")

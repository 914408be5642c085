r"""Mathematics as plain Unicode: `\ell_1` is `ℓ₁`, `x^{n-1}` is `x^(n-1)`, `\frac{a}{b}` is `a/b`.

All formulas of a batch are rewritten together, one to a line of a single text, by a short list of regular expressions
that work from the innermost braces outwards. None of them reaches over a line or nests quantifiers, so that the time
is linear in the text. A formula with anything unknown left over (an author's own macro, a matrix) is given up: None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from byline.latex.marks import (
    BREAK,
    CLOSE,
    CUT,
    EDGE,
    FRACTION_CLOSE,
    FRACTION_OPEN,
    LEFT,
    LITERAL_LEFT,
    LITERAL_RIGHT,
    OPEN,
    RIGHT,
)
from byline.latex.prepare import prepared
from byline.latex.rules import Rules, brace_rules, waiting_rules
from byline.latex.tables import math_commands, own_alphabet, structural
from byline.latex.terms import close_fractions, lower, raise_

LONGEST = 1200
"""Characters of a formula beyond which it stays as typed: nobody reads such a formula on one line."""
ROUNDS = 10
"""Depth of nested braces beyond which a formula stays as typed."""

# A pattern that begins with a character is searched far faster than one that begins by looking behind itself, so
# what stands before is looked at second.
_NULL_DELIMITER = re.compile(r"\\(?:left|right)[^\S\n]*\.")
_COMMAND = re.compile(rf"\\(?:(?<=[^\s{{(\[,={CUT}]\\)|())([A-Za-z]+)\*?( *)")
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
_OWN_NAME = re.compile(
    rf"{OPEN}(?!(?:{'|'.join(sorted(structural()))}){CLOSE})([A-Z][A-Za-z]+|[a-z][A-Za-z]+){CLOSE}(?! *[{{\[])"
)
"""An author's own command without an argument: its name is shown, as it would be read out (`\\Homeo`, `\\eig`)."""
_NESTED = r"(?:[^{}\n]|\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\})*"
_APART = re.compile(rf"({OPEN}(?:frac|binom|overset|underset|stackrel){CLOSE}\{{{_NESTED}\}}) +(?=\{{)")
"""Spaces between two arguments."""
_OPTION = re.compile(rf"({OPEN}(?:sqrt|xrightarrow|xleftarrow){CLOSE}) *\[([^\][\n]*)\] *")
_DIVIDED = f"{OPEN}over{CLOSE}"
_UNFINISHED = re.compile(rf"[{OPEN}{CLOSE}{FRACTION_OPEN}{FRACTION_CLOSE}{{}}\\&{BREAK}]")


def decode_math(formulas: Sequence[str]) -> list[str | None]:
    """Return each formula, without its delimiters, as plain text, or None where it is better left as typed."""
    if not formulas:
        return []
    text = "\n".join([prepared(one) if len(one) <= LONGEST else BREAK for one in formulas])
    text = _NOT_IN.sub(r"\\notin", _NULL_DELIMITER.sub("", text))
    text = _SYMBOL.sub(_symbol, _commands(text))
    text = _OWN_NAME.sub(rf"{EDGE}\1{EDGE}", text)
    text = _BEFORE_ARGUMENT.sub("", text.replace("~", " "))
    text = _APART.sub(r"\1", text)
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
        found = own_alphabet(name)
    if found is None:
        return f"{OPEN}{name}{CLOSE}"
    if not found or found[-1] == CLOSE or (loose is None and len(found) == 1) or found in _PREFIXES:
        return found
    return found + space


def _symbol(match: re.Match[str]) -> str:
    """Return what a control symbol prints; what is unknown keeps its backslash and gives the formula up."""
    return _SYMBOLS.get(match[1], match[0])


def _round(lines: Sequence[str]) -> list[str]:
    """Apply every rule once to the lines."""
    found = list(lines)
    commands = [n for n, line in enumerate(lines) if OPEN in line]
    for n, line in zip(commands, _apply(waiting_rules(), [lines[n] for n in commands]), strict=True):
        found[n] = line
    return _apply(brace_rules(), found)


def _apply(rules: Rules, lines: Sequence[str]) -> list[str]:
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
_TOUCHING = re.compile(rf"{EDGE}(?<=[^\W_]{EDGE}|[)\]]{EDGE}){EDGE}*(?={CUT}?[^\W_⁰¹²³⁴-⁹₀-₉])")


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

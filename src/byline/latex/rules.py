r"""What becomes of commands of mathematics that wait for their argument, and of braces, from the innermost outwards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from byline.latex.marks import CLOSE, EDGE, FRACTION_CLOSE, FRACTION_OPEN, OPEN
from byline.latex.tables import AROUND, HATS, alphabets
from byline.latex.terms import factor, fraction, root, script

_EDGES = FRACTION_OPEN + FRACTION_CLOSE
_FRACTION = f"{FRACTION_OPEN}[^{{}}{_EDGES}\n]*{FRACTION_CLOSE}"
_ARG = rf"(?:\{{([^{{}}{OPEN}{CLOSE}\n]*)\}}|({_FRACTION}|{EDGE}[A-Za-z]+{EDGE}|[^\s{{}}^_{OPEN}{CLOSE}{_EDGES}]))"
_RAISED_END = re.compile(r"(?:\^(?:\([^()]*\)|[^\W_])|[⁰¹²³⁴-⁹⁺⁻])" + f"{EDGE}?$")


def _alphabet(match: re.Match[str]) -> str:
    """Return letters in another alphabet."""
    letters = alphabets()[match[1]]
    return "".join(letters.get(one, one) for one in (match[2] or match[3] or ""))


def _hat(match: re.Match[str]) -> str:
    """Return one letter with its accent, a few with a line over them; longer ones are given up."""
    name, body = match[1], (match[2] or match[3] or "").replace(EDGE, "").strip()
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
Rules = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]


@cache
def waiting_rules() -> Rules:
    """Return what becomes of commands that wait for their argument; made for who has any, as it takes 4 ms."""
    return (
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


@cache
def brace_rules() -> Rules:
    """Return what becomes of the innermost braces."""
    return (
        (re.compile(rf"([\^_])\{{({_INNER})\}}"), lambda match: script(match[1], match[2])),
        (re.compile(rf"\{{(?<![}}{CLOSE}^_]\{{)({_INNER})\}}(?=( *\^)|)"), _group),
    )

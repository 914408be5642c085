r"""Terms of a formula on one line: what stands without brackets beside a slash, under a root, in a script.

A fraction is kept between marks (`FRACTION_OPEN a/b FRACTION_CLOSE`) until the whole formula is plain text; only then
its neighbours are known, and it gets brackets unless both leave its value alone. Read by the usual precedence (powers,
then products and quotients from the left, juxtaposition among them, then sums), the line has the formula's value.
"""

from __future__ import annotations

import re
from functools import lru_cache

from byline.latex.marks import (
    CUT,
    EDGE,
    FRACTION_CLOSE,
    FRACTION_OPEN,
    LEFT,
    LITERAL_LEFT,
    LITERAL_RIGHT,
    RIGHT,
)

_UP = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_DOWN = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_BARE_UP = frozenset("′″°†‡")
_ORDINALS = ("th", "st", "nd", "rd")


def raise_(text: str) -> str:
    """Return digits and signs as superscript; text with anything else as it is."""
    return text.translate(_UP) if not text.strip("0123456789+-") else text


def lower(text: str) -> str:
    """Return digits and signs as subscript; text with anything else as it is."""
    return text.translate(_DOWN) if not text.strip("0123456789+-") else text


_RAISED = "[⁰¹²³⁴-⁹⁺⁻]"
_LETTER = "(?:(?![⁰¹²³⁴-⁹₀-₉])[^\\W\\d_][\u0300-\u036f\u20d0-\u20f0]*)"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_BELOW = rf"(?:_(?:\(\)|{_LETTER}+[0-9]*|{_NUMBER}|[*∞+-])|[₀-₉₊₋]+)"
_ABOVE = rf"(?:\^(?:\(\)|{_LETTER}|{_NUMBER}|[*∞+-])|{_RAISED}+|[′″‴°'])"
_BASE = rf"(?:\(\)|\|[^|]*\||‖[^‖]*‖|⌊[^⌊⌋]*⌋|⌈[^⌈⌉]*⌉|{_LETTER}|{_NUMBER}|[∞∅])"
_FACTOR = rf"[√∛∜]?{_BASE}(?:{_BELOW}|{_ABOVE})*!?"
_ONE = re.compile(_FACTOR)
_UNRAISED = re.compile(rf"{_BASE}{_BELOW}*[′']*")
_MANY = re.compile(rf"(?:{_FACTOR})+")
_DIFFERENTIAL = re.compile(rf"[d∂]{_RAISED}*{_LETTER}?(?:{_BELOW}|{_ABOVE})*")
_LEADING = re.compile(rf"^(?:[-−]|∂{_RAISED}*)")
_WORD = re.compile(rf"{EDGE}[^\W\d_]{{2,}}{EDGE}")
_INNER_BRACKETS = re.compile(r"\([^()]+\)")
_ONE_FRACTION = re.compile(rf"{FRACTION_OPEN}[^{FRACTION_OPEN}{FRACTION_CLOSE}]*{FRACTION_CLOSE}")


@lru_cache(maxsize=16384)
def _flat(body: str) -> str:
    """Return the text with each bracket as `()` and each upright word as one letter: its outline."""
    body = _WORD.sub("w", body).replace(EDGE, "")
    while (shorter := _INNER_BRACKETS.sub("()", body)) != body:
        body = shorter
    return body


def is_factor(body: str) -> bool:
    """Say whether the text is one factor: a letter, number, word or bracket, with its scripts."""
    return bool(_ONE.fullmatch(_flat(body)))


def factor(body: str) -> str:
    """Return the text as one factor: in brackets unless it is one."""
    body = body.strip()
    if _ONE_FRACTION.fullmatch(body):
        return f"({body[1:-1]})"
    return body if is_factor(body) else f"({body})"


def unraised(body: str) -> str:
    """Return the text as a factor to which an exponent or a root can be put."""
    body = body.strip()
    if _ONE_FRACTION.fullmatch(body):
        return f"({body[1:-1]})"
    return body if _UNRAISED.fullmatch(_flat(body)) else f"({body})"


def product(body: str) -> str:
    """Return the text as a product: in brackets unless it is made of factors only, after one sign at most."""
    body = body.strip()
    if _ONE_FRACTION.fullmatch(body):
        return f"({body[1:-1]})"
    bare = _LEADING.sub("", body)
    return body if body in ("d", "∂") or _MANY.fullmatch(_flat(bare)) else f"({body})"


def fraction(above: str, below: str) -> str:
    """Return `a/b` between the marks of a fraction."""
    over, under = product(above), below.strip()
    derivative = over[0] in "d∂" and _DIFFERENTIAL.fullmatch(_flat(under))
    return f"{FRACTION_OPEN}{over}/{under if derivative else factor(under)}{FRACTION_CLOSE}"


def root(degree: str | None, body: str, raised: bool) -> str:
    """Return a root as √x or √(x+y), of a degree without a sign of its own as x^(1/n); `raised`: it has an exponent."""
    sign = {None: "√", "2": "√", "3": "∛", "4": "∜"}.get(degree and degree.strip())
    body = unraised(body)
    found = f"{body}^(1/{factor(degree or '')})" if sign is None else f"{sign}{body}{EDGE}"
    return f"({found})" if raised else found


@lru_cache(maxsize=16384)
def script(mark: str, body: str) -> str:
    """Return an exponent or index: raised or lowered digits, else `^` or `_` with one term."""
    word = bool(_WORD.fullmatch(body.strip()))
    body = body.strip().replace(EDGE, "")
    if not body:
        return ""
    if body.strip("0123456789+-") == "" and body.lstrip("+-").isdigit() | (body in "+-"):
        return raise_(body) if mark == "^" else lower(body)
    if mark == "^" and (body in _ORDINALS or set(body) <= _BARE_UP):
        return body
    if mark == "^" and body == "∘":
        return "°"
    letters = body.isalpha() and (word or mark == "_")
    indexed = mark == "_" and body.isalnum() and body[0].isalpha() and body.isascii()
    plain = len(body) == 1 or letters or indexed
    return f"{mark}{body}{EDGE}" if plain else mark + (body if _enclosed(body) else f"({body})")


def _enclosed(body: str) -> bool:
    """Say whether one pair of round brackets encloses the whole text."""
    return _flat(body) == "()"


_RELATIONS = "=≠<>≤≥≪≫≲≳≈≃≅∼~≡∝≔≺≻⪯⪰⊂⊃⊆⊇∈∉∋→←↔⇒⇐⇔↦⟶⟵⟹⟺↗↘≐≜∧∨∪∩&…"
_BETWEEN = f",;:\n{_RELATIONS}+-−±∓·×*∗⊗⊕"
_SIGNS = "+-−±∓·×*∗⊗⊕"
_SAFE_BEFORE = frozenset(f"([⟨⌊⌈{LEFT}{LITERAL_LEFT}{_BETWEEN}")
_SAFE_AFTER = frozenset(f")]⟩⌋⌉{RIGHT}{LITERAL_RIGHT}.{_BETWEEN}")
_SKIPPED = f" {EDGE}{CUT}"
_FRACTION = re.compile(rf"{FRACTION_OPEN}([^{FRACTION_OPEN}{FRACTION_CLOSE}\n]*){FRACTION_CLOSE}")


def close_fractions(text: str) -> str:
    """Return lines with brackets round their fractions where a neighbour would bind to a part, and without marks."""
    while FRACTION_OPEN in text:
        shorter = _FRACTION.sub(_closed, text)
        if shorter == text:
            return text
        text = shorter
    return text


def _closed(match: re.Match[str]) -> str:
    """Return one fraction with the brackets that it needs.

    `1/n∑` would be 1/(n∑): the sum behind 1/n is not in the list of harmless neighbours, so `(1/n)∑`; but `1/n + 1`.
    """
    text, start, end = match.string, match.start() - 1, match.end()
    while start >= 0 and text[start] in _SKIPPED:
        start -= 1
    while end < len(text) and text[end] in _SKIPPED:
        end += 1
    before = text[start] if start >= 0 else "\n"
    after = text[end] if end < len(text) else "\n"
    safe = before in _SAFE_BEFORE or (before == "|" and _bars(text, start + 1) % 2 == 1)
    safe &= after in _SAFE_AFTER or (after == "|" and _bars(text, end) % 2 == 1)
    signed = match[1][:1] in "-−" and before in _SIGNS
    return match[1] if safe and not signed else f"({match[1]})"


def _bars(text: str, end: int) -> int:
    """Return how many bars stand in the line before a place: an odd number leaves one open."""
    return text.count("|", text.rfind("\n", 0, end) + 1, end)

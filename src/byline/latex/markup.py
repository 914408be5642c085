"""Markup in running text: accents, emphasis, symbols, quotes, dashes, ties. One token at a time, distinct ones only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from byline.latex.marks import BREAK, DOLLAR, LEFT, LITERAL_DOLLAR, LITERAL_LEFT, LITERAL_RIGHT, RIGHT
from byline.latex.math import decode_math
from byline.latex.tables import ACCENTS, LETTERS, symbols

_NESTED = r"(?:[^{}]|\{[^{}]*\})*"
_WRAPPERS = (
    "emph|textit|textbf|textsc|texttt|textrm|textsf|textsl|textup|textmd|textnormal|text|mbox|hbox|underline|uline"
    "|url|path|mathrm|mathbf|mathit|mathsf|mathtt|textipa|ensuremath|enquote|ce|acro|ac|acs|acl|acp|boldmath"
)
_SWITCHES = (
    "em|it|bf|sc|rm|tt|sl|sf|itshape|bfseries|scshape|slshape|ttfamily|sffamily|rmfamily|upshape|mdseries|normalfont"
    "|small|footnotesize|scriptsize|tiny|large|Large|LARGE|huge|Huge|normalsize"
)
_MARKS = re.escape("'\"`^~=.")

_MATH = r"\$\$[^$]+\$\$|\$[^$]+\$|\\\([^$]{1,600}?\\\)|\\\[[^$]{1,600}?\\\]"
_TOKENS = (
    rf"\{{\\[{_MARKS}]\s?\\?[A-Za-z]\}}",
    rf"\\[{_MARKS}]\s?\{{\s*\\?[A-Za-z]?\s*\}}",
    rf"\\[{_MARKS}]\s?\\?[A-Za-z]",
    r"\{\\[cvuHkrbdt]\s*\{\\?[A-Za-z]{1,2}\}\}",
    r"\\[cvuHkrbdt]\s*\{\\?[A-Za-z]{1,2}\}",
    r"\{\\[cvuHkrbdt]\s\\?[A-Za-z]\}",
    r"\\[cvuHkr]\s\\?[A-Za-z]\b",
    rf"\\(?:{_WRAPPERS})\s*\{{{_NESTED}\}}",
    rf"\{{\s*\\(?:{_SWITCHES})\b\s*{_NESTED}\}}",
    rf"\\text(?:super|sub)script\s*\{{{_NESTED}\}}",
    rf"\\textcolor\s*\{{[^{{}}]*\}}\s*\{{{_NESTED}\}}",
    rf"\\href\s*\{{[^{{}}]*\}}\s*\{{{_NESTED}\}}",
    r"\\cite[a-zA-Z]*\*?\s*(?:\[[^\]\[{}]*\])*\s*\{[^{}]*\}",
    r"\\(?:begin|end)\s*\{(?:itemize|enumerate|center|abstract|quote|quotation|description)\}",
    r"[A-Za-z]\\(?:o|l|ss|ae|oe|aa|i|j|O|L|AA|AE|OE)\s[a-z]?",
    r"\{\\(?:o|l|ss|ae|oe|aa|i|j|O|L|AA|AE|OE|dh|th|DH|TH|dj|DJ|ng|NG)\s?\}",
    r"\\[OL]\s[a-z]",
    r"[0-9]\s?\\deg(?:ree)?\b",
    r"\\[A-Za-z]+(?:\{\})?",
    r"\\[%&#_,;:!/@\-\s]",
    rf"[{LEFT}{RIGHT}{DOLLAR}{BREAK}]",
    r"[A-Za-z)]?[\^_]\{[+-]?[0-9]{1,3}[+-]?\}",
    r"\{[A-Za-z][A-Za-z0-9 .'-]*[A-Za-z0-9.]\s*\}|\{\}|[a-z]\{[A-Za-z]\}|\{[A-Z]\}[a-z]",
    r"``[^`']{1,300}''",
    r"[A-Za-z0-9)]\s?---?\s?[A-Za-z0-9]",
    r"[A-Za-z.,;:)\]]~|[0-9]~[A-Za-z]",
)
SEGMENT = "(?s:" + "|".join((_MATH, *_TOKENS)) + ")"
"""What may be markup, as polars' regex reads it: mathematics first, then one token of text."""


def decode_segments(segments: Sequence[str]) -> list[str]:
    """Return each distinct piece of markup as plain text, or as it was where that is safer."""
    formulas = [(n, _body(one)) for n, one in enumerate(segments) if is_math(one)]
    decoded = [one if is_math(one) else _token(one) for one in segments]
    for (n, _), found in zip(formulas, decode_math([body for _, body in formulas]), strict=True):
        decoded[n] = segments[n] if found is None else found
    return decoded


def is_math(segment: str) -> bool:
    """Say whether the segment is mathematics with its delimiters."""
    return segment.startswith(("$", r"\(", r"\["))


def _body(segment: str) -> str:
    """Return a formula without its delimiters."""
    width = 2 if segment.startswith(("$$", "\\")) else 1
    return segment[width:-width]


_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}[ ,;.]+[A-Za-z]{3,}(?![A-Za-z]*\{)")
_FUNCTION_WORDS = re.compile(
    r"(?<![\\A-Za-z])(?:the|of|is|are|for|with|that|this|we|which|from|has|have|by)\s"
)
_PRICE = re.compile(r"^\d[\d.,]*(?:[kKmMbB]\b)?(?:\s+|\s*[-–—]|\s*(?:to|and|or|,)\s*|\s*\(|\s*/)$")
_ARGUMENTS = re.compile(r"\\[A-Za-z]+\*?\s*(?:\{[^{}]*\})?")


def is_prose(segment: str) -> bool:
    """Say whether what stands between two dollars is a sentence or a price rather than a formula."""
    body = _body(segment)
    bare = _ARGUMENTS.sub(" ; ", body)
    return bool(_WORDS.search(bare) or _FUNCTION_WORDS.search(bare) or _PRICE.match(body))


def _accent(match: re.Match[str]) -> str | None:
    """Return the letter with its accent."""
    mark, letter = match[1], (match[2] or "").lstrip("\\")
    if not letter:
        return {"~": "~", "^": "^"}.get(mark, "")
    base = {"i": "i", "j": "j"}.get(letter, letter)
    found = unicodedata.normalize("NFC", base[0] + ACCENTS[mark] + base[1:])
    if mark.isalpha() and mark != "t" and len(found) > 1:
        return None
    return found


def _symbol(match: re.Match[str]) -> str | None:
    """Return the character of a command that stands alone, or None when it is not known."""
    name = match[1]
    if name in LETTERS:
        return LETTERS[name]
    if name in _PLAIN:
        return _PLAIN[name]
    return symbols().get(name)


_PLAIN = {
    "LaTeX": "LaTeX", "TeX": "TeX", "textbackslash": "∖", "textasciitilde": "~", "item": "•", "quad": " ",
    "qquad": " ", "thinspace": " ", "par": " ", "newline": " ", "noindent": "", "enspace": " ", "xspace": "",
    "protect": "", "centering": "", "medskip": " ", "bigskip": " ", "smallskip": " ", "linebreak": " ", "log": "log",
    "ln": "ln", "exp": "exp", "sin": "sin", "cos": "cos", "max": "max", "min": "min", "deg": "°", "today": "",
    "textbar": "|", "textless": "<", "textgreater": ">", "textunderscore": "_", "em": "", "it": "", "bf": "", "sl": "",
    "etal": "et al.", "ie": "i.e.", "eg": "e.g.",
}  # fmt: skip
_CONTROL = {
    ",": " ",
    ";": " ",
    ":": " ",
    "!": "",
    "/": "",
    "@": "",
    "-": "",
    "%": "%",
    "&": "&",
    "#": "#",
    "_": "_",
}
_ESCAPES = {LEFT: LITERAL_LEFT, RIGHT: LITERAL_RIGHT, DOLLAR: LITERAL_DOLLAR, BREAK: " "}
_UP = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_DOWN = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def _raised(match: re.Match[str]) -> str:
    """Return digits of a script in running text raised or lowered."""
    return match[1] + match[3].translate(_UP if match[2] == "^" else _DOWN)


def _script(match: re.Match[str]) -> str:
    """Return the argument of `\\textsuperscript` or `\\textsubscript`."""
    digits = match[2].strip().strip("0123456789+-") == ""
    return match[2].strip().translate(_UP if match[1] == "super" else _DOWN) if digits else match[2]


def _link(match: re.Match[str]) -> str:
    """Return a link's words and its address."""
    return match[2] if match[1].strip() == match[2].strip() else f"{match[2]} ({match[1].strip()})"


def _dash(match: re.Match[str]) -> str:
    """Return a dash for two or three hyphens."""
    return match[0].replace("---", "—").replace("--", "–")


_HANDLERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), handler)
    for pattern, handler in (
        (rf"\{{?\\([{_MARKS}])\s?\{{?\s*(\\?[A-Za-z])?\s*\}}?\}}?", _accent),
        (r"\{?\\([cvuHkrbdt])(?:\s*\{|\s)(\\?[A-Za-z]{1,2})\}?\}?", _accent),
        (r"\\cite[a-zA-Z]*\*?\s*(?:\[[^\]\[{}]*\])*\s*\{([^{}]*)\}", lambda m: f"[{m[1]}]"),
        (r"\\textcolor\s*\{[^{}]*\}\s*\{(.*)\}", lambda m: m[1]),
        (r"\\href\s*\{([^{}]*)\}\s*\{(.*)\}", _link),
        (r"\\text(super|sub)script\s*\{(.*)\}", _script),
        (r"\\(?:begin|end)\s*\{[a-z]+\}", lambda _: " "),
        (rf"\\(?:{_WRAPPERS})\s*\{{(.*)\}}", lambda m: m[1]),
        (rf"\{{\s*\\(?:{_SWITCHES})\b\s*(.*)\}}", lambda m: m[1]),
        (r"([A-Za-z])\\([A-Za-z]+)\s([a-z]?)", lambda m: m[1] + LETTERS[m[2]] + m[3]),
        (r"\{\\([A-Za-z]+)\s?\}", lambda m: LETTERS[m[1]]),
        (r"\\([OL])\s([a-z])", lambda m: LETTERS[m[1]] + m[2]),
        (r"([0-9])\s?\\deg(?:ree)?", lambda m: m[1] + "°"),
        (r"\\([A-Za-z]+)(?:\{\})?", _symbol),
        (r"\\\s", lambda _: " "),
        (r"\\(.)", lambda m: _CONTROL.get(m[1])),
        (r"([A-Za-z)]?)([\^_])\{([0-9+-]+)\}", _raised),
        (r"([a-z]?)\{([^{}]*)\}([a-z]?)", lambda m: m[1] + m[2] + m[3]),
        (r"``(.*)''", lambda m: f"“{m[1]}”"),
        (r"(.)~(.?)", lambda m: f"{m[1]} {m[2]}"),
        (r".*--.*", _dash),
    )
)


def _token(segment: str) -> str:
    """Return one token of running text as plain text; what no handler knows stays as it is."""
    if segment in _ESCAPES:
        return _ESCAPES[segment]
    for pattern, handler in _HANDLERS:
        match = pattern.fullmatch(segment)
        if match:
            found = handler(match)
            return segment if found is None else found
    return segment

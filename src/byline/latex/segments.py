"""Where markup stands in a text: mathematics, and single tokens of running text.

The patterns are polars' (Rust's) regular expressions. Every one begins with a character that is rare in prose, so that
a text is searched at the speed of memory; what a token's meaning owes to its neighbours is looked up beside it.
"""

from __future__ import annotations

import re

from byline.latex.environments import DISPLAY, DISPLAYS
from byline.latex.marks import BREAK, DOLLAR, LEFT, RIGHT
from byline.latex.tags import ENTITY, TAG

MARKS = re.escape("'\"`^~=.")
"""Control symbols that put an accent on the next letter."""

WRAPPERS = (
    "emph|textit|textbf|textsc|texttt|textrm|textsf|textsl|textup|textmd|textnormal|text|mbox|hbox|underline|uline"
    "|url|path|mathrm|mathbf|mathit|mathsf|mathtt|textipa|ensuremath|enquote|ce|ac|acs|acl|acp"
)
"""Commands whose argument is the text to show."""

SWITCHES = (
    "em|it|bf|sc|rm|tt|sl|sf|itshape|bfseries|scshape|slshape|ttfamily|sffamily|rmfamily|upshape|mdseries"
    "|normalfont|small|footnotesize|scriptsize|tiny|large|Large|LARGE|huge|Huge|normalsize"
)
"""Commands that change the font of the group they stand in."""

LISTS = "itemize|enumerate|center|abstract|quote|quotation|description"

NESTED = r"(?:[^{}]|\{[^{}]*\})*"
LETTER = r"(?:o|l|ss|ae|oe|aa|i|j|O|L|AA|AE|OE|dh|th|DH|TH|dj|DJ|ng|NG)"
_ALPHA = r"[A-Za-z\x{C0}-\x{24F}\x{1E00}-\x{1EFF}]"
_ACCENTED = rf"(?:\{{\s*\\?{_ALPHA}*\s*\}}|\\{LETTER}(?:\b\s?[a-z]?|\{{\}})|{_ALPHA})"
"""What a control symbol puts its accent on: a letter, a letter's command, or braces (several letters: the first)."""
_HOOKED = rf"(?:\s*\{{\s*\\?{_ALPHA}+\s*\}}|\s{_ALPHA}|\s?\\{LETTER}(?:\b\s?[a-z]?|\{{\}}))"
"""What an accent named by a letter is put on; a letter without braces stands behind a space."""
_INNER_ACCENT = rf"(?:\{{\\[{MARKS}d]\s?(?:\{{{_ALPHA}\}}|{_ALPHA})\}}|\\[{MARKS}]\s?{_ALPHA})"
_STACKED = rf"\\(?:[{MARKS}]|[cvuHkrbdt](?:\b|\s))\s?{_INNER_ACCENT}"
"""An accent on a letter that has one already: `\\'{\\^e}`."""

DEEP = r"(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*"
"""What stands between braces, three levels deep."""
SCRIPTED = r"(?:[\^_](?:\{(?:[^{}$]|\{[^{}$]*\})*\}|[A-Za-z0-9]))*"
"""Exponents and indices behind a symbol in running text."""
BARE = (
    "frac|tfrac|dfrac|cfrac|sfrac|nicefrac|sqrt|binom|mathcal|mathbb|mathfrak|mathscr|mathbbm|mathds|Bbb|cal|frak|hat"
    "|widehat|tilde|widetilde|bar|overline|underline|vec|dot|ddot|check|breve|mathring|overset|underset|stackrel"
    "|operatorname|mathsf|norm|abs|ket|bra|xrightarrow|boldsymbol|bm|pmb|wt|wh"
)
"""Commands of mathematics with an argument, as they stand in texts whose authors forgot the dollars."""
_BARE_ARGUMENT = r"(?:\{(?:[^{}$]|\{(?:[^{}$]|\{[^{}$]*\})*\})*\}|\s\\?[A-Za-z]+|\\[A-Za-z]+)"
_SECOND = r"(?:\{(?:[^{}$]|\{[^{}$]*\})*\})?"
BARE_MATH = rf"\\(?:{BARE})\*?(?:\s?\[[^\]\[{{}}]*\])?\s?{_BARE_ARGUMENT}{_SECOND}{SCRIPTED}"

MATH = r"\$\$[^$]+\$\$|\$[^$]+\$|\\\([^$]+?\\\)|\\\[[^$]+?\\\]"

TOKENS = (
    ENTITY,
    TAG,
    rf"\\texorpdfstring\s*\{{{DEEP}\}}\s*\{{{DEEP}\}}",
    DISPLAY,
    rf"\\(?:footnote|thanks)\s*\{{{DEEP}\}}",
    r"\\(?:ref|eqref|label|autoref|cref|Cref|hspace|vspace|input|bibliographystyle|nocite)\*?\s*\{[^{}]*\}",
    rf"\\(?:SI|si|unit|qty)\s*(?:\[[^\]\[]*\]\s*)?\{{{NESTED}\}}(?:\s*\{{{NESTED}\}})?",
    BARE_MATH,
    rf"\{{\s*\\(?:cal|mathcal|mathscr|mathbb|Bbb|mathfrak|frak|hat|tilde|bar)\b\s*\{{?[A-Za-z]+\}}?\s*\}}{SCRIPTED}",
    r"\{[^{}$]*\\(?:choose|over)\b[^{}$]*\}|\\not\s?(?:[=<>∈∼≡⊂]|\\[a-z]+)",
    _STACKED,
    rf"\\[{MARKS}]\s?{_ACCENTED}",
    rf"\{{\\[{MARKS}]\s?{_ACCENTED}\}}",
    rf"\\[cvuHkrbdt]{_HOOKED}",
    rf"\{{\\[cvuHkrbdt]{_HOOKED}\}}",
    rf"\\(?:{WRAPPERS}|text(?:super|sub)script)\s*\{{{NESTED}\}}",
    rf"\{{\s*\\(?:{SWITCHES})\b\s*{NESTED}\}}",
    rf"\\(?:textcolor|href)\s*\{{[^{{}}]*\}}\s*\{{{NESTED}\}}",
    r"\\cite[a-zA-Z]*\*?\s*(?:\[[^\]\[{}]*\])*\s*\{[^{}]*\}",
    rf"\\(?:begin|end)\s*\{{(?:{LISTS})\}}",
    rf"\{{\\{LETTER}\s?\}}",
    rf"\\{LETTER}\s[a-z]?",
    r"\\[A-Za-z]+\*?(?:\{[A-Za-z0-9 .,:_*'-]*\})*",
    r"\\[%&#_,;:!/@\-\s]",
    r"[\^_]\{(?:[^{}$]|\{[^{}$]*\})+\}",
    rf"\{{(?:{_ALPHA}|[0-9]+{_ALPHA})(?:{_ALPHA}|[0-9 .'’/&-])*\+*\s*\}}|\{{\}}",
    r"``[^`']+''",
    r"---?",
    r"~",
)

ESCAPED = f"[{LEFT}{RIGHT}{DOLLAR}{BREAK}]"
SEGMENT = "(?s:" + "|".join((MATH, *TOKENS)).replace(r"\b", r"(?-u:\b)") + ")"
"""What may be markup, escapes aside: mathematics first, then a token of text.

Borders of words are those of ASCII: a Unicode `\\b` takes the fast search engine away from every text beyond ASCII.
"""
SEGMENT_OR_ESCAPE = f"{SEGMENT}|{ESCAPED}"
"""The same for texts with escapes: a token that begins beyond ASCII halves the speed of the search."""

CONTEXTUAL = (
    rf"^(?:[-~]|(?s:\$.*|\\)[a-z]?frac(?:[^a-z]|$)|[\^_]\{{|\\'\s?[A-Za-z]$|\\[cvuHkrbd]\s[A-Za-z]$|\{{[^\\]"
    rf"|\\{LETTER}\s|\\deg(?:ree)?(?:\{{\}})?$|\\(?:[A-Z]|[A-Za-z]{{2,}})$)"
).replace(r"\b", r"(?-u:\b)")
"""Tokens whose meaning depends on the characters beside them."""

SUSPECT = r"^\$+(?:[0-9]|(?:,| to| and| or| vs\.?| versus) |(?s:.)*(?:[A-Za-z]{3}[ ,;.]+[A-Za-z]{3}|(?:of|is|we|by)\s))"
"""What between two dollars may be a sentence or a price rather than a formula; `is_prose` decides."""


_DISPLAYED = re.compile(rf"\\begin\s*\{{(?:{DISPLAYS})\*?\}}")


def is_math(segment: str) -> bool:
    """Say whether the segment is mathematics with its delimiters, or a display of several lines."""
    first = segment[:2]
    return first[:1] == "$" or first in (r"\(", r"\[") or (first == r"\b" and bool(_DISPLAYED.match(segment)))


def formula(segment: str) -> str:
    """Return a formula without its delimiters."""
    if segment[0] == "$":
        return segment.strip("$")
    return segment if _DISPLAYED.match(segment) else segment[2:-2]


_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}[ ,;.]+[A-Za-z]{3,}(?![A-Za-z]*\{)")
_FUNCTION_WORDS = re.compile(
    r"(?<![\\A-Za-z])(?:the|of|is|are|for|with|that|this|we|which|from|has|have|by)\s"
)
_PRICE = re.compile(
    r"^\d[\d.,]*(?:[kKmMbB]\b)?(?:\s+|\s*[-–—]|\s*(?:to|and|or|,)\s*|\s*\(|\s*/)(?:[A-Z]{1,3})?$"
)
_PRICE_BEHIND = re.compile(r"^(?:,|\s(?:to|and|or|vs\.?|versus))\s(?:[A-Z]{1,3}\s?)?\d[\d.,]*\s?[kKmMbB]?$")
"""What stands between two dollars behind their numbers: `from 5$ to 10$`."""
_ARGUMENTS = re.compile(r"\\[tdc]?frac\s+[A-Za-z]{2}(?![A-Za-z])|\\[A-Za-z]+\*?\s*(?:\{[^{}]*\})?")


def is_prose(segment: str) -> bool:
    """Say whether what stands between two dollars is a sentence or a price rather than a formula."""
    body = formula(segment)
    bare = _ARGUMENTS.sub(" ; ", body)
    price = _PRICE.match(body) or _PRICE_BEHIND.match(body)
    return bool(price or _WORDS.search(bare) or _FUNCTION_WORDS.search(bare))

"""HTML that pages leave in copied text: character references and the tags of fonts, scripts and paragraphs."""

from __future__ import annotations

import html
import re
import unicodedata

from byline.latex.marks import EDGE
from byline.latex.terms import script

ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
PAIRED = (
    "i|b|em|strong|u|s|p|tt|small|sub|sup|inf|span|italic|bold|a|div|abstract|title|sc|li|ul|ol|h[1-6]"
    "|font|code|pre"
)
"""Tags that are read only as a pair: `<p>` alone is a mean value (`<p> = 3`)."""
_OPENING = r"(?:\s[^<>]*)?>"
TAG = rf"<(?:{PAIRED}){_OPENING}[^<>]*</(?:{PAIRED})>|<br\s*/?>|</?(?:jats|mml):[a-z-]+{_OPENING}"

_PAIR = re.compile(rf"<({PAIRED})(?:\s[^<>]*)?>([^<>]*)</\1>", re.DOTALL)
_SCRIPTS = {"sub": "_", "inf": "_", "sup": "^"}
_BLOCKS = ("p", "div", "li", "ul", "ol", "abstract", "title")


def entity(segment: str) -> str | None:
    """Return the character of a reference; None where it is unknown, a control or a private character."""
    found = html.unescape(segment)
    sound = found != segment and all(
        unicodedata.category(one) not in ("Cc", "Co", "Cs", "Cn") for one in found
    )
    return found.replace("\ufffd", "") or None if sound else None


def tag(segment: str) -> str | None:
    """Return what a pair of tags shows: `<i>x</i>` is x, `<sub>2</sub>` is ₂; None where the pair doesn't match."""
    match = _PAIR.fullmatch(segment)
    if match is None:
        alone = segment.startswith(("<br", "<jats:", "</jats:", "<mml:", "</mml:"))
        return (" " if segment.startswith("<br") or ":p" in segment else "") if alone else None
    name, inner = match[1], match[2]
    if name in _SCRIPTS:
        return script(_SCRIPTS[name], inner).replace(EDGE, "")
    return f" {inner} " if name in _BLOCKS else inner

"""Texts from listings where people read them: nothing in them may move the cursor, change colours or forge lines."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"


def clean(text: str) -> str:
    """Return the text with control and format characters (escape codes, bidi overrides) written as escapes."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(c if c in _KEPT or unicodedata.category(c)[0] != "C" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")

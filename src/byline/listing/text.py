"""White space, NFC and escaping: what may be changed in a listed text, and what never.

As listed means NFC with white space folded, nothing else changed. White space is Unicode's `White_Space` and the
control characters. Characters of no width that stand for nothing (U+200B, U+2060, U+FEFF) are dropped, not turned into
a space: on the page there is none, and a space would break the word. The joiners U+200C and U+200D carry meaning in
Persian and Indic names and stay.
"""

from __future__ import annotations

import re

import polars as pl

RAW_TEXT_LIMIT = 64 * 1024
"""Longest `raw_text` of a quarantined record, in bytes of UTF-8."""

ZERO_WIDTH = "\u200b\u2060\ufeff"
BLANK = rf"^[\s\p{{Cc}}{ZERO_WIDTH}]*$"
"""Matches a line that shows nothing (Rust's regular expressions)."""

_NOT_PLAIN = r"[\x00-\x1f\x7f]|  "
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def fold(texts: pl.Series) -> pl.Series:
    """Return the texts in NFC, white space folded to single spaces and stripped; null stays null.

    Only rows that need it are touched: most are plain ASCII and pass through without a copy.
    """
    needs = (
        (texts.str.len_bytes() != texts.str.len_chars())
        | texts.str.contains(_NOT_PLAIN)
        | texts.str.starts_with(" ")
        | texts.str.ends_with(" ")
    ).fill_null(False)
    if not needs.any():
        return texts
    rows = needs.arg_true()
    return texts.scatter(rows, _fold_every(texts.gather(rows)))


def _fold_every(texts: pl.Series) -> pl.Series:
    """Drop what has no width first: only then do a letter and its accent meet and compose."""
    return (
        texts.str.replace_all(f"[{ZERO_WIDTH}]+", "")
        .str.normalize("NFC")
        .str.replace_all(r"[\s\p{Cc}]{2,}|[\s\p{Cc}--\x20]", " ")
        .str.strip_chars(" ")
    )


def escape(raw: bytes) -> str:
    r"""Return bytes as text that is safe to show: what is not UTF-8, and every control code but line feed and tab, as `\xNN`.

    Cut so that the result takes at most RAW_TEXT_LIMIT bytes of UTF-8.
    """
    text = raw[:RAW_TEXT_LIMIT].decode("utf-8", "backslashreplace")
    text = _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text.replace("\r\n", "\n"))
    return text.encode()[:RAW_TEXT_LIMIT].decode("utf-8", "ignore")

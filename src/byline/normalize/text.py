"""Text plumbing that every normalizer shares: white space and normal forms."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from byline_schemas import NOT_NFC

NOT_ASCII = r"[^\x00-\x7F]"


def squash(s: pl.Expr) -> pl.Expr:
    """Return the text with each run of white space (any Unicode kind) as one space and none at the ends."""
    return s.str.replace_all(r"[\s\x00-\x1f\x7f]+", " ").str.strip_chars(" ")


def nfc(texts: pl.Series) -> pl.Series:
    """Return the texts in NFC; only rows with a character that NFC could change are touched."""
    return _where(texts, NOT_NFC, lambda some: some.str.normalize("NFC"))


def _where(texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Apply `change` to the rows that match `pattern`, as only texts beyond ASCII can; the others stay as they are."""
    beyond_ascii = (texts.str.len_bytes() > texts.str.len_chars()).fill_null(value=False).arg_true()
    some = texts.gather(beyond_ascii)
    hit = some.str.contains(pattern)
    if not hit.any():
        return texts
    return texts.clone().scatter(beyond_ascii.filter(hit), change(some.filter(hit)))

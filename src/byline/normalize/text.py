"""Text plumbing that every normalizer shares: white space, normal forms, the fold behind paper ids."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from byline_schemas import NOT_NFC

COMMAND = r"\\(?:[A-Za-z]+|.)"
"""A LaTeX control word or control symbol."""

NOT_ASCII = r"[^\x00-\x7F]"


def squash(s: pl.Expr) -> pl.Expr:
    """Return the text with each run of white space (any Unicode kind) as one space and none at the ends."""
    return s.str.replace_all(r"[\s\x00-\x1f\x7f]+", " ").str.strip_chars(" ")


def nfc(texts: pl.Series) -> pl.Series:
    """Return the texts in NFC; only rows with a character that NFC could change are touched."""
    return _where(texts, NOT_NFC, lambda some: some.str.normalize("NFC"))


def fold(series: pl.Series) -> pl.Series:
    """Return the comparison key of listed texts, as the contract defines it for paper ids.

    NFKC, LaTeX commands dropped, case folded, everything but letters and digits (Unicode L and N) dropped. Null
    stays null; a text without a letter or digit gives "". The key depends on Unicode's stable properties only.
    """
    kept = _where(series.cast(pl.String), NOT_ASCII, lambda some: some.str.normalize("NFKC"))
    kept = kept.str.replace_all(COMMAND, "").str.to_lowercase()
    kept = _where(kept, NOT_ASCII, _casefold)
    return kept.str.replace_all(r"[^\p{L}\p{N}]+", "")


def _casefold(texts: pl.Series) -> pl.Series:
    """Fold case fully (`ß` is `ss`), which polars does not do; only the few rows beyond ASCII come here."""
    folded = pl.Series(texts.name, [text.casefold() for text in texts], dtype=pl.String)
    return folded.str.normalize("NFKC")


def _where(texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Apply `change` to the rows that match `pattern`, as only texts beyond ASCII can; the others stay as they are."""
    beyond_ascii = (texts.str.len_bytes() > texts.str.len_chars()).fill_null(value=False).arg_true()
    some = texts.gather(beyond_ascii)
    hit = some.str.contains(pattern)
    if not hit.any():
        return texts
    return texts.clone().scatter(beyond_ascii.filter(hit), change(some.filter(hit)))

"""White space, NFC and escaping: what may be changed in a listed text, and what never.

As listed means NFC with white space folded, nothing else changed. White space is Unicode's `White_Space` and the
separators U+001C to U+001F. Characters that stand for nothing, the other control codes and those of no width (U+200B,
U+2060, U+FEFF), are dropped, not turned into a space: on the page there is none, and a space would break the word. A
control code acts on terminals, and XML can't hold it. The joiners U+200C and U+200D carry meaning in Persian and Indic
names and stay, and so do the marks of direction: Hebrew and Arabic texts need them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from byline_schemas import NOT_NFC

RAW_TEXT_LIMIT = 64 * 1024
"""Longest `raw_text` of a quarantined record, in bytes of UTF-8."""

ZERO_WIDTH = "\u200b\u2060\ufeff"
NOTHING = rf"\x00-\x08\x0e-\x1b\x7f-\x{{84}}\x{{86}}-\x{{9f}}{ZERO_WIDTH}"
"""Characters that stand for nothing, as a class of a regular expression: control codes but white space, no width."""
BLANK = rf"^[\s\p{{Cc}}{ZERO_WIDTH}]*$"
"""Matches a line that shows nothing (Rust's regular expressions)."""

UNFOLDED = rf"[\x00-\x1f\x7f-\x{{9f}}{ZERO_WIDTH}]|[\s--\x20]|  |^ | $"
"""Matches what no folded text holds: control codes, what has no width, other white space than single spaces within."""
_WHITE_SPACE = r"[\s\x1c-\x1f]{2,}|[\s\x1c-\x1f--\x20]"
_ODD_SPACE = r"[\s--\p{ASCII}]"
_WITHIN_A_WORD = r"\p{L}[\x00-\x08\x0e-\x1b\x7f-\x{84}\x{86}-\x{9f}]+\p{L}"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def fold_space(texts: pl.Series, *, controls: bool | pl.Series = True) -> pl.Series:
    """Return the texts in NFC, white space folded to single spaces and stripped; null stays null.

    Only rows that need it are touched: most are plain ASCII and pass through without a copy. `controls` says whether
    control codes (line ends, tabs) can be among them at all, or (Boolean, row-aligned) which of them hold one.
    """
    needs = (
        (texts.str.len_bytes() != texts.str.len_chars())
        | texts.str.contains("  ", literal=True)
        | texts.str.starts_with(" ")
        | texts.str.ends_with(" ")
    )
    if isinstance(controls, pl.Series):
        needs |= controls
    elif controls:
        needs |= texts.str.contains(r"[\x00-\x1f\x7f]")
    return _where(texts, needs, _fold_every)


def visible(texts: pl.Series) -> pl.Series:
    """Return the texts without characters that stand for nothing; white space stays as it is."""
    return _without(texts, NOTHING)


def damaged(texts: pl.Series) -> pl.Series:
    r"""Tell which texts have a control code within a word: a letter or an accent was lost there (`R\x7fosner`)."""
    return texts.str.contains(_WITHIN_A_WORD).fill_null(value=False)


def plain_spaces(texts: pl.Series) -> pl.Series:
    """Return the texts with spaces outside ASCII as plain ones and nothing of no width; tabs stay."""
    texts = _where(texts, texts.str.contains(_ODD_SPACE), lambda some: some.str.replace_all(_ODD_SPACE, " "))
    return _without(texts, ZERO_WIDTH)


def _without(texts: pl.Series, characters: str) -> pl.Series:
    """Return the texts without some characters, a class of a regular expression."""
    some_of = f"[{characters}]+"
    return _where(texts, texts.str.contains(some_of), lambda some: some.str.replace_all(some_of, ""))


def _fold_every(texts: pl.Series) -> pl.Series:
    """Drop what stands for nothing first: only then do a letter and its accent meet and compose."""
    texts = visible(texts)
    texts = _where(texts, texts.str.contains(NOT_NFC), lambda some: some.str.normalize("NFC"))
    texts = _where(
        texts, texts.str.contains(_WHITE_SPACE), lambda some: some.str.replace_all(_WHITE_SPACE, " ")
    )
    return texts.str.strip_chars(" ")


def _where(texts: pl.Series, which: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return the texts with some of them changed."""
    rows = which.arg_true()
    if rows.len() == 0:
        return texts
    if rows.len() == texts.len():
        return change(texts)
    return texts.clone().scatter(rows, change(texts.gather(rows)))


def escape(raw: bytes) -> str:
    r"""Return bytes as text that is safe to show.

    What is not UTF-8, and every control code but line feed and tab, stands as `\xNN`; CRLF becomes a line feed. Cut so
    that the result takes at most RAW_TEXT_LIMIT bytes of UTF-8.
    """
    text = raw[:RAW_TEXT_LIMIT].decode("utf-8", "backslashreplace")
    text = _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text.replace("\r\n", "\n"))
    return text.encode()[:RAW_TEXT_LIMIT].decode("utf-8", "ignore")

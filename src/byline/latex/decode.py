"""Columns of listed text in, plain Unicode out.

Only rows that hold a trigger are touched. Such a row is cut into plain text and pieces of markup; the distinct pieces
are decoded once each (they repeat: 180,000 formulas of 120,000 abstracts are 69,000 different ones) and put back.
That is repeated until nothing changes, so that markup within markup is met from the inside out.
"""

from __future__ import annotations

import polars as pl

from byline.latex import marks
from byline.latex.markup import SEGMENT, decode_segments, is_math, is_prose
from byline.text import NOT_ASCII, nfc

TRIGGER = r"[\\$~{}]|``|--"
"""What makes a row worth a closer look."""
ROUNDS = 6
"""Nesting of markup in running text beyond which the rest stays as typed."""

_MATH = r"(?s:\$\$[^$]+\$\$|\$[^$]+\$)"


def decode(texts: pl.Series) -> pl.Series:
    r"""Return listed texts as plain Unicode in NFC: `$\leq5$%` is `≤5%`, `{\'e}` is `é`, `\emph{so}` is `so`.

    Mathematics is kept readable on one line (`x²`, `ℓ₁`, `x^(n-1)`, `a/b`); what can't be, unknown macros and broken
    markup stay as typed. Null stays null, a text that isn't empty never becomes so, and decoding twice is the same
    as decoding once: a text whose decoded form would be read differently again is left as listed.
    """
    name, texts = texts.name, texts.cast(pl.String)
    rows = texts.str.contains(TRIGGER).fill_null(value=False).arg_true()
    listed = texts.gather(rows)
    found = _settled(listed, _pass(listed)) if rows.len() else listed
    return nfc(texts.clone().scatter(rows, found)).alias(name)


def _settled(listed: pl.Series, found: pl.Series) -> pl.Series:
    """Return the decoded texts, but the listed one where decoding again would change it or nothing is left."""
    rows = found.str.contains(TRIGGER).arg_true()
    again = _pass(found.gather(rows)) if rows.len() else found.gather(rows)
    stable = found.clone().scatter(rows, again) == found
    return pl.select(
        pl.when(stable & (found.str.strip_chars() != "")).then(found).otherwise(listed)
    ).to_series()


def _pass(listed: pl.Series) -> pl.Series:
    """Decode texts until nothing changes."""
    taken = listed.str.contains(marks.ANY)
    texts = _protect(listed)
    rows = pl.int_range(texts.len(), eager=True)
    for _ in range(ROUNDS):
        before = texts.gather(rows)
        after = _substitute(before)
        texts = texts.scatter(rows, after)
        rows = rows.filter(after != before)
        if rows.len() == 0:
            break
    clean = _restore(texts).str.replace_all(r"\s+", " ").str.strip_chars()
    clean = nfc(clean)
    return pl.select(pl.when(taken | (texts == _protect(listed))).then(listed).otherwise(clean)).to_series()


def _protect(texts: pl.Series) -> pl.Series:
    """Put marks in place of escapes, and of the dollars of texts where they can't all enclose mathematics."""
    escapes = {r"\\": marks.BREAK, r"\$": marks.DOLLAR, r"\{": marks.LEFT, r"\}": marks.RIGHT}
    texts = texts.str.replace_many(list(escapes), list(escapes.values()), leftmost=True)
    spans = texts.str.extract_all(_MATH)
    flat = spans.explode().drop_nulls().unique()
    prose = flat.filter(pl.Series([is_prose(one) for one in flat], dtype=pl.Boolean))
    doubtful = texts.str.count_matches("$", literal=True) % 2 == 1
    if prose.len():
        doubtful |= pl.select(spans.list.eval(pl.element().is_in(prose.implode())).list.any()).to_series()
    stray = texts.str.replace_all("$", marks.STRAY, literal=True)
    return pl.select(pl.when(doubtful).then(stray).otherwise(texts)).to_series()


def _restore(texts: pl.Series) -> pl.Series:
    """Put what they stand for in place of the marks."""
    every = marks.TYPED | marks.LITERAL
    return texts.str.replace_many(list(every), list(every.values()))


def _substitute(texts: pl.Series) -> pl.Series:
    """Decode every piece of markup of the texts once, the pieces side by side."""
    # Searching without captures (`extract_all`, a replacement without `$`) is ten times faster than with them.
    frame = pl.DataFrame(
        {
            "plain": texts.str.replace_all(SEGMENT, marks.CUT).str.split(marks.CUT),
            "markup": texts.str.extract_all(SEGMENT),
        }
    )
    frame = (
        frame.with_row_index("row")
        .with_columns(pl.concat_list("markup", pl.lit("")))
        .explode("plain", "markup")
    )
    distinct = frame["markup"].unique()
    decoded = pl.Series(decode_segments(distinct.to_list()), dtype=pl.String)
    frame = frame.with_columns(pl.col("plain") + pl.col("markup").replace_strict(distinct, decoded))
    return frame.group_by("row", maintain_order=True).agg(pl.col("plain").str.join(""))["plain"]

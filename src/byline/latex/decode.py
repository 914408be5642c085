"""Columns of listed text in, plain Unicode out.

Only rows that hold a trigger are touched. Such a row is cut into plain text and pieces of markup; the distinct pieces
are decoded once each (they repeat: 180,000 formulas of 120,000 abstracts are 69,000 different ones) and put back.
That is repeated until nothing changes, so that markup within markup is met from the inside out.
"""

from __future__ import annotations

import polars as pl

from byline.latex import marks
from byline.latex.markup import decode_segments
from byline.latex.segments import CONTEXTUAL, SEGMENT, SUSPECT, is_prose
from byline.text import nfc

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
    name, texts = texts.name, nfc(texts.cast(pl.String))
    wanted = texts.str.contains(TRIGGER).fill_null(value=False)
    rows = (wanted & ~texts.str.contains(marks.ANY).fill_null(value=False)).arg_true()
    listed = texts.gather(rows)
    found = _settled(listed, _pass(listed)) if rows.len() else listed
    return texts.clone().scatter(rows, found).alias(name)


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
    start = _protect(listed)
    texts, rows = start, pl.int_range(start.len(), eager=True)
    for _ in range(ROUNDS):
        before = texts.gather(rows)
        after = _substitute(before)
        texts = texts.scatter(rows, after) if rows.len() < texts.len() else after
        rows = rows.filter((after != before) & after.str.contains(TRIGGER))
        if rows.len() == 0:
            break
    clean = nfc(_single_spaces(_restore(texts)))
    return pl.select(pl.when(texts == start).then(listed).otherwise(clean)).to_series()


def _single_spaces(texts: pl.Series) -> pl.Series:
    """Fold the white space that dropped markup left behind; cheap where there is none."""
    rows = texts.str.contains(r"\s\s|[^\S ]|^\s|\s$").arg_true()
    folded = texts.gather(rows).str.replace_all(r"\s+", " ").str.strip_chars()
    return texts.scatter(rows, folded) if rows.len() else texts


def _protect(texts: pl.Series) -> pl.Series:
    """Put marks in place of escapes, and of the dollars of texts where they can't all enclose mathematics."""
    escapes = {r"\\": marks.BREAK, r"\$": marks.DOLLAR, r"\{": marks.LEFT, r"\}": marks.RIGHT}
    texts = texts.str.replace_many(list(escapes), list(escapes.values()), leftmost=True)
    spans = texts.str.extract_all(_MATH)
    suspects = spans.explode().drop_nulls().unique()
    suspects = suspects.filter(suspects.str.contains(SUSPECT))
    prose = suspects.filter(pl.Series([is_prose(one) for one in suspects], dtype=pl.Boolean))
    doubtful = texts.str.count_matches("$", literal=True) % 2 == 1
    if prose.len():
        doubtful |= spans.list.eval(pl.element().is_in(prose.implode())).list.any()
    rows = doubtful.arg_true()
    return texts.scatter(rows, texts.gather(rows).str.replace_all("$", marks.STRAY, literal=True))


def _restore(texts: pl.Series) -> pl.Series:
    """Put what they stand for in place of the marks."""
    every = marks.TYPED | marks.LITERAL
    return texts.str.replace_many(list(every), list(every.values()))


def _substitute(texts: pl.Series) -> pl.Series:
    """Decode every piece of markup of the texts once, the pieces side by side."""
    # Searching without captures (`extract_all`, a replacement without `$`) is far faster than with them.
    plain = texts.str.replace_all(SEGMENT, marks.CUT).str.split(marks.CUT)
    markup = texts.str.extract_all(SEGMENT)
    frame = pl.DataFrame({"plain": plain, "markup": markup}).with_row_index("row")
    frame = frame.with_columns(pl.concat_list("markup", pl.lit(""))).explode("plain", "markup")
    before, after = pl.col("plain").str.tail(1), pl.col("plain").shift(-1, fill_value="").str.head(1)
    cut = pl.lit(marks.CUT)
    beside = pl.concat_str(cut, before, cut, "markup", cut, after)
    frame = frame.with_columns(
        pl.when(pl.col("markup").str.contains(CONTEXTUAL)).then(beside).otherwise("markup").alias("markup")
    )
    distinct = frame["markup"].unique()
    decoded = pl.Series(decode_segments(distinct.to_list()), dtype=pl.String)
    frame = frame.with_columns(pl.col("plain") + pl.col("markup").replace_strict(distinct, decoded))
    return frame.group_by("row", maintain_order=True).agg(pl.col("plain").str.join(""))["plain"]

"""The lines of a card that may be a title and names apart, as texts: what stands where, and labels taken off names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from byline.forms.name_patterns import patterns
from byline.listing.text import BLANK, escape, fold_space


@dataclass(frozen=True)
class Texts:
    """Lines of records: the title's line as it stands, the line behind it, what is left; null where missing."""

    title: pl.Series
    below: pl.Series
    rest: pl.Series


def shown_lines(records: Sequence[bytes]) -> Texts:
    """Return the lines of records behind their headers, blank ones left out.

    Example: of `LGSep 25, 2023`, `On Owls`, `Ada Pym`, `We look.`, `Again.` they are `On Owls`, `Ada Pym` and
    `We look. Again.`.
    """
    text = pl.Series([escape(record) for record in records], dtype=pl.String)
    lines = text.str.replace_all(r"\\x0d|\r", "\n").str.split("\n")
    shown = lines.list.eval(pl.element().filter(~pl.element().str.contains(BLANK)))
    part = pl.DataFrame({"shown": shown}).select(
        title=pl.col("shown").list.get(1, null_on_oob=True),
        below=pl.col("shown").list.get(2, null_on_oob=True),
        rest=pl.col("shown").list.slice(3).list.join(" "),
    )
    rest = fold_space(part["rest"])
    return Texts(part["title"], fold_space(part["below"]), rest.set(rest == "", None))


def lines_joined(below: pl.Series, rest: pl.Series) -> pl.Series:
    """Return two texts a record as one, null where both are."""
    both = pl.select(pl.concat_str(below, rest, separator=" ", ignore_nulls=True)).to_series()
    return both.set(both == "", None)


def without_labels(names: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Take organisation labels, which stand behind a dot and in lower case, off a list of names."""
    labels = names.str.extract(r"\s·\s+(\p{Ll}.*)$")
    labels = labels.set(
        labels.str.contains(rf"^(?:{patterns().particle}\s)+\p{{Lu}}"), None
    )  # `· van Dee, Cy`
    bare = names.str.replace(r"\s·\s+\p{Ll}.*$", "")
    bare = pl.select(pl.when(labels.is_null()).then(names).otherwise(bare)).to_series()
    return bare, labels.str.split(", ").fill_null([])

"""The lines of a card that may be a title and names apart, as texts: what stands where, and labels taken off names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from byline.core.matching import holding
from byline.forms.name_patterns import patterns
from byline.listing.text import BLANK, RAW_TEXT_LIMIT, damaged, fold_space, visible


@dataclass(frozen=True)
class Texts:
    """Lines of records: the title's line as it stands, the line behind it, what is left; null where missing."""

    title: pl.Series
    below: pl.Series
    rest: pl.Series
    damaged: pl.Series | None = None
    """Whether the first or the second has lost a character within a word; null where none has."""


def shown_lines(records: Sequence[bytes]) -> Texts:
    """Return the lines of records behind their headers, blank ones left out.

    Example: of `LGSep 25, 2023`, `On Owls`, `Ada Pym`, `We look.`, `Again.` they are `On Owls`, `Ada Pym` and
    `We look. Again.`.
    """
    whole = [record[:RAW_TEXT_LIMIT].decode("utf-8", "backslashreplace") for record in records]
    raw = pl.Series(whole, dtype=pl.String)
    text = visible(raw)
    part, lost = _parts(text), None
    if text is not raw:
        listed = _parts(raw)
        lost = damaged(listed["title"]) | damaged(listed["below"])
    rest = fold_space(part["rest"])
    return Texts(part["title"], fold_space(part["below"]), rest.set(rest == "", None), lost)


def _parts(text: pl.Series) -> pl.DataFrame:
    """Return the lines behind each record's header, blank ones left out: the first, the second, the others joined."""
    lines = text.str.replace_all("\r", "\n", literal=True).str.split("\n")
    shown = lines.list.eval(pl.element().filter(~pl.element().str.contains(BLANK)))
    return pl.DataFrame({"shown": shown}).select(
        title=pl.col("shown").list.get(1, null_on_oob=True),
        below=pl.col("shown").list.get(2, null_on_oob=True),
        rest=pl.col("shown").list.slice(3).list.join(" "),
    )


def lines_joined(below: pl.Series, rest: pl.Series) -> pl.Series:
    """Return two texts a record as one, null where both are."""
    both = pl.select(pl.concat_str(below, rest, separator=" ", ignore_nulls=True)).to_series()
    return both.set(both == "", None)


def without_labels(names: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Take organisation labels, which stand behind a dot and in lower case, off a list of names."""
    if not holding(names, ["·"]).any():
        return names, pl.Series([[]], dtype=pl.List(pl.String)).new_from_index(0, len(names))
    labels = names.str.extract(r"\s·\s+(\p{Ll}.*)$")
    labels = labels.set(
        labels.str.contains(rf"^(?:{patterns().particle}\s)+\p{{Lu}}"), None
    )  # `· van Dee, Cy`
    bare = names.str.replace(r"\s·\s+\p{Ll}.*$", "")
    bare = pl.select(pl.when(labels.is_null()).then(names).otherwise(bare)).to_series()
    return bare, labels.str.split(", ").fill_null([])

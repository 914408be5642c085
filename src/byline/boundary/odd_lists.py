"""Lists behind a border that are not the card's: read again as a text, and never sure where another reading remains."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import names_list
from byline.boundary.lines import Ints
from byline.boundary.tails import known_organisations
from byline.core import resources

DOUBTED_AT_MOST = np.float32(0.5)
"""How sure a reading is at most whose list of names may be another one."""
AND_AT_MOST = np.float32(0.98)
"""The same where an `and` divided names: of known papers 1 in 3,000 has one in a name, by a slip of its compiler."""

_ODD = (
    r"[;&|•·∙…@<>=:\d/]|,\S|\. ?\. ?\.|(?: |^)(?:and|und|et|with|och|og|ve|y|e|i|en|и)(?: |$)| [-–—+]+ |^Ph\.? ?D|IEEE"
    r"|^(?i:with|by|\w+ by|united [a-z]+) |[大学院所司團团社学校소원]$"
    r"|^\S*[\p{Lu}\p{Ll}]\S*$"
    r"|^[a-z]\p{Lu}\p{Ll}"
    r"|^(?:\p{Lu}\.?[ -]?)+$|^\p{Lu}\p{Ll}\.(?:[ -]?\p{Lu}\.)*$"
    r"|(?i:universi|institut|college|school|facult|depart|laborator|hospital|academy)"
    r"|(?i:polyte|politec|cent(?:re|er)(?: |$)|hochschule|univer[sz]|uniwers|yliopisto|egyetem|research| labs?(?: |$))"
    r"|(?i:observator|(?:^| )[eé]cole |h[oöø]gsk|agency|(?:^| )(?:army|navy|bureau)(?: |$))"
    r"|^[(\[]|[)\]]$|\p{Ll}{2}\. \p{Lu}\p{Ll}+ \p{Lu}\p{Ll}"
    r"|(?i:(?: |^)(?:univ|dept|inc|ltd|llc|gmbh|corp)(?:[ .]|$))"
)
"""A name that holds a separator, a mark or a digit, is one word, initials only, or an organisation."""


_MARK_BEHIND = r"[,;] ?(?:\d{1,2}|[*†‡§¶#✉∗]+)(?:,\d{1,2})*$"
"""How a title ends that may have taken the first names of a list whose footnote marks stand before the names:
`On Owls1Ida Rehn, 2Olaf Brandt`. Of 120,000 arXiv titles twelve end so (`Notes on normed algebras, 3`)."""


def doubt_marked(titles: pl.Series, confidence: NDArray[np.float32]) -> None:
    """Cap in place how sure the readings are whose titles end with what may be the mark of the name behind it."""
    rows = titles.str.contains(_MARK_BEHIND).fill_null(value=False).arg_true().to_numpy()
    confidence[rows] = np.minimum(confidence[rows], DOUBTED_AT_MOST)


@resources.kept
def _known_organisations() -> pl.Series:
    """Return the names of `known_organisations` as a column."""
    return pl.Series(sorted(known_organisations()), dtype=pl.String)


def odd(names: pl.Series) -> pl.Series:
    """Tell names that seem to be several, or none: their list is to be read again. Of 700,000 known names 1 in 500."""
    return names.str.contains(_ODD) | names.str.to_lowercase().is_in(_known_organisations().implode())


def read_again(
    texts: pl.Series, rows: Ints, frame: pl.DataFrame, confidence: NDArray[np.float32]
) -> pl.DataFrame:
    """Return the frame with the lists of some rows read by `names_list`; `texts` are these rows' lists with all behind.

    `confidence`, one a row of the frame, is capped in place where a list leaves a doubt.
    """
    found = [names_list.read_names(text) for text in texts.to_list()]
    unsure = rows[[bool(one.doubts) for one in found]]
    confidence[unsure] = np.minimum(confidence[unsure], DOUBTED_AT_MOST)
    joined_by_and = rows[texts.str.contains(r" (?:and|&) ").to_numpy()]
    confidence[joined_by_and] = np.minimum(confidence[joined_by_and], AND_AT_MOST)
    again = pl.DataFrame(
        {
            "row": rows,
            "authors_new": [one.names for one in found],
            "labels_new": [one.labels for one in found],
            "cut_new": [one.cut for one in found],
        },
        schema={
            "row": pl.Int64,
            "authors_new": pl.List(pl.String),
            "labels_new": pl.List(pl.String),
            "cut_new": pl.Boolean,
        },
    ).filter(pl.col("authors_new").list.len() > 0)
    joined = (
        frame.with_row_index("row")
        .cast({"row": pl.Int64})
        .join(again, on="row", how="left", maintain_order="left")
    )
    return joined.with_columns(
        authors=pl.coalesce("authors_new", "authors"),
        labels=pl.coalesce("labels_new", "labels"),
        authors_truncated=pl.col("authors_truncated") | pl.col("cut_new").fill_null(value=False),
    ).select(frame.columns)

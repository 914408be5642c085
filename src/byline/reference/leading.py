"""Keys of first authors, straight from arXiv's lists: the many names in plain letters need no decoding."""

from __future__ import annotations

import polars as pl

from byline.reference.authors import names_of
from byline.reference.keys import author_key, with_author_keys

ODD = r"[^ !-#%-;=?-Z_a-z|\p{L}]|--|  |^[ :;,]|[ :;,]$"
"""What must be decoded (`authors.ODD`), but letters of any script: folding reads them as decoding leaves them."""
PLACES = ("first", "second")
"""Authors that make keys."""
AHEAD = 4
"""Authors that are read to find them, since a collaboration may leave its first entries empty."""


def leading_keys(authors: pl.Series) -> pl.DataFrame:
    """Return `first` and `second`, the keys of the first two authors of lists (`LISTED`), as `with_author_keys` does.

    Lists whose first two have a mark that must be decoded, or lack a part, go the long way, by `names_of`.
    """
    parts = _parts(authors)
    found = pl.DataFrame(
        {place: author_key(parts[f"family_{place}"], parts[f"given_{place}"]) for place in PLACES}
    )
    rest = (~_plain(parts)).arg_true()
    if not rest.len():
        return found
    named = with_author_keys(pl.DataFrame({"names": names_of(authors.gather(rest).list.head(AHEAD))}))
    return found.with_columns(found[place].scatter(rest, named[place]) for place in PLACES)


def _parts(authors: pl.Series) -> pl.DataFrame:
    """Return family and given name of the first two authors, and how many authors there are (1 for null)."""
    made: dict[str, pl.Series] = {"count": authors.list.len().fill_null(1)}
    for at, place in enumerate(PLACES):
        name = authors.list.get(at, null_on_oob=True)
        made[f"family_{place}"] = name.list.get(0, null_on_oob=True)
        made[f"given_{place}"] = name.list.get(1, null_on_oob=True)
    return pl.DataFrame(made)


def _plain(parts: pl.DataFrame) -> pl.Series:
    """Tell the lists of whose first two authors the parts are names as they stand: no marks, the family name there."""

    def plain(place: str) -> pl.Expr:
        family, given = pl.col(f"family_{place}"), pl.col(f"given_{place}")
        letter = r"^\p{L}"
        named = family.str.contains(letter) & ~family.str.contains(ODD)
        return named & (
            given.is_null() | (given == "") | (given.str.contains(letter) & ~given.str.contains(ODD))
        )

    alone = pl.col("count") == 1
    both = plain("first") & (plain("second") | (alone & pl.col("family_second").is_null()))
    return parts.select(both.fill_null(value=False)).to_series()

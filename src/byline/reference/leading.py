"""The first two authors of arXiv's lists, for keys: nearly all come straight from the parts, undecoded."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from byline.core.hashing import utf8
from byline.reference.author_keys import FIRST_AUTHORS, SMALL, first_authors
from byline.reference.authors import BETWEEN_AUTHORS, names_of

ODD = ord("&")
"""A mark of HTML's: what it stands for may be a letter."""
AHEAD = 4
"""Authors that are read to find the first two, since a collaboration may leave its first entries empty."""


def leading(lists: pa.ListArray, texts: pl.Series) -> pl.DataFrame:
    """Return the first two authors as arXiv's own reading has them, in the columns `FIRST_AUTHORS`, row-aligned.

    `lists`: authors, each a list of its parts; `texts`: the same as `authors.joined` makes them, or what was cut where
    arXiv has not read the list. Where the first two are no names as they stand, they are found by `names_of`.
    """
    found = pl.DataFrame(_parts(lists))
    rest = _unclear(found, np.diff(lists.offsets.to_numpy())).arg_true()
    if not rest.len():
        return found
    ahead = texts.gather(rest).str.splitn(BETWEEN_AUTHORS, AHEAD + 1)
    some = pl.concat_str([ahead.struct.field(f"field_{at}") for at in range(AHEAD)], separator=BETWEEN_AUTHORS,
                         ignore_nulls=True)  # fmt: skip
    named = first_authors(names_of(pl.select(some).to_series()))
    return found.with_columns(found[name].scatter(rest, named[name]) for name in FIRST_AUTHORS)


def _parts(lists: pa.ListArray) -> dict[str, pl.Series]:
    """Return family and given name of the first two authors as they stand, null where there is none."""
    offsets, begins = lists.offsets.to_numpy(), lists.values.offsets.to_numpy()
    starts, counts = offsets[:-1], np.diff(offsets)
    made = {}
    for at, place in enumerate(("first", "second")):
        author = np.flatnonzero(counts > at)
        begin, end = begins[starts[author] + at], begins[starts[author] + at + 1]
        for which, part in enumerate(("family", "given")):
            index = np.zeros(len(counts), dtype=begins.dtype)
            index[author] = begin + which
            there = np.zeros(len(counts), dtype=np.bool_)
            there[author] = begin + which < end
            made[f"{part}_{place}"] = _taken(lists.values.values, index, there)
    return made


def _taken(parts: pa.StringArray, index: npt.NDArray[np.integer], there: npt.NDArray[np.bool_]) -> pl.Series:
    return pl.Series(parts.take(pa.array(index, mask=~there)), dtype=pl.String)


def _unclear(found: pl.DataFrame, counts: npt.NDArray[np.integer]) -> pl.Series:
    """Tell the lists of which one of the first two authors has no family name, or one with marks; or that are empty."""
    first, second = (_clear(found[f"family_{place}"]) for place in ("first", "second"))
    return pl.Series(~(first & ((counts == 1) | second)))


def _clear(families: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell the family names that have a letter and no mark of HTML's."""
    data, offsets = utf8(families)
    clear = np.zeros(len(families), dtype=np.bool_)
    rows = np.flatnonzero(offsets[1:] > offsets[:-1])
    clear[rows] = SMALL[data[offsets[rows]]] > 0  # nearly all begin with a letter
    odd = pl.Series(rows[~clear[rows]])
    clear[odd] = families.gather(odd).str.contains(r"\p{L}")
    if (data == ODD).any():
        clear &= ~families.str.contains(chr(ODD), literal=True).fill_null(value=False).to_numpy()
    return clear

"""Columns of lists, which polars takes as they are but does not write into."""

from __future__ import annotations

import numpy as np
import polars as pl


def put(lists: pl.Series, rows: pl.Series, new: pl.Series) -> pl.Series:
    """Return lists with others in the place of some rows; `scatter` takes plain values only, and writes in place.

    `rows`: where the lists of `new` go, in its order. Of [a, b, c], rows [1] and new [x] are [a, x, c]: both behind one
    another are [a, b, c, x], of which 0, 3, 2 are gathered.
    """
    order = np.arange(len(lists))
    order[rows.to_numpy()] = len(lists) + np.arange(len(rows))
    return pl.concat([lists, new.alias(lists.name)]).gather(order)

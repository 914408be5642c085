"""What of some blocks can be resolved by itself: a very common name a few parts at a time, and what a change touches.

Two mentions matter to each other only where one person may carry both forms of the name, or where their forms are
counted together: those of one first letter are. Forms tied so, directly or through others, are a part of their block.

    J. Pym, Jo Pym      one letter           part 1
    K. Jo Pym           drops to Jo Pym      part 1, and so K. Pym and Kai Pym
    Ada Pym, A. Pym     one letter           part 2
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from byline.identity.forms import FORM, forms, related
from byline.identity.groups import Ints, components


def parts(mentions: pl.DataFrame) -> Ints:
    """Return the part that each mention lies in, a number that says nothing else.

    `mentions`: rows of `describe`, of whole blocks, in any order.
    """
    if mentions.is_empty():
        return np.zeros(0, dtype=np.int64)
    _, first, form = np.unique(mentions["form_key"].to_numpy(), return_index=True, return_inverse=True)
    named = (
        mentions.select(*FORM, "rarity")[first]
        .with_row_index("form")
        .with_columns(pl.col("form").cast(pl.Int64))
    )
    table = forms(named)
    letter = (
        table.select(pl.struct("block", "letter").rank("dense")).to_series().to_numpy().astype(np.int64) - 1
    )
    pairs, count = related(table), table.height
    # letters are nodes behind the forms: a form is tied to its letter's as to another form
    one = np.concatenate([pairs["form_a"].to_numpy(), np.arange(count)])
    other = np.concatenate([pairs["form_b"].to_numpy(), count + letter])
    found: Ints = components(count + int(letter.max()) + 1, one, other)[form]
    return found


def shares(mentions: pl.DataFrame, together: pl.Series | None, most: int) -> Iterator[Ints]:
    """Yield the rows of mentions that are resolved together: whole parts, about `most` rows of several small ones.

    The parts of the rows `together`, those that a person decided upon, come in one share.
    """
    part = parts(mentions)
    if together is not None:
        tied = np.unique(part[together.to_numpy()])
        part = np.where(np.isin(part, tied), tied[0], part)
    order = np.argsort(part, kind="stable")
    _, begin = np.unique(part[order], return_index=True)
    ends = [*begin[1:].tolist(), len(order)]
    start = 0
    for at, end in zip(begin.tolist(), ends, strict=True):
        if end - start > most and at > start:
            yield np.sort(order[start:at])
            start = at
    yield np.sort(order[start:])

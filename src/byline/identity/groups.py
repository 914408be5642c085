"""Mentions to mention groups: mentions of one name form that share a co-author, which nothing later parts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import hash64

Ints = npt.NDArray[np.int64]


LISTS = ("coauthors", "terms", "organisations")
"""Columns of `describe` that hold lists."""
MENTIONS_AT_ONCE = 1 << 17
"""Mentions whose lists are taken apart in one go: words, of which each has a dozen, or co-authors."""
MIX = np.uint64(0x9E3779B97F4A7C15)
MIX_FORM = np.uint64(0xD6E8FEB86659FD93)
"""Odd constants (of splitmix and of a published mixer): two different pairs share a number once in 2**64."""


def canonical(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions in their canonical order: by block, day (none is last), paper and position.

    What lists say (`LISTS`) is left out: most of what mentions take, it is read once, some at a time (`held`).

    All that follows, ties and sums of floats among it, runs in this order, so the result can't depend on the listing's.
    `mentions` are rows of `describe`; added are:

    | column | type | what it says |
    |---|---|---|
    | `row` | UInt32 | where the mention stood in `mentions` |
    | `form` | Int64 | number of the form of its name, in the order of `form_key` |
    | `paper_key` | UInt64 | hash of its paper |
    """
    keys = mentions.select("block_key", "published", "paper_id", "position").with_row_index("row")
    row = keys.sort("block_key", "published", "paper_id", "position", nulls_last=True)["row"]
    del keys
    ordered = mentions.drop(LISTS, strict=False)[row].with_columns(row)
    _, form = np.unique(ordered["form_key"].to_numpy(), return_inverse=True)
    return ordered.with_columns(
        form=pl.Series(form.astype(np.int64, copy=False)),
        paper_key=pl.Series(hash64(ordered["paper_id"], "paper")),
    )


def components(size: int, a: Ints, b: Ints) -> Ints:
    """Return a label per node, the smallest node of its component, for the graph of edges (a, b)."""
    label = np.arange(size, dtype=np.int64)
    if len(a) == 0:
        return label
    while True:
        low = np.minimum(label[a], label[b])
        before = label.copy()
        np.minimum.at(label, label[a], low)
        np.minimum.at(label, label[b], low)
        label = label[label]
        label = label[label]
        if np.array_equal(label, before):
            return label


def coauthor_rows(ordered: pl.DataFrame, coauthors: pl.Series) -> pl.DataFrame:
    """Return one row a mention and co-author, from canonical mentions and the co-authors of all, in the order of `row`.

    | column | type | what it says |
    |---|---|---|
    | `at` | UInt32 | canonical row of the mention |
    | `key` | UInt32 | who: block and first letter of the co-author, hashed |
    | `given` | UInt32 | his first given name, hashed to 24 bits; 0 for an initial |
    | `rarity` | Float32 | of his name, in nats |

    A key of 64 bits is taken apart so: `0x1A2B3C4D_00F00D_18` is key `0x1A2B3C4D`, given `0x00F00D`, and rarity
    `0x18 / 8` = 3 nats.
    """
    parts = [_coauthors(ordered.select("own_key"), coauthors.head(0), 0)]
    for start in range(0, ordered.height, MENTIONS_AT_ONCE):
        some = ordered.slice(start, MENTIONS_AT_ONCE)
        parts.append(_coauthors(some.select("own_key"), coauthors.gather(some["row"]), start))
    return pl.concat(parts)


def _coauthors(own: pl.DataFrame, coauthors: pl.Series, start: int) -> pl.DataFrame:
    """Return the rows of some mentions, whose first one is the canonical row `start`."""
    rows = pl.DataFrame({"own": own["own_key"].head(coauthors.len()) // (1 << 32), "coauthors": coauthors})
    rows = rows.with_row_index("at", offset=start).explode("coauthors").drop_nulls()
    key = pl.col("coauthors") // (1 << 32)
    return rows.filter(key != pl.col("own")).select(
        "at", key=key.cast(pl.UInt32), given=(pl.col("coauthors") // 256 % (1 << 24)).cast(pl.UInt32),
        rarity=(pl.col("coauthors") % 256).cast(pl.Float32) / 8,
    )  # fmt: skip


def of_one_paper(ordered: pl.DataFrame) -> Ints:
    """Return the rows of mentions whose paper lists another name of their block; few."""
    place = ordered["paper_key"].to_numpy() ^ (ordered["block_key"].to_numpy() * MIX)
    order = np.argsort(place)  # ties in any order: all of them are taken
    again = place[order][1:] == place[order][:-1]
    several: Ints = order[np.append(again, False)[: len(place)] | np.append(False, again)[: len(place)]]
    return np.sort(several)


def namesakes_of_one_paper(ordered: pl.DataFrame, several: Ints) -> npt.NDArray[np.bool_]:
    """Tell the mentions whose form of a name their paper lists twice: two persons, whoever their co-authors are.

    `several`: the rows of `of_one_paper`.
    """
    some = ordered.select("paper_key", "form")[several]
    out = np.zeros(ordered.height, dtype=np.bool_)
    out[several] = some.select(pl.len().over("paper_key", "form") > 1).to_series().to_numpy()
    return out


def mention_groups(
    ordered: pl.DataFrame, coauthors: Iterable[pl.DataFrame], least: float, alone: npt.NDArray[np.bool_]
) -> Ints:
    """Return each mention's group, numbered from 0 in canonical order.

    Two mentions of one form are of one group when they share a co-author with a full given name, and the co-author's
    and the form's rarity add up to at least `least` (natural logarithms): two common names may meet by chance.
    Mentions in `alone` (canonical rows) are groups of their own. `coauthors`: rows of `coauthor_rows`, those of one
    co-author together.
    """
    label = np.arange(ordered.height)
    for rows in coauthors:
        a, b = _sharing(ordered, rows, least, alone)
        label = components(len(label), label[a], label[b])[label]
    roots = label == np.arange(len(label))
    return (np.cumsum(roots) - 1)[label]


def _sharing(
    ordered: pl.DataFrame, coauthors: pl.DataFrame, least: float, alone: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Return pairs of mentions that share a co-author: of all that do, each and the next."""
    at = coauthors["at"].to_numpy()
    given = coauthors["given"].to_numpy()
    keep = (given > 0) & (ordered["rarity"].to_numpy()[at] + coauthors["rarity"].to_numpy() >= least)
    keep &= ~alone[at]
    at = at[keep].astype(np.int64)
    who = (coauthors["key"].to_numpy()[keep].astype(np.uint64) << np.uint64(24)) | given[keep]
    # one 64-bit number for (form, co-author): a sort of numbers, not of three columns
    mixed = (who * MIX) ^ (ordered["form"].to_numpy()[at].astype(np.uint64) * MIX_FORM)
    order = np.argsort(mixed)  # ties in any order: the components are the same
    mixed, at = mixed[order], at[order]
    here = np.flatnonzero(mixed[1:] == mixed[:-1]) + 1
    return at[here - 1], at[here]

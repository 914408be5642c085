"""Which groups are compared, and what they share: candidate pairs without quadratic growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.sorted_arrays import firsts

NEIGHBOURS = 3
COMMON_KEY = 40
"""Groups of one (block, letter) that may share a co-author before sharing him stops being looked at."""


@dataclass(frozen=True)
class Reach:
    """How many pairs are compared where a name has many groups.

    With twice as much the scores on the gold are the same to the fourth digit, and common names take twice the time.
    """

    form: int = 30
    """Groups of one form up to which all pairs are compared; beyond, pairs with evidence and neighbours in time."""
    pair: int = 64
    """Pairs between the groups of two forms up to which all are compared; beyond, pairs with evidence ..."""
    side: int = 6
    """... and between so many groups of each form that stand for the rest."""
    partners: int = 64
    """Forms that one person may carry beside a form, up to which its groups are compared with theirs without evidence:
    J. fits a thousand names of a common family, and without a co-author there is no telling which."""


SHIPPED = Reach()


def shared(rows: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Return the pairs of rows that agree in subblock and key, the smaller group first.

    A key that more than `limit` rows of a subblock share is left out. `rows`, one a mention and co-author:

    | column | type | what it says |
    |---|---|---|
    | `subblock` | Int64 | number of (block, first letter): only its groups are compared here |
    | `group` | Int64 | mention group |
    | `key`, `given`, `rarity` | UInt32, UInt32, Float32 | the co-author, see `coauthor_rows` |

    The result has the same columns, and `group_b`, `given_b`, `rarity_b` of the other row. For the groups 1, 2 and 3 of
    one subblock, where 1 and 3 have the co-author `0xA1`, and 2 has another:

        subblock  group  key          group  group_b  key
        0         1      0xA1         1      3        0xA1
        0         2      0xB2    →
        0         3      0xA1
    """
    place = (rows["subblock"].to_numpy().astype(np.uint64) << np.uint64(32)) | rows["key"].to_numpy()
    order = np.argsort(place)
    place, group = place[order], rows["group"].to_numpy()[order]
    begin = np.flatnonzero(firsts(place))
    if len(begin):
        several = np.minimum.reduceat(group, begin) != np.maximum.reduceat(group, begin)
        order = order[np.repeat(several, np.diff(np.append(begin, len(place))))]
    # of two spellings of one co-author the rarer counts, whichever comes first
    some = rows[pl.Series(order)].group_by("subblock", "key", "group", "given").agg(pl.col("rarity").max())
    some = some.filter(pl.len().over("subblock", "key") <= limit)
    pairs = some.join(some, on=["subblock", "key"], suffix="_b")
    return pairs.filter(pl.col("group") < pl.col("group_b"))


def shared_coauthors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what `summed` says of the pairs of groups (a < b) of one subblock that share co-authors.

    `rows` as `shared` takes them.
    """
    return summed(shared(rows, COMMON_KEY))


def shared_across(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the same as `shared_coauthors` for some pairs of whatever subblocks.

    `rows` as `shared` takes them, subblock aside; `pairs`: group, group_b (Int64).
    """
    named = pl.concat([pairs["group"], pairs["group_b"].alias("group")]).unique().implode()
    some = rows.filter(pl.col("group").is_in(named))
    distinct = some.group_by("group", "key", "given").agg(pl.col("rarity").max())
    met = pairs.join(distinct, on="group").join(
        distinct, left_on=["group_b", "key"], right_on=["group", "key"], suffix="_b"
    )
    return summed(met)


def summed(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return what pairs of groups share of co-authors, from the pairs of rows that `shared` gives.

    A co-author whose given names are both full and differ is not shared; where one is an initial the match is weak and
    counts half. The result:

    | column | type | what it says |
    |---|---|---|
    | `group`, `group_b` | Int64 | the pair, the smaller group first |
    | `full` | Int32 | co-authors that both name in full |
    | `weak` | Int32 | co-authors of whom one side has an initial |
    | `rarity` | Float64 | sum of the rarities (nats) of all of them, the weak ones at half |

    Two groups that share Ada Pym (rarity 9 and 9), and B. Ohm beside Boris Ohm (6 and 7), but Cy Fox beside Cleo Fox:

        full 1, weak 1, rarity 9 + 0.5 x 6 = 12
    """
    weak = (pl.col("given") == 0) | (pl.col("given_b") == 0)
    pairs = pairs.filter(weak | (pl.col("given") == pl.col("given_b"))).with_columns(weak=weak)
    per_key = pairs.group_by("group", "group_b", "key").agg(
        pl.col("weak").min(), rarity=pl.min_horizontal("rarity", "rarity_b").max()
    )
    value = pl.col("rarity") * pl.when("weak").then(0.5).otherwise(1.0)
    return per_key.group_by("group", "group_b").agg(
        full=(~pl.col("weak")).sum().cast(pl.Int32),
        weak=pl.col("weak").sum().cast(pl.Int32),
        # in sixteenths, as integers: a sum that no order of rows can change
        rarity=(value * 16).round().cast(pl.Int64).sum() / 16.0,
    )


def put_together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return what `summed` says, of what it says of some co-authors at a time."""
    if len(parts) == 1:
        return parts[0]
    rows = pl.concat(parts).group_by("group", "group_b")
    return rows.agg(pl.col("full").sum(), pl.col("weak").sum(), pl.col("rarity").sum())


def candidate_pairs(
    groups: pl.DataFrame, related: pl.DataFrame, evidence: pl.DataFrame, reach: Reach = SHIPPED
) -> pl.DataFrame:
    """Return the pairs of groups to be scored: group < group_b (Int64), each once, in order.

    | frame | column | type | what it says |
    |---|---|---|---|
    | `groups` | `group`, `form` | Int64 | every mention group, and the form of its name |
    | `groups` | `start` | Float64 | day of its first mention in years; NaN where none has a day |
    | `related` | `form_a`, `form_b` | Int64 | forms that one person may carry, the smaller first |
    | `evidence` | `group`, `group_b` | Int64 | groups that share something |

    All pairs of a form that has few groups; of one that has many, those with evidence and the next ones in time. With
    `reach.form` = 3, the form 0 in the groups 0, 1, 2, the form 1 in 3, 4, 5, 6, 7 by their start, both related,
    `reach.pair` = 0 and no partners to take, and evidence that 3 and 7 share a co-author:

        form 0: (0,1) (0,2) (1,2)
        form 1: (3,4) (4,5) (5,6) (6,7)   next in time
                (3,5) (4,6) (5,7)         next but one
                (3,6) (4,7)               the third: NEIGHBOURS
                (3,7)                     by evidence
    """
    size = groups.group_by("form").agg(groups=pl.len())
    small = groups.join(
        size.filter((pl.col("groups") > 1) & (pl.col("groups") <= reach.form)), on="form"
    ).select("form", "group")
    large = groups.join(size.filter(pl.col("groups") > reach.form), on="form").sort("form", "start", "group")
    within = small.join(small, on="form", suffix="_b").select("group", "group_b")
    near = [
        large.select("group", group_b=pl.col("group").shift(step).over("form")).drop_nulls()
        for step in range(1, NEIGHBOURS + 1)
    ]
    sized = _telling(related, reach.partners).join(size, left_on="form_a", right_on="form")
    sized = sized.join(size, left_on="form_b", right_on="form", suffix="_b")
    across = _across(sized, groups, reach)
    form = pl.Series(groups.sort("group")["form"])
    met = (
        evidence.select("group", "group_b")
        .with_columns(x=form.gather(evidence["group"]), y=form.gather(evidence["group_b"]))
        .with_columns(form_a=pl.min_horizontal("x", "y"), form_b=pl.max_horizontal("x", "y"))
    )
    same = met.filter(pl.col("form_a") == pl.col("form_b")).select("group", "group_b")
    other = met.join(related, on=["form_a", "form_b"], how="semi").select("group", "group_b")
    packed = np.concatenate([_packed(some) for some in (within, *near, across, same, other)])
    packed.sort()
    packed = packed[firsts(packed)]
    pairs = pl.DataFrame({"group": packed >> np.uint64(32), "group_b": packed & np.uint64(0xFFFFFFFF)})
    return pairs.cast(pl.Int64)


def _packed(pairs: pl.DataFrame) -> npt.NDArray[np.uint64]:
    """Return pairs of two groups as numbers that sort as pairs do, the smaller group first."""
    one, other = (pairs[end].to_numpy().astype(np.uint64) for end in ("group", "group_b"))
    packed: npt.NDArray[np.uint64] = ((np.minimum(one, other) << np.uint64(32)) | np.maximum(one, other))[
        one != other
    ]
    return packed


def _telling(related: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the pairs of forms (form_a, form_b) neither of which has more than so many partners."""
    a, b = related["form_a"].to_numpy(), related["form_b"].to_numpy()
    partners = np.bincount(np.concatenate([a, b])) if len(a) else np.zeros(1, dtype=np.int64)
    return related.select("form_a", "form_b").filter(pl.Series(np.maximum(partners[a], partners[b]) <= most))


def _across(sized: pl.DataFrame, groups: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    """Return the pairs between groups of two forms: all when few, else every so many of them as a sample.

    Which groups stand for a form is told once for each form: joined first, a common name's groups would be held as
    often as it has related forms.
    """
    place, size = pl.int_range(pl.len()).over("form"), pl.len().over("form")
    share = reach.side / pl.max_horizontal("size", reach.side)
    stands = (pl.col("place") * share).floor() != ((pl.col("place") - 1) * share).floor()
    member = groups.select("form", "group", place=place, size=size)
    sample = member.filter(stands).select("form", "group")
    many = pl.col("groups") * pl.col("groups_b") > reach.pair
    forms = pl.col("form_a", "form_b")
    few = sized.filter(~many).select(forms)
    some = member.join(_named(few), on="form", how="semi").select("form", "group")
    parts = [_between(few, some), _between(sized.filter(many).select(forms), sample)]
    return pl.concat(parts)


def _named(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the forms of pairs, each once."""
    return pl.concat([pairs.select(form="form_a"), pairs.select(form="form_b")]).unique()


def _between(pairs: pl.DataFrame, member: pl.DataFrame) -> pl.DataFrame:
    """Return all pairs of a group of `form_a` and one of `form_b`."""
    one = pairs.join(member, left_on="form_a", right_on="form")
    return one.join(member, left_on="form_b", right_on="form", suffix="_b").select("group", "group_b")

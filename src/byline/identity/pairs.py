"""Which atoms are compared, and what they share: candidate pairs without quadratic growth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from byline.core.sorted_arrays import firsts

NEIGHBOURS = 3
COMMON_KEY = 40
"""Atoms of one (block, letter) that may share a co-author before sharing him stops being looked at."""


@dataclass(frozen=True)
class Reach:
    """How many pairs are compared where a name has many atoms.

    With twice as much the scores on the gold are the same to the fourth digit, and common names take twice the time.
    """

    form: int = 30
    """Atoms of one form up to which all pairs are compared; beyond, pairs with evidence and neighbours in time."""
    pair: int = 64
    """Pairs between the atoms of two forms up to which all are compared; beyond, pairs with evidence ..."""
    side: int = 6
    """... and between so many atoms of each form that stand for the rest."""
    partners: int = 64
    """Forms that one person may carry beside a form, up to which its atoms are compared with theirs without evidence:
    J. fits a thousand names of a common family, and without a co-author there is no telling which."""


SHIPPED = Reach()


def shared(rows: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Return the pairs of `rows` (group, atom, key, given, rarity) of one group and key, if at most `limit` agree."""
    place = (rows["group"].to_numpy().astype(np.uint64) << np.uint64(32)) | rows["key"].to_numpy()
    order = np.argsort(place)
    place, atom = place[order], rows["atom"].to_numpy()[order]
    begin = np.flatnonzero(firsts(place))
    if len(begin):
        several = np.minimum.reduceat(atom, begin) != np.maximum.reduceat(atom, begin)
        order = order[np.repeat(several, np.diff(np.append(begin, len(place))))]
    some = rows[pl.Series(order)].unique(["group", "key", "atom", "given"])
    some = some.filter(pl.len().over("group", "key") <= limit)
    pairs = some.join(some, on=["group", "key"], suffix="_b")
    return pairs.filter(pl.col("atom") < pl.col("atom_b"))


def shared_coauthors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what `summed` says of the pairs of atoms (a < b) of one group that share co-authors."""
    return summed(shared(rows, COMMON_KEY))


def shared_across(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the same as `shared_coauthors` for some pairs (atom, atom_b) of whatever groups."""
    named = pl.concat([pairs["atom"], pairs["atom_b"].alias("atom")]).unique().implode()
    some = rows.filter(pl.col("atom").is_in(named))
    distinct = some.unique(["atom", "key", "given"]).select("atom", "key", "given", "rarity")
    met = pairs.join(distinct, on="atom").join(
        distinct, left_on=["atom_b", "key"], right_on=["atom", "key"], suffix="_b"
    )
    return summed(met)


def summed(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return per pair of atoms the co-authors shared: full and weak (numbers), rarity (sum, nats).

    A co-author whose given names are both full and differ is not shared; where one is an initial the match is weak and
    counts half.
    """
    weak = (pl.col("given") == 0) | (pl.col("given_b") == 0)
    pairs = pairs.filter(weak | (pl.col("given") == pl.col("given_b"))).with_columns(weak=weak)
    per_key = pairs.group_by("atom", "atom_b", "key").agg(
        pl.col("weak").min(), rarity=pl.min_horizontal("rarity", "rarity_b").max()
    )
    value = pl.col("rarity") * pl.when("weak").then(0.5).otherwise(1.0)
    return per_key.group_by("atom", "atom_b").agg(
        full=(~pl.col("weak")).sum().cast(pl.Int32),
        weak=pl.col("weak").sum().cast(pl.Int32),
        # in sixteenths, as integers: a sum that no order of rows can change
        rarity=(value * 16).round().cast(pl.Int64).sum() / 16.0,
    )


def candidates(
    atoms: pl.DataFrame, related: pl.DataFrame, evidence: pl.DataFrame, reach: Reach = SHIPPED
) -> pl.DataFrame:
    """Return the pairs of atoms to be scored: atom < atom_b.

    `atoms`: atom, form, start; `related`: form_a, form_b; `evidence`: atom, atom_b that share something.
    """
    size = atoms.group_by("form").agg(atoms=pl.len())
    small = atoms.join(
        size.filter((pl.col("atoms") > 1) & (pl.col("atoms") <= reach.form)), on="form"
    ).select("form", "atom")
    large = atoms.join(size.filter(pl.col("atoms") > reach.form), on="form").sort("form", "start", "atom")
    within = small.join(small, on="form", suffix="_b").select("atom", "atom_b")
    near = [
        large.select("atom", atom_b=pl.col("atom").shift(-step).over("form")).drop_nulls()
        for step in range(1, NEIGHBOURS + 1)
    ]
    sized = _telling(related, reach.partners).join(size, left_on="form_a", right_on="form")
    sized = sized.join(size, left_on="form_b", right_on="form", suffix="_b")
    across = _across(sized, atoms, reach)
    form = pl.Series(atoms.sort("atom")["form"])
    met = (
        evidence.select("atom", "atom_b")
        .with_columns(x=form.gather(evidence["atom"]), y=form.gather(evidence["atom_b"]))
        .with_columns(form_a=pl.min_horizontal("x", "y"), form_b=pl.max_horizontal("x", "y"))
    )
    same = met.filter(pl.col("form_a") == pl.col("form_b")).select("atom", "atom_b")
    other = met.join(related, on=["form_a", "form_b"], how="semi").select("atom", "atom_b")
    all_pairs = pl.concat([within, *near, across, same, other])
    ends = (
        all_pairs.select(end("atom", "atom_b")).to_series() for end in (pl.min_horizontal, pl.max_horizontal)
    )
    low, high = (end.to_numpy().astype(np.uint64) for end in ends)
    packed = np.sort(((low << np.uint64(32)) | high)[low != high])
    packed = packed[firsts(packed)]
    pairs = pl.DataFrame({"atom": packed >> np.uint64(32), "atom_b": packed & np.uint64(0xFFFFFFFF)})
    return pairs.cast(pl.Int64)


def _telling(related: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the pairs of forms (form_a, form_b) neither of which has more than so many partners."""
    a, b = related["form_a"].to_numpy(), related["form_b"].to_numpy()
    partners = np.bincount(np.concatenate([a, b])) if len(a) else np.zeros(1, dtype=np.int64)
    return related.select("form_a", "form_b").filter(pl.Series(np.maximum(partners[a], partners[b]) <= most))


def _across(sized: pl.DataFrame, atoms: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    """Return the pairs between atoms of two forms: all when few, else every so many of them as a sample."""
    member = atoms.select("form", "atom", place=pl.int_range(pl.len()).over("form"))
    some = reach.side / pl.max_horizontal("atoms", reach.side)
    many = pl.col("atoms") * pl.col("atoms_b") > reach.pair
    sides = sized.with_columns(
        share=pl.when(many).then(some).otherwise(1.0),
        share_b=pl.when(many).then(reach.side / pl.max_horizontal("atoms_b", reach.side)).otherwise(1.0),
    )
    for form, share, suffix in (("form_a", "share", ""), ("form_b", "share_b", "_b")):
        sides = sides.join(member, left_on=form, right_on="form", suffix="_b" if suffix else "")
        place = pl.col(f"place{suffix}")
        kept = (place * pl.col(share)).floor() != ((place - 1) * pl.col(share)).floor()
        sides = sides.filter(kept)
    return sides.select("atom", "atom_b")

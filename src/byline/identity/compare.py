"""From canonical mentions to the evidence on every candidate pair of groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import hash64
from byline.core.sorted_arrays import firsts, look_up, pair_keys
from byline.identity import archives
from byline.identity import forms as name_forms
from byline.identity.groups import Ints, mention_groups, namesakes_of_one_paper, of_one_paper
from byline.identity.held import Held, InHand, Spread
from byline.identity.mentions import NAMES_SEEN, UNSEEN
from byline.identity.pairs import (
    SHIPPED,
    Reach,
    candidate_pairs,
    put_together,
    shared_across,
    shared_coauthors,
)
from byline.identity.sketch import shared_words, sketches
from byline.names import lexicon

DAYS = 365.25
MET_BY_CHANCE = 24.0
"""Least sum of the rarities (nats) of a name and a shared co-author that tells who it is: e**-24 of all pairs."""


@dataclass(frozen=True)
class Compared:
    """Mentions in canonical order, their groups, and the candidate pairs with what they share."""

    ordered: pl.DataFrame
    """The mentions as `canonical` gives them, and `group` (Int64)."""
    group: Ints
    """The group of each of them."""
    table: pl.DataFrame
    """One row a group, in its order; see `_group_table`."""
    related: pl.DataFrame
    """Pairs of forms that one person may carry; see `forms.related`."""
    pairs: pl.DataFrame
    """One row a candidate pair.

    | column | type | what it says |
    |---|---|---|
    | `group`, `group_b` | Int64 | the pair, the smaller group first |
    | `full`, `weak`, `rarity` | Int32?, Int32?, Float64? | co-authors shared, see `pairs.summed`; null where none is |
    | `words` | Float64 | words shared, see `sketch.shared_words` |
    | `first`, `mid`, `family_same` | Int8?, Int8?, Boolean? | how their forms relate; null where it is one form |
    | `one_paper` | Boolean | whether they hold two authors of one paper |
    """

    @property
    def ends(self) -> tuple[Ints, Ints]:
        """Return the groups of each pair."""
        return self.pairs["group"].to_numpy(), self.pairs["group_b"].to_numpy()

    @property
    def same_form(self) -> npt.NDArray[np.bool_]:
        """Tell the pairs whose groups carry one form of the name."""
        form = self.table["form"].to_numpy()
        a, b = self.ends
        same: npt.NDArray[np.bool_] = form[a] == form[b]
        return same

    def row(self, pair: int) -> dict[str, Any]:
        """Return all that is known of one pair: its own columns, and those of its groups (`_b` for the second)."""
        own = self.pairs.row(pair, named=True)
        one, other = (self.table.row(own[end], named=True) for end in ("group", "group_b"))
        return one | {f"{name}_b": value for name, value in other.items()} | own


def compare(
    mentions: pl.DataFrame | Spread, alone: pl.Series | None = None, reach: Reach = SHIPPED
) -> Compared:
    """Return the candidate pairs of the mentions of whole blocks. Those in `alone` (rows) are groups of their own.

    `mentions` are rows of `describe`, in any order. Four of them, of one block, in canonical order:

        at  name        paper  co-authors        form  group
        0   Ada Pym     p1     Bo Li, Cy Fox     0     0
        1   Ada Pym     p2     Bo Li             0     0     shares Bo Li: one mention group with 0
        2   A. Pym      p3     Cy Fox            1     1
        3   Ada Pym     p4     none              0     2

        pairs: (0, 1) forms `Ada` and `A.` are related; full 1 (Cy Fox);   (0, 2) one form, nothing shared;
               (1, 2) related forms, nothing shared
    """
    held: Held = InHand(mentions) if isinstance(mentions, pl.DataFrame) else mentions
    ordered = held.ordered
    several = of_one_paper(ordered)
    single = namesakes_of_one_paper(ordered, several)
    if alone is not None:
        single |= ordered["row"].is_in(alone.implode()).to_numpy()
    group = mention_groups(ordered, held.coauthors, MET_BY_CHANCE, single)
    forms = _rated(name_forms.forms(held.named))
    related = name_forms.related(forms)
    ordered = ordered.with_columns(group=pl.Series(group))
    table = _group_table(held, ordered, forms)
    subblock = table["subblock"]
    met = put_together([shared_coauthors(rows) for rows in _of_groups(held, group, subblock)])
    twice = _one_paper(ordered, several)
    told = pl.concat([met.select("group", "group_b"), twice])
    pairs = candidate_pairs(table, related, told, reach)
    apart = pairs.filter(subblock.gather(pairs["group"]) != subblock.gather(pairs["group_b"]))
    across = put_together([shared_across(rows, apart) for rows in _of_groups(held, group, subblock)])
    pairs = pairs.join(pl.concat([met, across]), on=["group", "group_b"], how="left", maintain_order="left")
    said = (rows.select("terms", group=pl.Series(group[at])) for at, rows in held.said())
    pairs = pairs.with_columns(shared_words(sketches(said, table.height), pairs))
    pairs = pl.concat([pairs, _related(pairs, table, related)], how="horizontal")
    pairs = pairs.with_columns(one_paper=_among(pairs, twice, table.height))
    return Compared(ordered, group, table, related, pairs)


def _of_groups(held: Held, group: Ints, subblock: pl.Series) -> Iterator[pl.DataFrame]:
    """Yield the rows of co-authors with the group of their mention and its subblock, as `shared` takes them."""
    whose = pl.Series("group", group)
    for rows in held.coauthors:
        found = rows.select("key", "given", "rarity", group=whose.gather(rows["at"]))
        yield found.with_columns(subblock=subblock.gather(found["group"]))


def _rated(forms: pl.DataFrame) -> pl.DataFrame:
    """Add the rarity of given and family name (nats), and how many full given names the (block, letter) holds."""
    total = np.log(NAMES_SEEN)
    given = lexicon.counts(forms["first"])["given"].to_numpy() + UNSEEN
    family = lexicon.counts(forms["family_key"])["family"].to_numpy() + UNSEEN
    forms = forms.with_columns(
        rarity_given=pl.Series(total - np.log(given), dtype=pl.Float32),
        rarity_family=pl.Series(total - np.log(family), dtype=pl.Float32),
        fitting_names=pl.col("long").filter("is_full").n_unique().over("block", "letter"),
        subblock=pl.struct("block", "letter").rank("dense").cast(pl.Int64),
    )
    return forms.with_columns(rarity_given=pl.when("is_full").then("rarity_given").otherwise(0.0))


def _mask(values: pl.Series) -> pl.Series:
    """Return each text as one of 64 bits, by its hash; null has none."""
    distinct = values.unique().drop_nulls()
    bits = np.uint64(1) << (hash64(distinct, "bit") & np.uint64(63))
    return values.replace_strict(distinct, pl.Series(bits), default=0, return_dtype=pl.UInt64)


def _marked(at: Ints, rows: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Return what of some mentions (canonical rows `at`) is put together by group: day, words, masks."""
    day = (pl.col("published").cast(pl.Int32) / DAYS).fill_null(float("nan"))
    category = rows["category"]
    return rows.select(
        start=day, end=day, mentions=pl.lit(1, pl.UInt32), terms=pl.col("terms").list.len().cast(pl.UInt64),
        fields=_mask(category), **{name: pl.Series(bits) for name, bits in archives.masks(category).items()},
        organisations=_organisation_mask(rows["organisations"]),
        **{name: pl.Series(ordered[name].to_numpy()[at]) for name in ("group", "form")},
    )  # fmt: skip


def _group_table(held: Held, ordered: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Return one row a group.

    | column | type | what it says |
    |---|---|---|
    | `group`, `form`, `subblock` | Int64 | its number, the form of its name, the (block, letter) of that form |
    | `start`, `end` | Float64 | days of its first and last mention in years; NaN where none has a day |
    | `mentions`, `terms`, `coauthor_count` | UInt32, UInt64, UInt32 | how many it has |
    | `fields`, `archives`, `near`, `reach`, `organisations` | UInt64 | masks of 64 bits of all its mentions |
    | `is_full`, `letters`, `given_key`, `long` | Boolean, String … | of its form, see `forms.forms` |
    | `rarity_given`, `rarity_family`, `fitting_names` | Float32, Float32, UInt32 | see `_rated` |
    | `groups` | UInt32 | how many groups its form has |
    """
    table = _by_group(_marked(at, rows, ordered) for at, rows in held.said())
    counts = [_coauthor_counts(ordered["group"], rows, table.height) for rows in held.coauthors]
    table = table.with_columns(coauthor_count=pl.Series(sum(counts[1:], counts[0]), dtype=pl.UInt32))
    table = table.join(
        forms.select(
            "form", "is_full", "letters", "given_key", "rarity_given", "rarity_family", "fitting_names", "subblock",
            "long",
        ),
        on="form", how="left", maintain_order="left",
    )  # fmt: skip
    return table.with_columns(groups=pl.len().over("form"))


TOGETHER = 1 << 19
"""Rows of groups beyond those known that are put together with them at a time."""


def _by_group(marked: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return one row a group: the form, the span of years, mentions and terms, and the masks of all its mentions."""
    held: list[pl.DataFrame] = []
    for some in marked:
        held.append(_reduced(some))
        if sum(rows.height for rows in held[1:]) > TOGETHER:
            held = [_reduced(pl.concat(held))]
    return held[0] if len(held) == 1 else _reduced(pl.concat(held))


def _reduced(marked: pl.DataFrame) -> pl.DataFrame:
    """Return what is known of each group, from rows each of which says something of one."""
    group = marked["group"].to_numpy()
    order = np.argsort(group, kind="stable")
    begin = np.flatnonzero(firsts(group[order]))
    column = {name: marked[name].to_numpy()[order] for name in marked.columns}
    masks = {
        name: np.bitwise_or.reduceat(column[name], begin)
        for name in ("fields", "archives", "near", "reach", "organisations")
    }
    return pl.DataFrame(
        {
            "group": column["group"][begin],
            "form": column["form"][begin],
            # a mention without a date says nothing of when; NaN where none of the group's has one
            "start": np.fmin.reduceat(column["start"], begin),
            "end": np.fmax.reduceat(column["end"], begin),
            "mentions": np.add.reduceat(column["mentions"], begin, dtype=np.uint32),
            "terms": np.add.reduceat(column["terms"], begin),
            **masks,
        }
    )


def _coauthor_counts(group: pl.Series, coauthors: pl.DataFrame, size: int) -> Ints:
    """Return how many of some co-authors each group has."""
    whose = group.gather(coauthors["at"]).to_numpy().astype(np.uint64)
    met = np.sort((whose << np.uint64(32)) | coauthors["key"].to_numpy())
    met = met[firsts(met)]
    return np.bincount((met >> np.uint64(32)).astype(np.int64), minlength=size)


def _organisation_mask(organisations: pl.Series) -> pl.Series:
    rows = (
        pl.DataFrame({"row": pl.int_range(organisations.len(), eager=True), "key": organisations})
        .explode("key")
        .drop_nulls()
    )
    if rows.height == 0:
        return pl.zeros(organisations.len(), dtype=pl.UInt64, eager=True)
    bits = pl.Series(np.uint64(1) << (rows["key"].to_numpy().astype(np.uint64) & np.uint64(63)))
    masks = rows.with_columns(bit=bits).group_by("row").agg(pl.col("bit").bitwise_or())
    all_rows = pl.DataFrame({"row": pl.int_range(organisations.len(), eager=True)})
    return all_rows.join(masks, on="row", how="left", maintain_order="left")["bit"].fill_null(0)


def _related(pairs: pl.DataFrame, table: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    """Return how the forms of each pair relate (first, mid, family_same of `related`), null where they are the same."""
    form = table["form"].to_numpy()
    one, other = (form[pairs[end].to_numpy()] for end in ("group", "group_b"))
    size = int(form.max(initial=0)) + 1
    keys = pair_keys(related["form_a"].to_numpy(), related["form_b"].to_numpy(), size)
    at, known = look_up(keys, pair_keys(one, other, size))
    where = pl.Series(at, dtype=pl.UInt32).to_frame("at").select(pl.when(pl.Series(known)).then("at"))
    return related.select(pl.col("first", "mid", "family_same").gather(where.to_series()))


def _one_paper(ordered: pl.DataFrame, several: Ints) -> pl.DataFrame:
    """Return the pairs of groups (group < group_b) of one block that hold two authors of one paper."""
    rows = ordered.select("paper_key", "block_key", "group")[several]
    met = rows.join(rows, on=["paper_key", "block_key"], suffix="_b").filter(
        pl.col("group") < pl.col("group_b")
    )
    return met.select(pl.col("group", "group_b").cast(pl.Int64)).unique().sort("group", "group_b")


def _among(pairs: pl.DataFrame, twice: pl.DataFrame, size: int) -> pl.Series:
    """Tell which pairs of groups are among `twice`; there are `size` groups."""
    known, wanted = (
        pair_keys(some["group"].to_numpy(), some["group_b"].to_numpy(), size) for some in (twice, pairs)
    )
    _, found = look_up(known, wanted)
    return pl.Series(found)

"""What outweighs a pair's own evidence: one paper, contradicting middle names, initials that fit several names.

Common names over unrelated fields are the fourth: learned from corpora of one field each, the model can't know them.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.cluster import ONE_PAPER
from byline.identity.compare import Compared
from byline.identity.forms import First, Middle
from byline.names.wordlists import syllables

Floats = npt.NDArray[np.float64]
CLEAR = 0.7
"""Log-odds by which the best of several fitting names must lead: two to one."""
NOT_CLEAR = -0.5
"""The score of an initial and a name that it fits no better than another."""
CONTRADICTED = -6.0
"""The score shown for two forms whose middle names contradict, where too little is shared. Full ones are never joined,
also not through a form without a middle name (see `resolver.clustered`)."""
CONTRADICTING = frozenset({Middle.CONFLICT, Middle.OTHER})
COMMON = 17.0
"""Rarity (nats) of given and family name up to which a name is common: some ten million people publish (16.1 nats), so
that another of them bears it as likely as not."""
COMMON_FAMILY = 8.0
"""The same of an East Asian family name (one in 3,000) before a given name of such syllables, which pages write in
many ways."""
FEW_WORDS = 1.5
"""Rare words in common below which nothing is shared."""
STRONG = 24.0
"""Rarity (nats) of the co-authors in common that outweighs contradicting middle names: two rare names, or three."""


def constrained(compared: Compared, score: Floats) -> Floats:
    """Return the scores of `compared.pairs` with what contradicts them taken into account.

    Two authors of one paper are two persons. Forms whose middle names contradict are two persons unless the co-authors
    in common say more (`STRONG`). An initial joins, of several given names that it fits, only the one that clearly fits
    best, unless a co-author in common says more. A common name in unrelated fields is two persons unless something is
    shared.
    """
    out = np.where(contradicted(compared, CONTRADICTING), np.minimum(score, CONTRADICTED), score)
    out[compared.pairs["one_paper"].to_numpy()] = ONE_PAPER
    out[_unclear(compared, out)] = NOT_CLEAR
    far = _far_apart(compared)
    out[far] = np.minimum(out[far], NOT_CLEAR)
    return out


def _far_apart(compared: Compared) -> npt.NDArray[np.int64]:
    """Return the rows of pairs of a common name in unrelated archives that share nothing."""
    table, pairs = compared.table, compared.pairs
    a, b = compared.ends
    archives, reach, said = (table[name].to_numpy() for name in ("archives", "reach", "organisations"))
    apart = (archives[a] != 0) & (archives[b] != 0) & (reach[a] & archives[b] == 0) & (said[a] & said[b] == 0)
    alone = (pairs["rarity"].fill_null(0.0) == 0.0) & (pairs["words"].fill_null(0.0) < FEW_WORDS)
    rows = np.flatnonzero(apart & alone.to_numpy())
    common = _common_names(table, np.union1d(a[rows], b[rows]))
    return rows[common[a[rows]] & common[b[rows]]]


def _common_names(table: pl.DataFrame, groups: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell which of some groups carry a common name, over all groups."""
    some = table.select("rarity_given", "rarity_family", "given_key")[groups]
    eastern = [bool(syllables(key.replace("-", "").replace(" ", ""))) for key in some["given_key"].to_list()]
    family = some["rarity_family"].to_numpy()
    found = np.zeros(table.height, dtype=np.bool_)
    found[groups] = (some["rarity_given"].to_numpy() + family < COMMON) | (
        np.array(eastern, dtype=np.bool_) & (family < COMMON_FAMILY)
    )
    return found


def contradicted(compared: Compared, kinds: Set[Middle]) -> npt.NDArray[np.bool_]:
    """Tell the pairs whose middle names relate in one of these ways, with too little in common to outweigh it."""
    apart = compared.pairs["mid"].is_in(sorted(int(kind) for kind in kinds)).fill_null(value=False)
    few = compared.pairs["rarity"].fill_null(0.0) < STRONG
    return (apart & few).to_numpy()


def _unclear(compared: Compared, score: Floats) -> npt.NDArray[np.int64]:
    """Return the rows of pairs of an initial and a name that another name rivals."""
    row = np.flatnonzero((compared.pairs["first"] == int(First.INITIAL)).fill_null(value=False).to_numpy())
    a, b = (end[row] for end in compared.ends)
    full = compared.table["is_full"].to_numpy()[a]
    long = compared.table["long"].rank("dense").to_numpy()
    rows = pl.DataFrame(
        {
            "row": row,
            "score": score[row],
            "initial": np.where(full, b, a),
            "long": np.where(full, long[a], long[b]),
            "alone": compared.pairs["full"].gather(row).is_null(),
        }
    )
    best = (
        rows.group_by("initial", "long")
        .agg(pl.col("score").max())
        .sort("initial", "score", "long", descending=[False, True, False])
    )
    best = best.group_by("initial", maintain_order=True).agg(
        lead=pl.col("score").first(),
        second=pl.col("score").get(1, null_on_oob=True),
        leader=pl.col("long").first(),
    )
    rows = rows.join(best.drop_nulls("second"), on="initial", how="inner", maintain_order="left")
    rival = (pl.col("lead") - pl.col("second") < CLEAR) | (pl.col("long") != pl.col("leader"))
    return rows.filter(rival & pl.col("alone") & (pl.col("score") > NOT_CLEAR))["row"].to_numpy()

"""Pairs of atoms to levels of evidence: one small integer a feature, which the model gives a weight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity.forms import First, Middle

Levels = npt.NDArray[np.int16]
SAME_FORM = {"plain": 0, "middle": 1, "initial": 2, "initials": 3, "bare": 4}
N_FIRST, N_MIDDLE = len(First), len(Middle)
GROUPS = 8
"""Kinds of name relation that other evidence is weighed apart for: see `_group`."""

RARITY_EDGES = [2.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.5, 11.0]
NAME_EDGES = [9.0, 10.5, 12.0, 14.0, 17.0]
GIVEN_EDGES = [5.0, 6.0, 7.0, 8.5, 10.0]
FITS_EDGES = [1.5, 2.5, 4.5, 8.5, 16.5, 40.5]
SHARED_EDGES = [0.01, 8.0, 13.0, 17.0, 22.0, 40.0]
MET_EDGES = [0.01, 6.0, 10.0, 14.0, 18.0, 26.0, 40.0, 80.0, 160.0]
CIRCLE_EDGES = [0.5, 2.5, 5.5, 10.5, 20.5, 40.5]
WORDS_EDGES = [-0.5, 0.3, 0.8, 1.8, 2.8, 4.8, 9.0]
TERMS_EDGES = [8.5, 16.5, 30.5]
YEARS_EDGES = [0.01, 1.0, 2.5, 4.5, 8.0, 14.0]
SIZE_EDGES = [1.5, 3.5, 8.5]
ATOMS_EDGES = [2.5, 4.5, 8.5, 16.5, 32.5]

SHAPE = {
    "name": (len(SAME_FORM) + N_FIRST * N_MIDDLE,),
    "family_name": (2,),
    "rarity": (GROUPS, len(RARITY_EDGES) + 1, len(GIVEN_EDGES) + 1),
    "fits": (GROUPS, len(FITS_EDGES) + 1),
    "coauthors": (GROUPS, len(SHARED_EDGES) + 1),
    "met": (len(MET_EDGES) + 1, 2),
    "circle": (GROUPS, len(CIRCLE_EDGES) + 1),
    "strangers": (len(NAME_EDGES) + 1, len(CIRCLE_EDGES) + 1),
    "words": (len(TERMS_EDGES) + 1, len(WORDS_EDGES) + 1),
    "years": (GROUPS, len(YEARS_EDGES) + 1),
    "gap": (len(YEARS_EDGES) + 1,),
    "field": (2, 4),
    "size": (len(SIZE_EDGES) + 1, len(SIZE_EDGES) + 1),
    "namesakes": (GROUPS, len(ATOMS_EDGES) + 1),
    "organisation": (3,),
}
"""Each feature's table of weights; a level is the flat index into it."""


def _bin(values: pl.Series | npt.NDArray[np.float64], edges: list[float]) -> npt.NDArray[np.int64]:
    return np.searchsorted(np.array(edges), np.asarray(values, dtype=np.float64), side="right").astype(
        np.int64
    )


def levels(pairs: pl.DataFrame) -> dict[str, Levels]:
    """Return the level of each feature for each pair.

    `pairs` carries for both atoms (`_b` for the second): form, is_full, letters, rarity_given, rarity_family, start,
    end (years), mentions, terms, circle, fits, atoms, fields, archives, organisations; and for the pair: first, mid,
    family_same, full, weak, rarity (co-authors), words.
    """
    same = (pairs["form"] == pairs["form_b"]).to_numpy()
    group = _group(pairs, same)
    out = {
        "name": _name(pairs, same),
        "family_name": np.where(same | pairs["family_same"].fill_null(value=True).to_numpy(), 0, 1),
        "rarity": _table(
            group, _bin(_max(pairs, "rarity_family"), RARITY_EDGES), _bin(_max(pairs, "rarity_given"), GIVEN_EDGES),
            shape=SHAPE["rarity"],
        ),
        "fits": _table(group, _bin(_max(pairs, "fits"), FITS_EDGES), shape=SHAPE["fits"]),
    }  # fmt: skip
    met = _bin(pairs["rarity"].fill_null(0.0), SHARED_EDGES)
    out["coauthors"] = _table(group, met, shape=SHAPE["coauthors"])
    # the same for all names: what kinds of relation seen too seldom lean on
    out["met"] = _table(
        _bin(pairs["rarity"].fill_null(0.0), MET_EDGES), same.astype(np.int64), shape=SHAPE["met"]
    )
    circle = np.where(met > 0, 0, _bin(_min(pairs, "circle"), CIRCLE_EDGES))
    out["circle"] = _table(group, circle, shape=SHAPE["circle"])
    common = pairs.select(
        pl.max_horizontal(
            pl.col("rarity_given") + pl.col("rarity_family"),
            pl.col("rarity_given_b") + pl.col("rarity_family_b"),
        )
    )
    out["strangers"] = _table(_bin(common.to_series(), NAME_EDGES), circle, shape=SHAPE["strangers"])
    said = _bin(_min(pairs, "terms"), TERMS_EDGES)
    out["words"] = _table(said, _bin(pairs["words"], WORDS_EDGES), shape=SHAPE["words"])
    out["gap"] = _bin(_gap(pairs), YEARS_EDGES)
    out["years"] = _table(group, out["gap"], shape=SHAPE["years"])
    out["field"] = _field(pairs)
    low, high = _bin(_min(pairs, "mentions"), SIZE_EDGES), _bin(_max(pairs, "mentions"), SIZE_EDGES)
    out["size"] = _table(low, high, shape=SHAPE["size"])
    out["namesakes"] = _table(group, _bin(_max(pairs, "atoms"), ATOMS_EDGES), shape=SHAPE["namesakes"])
    out["organisation"] = _organisation(pairs)
    return {name: level.astype(np.int16) for name, level in out.items()}


def _max(pairs: pl.DataFrame, column: str) -> pl.Series:
    return pairs.select(pl.max_horizontal(column, f"{column}_b")).to_series()


def _min(pairs: pl.DataFrame, column: str) -> pl.Series:
    return pairs.select(pl.min_horizontal(column, f"{column}_b")).to_series()


def _table(*index: npt.NDArray[np.int64], shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    return np.ravel_multi_index(index, shape).astype(np.int64)


def _group(pairs: pl.DataFrame, same: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the kind of name relation, by which other evidence is weighed apart.

    0 same full form, 1 same form with initials only, 2 same first name, 3 initial and name, 4 both initials, 5 short,
    begun or bare, 6 spelled otherwise, 7 the first given name dropped.
    """
    first = pairs["first"].fill_null(-1).to_numpy()
    full = pairs["is_full"].to_numpy()
    out = np.full(len(first), 5)
    out[(first == First.SAME) | (first == First.JOINED)] = 2
    out[first == First.INITIAL] = 3
    out[first == First.INITIALS] = 4
    out[first == First.SPELLED] = 6
    out[first == First.DROPPED] = 7
    out[same] = np.where(full[same], 0, 1)
    return out


def _name(pairs: pl.DataFrame, same: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    full = pairs["is_full"].to_numpy()
    more = (pairs["letters"] != "").to_numpy()
    bare = (pairs["given_key"] == "").to_numpy()
    alike = np.where(bare, 4, np.where(full, 0, 2) + more)
    first = pairs["first"].fill_null(0).to_numpy().astype(np.int64)
    middle = pairs["mid"].fill_null(0).to_numpy().astype(np.int64)
    return np.where(same, alike, len(SAME_FORM) + first * N_MIDDLE + middle)


def _gap(pairs: pl.DataFrame) -> pl.Series:
    """Return the years between the two atoms' spans of publication, 0 where they overlap."""
    after = pl.max_horizontal(pl.col("start") - pl.col("end_b"), pl.col("start_b") - pl.col("end"))
    return pairs.select(pl.max_horizontal(after, 0.0)).to_series()


def _field(pairs: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Return what of 0 unknown, 1 nothing, 2 archive, 3 category is shared, and whether both atoms are large."""
    cut = {c: pairs[c].to_numpy() for c in ("fields", "fields_b", "archives", "archives_b")}
    level = np.where(cut["archives"] & cut["archives_b"], 2, 1)
    level = np.where(cut["fields"] & cut["fields_b"], 3, level)
    level = np.where((cut["fields"] == 0) | (cut["fields_b"] == 0), 0, level)
    return _table((_min(pairs, "mentions").to_numpy() > 2).astype(np.int64), level, shape=SHAPE["field"])


def _organisation(pairs: pl.DataFrame) -> npt.NDArray[np.int64]:
    a, b = pairs["organisations"].to_numpy(), pairs["organisations_b"].to_numpy()
    return np.where((a == 0) | (b == 0), 0, np.where(a & b, 2, 1))

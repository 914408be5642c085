"""arXiv category codes: what a listed code such as `LG`, `cs.LG`, `hep-th` or `chao-dyn` stands for today.

Listing pages print the part after the archive (`LG` for `cs.LG`), so a code may fit several categories. The
facts (names, aliases, merged archives) and the reviewed order of archives lie in `resources/categories.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from byline.core import resources
from byline.core.errors import UsageError

SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "category": pl.String,
    "category_candidates": pl.List(pl.String),
    "category_name": pl.String,
}


@dataclass(frozen=True)
class Taxonomy:
    """arXiv's categories: canonical id to name, alias to canonical id, the order of archives for bare codes."""

    names: Mapping[str, str]
    aliases: Mapping[str, str]
    archives: Sequence[str]

    def canonical(self, category: str) -> str | None:
        """Return the active category that a full id, in any case, names; None when there is none."""
        wanted = category.strip().casefold()
        for known in (self.names, self.aliases):
            for listed in known:
                if listed.casefold() == wanted:
                    return self.aliases.get(listed, listed)
        return None


@cache
def taxonomy() -> Taxonomy:
    """Return arXiv's taxonomy as shipped with the package."""
    data = tomllib.loads(resources.text("categories.toml"))
    return Taxonomy(names=data["names"], aliases=data["aliases"], archives=tuple(data["order"]["archives"]))


def canonical(lists: pl.Series) -> pl.Series:
    """Return lists of full ids (`alg-geom`, `cs.NA`) under their names of today (`math.AG`, `math.NA`); null stays."""
    return pl.select(pl.lit(lists).list.eval(pl.element().replace(dict(taxonomy().aliases)))).to_series()


def resolve(
    codes: pl.Series, order: Sequence[str] | None = None, overrides: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Return, row by row, a code's `category`, `category_candidates` and `category_name`.

    `order` puts archives (`math`, `cs`) before the shipped order; `overrides` settles single codes (`CO` →
    `math.CO`). Case and surrounding white space of a code don't count. A code that fits no active category gives
    null, an empty list, null. Raises UsageError when `overrides` or `order` names what arXiv does not have.
    """
    known = taxonomy()
    table = _table(known, _ranks(known, order or ()))
    decided = {code.strip().casefold(): _decided(known, target) for code, target in (overrides or {}).items()}
    keys = codes.cast(pl.String).str.strip_chars()
    distinct = keys.drop_nulls().unique(maintain_order=True)
    rows = [_row(known, table, decided, code) for code in distinct]
    found = pl.DataFrame(rows, schema=dict(SCHEMA), orient="row").with_columns(distinct.alias("code"))
    joined = keys.alias("code").to_frame().join(found, on="code", how="left", maintain_order="left")
    return joined.select(
        "category", pl.col("category_candidates").fill_null(pl.lit([], pl.List(pl.String))), "category_name"
    )


def _row(
    known: Taxonomy, table: Mapping[str, list[str]], decided: Mapping[str, str], code: str
) -> tuple[str | None, list[str], str | None]:
    """Return the three fields of one distinct code."""
    key = code.casefold()
    fits = table.get(key, [])
    if key in decided:
        fits = [decided[key], *(one for one in fits if one != decided[key])]
    if not fits:
        return None, [], None
    return fits[0], fits, known.names[fits[0]]


def _ranks(known: Taxonomy, order: Sequence[str]) -> dict[str, int]:
    """Return the rank of each archive: those of `order`, then the shipped order, then the rest by name."""
    archives = {one.split(".")[0] for one in [*known.names, *known.aliases]}
    unknown = [one for one in order if one not in archives]
    if unknown:
        raise UsageError(f"arXiv has no archive {unknown[0]!r}", f"use one of {', '.join(sorted(archives))}")
    ranked = dict.fromkeys([*order, *known.archives, *sorted(archives)])
    return {archive: rank for rank, archive in enumerate(ranked)}


def _decided(known: Taxonomy, target: str) -> str:
    """Return the canonical id of an override's target, or raise UsageError."""
    found = known.canonical(target)
    if found is None:
        raise UsageError(f"arXiv has no active category {target!r}", "write it as in cs.LG or hep-th")
    return found


def _table(known: Taxonomy, ranks: Mapping[str, int]) -> dict[str, list[str]]:
    """Return every folded code with the active categories it fits, the preferred first.

    A category's own code goes before an alias of it: papers are listed under `econ.TH` today, no longer under
    `stat.TH`, which is `math.ST`.
    """
    fits: dict[str, list[tuple[bool, int, str, str]]] = {}
    ids = [(one, one) for one in known.names] + list(known.aliases.items())
    for listed, target in ids:
        entry = (listed != target, ranks[listed.split(".")[0]], listed, target)
        for code in {listed.casefold(), listed.split(".")[-1].casefold()}:
            fits.setdefault(code, []).append(entry)
    return {
        code: list(dict.fromkeys(target for *_, target in sorted(entries))) for code, entries in fits.items()
    }

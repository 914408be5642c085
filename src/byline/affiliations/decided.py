"""A person's word on what labels mean, before and against what registries say."""

from __future__ import annotations

import polars as pl

from byline.affiliations.forms import exact_form
from byline.affiliations.registry import Registry

FACTS = ("name", "ror_id", "country", "kind")


def obeyed(found: pl.DataFrame, said: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """Return what labels mean with a person's word obeyed.

    Args:
        found: A row a label: label (folded), name?, ror_id?, country?, kind?, note?; name is null where none is known.
        said: label (folded), verdict (is | not), name?, ror_id?, country?, kind?; one `is` a label at most.
        registry: Gives the facts of an organisation of which a person said the ROR id alone.

    Returns:
        The rows of `found`. Of a label with an `is` all facts are the person's, or the registry's behind them; one with
        a `not` that fits what was found, or that names nothing, is not resolved, and its note says so.
    """
    if said.is_empty():
        return found
    return _with_meant(
        _without_denied(found, said.filter(verdict="not")), said.filter(verdict="is"), registry
    )


def _without_denied(found: pl.DataFrame, denied: pl.DataFrame) -> pl.DataFrame:
    pairs = found.with_row_index("row").join(denied, on="label", suffix="_denied", maintain_order="left")
    same_name = exact_form(pairs["name"].fill_null("")) == exact_form(pairs["name_denied"].fill_null(""))
    nothing = pl.col("name_denied").is_null() & pl.col("ror_id_denied").is_null()
    fits = (pl.col("ror_id") == pl.col("ror_id_denied")).fill_null(value=False) | (
        pl.col("name_denied").is_not_null() & same_name
    )
    hit = pairs.filter(nothing | fits)
    which = pl.coalesce("name_denied", "ror_id_denied")
    why = hit.select("row", why=pl.when(which.is_null()).then(pl.lit("reviewed: means no organisation"))
                     .otherwise(pl.format("reviewed: is not {}", which))).unique(
        "row", keep="first", maintain_order=True
    )  # fmt: skip
    marked = found.with_row_index("row").join(why, on="row", how="left", maintain_order="left")
    open_ = pl.col("why").is_null()
    facts = [pl.when(open_).then(name).alias(name) for name in FACTS]
    return marked.with_columns(*facts, note=pl.coalesce("why", "note")).select(found.columns)


def _with_meant(found: pl.DataFrame, meant: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    known = _known(registry).rename({name: f"{name}_known" for name in FACTS if name != "ror_id"})
    meant = meant.drop("verdict").join(known, on="ror_id", how="left", maintain_order="left")
    meant = meant.with_columns(
        name=pl.coalesce("name", "name_known", "ror_id"),
        country=pl.coalesce("country", "country_known"),
        kind=pl.coalesce("kind", "kind_known"),
    ).select("label", *(pl.col(name).alias(f"{name}_meant") for name in FACTS))
    joined = found.join(meant, on="label", how="left", maintain_order="left", validate="m:1")
    hit = pl.col("name_meant").is_not_null()
    facts = [pl.when(hit).then(f"{name}_meant").otherwise(name).alias(name) for name in FACTS]
    return joined.with_columns(*facts, note=pl.when(~hit).then("note")).select(found.columns)


def _known(registry: Registry) -> pl.DataFrame:
    """Return the organisations that the registry knows by ROR id, the curated ones first."""
    tables = [registry.organisations.select(FACTS)]
    if registry.index is not None:
        tables.append(registry.index.select(FACTS))
    return pl.concat(tables).drop_nulls("ror_id").unique("ror_id", keep="first", maintain_order=True)

"""The registry of organisations: the curated table of the package, and an index over a ROR dump where one is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from byline.affiliations.dump import index_of
from byline.affiliations.forms import exact_form, label_form, loose_form
from byline.core import resources

FIELDS = ("key", "name", "kind", "country", "ror_id", "aliases")


@dataclass(frozen=True)
class Registry:
    """What labels are looked up in.

    `organisations`: key, name, kind, country, ror_id. `forms`: form → key of the curated organisations; `doubtful`:
    form → why it stays unresolved; `index`: form → ror_id, name, country, kind, or fits, of a ROR dump, or None.
    """

    organisations: pl.DataFrame
    forms: pl.DataFrame
    doubtful: Mapping[str, str]
    index: pl.DataFrame | None = None


def load_registry(ror: Path | None = None, cache: Path | None = None) -> Registry:
    """Return the curated registry, with all of ROR behind it when `ror` names a dump (v2: zip, json, jsonl, gz).

    The index of a dump is kept in the folder `cache`, by the dump's digest, and built again when it is not whole.
    Raises UsageError when the dump can't be read.
    """
    organisations, forms, doubtful = _curated()
    index = None if ror is None else index_of(ror, cache)
    return Registry(organisations, forms, doubtful, index)


@cache
def _curated() -> tuple[pl.DataFrame, pl.DataFrame, Mapping[str, str]]:
    """Return the curated organisations, their comparison forms, and the labels reviewed as ambiguous."""
    rows = [dict(zip(FIELDS, row, strict=True)) for row in resources.table("organisations/organisations.tsv")]
    table = pl.DataFrame(rows, schema=dict.fromkeys(FIELDS, pl.String))
    table = table.with_columns(pl.col("country", "ror_id").replace("", None))
    listed = table.select("key", form=pl.concat_list("name", pl.col("aliases").str.split("|"))).explode(
        "form"
    )
    native = pl.DataFrame(
        resources.table("organisations/native.tsv"), schema={"key": pl.String, "form": pl.String}, orient="row"
    ).with_columns(pl.col("form").str.split("|")).explode("form")  # fmt: skip
    listed = pl.concat([listed, native])
    forms = listed.with_columns(exact_form(listed["form"]))
    both = (
        pl.concat([forms, forms.with_columns(loose_form(forms["form"]))])
        .filter(pl.col("form") != "")
        .unique()
    )
    single = both.group_by("form").agg(pl.col("key").unique()).filter(pl.col("key").list.len() == 1)
    doubtful = resources.table("organisations/ambiguous.tsv")
    keys = label_form(pl.Series([row[0] for row in doubtful], dtype=pl.String))
    return (
        table.drop("aliases"),
        single.with_columns(pl.col("key").list.first()).sort("form"),
        dict(zip(exact_form(keys), (row[1] for row in doubtful), strict=True)),
    )

"""The registry of organisations: the curated table of the package, and an index over a ROR dump where one is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline.affiliations.forms import exact_form, label_form, loose_form
from byline.core import resources

ORGANISATIONS = "organisations/organisations.tsv"
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
    index = None
    if ror is not None:
        from byline.affiliations.dump import index_of  # noqa: PLC0415 - brings pyarrow, which who parses a paste can spare

        index = index_of(ror, cache)
    return Registry(organisations, forms, doubtful, index)


@resources.kept
def _curated() -> tuple[pl.DataFrame, pl.DataFrame, Mapping[str, str]]:
    """Return the curated organisations, their comparison forms, and the labels reviewed as ambiguous.

    An organisation that a person added replaces the shipped one of its key, and its names mean it alone.
    """
    table = pl.DataFrame(
        resources.table(ORGANISATIONS), schema=dict.fromkeys(FIELDS, pl.String), orient="row"
    )
    table = table.unique("key", keep="last", maintain_order=True)
    table = table.with_columns(pl.col("country", "ror_id", "kind").replace("", None))
    added = [line.split("\t", 1)[0] for line in resources.additions(ORGANISATIONS)]
    forms = _forms(table)
    mine = pl.col("key").is_in(added)
    theirs = forms.filter(mine)["form"].unique()
    forms = forms.filter(mine | ~pl.col("form").is_in(theirs.implode()))
    single = forms.group_by("form").agg(pl.col("key").unique()).filter(pl.col("key").list.len() == 1)
    doubtful = resources.table("organisations/ambiguous.tsv")
    keys = exact_form(label_form(pl.Series([row[0] for row in doubtful], dtype=pl.String)))
    notes = dict(zip(keys, (row[1] for row in doubtful), strict=True))
    return (
        table.drop("aliases"),
        single.with_columns(pl.col("key").list.first()).sort("form"),
        {form: note for form, note in notes.items() if form not in set(theirs)},
    )


def _with_places(listed: pl.DataFrame) -> pl.DataFrame:
    """Return the names of organisations followed by where they are: `mit, cambridge`."""
    places = pl.DataFrame(
        resources.table("organisations/places.tsv"), schema={"key": pl.String, "place": pl.String}, orient="row"
    ).with_columns(pl.col("place").str.split("|")).explode("place")  # fmt: skip
    named = listed.filter(pl.col("form") != "")
    return named.join(places, on="key").select("key", form=pl.format("{}, {}", "form", "place"))


def _forms(table: pl.DataFrame) -> pl.DataFrame:
    """Return key and form of each name that the organisations go by, exact and with abbreviations spelled out."""
    names = pl.concat_list("name", pl.col("aliases").str.split("|"))
    listed = table.select("key", form=names).explode("form")
    native = pl.DataFrame(
        resources.table("organisations/native.tsv"), schema={"key": pl.String, "form": pl.String}, orient="row"
    ).with_columns(pl.col("form").str.split("|")).explode("form")  # fmt: skip
    listed = pl.concat([listed, native])
    forms = listed.with_columns(exact_form(listed["form"]))
    placed = _with_places(listed)
    placed = placed.with_columns(exact_form(placed["form"]))
    both = pl.concat([forms, forms.with_columns(loose_form(forms["form"])), placed])
    return both.filter(pl.col("form") != "").unique()

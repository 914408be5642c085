"""Which organisation a label means, or why that can't be told."""

from __future__ import annotations

import polars as pl

from byline.affiliations.decided import obeyed
from byline.affiliations.forms import company_form, country_names, exact_form, label_form, loose_form
from byline.affiliations.registry import Registry
from byline.core.ids import digest_all

SCHEMA = {
    "affiliation_id": pl.String, "label": pl.String, "name": pl.String, "ror_id": pl.String, "country": pl.String,
    "kind": pl.String, "resolved": pl.Boolean, "note": pl.String,
}  # fmt: skip
KIND = "affiliation"
FILLED = ("name", "ror_id", "country", "kind")


def resolve(labels: pl.Series, registry: Registry, decisions: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return, row by row, the affiliation of each listed label: the contract's columns and `note`.

    `decisions`: what labels mean by a person's word, see `decided.obeyed`.
    `affiliation_id` is of the folded label, so labels that differ in case or white space only share it. `name` is the
    organisation's, or the folded label where `resolved` is false; `note` then says why. A null label gives nulls.
    """
    folded = label_form(labels)
    distinct = folded.drop_nulls().unique(maintain_order=True)
    found = _look_up(distinct, registry)
    if decisions is not None:
        found = obeyed(found, decisions, registry)
    table = found.with_columns(
        digest_all(distinct, KIND).alias("affiliation_id"),
        resolved=pl.col("name").is_not_null(),
        name=pl.coalesce("name", "label"),
    ).select(list(SCHEMA))
    return (
        folded.alias("label")
        .to_frame()
        .join(table, on="label", how="left", maintain_order="left")
        .select(list(SCHEMA))
    )


def _look_up(distinct: pl.Series, registry: Registry) -> pl.DataFrame:
    """Return label, name, ror_id, country, kind, note of distinct labels: curated first, then the dump."""
    forms = exact_form(distinct)
    frame = pl.DataFrame({"label": distinct, "form": forms, "loose": loose_form(forms)})
    table = _curated(frame, registry)
    if registry.index is not None:
        table = _behind(table, registry.index)
    table = _abroad(_companies(table, registry), registry)
    unknown = pl.col("name").is_null()
    return table.select(
        "label", "name", "ror_id", "country", "kind",
        note=pl.when(unknown).then(pl.coalesce("note", pl.lit("no organisation of this name is known"))),
    )  # fmt: skip


def _curated(frame: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """Add what the curated registry knows; a label reviewed as ambiguous has a note and nothing else."""
    doubt = pl.DataFrame(
        {"form": list(registry.doubtful), "note": list(registry.doubtful.values())},
        schema={"form": pl.String, "note": pl.String},
    )
    exact = frame.join(registry.forms, on="form", how="left", maintain_order="left")
    loose = registry.forms.select(loose="form", loose_key="key")
    keyed = exact.join(loose, on="loose", how="left", maintain_order="left")
    keyed = keyed.join(doubt, on="form", how="left", maintain_order="left")
    sure = pl.when(pl.col("note").is_null()).then(pl.coalesce("key", "loose_key"))
    return keyed.with_columns(key=sure).join(
        registry.organisations, on="key", how="left", maintain_order="left"
    )


def _companies(table: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """Add the curated companies whose legal form the label spells out: `amazon.com, inc.` is Amazon.

    This comes last, since a dump knows the branches of other countries by the legal forms of theirs.
    """
    fields = registry.organisations.filter(pl.col("kind") == "company").rename(
        {one: f"legal_{one}" for one in FILLED}
    )
    known = registry.forms.rename({"form": "bare"}).join(fields, on="key", how="inner").drop("key")
    bare = company_form(table["form"])
    open_ = pl.col("name").is_null() & pl.col("note").is_null() & (bare != table["form"])
    joined = table.with_columns(bare=pl.when(open_).then(bare)).join(
        known, on="bare", how="left", maintain_order="left"
    )
    return joined.with_columns(pl.coalesce(one, f"legal_{one}").alias(one) for one in FILLED)


def _abroad(table: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """Add what is known of labels without the country at their end, where it is the organisation's."""
    parts = table["label"].str.extract_groups(r"^(?<bare>.+), (?<country>[^,]+)$").struct.unnest()
    codes = exact_form(parts["country"]).replace_strict(country_names(), default=None, return_dtype=pl.String)
    asked = table["name"].is_null() & table["note"].is_null() & codes.is_not_null()
    if not asked.any():
        return table
    found = _look_up(parts["bare"].filter(asked).unique(maintain_order=True), registry).drop("note")
    found = found.filter(pl.col("name").is_not_null()).rename({one: f"home_{one}" for one in FILLED})
    bare = pl.when(pl.Series(asked)).then(pl.Series(parts["bare"]))
    joined = table.with_columns(bare=bare, code=codes).join(
        found.rename({"label": "bare"}), on="bare", how="left", maintain_order="left"
    )
    same = pl.col("home_country") == pl.col("code")
    fills = (pl.coalesce(one, pl.when(same).then(f"home_{one}")).alias(one) for one in FILLED)
    return joined.with_columns(*fills).select(table.columns)


def _behind(table: pl.DataFrame, index: pl.DataFrame) -> pl.DataFrame:
    """Add what a ROR dump knows about labels of which the curated registry says nothing."""
    for form in ("form", "loose"):
        hits = index.rename(
            {"form": form, **{one: f"ror_{one}" for one in ("ror_id", "name", "country", "kind", "fits")}}
        )
        open_ = pl.col("name").is_null() & pl.col("note").is_null()
        table = table.join(
            hits.join(table.select(form).unique(), on=form, how="semi"),
            on=form,
            how="left",
            maintain_order="left",
        )
        several = pl.format("fits several organisations: {}", pl.col("ror_fits").list.join("; "))
        fills = {one: pl.when(open_).then(pl.col(f"ror_{one}")).otherwise(pl.col(one)) for one in FILLED}
        known = pl.when(open_ & pl.col("ror_name").is_null()).then(several).otherwise(pl.col("note"))
        table = table.with_columns(**fills, note=known).drop([f"ror_{one}" for one in (*FILLED, "fits")])
    return table

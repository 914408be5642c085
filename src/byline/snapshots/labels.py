"""Names and titles beside the ids of a difference, so that people read what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from byline.snapshots import manifest
from byline.snapshots.scan import scan_table

NAMES_FILE = "names.jsonl"
"""The decisions on names in the manifest's options: where they changed, what the older snapshot said is not shown."""
SAID = ("title", "title_tex", "abstract", "abstract_tex", "comments", "venue", "badges", "links", "name", "given",
        "family", "particle", "suffix", "name_key", "aliases", "name_as_listed", "label", "label_as_listed",
        "note")  # fmt: skip
"""Fields that could say a name which is withheld since."""
TITLED = ("papers", "authorships", "paper_affiliations")
NAMED = ("authors", "author_identifiers")


def labelled(rows: pl.DataFrame, old: Path, new: Path) -> pl.DataFrame:
    """Add `label` to differences: a paper's title, an author's or an organisation's name; null where neither has one.

    The newer snapshot's word is taken, else the older one's. Where decisions on names changed in between, nothing is
    taken from the older one, and what its texts said is left out: a name may be withheld since.
    """
    withheld = _decisions(old) != _decisions(new)
    if withheld:
        hidden = pl.col("field").is_in(SAID)
        rows = rows.with_columns(old=pl.when(~hidden | pl.col("field").is_null()).then("old"))
    keyed = rows.with_columns(_id=pl.col("key").str.split("/").list.first())
    sides = (new,) if withheld else (new, old)
    none = pl.DataFrame(schema=dict.fromkeys(("table", "_id", "label"), pl.String))
    found = pl.concat([none, *(part for folder in sides for part in _labels(folder, keyed))])
    found = found.unique(["table", "_id"], keep="first", maintain_order=True)
    return keyed.join(found, on=["table", "_id"], how="left", maintain_order="left").drop("_id")


def _labels(folder: Path, keyed: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield table, _id and label of what a snapshot knows of the ids."""
    sources = (("papers", "paper_id", "title", TITLED), ("authors", "author_id", "name", NAMED),
               ("affiliations", "affiliation_id", "name", ("affiliations",)))  # fmt: skip
    for table, key, label, tables in sources:
        wanted = keyed.filter(pl.col("table").is_in(tables)).select("table", "_id").unique()
        if wanted.height:
            rows = scan_table(folder, table).select(_id=key, label=label)
            known = rows.join(wanted.lazy().select("_id").unique(), on="_id", how="semi")
            yield (
                wanted.join(known.collect(engine="streaming"), on="_id")
                .select("table", "_id", "label")
                .sort("table", "_id")
            )


def _decisions(folder: Path) -> str | None:
    curated = manifest.read_manifest(folder).options.get("curated") or {}
    return curated.get(NAMES_FILE)

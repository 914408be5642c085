"""Labels that were not resolved to an organisation: which matter most, what they could mean, and a person's word."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rapidfuzz import fuzz, process

from byline.affiliations import Registry, exact_form
from byline.decisions import organisations
from byline.explain.queue import append_line
from byline.snapshots.scan import scan_table

ALIKE = 80.0
"""Similarity (0 to 100) from which an organisation is offered: `stanford univ` and `stanford university` have 81."""
OFFERED = 5


@dataclass(frozen=True)
class Organisation:
    """An organisation that a label could mean."""

    name: str
    ror_id: str | None
    country: str | None
    kind: str | None

    def shown(self) -> str:
        """Return it as a line for people."""
        return "  ".join(part for part in (self.name, self.country, self.kind, self.ror_id) if part)


@dataclass(frozen=True)
class Label:
    """A label that was not resolved: as published, why, on how many papers, and the title of one of them."""

    label: str
    note: str
    papers: int
    title: str


def unresolved(snapshot: Path, folder: Path, limit: int) -> list[Label]:
    """Return labels that no organisation was found for, of the most papers first; those decided upon are left out."""
    decided = organisations.meanings(folder)["label"]
    labels = scan_table(snapshot, "affiliations").filter(~pl.col("resolved"))
    labels = labels.filter(~pl.col("label").is_in(decided.implode()))
    used = scan_table(snapshot, "paper_affiliations").join(labels, on="affiliation_id")
    counted = used.group_by("label").agg(
        pl.col("note").first(), papers=pl.col("paper_id").n_unique(), paper_id=pl.col("paper_id").min()
    )
    first = counted.sort("papers", "label", descending=[True, False]).head(limit)
    titled = first.join(scan_table(snapshot, "papers").select("paper_id", "title"), on="paper_id", how="left")
    rows = titled.sort("papers", "label", descending=[True, False]).collect(engine="streaming")
    return [
        Label(label, note or "", papers, title)
        for label, note, papers, title in rows.select("label", "note", "papers", "title").iter_rows()
    ]


def candidates(registry: Registry) -> pl.DataFrame:
    """Return all names of organisations: form, name, ror_id, country, kind."""
    names = registry.forms.join(registry.organisations, on="key").select(
        "form", "name", "ror_id", "country", "kind"
    )
    if registry.index is None:
        return names
    return pl.concat([names, registry.index.drop_nulls("name").select(names.columns)])


def offered(label: str, names: pl.DataFrame) -> list[Organisation]:
    """Return organisations whose names (`candidates`) are like the label, the likest first."""
    wanted = str(exact_form(pl.Series([label])).item())
    found = process.extract(
        wanted, names["form"].to_list(), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=40
    )
    likest: dict[str, Organisation] = {}  # by name: one organisation has several forms
    for _, _, place in found:
        one = Organisation(*names.select("name", "ror_id", "country", "kind").row(place))
        likest.setdefault(one.name, one)
    return list(likest.values())[:OFFERED]


def keep_meaning(folder: Path, label: str, meant: Organisation | None, note: str) -> Path:
    """Add what a label means (null: no organisation) to the decisions. Returns the file."""
    path = folder / organisations.NAME
    if not path.exists():
        append_line(path, ",".join([*organisations.COLUMNS, "note"]))
    facts = ["", "", "", ""] if meant is None else [meant.name, meant.ror_id, meant.country, meant.kind]
    return append_line(path, _csv([label, "not" if meant is None else "is", *facts, note]))


def _csv(cells: list[str | None]) -> str:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="").writerow([cell or "" for cell in cells])
    return sink.getvalue()


def told(label: Label, organisations_like: list[Organisation]) -> Iterator[str]:
    """Yield a label and what it could mean, as lines for people."""
    yield f"  {label.papers} paper(s), for example {label.title!r}; {label.note}"
    for number, one in enumerate(organisations_like, 1):
        yield f"  {number}  {one.shown()}"

"""Which published rows hold names that are withheld from now on.

Names take effect one after the other, in the order of their lines. So where new lines stand behind the old ones, what
is published, in which the old names are replaced, is what the new names are sought in: a text without the letters of
any stays as it is, and so does one from which an old name took them.

    lines    Adam Byron → Ada Byron, Ada Byron Fox → Ada Fox
    text     by Adam Byron Fox   published: by Ada Byron Fox   from now on: by Ada Fox
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline import names
from byline.decisions.people import WantedName
from byline.files.tables import scan_files
from byline.names.withheld import Withheld, still_there
from byline.pipeline.stages.withholding import TEXTS, UNSHOWN
from byline.snapshots import manifest

LISTS = ("badges", "links")
"""Of papers; labels are published in a table of their own."""


@dataclass(frozen=True)
class Holding:
    """What of a snapshot holds one of the names."""

    papers: pl.Series
    """Whose texts do."""
    mentions: pl.DataFrame
    """paper_id, position: listed under one."""
    records: pl.Series
    """Quarantined ones whose text does, or may have."""


def holding(snapshot: Path, lines: Sequence[WantedName]) -> Holding:
    """Return what of a snapshot holds a form that one of some decisions withholds.

    One file of a table is held at a time. Raises `DataError`, `OSError` or polars' errors: it can't be read.
    """
    sought = [Withheld(tuple(one.withheld), one.name) for one in lines]
    columns = ["paper_id", *TEXTS, *LISTS]
    papers = [_with_texts(rows, sought) for rows in _files(snapshot, "papers", columns)]
    labels = [
        rows["paper_id"].filter(still_there(rows["label_as_listed"], sought))
        for rows in _files(snapshot, "paper_affiliations", ["paper_id", "label_as_listed"])
    ]
    listed = ["paper_id", "position", "name_as_listed"]
    mentions = [_listed_under(rows, sought) for rows in _files(snapshot, "authorships", listed)]
    unread = ["record_id", "detail", "raw_text"]
    records = [_unread(rows, sought) for rows in _files(snapshot, "quarantine", unread)]
    none = pl.DataFrame(schema={"paper_id": pl.String, "position": pl.UInt16})
    return Holding(
        pl.concat([none["paper_id"], *papers, *labels]).unique(),
        pl.concat([none, *mentions]),
        pl.concat([pl.Series("record_id", [], dtype=pl.String), *records]),
    )


def _files(snapshot: Path, table: str, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    for file in manifest.read_manifest(snapshot).tables[table].files:
        yield scan_files([snapshot / file.path], table).select(columns).collect()


def _with_texts(rows: pl.DataFrame, sought: Sequence[Withheld]) -> pl.Series:
    """Return the papers one of whose texts holds a name."""
    found = [rows["paper_id"].filter(still_there(rows[name], sought)) for name in TEXTS]
    for name in LISTS:
        items = rows.select("paper_id", name).explode(name, empty_as_null=False, keep_nulls=False)
        found.append(items["paper_id"].filter(still_there(items[name], sought)))
    return pl.concat(found)


def _listed_under(rows: pl.DataFrame, sought: Sequence[Withheld]) -> pl.DataFrame:
    """Return the mentions under a withheld form, alone or within a longer one (as `identity.namesakes` tells them)."""
    forms = names.fold_names(pl.Series([form for one in sought for form in one.forms], dtype=pl.String))
    listed = rows["name_as_listed"].unique()
    shows = names.fold_names(listed).is_in(forms.implode()) | still_there(listed, sought)
    some = pl.col("name_as_listed").is_in(listed.filter(shows).implode())
    return rows.filter(some).select("paper_id", "position")


def _unread(rows: pl.DataFrame, sought: Sequence[Withheld]) -> pl.Series:
    """Return the records whose texts hold a name, or were not shown for an old one."""
    holds = [
        still_there(rows[name], sought) | rows[name].eq_missing(UNSHOWN) for name in ("detail", "raw_text")
    ]
    return rows["record_id"].filter(holds[0] | holds[1])

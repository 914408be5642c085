"""The documents of a snapshot beside its tables: made from the models, the tables, and what the manifest says.

`seal` writes them, and `validate` makes them again to compare, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from byline.core.errors import DataError
from byline.core.shapes import Count, Text, shaped
from byline.report import page as report_page
from byline.report.pieces import File, Files
from byline.report.tallies import DIGESTED, Tally
from byline.snapshots import croissant, datapackage, manifest
from byline.snapshots.manifest import Facts, Manifest, TableFiles

REPORT = report_page.NAME
NAMES = (datapackage.NAME, croissant.NAME, REPORT)
DATASET = "dataset"
"""Under this name the manifest's options hold what the owner says of the dataset."""
ARXIV = "arxiv"
"""Under this name they hold which file of arXiv's metadata filled what pages left out."""


@dataclass(frozen=True)
class _Dataset:
    """What a manifest may hold of the dataset, as `decisions.about` reads it."""

    title: Text = ""
    description: Text = ""
    owner: Text = ""
    licence: Text = ""
    licence_url: Text = ""
    citation: Text = ""
    homepage: Text = ""
    sources: list[dict[Text, Text]] = field(default_factory=list)


@dataclass(frozen=True)
class _Arxiv:
    """What a manifest may hold of arXiv's metadata."""

    papers: Count
    newest: Text | None
    sha256: Text


def sealed_facts(known: Manifest) -> tuple[dict[str, list[str]], Facts]:
    """Return what a sealed snapshot's documents are made of: the files of each table, and what its manifest says.

    Raises `DataError`: what the manifest says of the dataset or of arXiv's metadata is not of byline's making.
    """
    for name, shape in ((DATASET, _Dataset), (ARXIV, _Arxiv)):
        try:
            if known.options.get(name) is not None:
                shaped(known.options[name], shape)
        except ValueError as problem:
            raise DataError(
                f"{manifest.NAME}: `options.{name}` can't be that of a build ({problem})",
                "`byline validate` says all that is wrong.",
            ) from None
    files = {name: [file.path for file in table.files] for name, table in known.tables.items()}
    facts = Facts(
        snapshot_id=known.snapshot_id,
        code_version=known.code_version,
        inputs=known.inputs,
        options=known.options,
        contract_version=known.contract_version,
    )
    return files, facts


def descriptors(files: Mapping[str, Sequence[str]], facts: Facts) -> dict[str, bytes]:
    """Return `datapackage.json` and `croissant.json`. `files`: each table's Parquet files, relative to the snapshot."""
    about: dict[str, Any] = facts.options.get(DATASET, {})
    return {
        datapackage.NAME: datapackage.to_json(files, facts.snapshot_id, about, facts.options.get(ARXIV)),
        croissant.NAME: croissant.to_json(facts.snapshot_id, about),
    }


def unkept(folder: Path, files: Mapping[str, Sequence[str]]) -> Tally:
    """Return the tallies of the tables that lie below `folder`, of which nothing is kept."""
    return Tally(Files(folder, {name: [File(path) for path in paths] for name, paths in files.items()}))


def tally(
    folder: Path, tables: Mapping[str, TableFiles], kept: Mapping[str, pl.DataFrame] | None = None
) -> Tally:
    """Return the tallies of a snapshot's tables.

    `kept` are tallies of another one (`report.tallies.FRAMES`, or nothing), where those of this one are to be kept.
    """
    files = {name: [File(file.path, file.sha256) for file in table.files] for name, table in tables.items()}
    if kept is None:
        return Tally(Files(folder, files))
    return Tally(Files(folder, files, kept.get("pieces"), DIGESTED), kept)


def report(tally: Tally, facts: Facts, changes: str = "") -> bytes:
    """Return `report.html` for the tables of a tally. `changes`: a section on the snapshot before."""
    about: dict[str, Any] = facts.options.get(DATASET, {})
    said = report_page.About(
        snapshot_id=facts.snapshot_id,
        code_version=facts.code_version,
        contract_version=facts.contract_version,
        title=about.get("title", report_page.About.title),
        arxiv=facts.options.get(ARXIV),
        **{name: about.get(name) for name in ("owner", "licence", "citation")},
    )
    return report_page.page(tally, said, changes).encode()

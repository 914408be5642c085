"""`byline validate`: whether a dataset keeps every promise of the contract. Reads only, runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path

import polars as pl
import pyarrow as pa

from byline.core.errors import DataError
from byline.snapshots import inside, manifest, publishing
from byline.snapshots.manifest import DataFile, Manifest
from byline.validation import between, files, generated, models, order, past
from byline.validation.report import Finding, Report
from byline.validation.spill import aside
from byline_schemas import CONTRACT_VERSION, TABLES, Table, integrity, tables_of
from byline_schemas.tables import ADDED

__all__ = ["Finding", "Report", "check_part", "parts", "validate"]

RULES = (
    "manifest_is_sound",
    "tables_are_the_contracts",
    "file_is_there",
    "file_is_listed",
    "file_is_regular",
    "path_stays_inside",
    "table_file_is_named",
    "size_is_listed",
    "sha256_is_listed",
    "footer_is_sound",
    "rows_are_listed",
    "columns_are_the_models",
    "types_are_the_models",
    "columns_are_described",
    "row_groups_are_of_a_sensible_size",
    "compression_is_zstd",
    "statistics_are_there",
    "partition_is_named",
    "partition_holds_its_rows",
    "rows_are_sorted",
    "documents_are_generated",
    "snapshot_id_follows",
    "folder_is_the_snapshots",
    "table_rows_are_the_files",
    "counts_are_the_records",
    "reasons_are_the_quarantines",
    "source_is_an_input",
    "input_records_are_counted",
    "source_sha256_is_the_inputs",
    "last_span_ends_the_file",
    "rows_are_readable",
    "history_is_sound",
    "history_ends_with_current",
    "redirects_are_sound",
    "redirects_lead_to_papers",
    "redirects_lead_to_authors",
    "redirects_follow_mentions",
    "run_reports_are_sound",
)

"""The rules beside those between tables (`schemas.integrity`) and the models' own (`model:…`)."""

BLOCKING = {
    "tables_are_the_contracts",
    "file_is_there",
    "file_is_regular",
    "path_stays_inside",
    "footer_is_sound",
    "columns_are_the_models",
    "types_are_the_models",
    "row_groups_are_of_a_sensible_size",
}
"""Whoever breaks these can't be read as the table it should be; rules between tables then have no meaning."""

LOOKS = 5
"""How often a dataset is looked at that is published into while it is checked."""
SNAPSHOT, MANIFEST = "snapshot", "manifest"
BETWEEN = {f"between tables: {group}": group for group in integrity.groups()}
"""Parts of a check beside the tables."""

UNREADABLE = (pa.ArrowException, pl.exceptions.PolarsError, OSError, UnicodeDecodeError)


def validate(dataset: Path, *, deep: bool = True) -> Report:
    """Check a dataset folder (a snapshot, or an output folder with `current`) against the contract.

    `deep=False` leaves out the models' checks of every row, which a build made when it wrote them; all
    else is checked: files, hashes, footers, physical schemas, order, partitions, rules between tables,
    the manifest. Findings are all reported at once. Raises `DataError` when there is no dataset, or its
    contract is newer.

    When something is published meanwhile, what was found wrong may be neither of the one nor of the other: it looks
    again.
    """
    for _ in range(LOOKS):
        folder = publishing.locate(dataset)
        report = _look(dataset, folder, deep=deep)
        if report.ok or folder == dataset or publishing.current(dataset) == folder:
            break
    return report


def _look(dataset: Path, folder: Path, *, deep: bool) -> Report:
    """Check a snapshot's folder, and the history beside it when the dataset is an output folder."""
    try:
        known = manifest.read(folder)
    except DataError as error:
        return Report(str(dataset), (Finding("manifest_is_sound", error.what, file=manifest.NAME),), _rules())
    _contract(known, folder)
    findings = [found for part in known.tables for found in check_part(folder, part, deep=deep)]
    unreadable = any(finding.rule in BLOCKING for finding in findings)
    findings = [*check_part(folder, SNAPSHOT, deep=deep and not unreadable), *findings]
    if not unreadable and not any(finding.rule in BLOCKING for finding in findings):
        findings += _between(folder, known)
        findings += check_part(folder, MANIFEST, deep=deep)
    if folder != dataset:
        findings += _history(dataset, folder)
    rows_checked = sum(table.rows for table in known.tables.values())
    return Report(str(dataset), tuple(findings), _rules(), rows_checked)


def _history(dataset: Path, folder: Path) -> list[Finding]:
    """Check the history; what is wrong between the switch of `current` and its line is right a moment later."""
    findings = list(past.history_agrees(dataset, folder))
    return list(past.history_agrees(dataset, folder)) if findings else []


def parts() -> list[str]:
    """Return the parts of a check, the most expensive first; they may run side by side (`check_part`)."""
    return [*BETWEEN, MANIFEST, *TABLES, SNAPSHOT]


def check_part(folder: Path, part: str, *, deep: bool, work: Path | None = None) -> list[Finding]:
    """Check one part of a snapshot: a table (by name) with its files and rows, or one of the parts beside them.

    `work` is a folder for what is put aside and removed again; without one nothing is written, and the rules between
    large tables take longer.
    """
    known = manifest.read(folder)
    if part in BETWEEN or part == MANIFEST:
        listed = [file.path for file in known.files()]
        if not all(inside.regular(folder, path) for path in listed):
            return []  # the other parts name them; nothing of them is opened
    if part in BETWEEN:
        return _between(folder, known, BETWEEN[part], work)
    if part == MANIFEST:
        return _read_through(between.manifest_agrees(folder, known))
    if part == SNAPSHOT:
        found = [*_outside(folder, known), *files.present(folder, known), *files.named(known)]
        found += _documents(folder, known)
        return found + _read_through(generated.as_made(folder, known, deep=deep))
    tables, older = _contract(known, folder)
    findings = list(_each_file(folder, known, tables.get(part), part, older=older))
    unreadable = {finding.file for finding in findings if finding.rule in BLOCKING}
    may_open = {item.path for item in files.readable(folder, known)} - unreadable
    readable = [file for file in known.tables[part].files if part in tables and file.path in may_open]
    if readable:
        rows = _rows(folder, readable, tables[part], deep=deep, older=older)
        findings += _read_through(rows, part)
    return findings


def _rules() -> tuple[str, ...]:
    """Return the names of all rules, those of single rows under one name a table."""
    between_tables = [rule for _, rule in integrity.all_rules()]
    return tuple(dict.fromkeys([*RULES, *between_tables]))


def _contract(known: Manifest, folder: Path) -> tuple[Mapping[str, Table], bool]:
    """Return the tables of the contract that the dataset follows, and whether its files may lack later columns."""
    try:
        version = tuple(int(part) for part in known.contract_version.split("."))
    except ValueError:
        version = ()
    mine = tuple(int(part) for part in CONTRACT_VERSION.split("."))
    tables = tables_of(known.contract_version)
    if tables is None or version > mine:
        raise DataError(
            f"{folder} follows contract {known.contract_version!r}, this byline knows {CONTRACT_VERSION}",
            "Validate it with the byline version that its manifest names, or with a newer one.",
        )
    return tables, version[:1] == mine[:1] and version < mine


def _outside(folder: Path, known: Manifest) -> Iterator[Finding]:
    """Check what the manifest says of the snapshot as a whole."""
    if not TABLES.keys() - set(ADDED) <= known.tables.keys() <= TABLES.keys():
        message = f"expected {sorted(TABLES)}, the manifest lists {sorted(known.tables)}"
        yield Finding("tables_are_the_contracts", message, file=manifest.NAME)
    for name, table in known.tables.items():
        if not table.files:
            yield Finding(
                "tables_are_the_contracts", "every table has at least one file", name, manifest.NAME
            )
    real = folder.resolve()
    if real.parent.name == publishing.SNAPSHOTS and real.name != known.snapshot_id:
        message = f"the folder is named {real.name}, the manifest names {known.snapshot_id}"
        yield Finding("folder_is_the_snapshots", message, file=manifest.NAME)


def _each_file(
    folder: Path, known: Manifest, table: Table | None, name: str, *, older: bool
) -> Iterator[Finding]:
    """Check size, hash and footer of every listed file of a table that may be opened."""
    listed = {file.path for file in known.tables[name].files}
    for item in files.readable(folder, known):
        if item.path in listed:
            yield from files.unchanged(folder, item)
            if isinstance(item, DataFile) and table is not None:
                yield from files.sound(folder, item, table, older=older)


def _documents(folder: Path, known: Manifest) -> Iterator[Finding]:
    """Check size and hash of the files that are no tables."""
    for item in files.readable(folder, known):
        if not isinstance(item, DataFile):
            yield from files.unchanged(folder, item)


def _rows(
    folder: Path, readable: list[DataFile], table: Table, *, deep: bool, older: bool
) -> Iterator[Finding]:
    """Check the rows of a table's files."""
    if deep:
        yield from models.model_holds(folder, readable, table, older=older)
    yield from order.placed(folder, readable, table)


def _between(
    folder: Path, known: Manifest, group: str | None = None, work: Path | None = None
) -> list[Finding]:
    groups = None if group is None else [group]
    with nullcontext() if work is None else aside(work) as spill:
        return _read_through(between.tables_agree(folder, known, groups, spill))


def _read_through(findings: Iterator[Finding], table: str | None = None) -> list[Finding]:
    """Return the findings; that a file breaks while it is read is one, too."""
    found: list[Finding] = []
    try:
        found.extend(findings)
    except UNREADABLE as error:
        found.append(Finding("rows_are_readable", f"{type(error).__name__}: {error}", table))
    return found

"""`byline validate`: whether a dataset keeps every promise of the contract. Reads only, runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path

import polars as pl
import pyarrow as pa

from byline.core.errors import BylineError, OutputError
from byline.snapshots import manifest, publishing
from byline.validation import between, files, generated, order, snapshot
from byline.validation.report import Finding, Report
from byline.validation.snapshot import Snapshot
from byline.validation.spill import aside
from byline_schemas import TABLES, integrity
from byline_schemas.tables import ADDED

__all__ = ["Finding", "Report", "check_part", "parts", "validate"]

RULES = (
    "manifest_is_sound",
    "tables_are_the_contracts",
    "file_is_there",
    "file_is_listed",
    "file_is_regular",
    "folder_is_needed",
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
    "row_groups_are_not_tiny",
    "files_are_of_a_sensible_size",
    "compression_is_zstd",
    "statistics_are_there",
    "partition_is_named",
    "partition_holds_its_rows",
    "rows_are_sorted",
    "documents_are_generated",
    "manifest_is_as_written",
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
    "output_holds_no_links",
    "history_is_sound",
    "history_is_whole",
    "history_tells_of_snapshots",
    "history_ends_with_current",
    "redirects_are_sound",
    "redirects_agree",
    "redirects_lead_to_papers",
    "redirects_lead_to_authors",
    "redirects_follow_mentions",
    "run_reports_are_sound",
    # of single rows
    "text_holds_what_a_text_may",
    "quarantined_has_no_confidence",
    "confidence_is_its_records",
    "source_is_its_authors",
    "added_authors_come_last",
    # of single rows, of snapshots of this very code
    "filled_columns_hold_something",
    "links_are_addresses",
    "links_are_the_records",
    "has_code_follows_from_badges",
    "category_is_arxivs",
    "category_follows_from_code",
    "name_follows_from_its_forms",
    "author_id_follows",
    "paper_id_follows",
    "affiliation_id_follows_from_label",
    "country_is_of_iso_3166",
    "unresolved_labels_say_why",
    "resolved_labels_have_no_note",
    "organisation_follows_from_label",
    "label_is_its_affiliations",
    "form_is_known",
    "reason_is_known",
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

UNREADABLE = (
    pa.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,  # polars gives up on a date beyond the year 262,142, for example
    OSError,
    UnicodeDecodeError,
)


def validate(dataset: Path, *, deep: bool = True) -> Report:
    """Check a dataset folder (a snapshot, or an output folder with `current`) against the contract.

    `deep=False` leaves out the checks of every row, which a build made when it wrote them, or which follow from how it
    made them; all else is checked: files, hashes, footers, physical schemas, order, partitions, rules between tables,
    the manifest, the history. Findings are all reported at once. Raises `DataError` when there is no dataset, or its
    contract is newer.

    When something is published meanwhile, what was found wrong may be neither of the one nor of the other: it looks
    again.
    """
    for _ in range(LOOKS):
        try:
            folder = publishing.locate(dataset)
        except OutputError as error:
            return Report(str(dataset), (Finding("output_holds_no_links", error.what),), _rules())
        report = _look(dataset, folder, deep=deep)
        if report.ok or folder == dataset or _is_current(dataset, folder):
            break
    return report


def _is_current(dataset: Path, folder: Path) -> bool:
    try:
        return publishing.current(dataset) == folder
    except OutputError:
        return False


def _look(dataset: Path, folder: Path, *, deep: bool) -> Report:
    """Check a snapshot's folder, and the history beside it when the dataset is an output folder."""
    try:
        known = manifest.read_manifest(folder)
    except BylineError as error:
        return Report(str(dataset), (Finding("manifest_is_sound", error.what, file=manifest.NAME),), _rules())
    looked = snapshot.of(folder, known)
    findings = _all_of(looked, deep=deep)
    if folder != dataset:
        findings += _history(dataset, folder)
    rows_checked = sum(table.rows for table in known.tables.values())
    return Report(str(dataset), tuple(findings), _rules(), rows_checked)


def _all_of(looked: Snapshot, *, deep: bool) -> list[Finding]:
    """Return what is found in a snapshot; what can't be read as the table it should be is not looked into further."""
    of_files = {name: list(files.of_table(looked, name)) for name in looked.known.tables}
    readable = looked.whole and not _blocked(chain.from_iterable(of_files.values()))
    findings = _whole(looked, deep=deep and readable)
    for name, found in of_files.items():
        findings += [*found, *_rows(looked, name, found, deep=deep, related=readable)]
    if not readable or _blocked(findings):
        return findings
    findings += _between(looked)
    return findings + _read_through(between.manifest_agrees(looked))


def _blocked(findings: Iterable[Finding]) -> bool:
    return any(finding.rule in BLOCKING for finding in findings)


def _history(dataset: Path, folder: Path) -> list[Finding]:
    """Check the history; what is wrong between the switch of `current` and its line is right a moment later."""
    from byline.validation import output, past  # noqa: PLC0415 - a build checks what it is about to publish alone

    def look() -> list[Finding]:
        return [*output.folders(dataset), *past.history_agrees(dataset, folder)]

    return look() if look() else []


def parts() -> list[str]:
    """Return the parts of a check, the most expensive first; they may run side by side (`check_part`)."""
    return [*BETWEEN, MANIFEST, *TABLES, SNAPSHOT]


def check_part(folder: Path, part: str, *, deep: bool, work: Path | None = None) -> list[Finding]:
    """Check one part of a snapshot: a table (by name) with its files and rows, or one of the parts beside them.

    `work` is a folder for what is put aside and removed again; without one nothing is written, and the rules between
    large tables take longer.
    """
    looked = snapshot.of(folder, manifest.read_manifest(folder))
    if part in BETWEEN or part == MANIFEST:
        if not looked.whole:
            return []  # the other parts name them; nothing of them is opened
        if part == MANIFEST:
            return _read_through(between.manifest_agrees(looked))
        return _between(looked, BETWEEN[part], work)
    if part == SNAPSHOT:
        return _whole(looked, deep=deep)
    found = list(files.of_table(looked, part))
    return [*found, *_rows(looked, part, found, deep=deep, related=looked.whole)]


def _rules() -> tuple[str, ...]:
    """Return the names of all rules, those of single rows under one name a table."""
    between_tables = [rule for _, rule in integrity.all_rules()]
    return tuple(dict.fromkeys([*RULES, *between_tables]))


def _whole(looked: Snapshot, *, deep: bool) -> list[Finding]:
    """Check the snapshot as a whole: its folder, and the files that are no tables."""
    found = [*_outside(looked), *files.present(looked), *files.named(looked.known)]
    for item in looked.known.documents:
        if item.path in looked.openable:
            found += files.unchanged(looked.folder, item)
    return found + _read_through(generated.as_made(looked, deep=deep))


def _outside(looked: Snapshot) -> Iterator[Finding]:
    """Check what the manifest says of the snapshot as a whole."""
    known = looked.known
    if not TABLES.keys() - set(ADDED) <= known.tables.keys() <= TABLES.keys():
        message = f"expected {sorted(TABLES)}, the manifest lists {sorted(known.tables)}"
        yield Finding("tables_are_the_contracts", message, file=manifest.NAME)
    for name, table in known.tables.items():
        if not table.files:
            yield Finding(
                "tables_are_the_contracts", "every table has at least one file", name, manifest.NAME
            )
    real = looked.folder.resolve()
    if real.parent.name == publishing.SNAPSHOTS and real.name != known.snapshot_id:
        message = f"the folder is named {real.name}, the manifest names {known.snapshot_id}"
        yield Finding("folder_is_the_snapshots", message, file=manifest.NAME)


def _rows(looked: Snapshot, name: str, found: list[Finding], *, deep: bool, related: bool) -> list[Finding]:
    """Check the rows of a table's files, but of those in which something was found that makes them unreadable.

    `related` says whether the other tables may be read, too.
    """
    unsound = {finding.file for finding in found if finding.rule in BLOCKING}
    readable = [
        file
        for file in looked.known.tables[name].files
        if name in looked.tables and file.path in looked.openable - unsound
    ]
    if not readable:
        return []
    table = looked.tables[name]
    if not deep:
        return _read_through(order.placed(looked.folder, readable, table), name)
    from byline.validation import following, models  # noqa: PLC0415 - a build checks rows when it writes them

    rows = _read_through(models.rows_hold(looked, readable, table, related=related), name)
    if name == "authors" and related and looked.mine:
        rows += _read_through(following.authors_follow(looked), name)
    return rows


def _between(looked: Snapshot, group: str | None = None, work: Path | None = None) -> list[Finding]:
    groups = None if group is None else [group]
    with nullcontext() if work is None else aside(work) as spill:
        return _read_through(between.tables_agree(looked, groups, spill))


def _read_through(findings: Iterable[Finding], table: str | None = None) -> list[Finding]:
    """Return the findings; that a file breaks while it is read is one, too."""
    found: list[Finding] = []
    try:
        found.extend(findings)
    except UNREADABLE as error:
        found.append(Finding("rows_are_readable", f"{type(error).__name__}: {error}", table))
    return found

"""From a staged folder of Parquet files to a sealed snapshot: counted, hashed, described, on the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.core.errors import DataError
from byline.files import fs
from byline.report.tallies import Tally
from byline.snapshots import documents, manifest
from byline.snapshots.manifest import DataFile, Document, Facts, Manifest, TableFiles
from byline_schemas import TABLES


def seal(staged: Path, facts: Facts, taken: Mapping[Path, DataFile] | None = None) -> Manifest:
    """Seal a snapshot of whose tallies nothing is kept; see `sealed`."""
    return sealed(staged, facts, taken)[0]


def sealed(
    staged: Path,
    facts: Facts,
    taken: Mapping[Path, DataFile] | None = None,
    kept: Mapping[str, pl.DataFrame] | None = None,
) -> tuple[Manifest, Tally]:
    """Count and hash the staged files, describe them, and wait until all of it is on the disk.

    Every file is read back after it was flushed: its bytes for the hash, its footer for the count of
    rows. Then `manifest.json` is written last and read back as well. `taken` are files of a sealed snapshot that were
    looked at already and lie here under another name: they are on the disk, and what is known of them holds. `kept` are
    tallies of another snapshot (`report.tallies.FRAMES`, or nothing), where those of this one are to be kept.

    Raises `DataError`: a table is missing, or a file is no Parquet.
    Raises `OutputError`: the disk is full, read-only or broken.
    """
    known = {
        path: replace(file, path=path.relative_to(staged).as_posix()) for path, file in (taken or {}).items()
    }
    tables = {name: _table(staged, name, known) for name in TABLES}
    paths = {name: [file.path for file in table.files] for name, table in tables.items()}
    made = documents.descriptors(paths, facts)
    tally = documents.tally(staged, tables, kept)
    made[documents.REPORT] = documents.report(tally, facts)
    for name, content in made.items():
        fs.write(staged / name, content)
    found = Manifest(
        contract_version=facts.contract_version,
        code_version=facts.code_version,
        snapshot_id=facts.snapshot_id,
        options=dict(facts.options),
        inputs=tuple(sorted(facts.inputs)),
        tables=tables,
        counts=dict(facts.counts),
        reasons=dict(facts.reasons),
        documents=_documents(staged),
    )
    fs.write(staged / manifest.NAME, found.to_json())
    _fsync_folders(staged)
    read_back = manifest.read_manifest(staged)
    if read_back != manifest.parse(found.to_json()) or damage(staged, hashes=False):
        raise DataError(f"{staged}: what was written reads back otherwise", "Look at the disk and run again.")
    return found, tally


SIDE_BY_SIDE = 8
"""Files that are flushed and hashed at a time: a disk takes several requests at once."""


def _table(staged: Path, name: str, known: Mapping[Path, DataFile]) -> TableFiles:
    paths = sorted((staged / name).rglob("*.parquet"))
    if not paths:
        raise DataError(
            f"table '{name}' has no file in {staged}", "Every table has at least one, even with no rows."
        )
    if fs.hook is not None or len(paths) == 1:  # a hook counts operations: they come one after the other
        files = [known.get(path) or _data_file(staged, path) for path in paths]
    else:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            files = list(pool.map(lambda path: known.get(path) or _data_file(staged, path), paths))
    return TableFiles(sum(file.rows for file in files), tuple(files))


def _data_file(staged: Path, path: Path) -> DataFile:
    fs.fsync_file(path)
    rows = footer_rows(path)
    return DataFile(path.relative_to(staged).as_posix(), manifest.sha256(path), path.stat().st_size, rows)


def footer_rows(path: Path) -> int:
    """Return the rows that a Parquet file's footer promises.

    Raises `DataError`: the file is torn or no Parquet.
    """
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path}: no sound Parquet file ({error})", "Run again.") from error


def _documents(staged: Path) -> tuple[Document, ...]:
    found = []
    for path in _files(staged):
        if path.suffix != ".parquet" and path.name != manifest.NAME:  # `fs.write` has flushed it
            relative = path.relative_to(staged).as_posix()
            found.append(Document(relative, manifest.sha256(path), path.stat().st_size))
    return tuple(found)


def _files(folder: Path) -> list[Path]:
    return sorted(Path(root, name) for root, _, names in os.walk(folder) for name in names)


def _fsync_folders(folder: Path) -> None:
    for root, _, _ in os.walk(folder, topdown=False):
        fs.fsync_folder(Path(root))


def damage(folder: Path, *, hashes: bool = True) -> list[str]:
    """Compare a snapshot's files with its manifest; return what is wrong, one line each.

    A quick look for publishing and rollback; `byline.validation` checks everything.
    """
    if folder.is_symlink():
        return [f"{folder.name} is a symbolic link, not a folder"]
    try:
        known = manifest.read_manifest(folder)
    except DataError as error:
        return [error.what]
    listed: dict[str, DataFile | Document] = {item.path: item for item in known.files()}
    listed |= {item.path: item for item in known.documents}
    there = {path.relative_to(folder).as_posix() for path in _files(folder)} - {manifest.NAME}
    found = [f"{path}: missing" for path in sorted(listed.keys() - there)]
    found += [f"{path}: not in the manifest" for path in sorted(there - listed.keys())]
    for name in sorted(listed.keys() & there):
        path = folder / name
        if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size != listed[name].bytes:
            found.append(f"{name}: not a file of {listed[name].bytes} bytes")
        elif hashes and manifest.sha256(path) != listed[name].sha256:
            found.append(f"{name}: its SHA-256 is another")
    return found

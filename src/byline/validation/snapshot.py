"""The snapshot that is checked: its manifest, its contract, and what lies in its folder, each looked at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from byline.core.code_digest import code_version
from byline.core.errors import DataError
from byline.files.tables import scan_at_once, scan_files
from byline.snapshots.inside import is_inside
from byline.snapshots.manifest import DataFile, Document, Manifest
from byline_schemas import CONTRACT_VERSION, TABLES, Table, tables_of
from byline_schemas.tables import ADDED


@dataclass(frozen=True)
class Snapshot:
    """A snapshot's folder, and the one reading of its manifest that all parts of a check share."""

    folder: Path
    known: Manifest
    tables: Mapping[str, Table]
    """The tables of the contract that it follows."""
    older: bool
    """Whether its contract is an earlier minor version: its files may lack later columns."""

    @property
    def mine(self) -> bool:
        """Whether this very code made it: only then may what the code would make of a row be asked of the row."""
        return self.known.code_version == code_version()

    @property
    def as_shipped(self) -> bool:
        """Whether this very code made it, and nobody's decisions and word lists had a part in it."""
        return self.mine and not self.known.options.get("curated")

    @property
    def first_contract(self) -> bool:
        """Whether it follows contract 1: ids and confidences then follow other rules, which no code has any more."""
        return self.known.contract_version.split(".", 1)[0] == "1"

    @cached_property
    def entries(self) -> dict[str, int]:
        """What lies in the folder, by path: the type (`stat.S_IFMT`) of files, folders, links, and all else."""
        return dict(_walk(self.folder, ""))

    @cached_property
    def openable(self) -> set[str]:
        """Paths of the listed files that may be opened: regular, inside the folder, reached through no link."""
        return {
            item.path
            for item in self.listed
            if is_inside(item.path) and self.entries.get(item.path) == stat.S_IFREG
        }

    @cached_property
    def listed(self) -> tuple[DataFile | Document, ...]:
        """All files that the manifest lists."""
        return (*self.known.files(), *self.known.documents)

    @property
    def whole(self) -> bool:
        """Whether every file of every table may be opened, and no table of the contract is missing."""
        files = {item.path for item in self.known.files()}
        return files <= self.openable and TABLES.keys() - set(ADDED) <= self.known.tables.keys()

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a lazy scan of a table's listed files, its partition key a column; they must be openable.

        A table that came later, and is not there, has no rows.
        """
        return scan_files(self._paths(name), name)

    def scan_at_once(self, name: str) -> pl.LazyFrame:
        """Return what `scan` does, for filters that ask for many ids."""
        return scan_at_once(self._paths(name), name)

    def _paths(self, name: str) -> list[Path]:
        table = self.known.tables.get(name)
        return [self.folder / file.path for file in table.files] if table else []


def of(folder: Path, known: Manifest) -> Snapshot:
    """Return the snapshot of a folder with this manifest.

    Raises `DataError`: its contract is none that this byline knows.
    """
    tables, older = _contract(known, folder)
    return Snapshot(folder, known, tables, older)


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


def _walk(folder: Path, below: str) -> list[tuple[str, int]]:
    """Return path and type of everything in a folder; links are not followed."""
    found: list[tuple[str, int]] = []
    for entry in os.scandir(folder / below):
        path = f"{below}{entry.name}"
        found.append((path, stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)))
        if entry.is_dir(follow_symlinks=False):
            found += _walk(folder, f"{path}/")
    return found

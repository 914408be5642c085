"""`manifest.json`: what a snapshot was made from and consists of; nothing that differs between two runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Any

from byline.core import ids
from byline.core.decoding import from_json, shallow
from byline.core.errors import DataError
from byline.core.shapes import Count, Text, shaped
from byline.files import beneath
from byline_schemas import CONTRACT_VERSION

NAME = "manifest.json"
MAX_BYTES = 256 * 1024 * 1024
"""Ten thousand input files take about 2 MB; beyond this it is no manifest."""


@dataclass(frozen=True, order=True)
class Input:
    """A raw file: path relative to the raw folder, digest as it lies, length and records of its content."""

    path: Text
    sha256: Text
    """Of the file as it lies, packed or not."""
    bytes: Count
    """Length of the content, of an archive unpacked: the records' spans lie end to end from 0 to here."""
    records: Count


@dataclass(frozen=True, order=True)
class DataFile:
    """A Parquet file of a table: path relative to the snapshot."""

    path: Text
    sha256: Text
    bytes: Count
    rows: Count


@dataclass(frozen=True, order=True)
class Document:
    """Another file of the snapshot (`datapackage.json`, a report)."""

    path: Text
    sha256: Text
    bytes: Count


@dataclass(frozen=True)
class TableFiles:
    """A table's rows and files, sorted by path."""

    rows: Count
    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class Facts:
    """What the pipeline knows of a snapshot before its files are counted.

    `options` holds what decides the output and nothing else: settings by value, folders and files
    (curated decisions, a ROR dump) by digest; plain JSON values. `counts` is records by status, `reasons`
    quarantined records by reason.
    """

    snapshot_id: Text
    code_version: Text
    inputs: Sequence[Input]
    options: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    contract_version: str = CONTRACT_VERSION


@dataclass(frozen=True)
class Manifest:
    """The content of `manifest.json`."""

    contract_version: Text
    code_version: Text
    snapshot_id: Text
    options: dict[str, Any]
    inputs: tuple[Input, ...]
    tables: dict[Text, TableFiles]
    counts: dict[str, Count]
    reasons: dict[str, Count]
    documents: tuple[Document, ...] = ()

    def to_json(self) -> bytes:
        """Return canonical JSON: sorted keys, UTF-8, two spaces, a final newline."""
        content = asdict(self)
        content["counts"] = {**self.counts, "reasons": self.reasons}
        del content["reasons"]
        return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()

    def files(self) -> tuple[DataFile, ...]:
        """Return the Parquet files of all tables."""
        return tuple(file for table in self.tables.values() for file in table.files)


def identify(
    code_version: str,
    inputs: Sequence[Input],
    options: Mapping[str, Any],
    contract_version: str = CONTRACT_VERSION,
) -> str:
    """Return the snapshot id (20 hexadecimal digits) that follows from contract, code, inputs and options.

    `validate` computes it again from the manifest, so the pipeline names its snapshots with this
    function.
    """
    parts = {
        "contract": contract_version,
        "code": code_version,
        "inputs": sorted([item.path, item.sha256] for item in inputs),
        "options": dict(options),
    }
    return ids.digest(json.dumps(parts, sort_keys=True, ensure_ascii=True), "snapshot")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read a snapshot's manifest.

    Raises `DataError`: it is missing, too large, no JSON, or not of the shape of a manifest.
    """
    path = folder / NAME
    try:
        return parse(beneath.read_file(path, MAX_BYTES))
    except OSError as error:
        raise DataError(
            f"{path}: {error.strerror}",
            "Give a snapshot folder, or an output folder with a `current` link.",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path}: not a manifest ({type(error).__name__}: {error})", "Build it again."
        ) from error


@lru_cache(maxsize=4)
def parse(content: bytes) -> Manifest:
    """Return the manifest that canonical JSON says; a build asks some forty times for one of two.

    Raises `ValueError, KeyError, TypeError`: not the shape of a manifest, or it lists a file twice, which readers would
    read as often.
    """
    data = from_json(content)
    shallow(data["options"])
    counts = dict(data["counts"])
    found = shaped({**data, "counts": counts, "reasons": counts.pop("reasons")}, Manifest)
    listed = Counter([*(file.path for file in found.files()), *(item.path for item in found.documents)])
    twice = next((path for path, times in listed.items() if times > 1), None)
    if twice is not None:
        raise ValueError(f"{twice!r} is listed more than once")
    return found

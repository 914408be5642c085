"""The index on the disk: Parquet that other tools read, and `index.json` that says what it was made from.

    index.json                   format, source (digest, size, papers, newest change), every file with digest and rows
    papers/part-00000.parquet    the papers, some 20,000 a part in the file's order, within it by category
    keys/part-00000.parquet      key, row: where papers lie by what they may be looked up with, sorted by key
    texts.json                   where the abstracts are, the files that hold them or say it with digest and rows
    abstracts/part-00000.parquet abstract: of an index by itself, the papers' abstracts, row by row
    places/part-00000.parquet    start, bytes: of one beside its file, where each paper's line stands in the file

A row's number counts the papers of all parts. Keys of one range lie in one part, so that a look-up reads the parts
that it needs and holds one at a time.

Abstracts are three quarters of an index by itself, and most of what it takes to make one; a build wants a few of them.
Beside a plain file they are read where they stand. Whichever it is, `index.json`, papers and keys are the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from byline.core.decoding import from_json
from byline.core.errors import UsageError
from byline.files import fs
from byline.files.run_files import appearing, to_arrow

FORMAT = 5
"""Of the layout; another one can't be read."""
NAME, TEXTS = "index.json", "texts.json"
PAPERS, KEYS, ABSTRACTS, PLACES = "papers", "keys", "abstracts", "places"
GROUP_ROWS = 8_192
"""Papers of a row group: what the smallest look-up reads, some 3 MB."""
LEVEL = 3
"""zstd 2 / 3 / 4 / 5 on abstracts: 20.1 / 18.9 / 18.6 / 18.2 % of the file's text for 65 / 84 / 103 / 160 ms of 32 MiB
(in the file's order, not by category, a hundredth of the text more); of titles and authors 5 saves a thousandth."""
ENCODINGS = {
    "arxiv_id": "DELTA_BYTE_ARRAY", "doi": "DELTA_BYTE_ARRAY", "title": "DELTA_LENGTH_BYTE_ARRAY",
    "abstract": "DELTA_LENGTH_BYTE_ARRAY", "authors": "DELTA_LENGTH_BYTE_ARRAY",
    "published": "DELTA_BINARY_PACKED", "updated": "DELTA_BINARY_PACKED", "start": "DELTA_BINARY_PACKED",
    "bytes": "DELTA_BINARY_PACKED", "key": "DELTA_BINARY_PACKED", "row": "DELTA_BINARY_PACKED",
}  # fmt: skip
"""Lengths apart from letters, neighbours' differences: four thousandths of the text less than Parquet's plain ones."""
PACKING: dict[str, Any] = {
    "compression": "zstd", "compression_level": LEVEL, "write_statistics": False, "row_group_size": GROUP_ROWS,
}  # fmt: skip
NUMBERS: dict[str, Any] = {
    "compression": "none", "write_statistics": True, "row_group_size": GROUP_ROWS * 64,
}  # fmt: skip
"""Sorted keys are bits without repetition once their differences are packed: zstd makes them a hundredth smaller for
three times the time."""
PAGE_BYTES = 4 << 20
"""Larger pages compress better: half a hundredth of the text more than Parquet's usual megabyte."""
REBUILD = "Build it again from the metadata file: byline arxiv-index FILE."


@dataclass(frozen=True)
class Part:
    """A file of the index: path inside it, rows, the smallest number in it (row or key), digest of its bytes."""

    path: str
    rows: int
    first: int
    sha256: str


@dataclass(frozen=True)
class Source:
    """The file that an index was made of: digest and size as it lay, papers in it, day of the newest change.

    `repeated` counts the lines whose id an earlier line has.
    """

    sha256: str
    bytes: int
    papers: int
    newest: str | None
    repeated: int


@dataclass(frozen=True)
class Beside:
    """The file that an index lies beside: where it is, its size, when it was changed (nanoseconds)."""

    path: str
    bytes: int
    changed: int

    @classmethod
    def of(cls, file: Path) -> Beside:
        """Return what the system says of a file, under the path by which every worker sees it."""
        status = file.stat()
        return cls(str(file.absolute()), status.st_size, status.st_mtime_ns)


@dataclass(frozen=True)
class Texts:
    """Where the abstracts are: in `parts`, row by row with the papers' parts, or `beside`, at the places in `parts`."""

    parts: tuple[Part, ...]
    beside: Beside | None


@dataclass(frozen=True)
class Index:
    """An index that was opened: where it lies and what it says of itself."""

    folder: Path
    source: Source
    papers: tuple[Part, ...]
    keys: tuple[Part, ...]
    texts: Texts
    sha256: str
    """Digest of `index.json`, and so of all that follows from the source."""

    def provenance(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        return {**asdict(self.source), "index_sha256": self.sha256}


def write_part(path: Path, frame: pl.DataFrame) -> None:
    """Write a part; the same rows give the same bytes. Of numbers alone larger groups, whose statistics are kept."""
    table = _short(to_arrow(frame.rechunk()))
    packing = NUMBERS if all(dtype.is_integer() for dtype in frame.dtypes) else PACKING
    encodings = {name: ENCODINGS[name] for name in frame.columns if name in ENCODINGS}
    dictionary = [name for name in frame.columns if name == "categories"]
    with appearing(path) as temporary:
        pq.write_table(
            table, temporary, data_page_size=PAGE_BYTES, version="2.6", use_dictionary=dictionary,
            column_encoding=encodings, **packing,
        )  # fmt: skip


def _short(table: pa.Table) -> pa.Table:
    """Return the table with 32-bit offsets, which every reader takes."""

    def short(dtype: pa.DataType) -> pa.DataType:
        if pa.types.is_large_string(dtype):
            return pa.string()
        if pa.types.is_large_list(dtype):
            return pa.list_(pa.field("element", short(dtype.value_type)))
        if pa.types.is_struct(dtype):
            return pa.struct([pa.field(field.name, short(field.type)) for field in dtype])
        return dtype

    return table.cast(pa.schema([pa.field(field.name, short(field.type)) for field in table.schema]))


def write_description(folder: Path, source: Source, papers: Sequence[Part], keys: Sequence[Part]) -> None:
    """Write `index.json`, the last file of an index: without it there is none."""
    content = {
        "format": FORMAT, "source": asdict(source),
        PAPERS: [asdict(part) for part in papers], KEYS: [asdict(part) for part in keys],
    }  # fmt: skip
    fs.write_atomic(folder / NAME, (json.dumps(content, sort_keys=True, indent=1) + "\n").encode())


def write_texts(folder: Path, texts: Texts) -> None:
    """Write `texts.json`."""
    content = json.dumps(asdict(texts), sort_keys=True, indent=1) + "\n"
    fs.write_atomic(folder / TEXTS, content.encode())


def _texts(said: dict[str, Any]) -> Texts:
    beside = said["beside"]
    return Texts(tuple(Part(**one) for one in said["parts"]), None if beside is None else Beside(**beside))


def open_index(folder: Path) -> Index:
    """Return the index in a folder. Its files are looked at by name and digest of the description, not read.

    Raises `UsageError`: there is none, it is of another format, or files are missing.
    """
    path = folder / NAME
    try:
        content = path.read_bytes()
        said = from_json(content)
        if said["format"] != FORMAT:
            raise UsageError(f"{path}: format {said['format']} of the index, expected {FORMAT}", REBUILD)
        parts = {kind: tuple(Part(**one) for one in said[kind]) for kind in (PAPERS, KEYS)}
        source = Source(**said["source"])
        texts = _texts(from_json((folder / TEXTS).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise UsageError(f"{path}: no index of arXiv's metadata ({problem})", REBUILD) from None
    index = Index(folder, source, parts[PAPERS], parts[KEYS], texts, sha256(content).hexdigest())
    missing = [part.path for part in all_parts(index) if not (folder / part.path).is_file()]
    if missing:
        raise UsageError(f"{folder}: {missing[0]} is missing from the index", REBUILD)
    return index


def all_parts(index: Index) -> tuple[Part, ...]:
    """Return the files of an index, but for its descriptions."""
    return (*index.papers, *index.keys, *index.texts.parts)


def damaged(task: tuple[Path, Part]) -> str | None:
    """Return the path of a part whose bytes are not those that were written; null when they are."""
    folder, part = task
    with (folder / part.path).open("rb") as file:
        return None if file_digest(file, "sha256").hexdigest() == part.sha256 else part.path

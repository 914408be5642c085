"""What the raw folder holds, in small plain values that may be passed between processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from byline.core.errors import DataError
from byline.listing.text import RAW_TEXT_LIMIT, escape

Compression = Literal["gzip", "zstd"]

MIB = 1 << 20
_DIGEST_BYTES = 20


@dataclass(frozen=True)
class Limits:
    """How far hostile or damaged files are followed; sizes in bytes.

    The defaults bound a file's share of memory to some tens of MiB and what an archive may unpack to.
    """

    line: int = MIB
    """A longer line is never held in memory: it is quarantined as `too_long`. The longest abstract of arXiv is 6 kB."""
    record: int = 4 * MIB
    """From one header to the next; what is longer is quarantined as one stretch."""
    block: int = 16 * MIB
    """Uncompressed bytes looked at in one go."""
    ratio: int = 200
    """Unpacked to packed size: text reaches about 10, zeros about 1,000."""
    ratio_from: int = 64 * MIB
    """Below this unpacked size the ratio is not looked at: a small archive does no harm."""
    unpacked: int = 64 << 30
    """Largest unpacked size of an archive, however well it pays its bytes."""


@dataclass(frozen=True)
class Source:
    """A raw file: `name` is its path below the raw folder, with `/`, safe to show; `size` is as it lies, in bytes."""

    name: str
    path: Path
    size: int
    compression: Compression | None = None
    declared: str = ""
    """What a person says of the file beside it, as `byline.forms.declared` writes it; empty when nothing."""


@dataclass(frozen=True)
class Slice:
    """A stretch of an uncompressed file between two record borders: text to parse, or one unreadable stretch.

    `reason` and `detail` are null for text; else the whole stretch is one quarantined record.
    """

    path: Path
    start: int
    stop: int
    first_line: int
    """1-based, in the file."""
    lines: int
    """How many lines the slice holds; the last one may lack its terminator."""
    digest: str
    """Of the bytes, and of reason, detail, headings, declaration, habit where set: 40 hex digits; a cache key."""
    reason: str | None = None
    detail: str | None = None
    headings: str = ""
    """Headings before the slice that hold for it, as `byline.forms.stretches` writes them; empty when none do."""
    declared: str = ""
    """What a person says of the file; see `Source`."""
    ahead: int = 0
    """As many bytes behind the slice are looked at, too, to judge what stands in it."""
    marked: bool = False
    """Whether other forms than the card may be in it; where that is false they are not."""
    one_line: bool = False
    """Whether the file's abstracts stand on one line each (`byline.forms.habits`)."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.stop - self.start

    @property
    def kind(self) -> Literal["text", "unreadable"]:
        """Whether the slice is to be parsed, or is one unreadable stretch."""
        return "text" if self.reason is None else "unreadable"

    @property
    def raw_text(self) -> str:
        """The beginning of the slice as text that is safe to show, at most 64 KiB; read, and checked, when asked for.

        Raises `DataError` when the file is not what it was when it was planned.
        """
        running, head = slice_hash(), b""
        for block in self._blocks():
            running.update(block)
            head = head or block[:RAW_TEXT_LIMIT]
        if self.reason is not None:
            running.update(unreadable_mark(self.reason, self.detail))
        else:
            ahead = b"".join(self._blocks(self.size + self.ahead, self.size + self.ahead))[self.size :]
            running.update(context_mark(self.headings, self.declared, ahead))
        if with_habit(running.hexdigest(), one_line=self.one_line) != self.digest:
            raise self._changed()
        return escape(head)

    def read(self) -> bytes:
        """Return the bytes of a text slice. Raises DataError when the file is not what it was when it was planned."""
        return self.read_ahead()[0]

    def read_ahead(self) -> tuple[bytes, bytes]:
        """Return the bytes of a text slice, and those behind it that must be looked at. Raises as `read` does."""
        both = b"".join(self._blocks(self.size + self.ahead, self.size + self.ahead))
        data, ahead = both[: self.size], both[self.size :]
        running = slice_hash()
        running.update(data)
        running.update(context_mark(self.headings, self.declared, ahead))
        if with_habit(running.hexdigest(), one_line=self.one_line) != self.digest:
            raise self._changed()
        return data, ahead

    def _blocks(self, size: int = MIB, whole: int | None = None) -> Iterator[bytes]:
        """Yield the bytes as far as they are there, `size` at a time; `whole`: how many, the slice's when null."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                left = self.size if whole is None else whole
                while left and (block := file.read(min(left, size))):
                    yield block
                    left -= len(block)
        except OSError as problem:
            raise self._changed(f": {problem.strerror}") from problem

    def _changed(self, how: str = "") -> DataError:
        return DataError(
            f"{self.path} changed while it was read (bytes {self.start} to {self.stop}){how}",
            "build again when nothing writes into the raw folder",
        )


def unreadable_mark(reason: str, detail: str | None) -> bytes:
    """Return what an unreadable stretch adds to its digest: as text, the same bytes are another thing to a cache."""
    return f"\0{reason}\0{detail}".encode()


def context_mark(headings: str, declared: str, ahead: bytes = b"") -> bytes:
    """Return what the context of a slice adds to its digest: the same bytes below another heading are another thing."""
    if not (headings or declared or ahead):
        return b""
    return f"\0{headings}\0{declared}\0".encode() + ahead


def with_habit(digest: str, *, one_line: bool) -> str:
    """Return a slice's digest with the habit of its file: known only once the slices are cut."""
    if not one_line:
        return digest
    running = slice_hash()
    running.update(f"one line\0{digest}".encode())
    return running.hexdigest()


def slice_hash() -> blake2b:
    """Return a fresh hash of a slice's bytes; the `record_id` of an unreadable stretch is made of it."""
    return blake2b(digest_size=_DIGEST_BYTES, person=b"slice")


@dataclass(frozen=True)
class Plan:
    """One raw file, looked through once."""

    source: Source
    sha256: str
    """Of the file as it lies, packed or not."""
    bytes: int
    """Length of the uncompressed file, as far as it could be read: the slices lie end to end from 0 to here."""
    lines: int
    slices: list[Slice] = field(default_factory=list)
    damage: str | None = None
    """What was wrong with an archive; the last slice is then the damaged stretch."""

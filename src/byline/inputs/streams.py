"""A raw file as a stream of uncompressed blocks, with the digest of the file as it lies.

Archives are followed as far as they can be: at damage, at the end of a truncated file or where an archive unpacks to
more than it may, the stream ends and `damage` says why. The digest covers the whole file all the same.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from byline.inputs.encodings import HEAD
from byline.inputs.model import Compression, Limits

_PIECE = 1 << 16
"""Packed bytes read, and unpacked bytes taken, at a time."""
_STEP = 1 << 11
"""Bytes asked of zstd at a time: what it has unpacked before damage it keeps to itself when asked for more."""
_GZIP = 31
"""zlib's window bits for a gzip member."""


class Stream:
    """Uncompressed blocks of one open file. Iterate once; then `damage` and `sha256` are known."""

    def __init__(self, file: BinaryIO, compression: Compression | None, limits: Limits) -> None:
        self.damage: str | None = None
        self._file = file
        self._compression = compression
        self._limits = limits
        self._hash = hashlib.sha256()
        self._packed = 0
        self._stopped = False

    def stop(self) -> None:
        """Let the stream end at the next read, whatever is left: nobody wants it any more."""
        self._stopped = True

    @property
    def sha256(self) -> str:
        """Digest of the file as it lies."""
        return self._hash.hexdigest()

    def blocks(self) -> Iterator[bytes]:
        """Yield the uncompressed bytes block by block, then hash what is left of the file.

        No block but the last is shorter than the limit says, the first no shorter than HEAD.
        """
        parts: list[bytes] = []
        size, wanted = 0, max(self._limits.block, HEAD)
        for piece in self._pieces():
            parts.append(piece)
            size += len(piece)
            if size >= wanted:
                yield b"".join(parts)
                parts, size, wanted = [], 0, self._limits.block
        if parts:
            yield b"".join(parts)
        while self._read(_PIECE):
            pass

    def _read(self, size: int) -> bytes:
        data = b"" if self._stopped else self._file.read(size)
        self._hash.update(data)
        self._packed += len(data)
        return data

    def _pieces(self) -> Iterator[bytes]:
        if self._compression is None:
            while piece := self._read(self._limits.block):
                yield piece
            return
        total = 0
        for piece in self._gunzip() if self._compression == "gzip" else self._unzstd():
            total += len(piece)
            limits = self._limits
            if total > limits.unpacked or (total > limits.ratio_from and total > limits.ratio * self._packed):
                self.damage = (
                    f"unpacks to more than it may: over {total} bytes from {self._packed} (at most {limits.ratio} "
                    f"to 1 beyond {limits.ratio_from} bytes, {limits.unpacked} bytes in all); unpack it yourself "
                    "if it is sound"
                )
                return
            yield piece

    def _gunzip(self) -> Iterator[bytes]:
        """Unpack one gzip member after another; zeros between them are padding."""
        unpack, inside = zlib.decompressobj(_GZIP), False
        while data := self._read(_PIECE):
            while data := data if inside else data.lstrip(b"\0"):
                inside, before = True, unpack.copy()
                try:
                    piece = unpack.decompress(data, _PIECE)
                except zlib.error as error:
                    yield _up_to_the_damage(before, data)
                    self.damage = f"is a damaged gzip archive ({error}); fetch it again"
                    return
                yield piece
                yield from _held_back(unpack, piece)
                data = unpack.unconsumed_tail
                if unpack.eof:
                    data = unpack.unused_data
                    unpack, inside = zlib.decompressobj(_GZIP), False
        if inside:
            self.damage = "is a gzip archive that was cut off; fetch it again"

    def _unzstd(self) -> Iterator[bytes]:
        """Unpack zstd frames; of what precedes damage, less than _STEP bytes and zstd's own last block are lost."""
        import pyarrow as pa  # noqa: PLC0415 - who reads a paste can spare it

        try:
            with pa.CompressedInputStream(pa.PythonFile(_Packed(self._read), mode="r"), "zstd") as stream:
                while piece := stream.read(_STEP):
                    yield piece
        except OSError as error:
            reason = str(error).splitlines()[0][:200]
            self.damage = f"is a damaged or cut off zstd archive ({reason}); fetch it again"


def _held_back(unpack: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """Yield what the unpacker still holds after it took all of its input."""
    while len(piece) == _PIECE and not unpack.unconsumed_tail and not unpack.eof:
        piece = unpack.decompress(b"", _PIECE)
        yield piece


def _up_to_the_damage(unpack: zlib._Decompress, data: bytes) -> bytes:
    """Unpack byte for byte what precedes the damage."""
    parts = []
    try:
        for at in range(len(data)):
            parts.append(unpack.decompress(data[at : at + 1]))
    except zlib.error:
        pass
    return b"".join(parts)


class _Packed:
    """The least that pyarrow asks of a file."""

    closed = False

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read = read

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return True

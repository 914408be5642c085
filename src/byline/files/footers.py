"""Parquet files put together from row groups that lie in others: their bytes are copied, only the footer is made anew.

Nothing in the bytes of a row group says where it lies; the footer does, a Thrift struct in the compact protocol, which
is read here without its schema: numbered fields of known kinds. So a row group that is copied takes no decoding and no
compression, and the file is the one that a writer of all its rows makes, byte for byte. A row group's columns lie one
behind the other, none of which says anything of the others, so single ones can be taken from another file.

Sources: `parquet.thrift` of the Parquet format, and the Thrift compact protocol's specification.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

MAGIC = b"PAR1"
_TAIL = 8
"""Bytes behind the footer: its length and the magic word."""
Value = Any
"""A number, bytes, a struct, or kind and values of a list."""
Struct = list[tuple[int, int, Value]]
"""Fields in their order: number, kind, value."""

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _STRUCT = 1, 2, 3, 7, 8, 9, 12
_WHOLE = frozenset({4, 5, 6})
"""Kinds of whole numbers of 16, 32 and 64 bits."""
_DOUBLE_BYTES = 8
_FEW = 15
"""Up to so many, a difference of field numbers and a length of a list share a byte with the kind."""

ROWS, GROUPS = 3, 4
"""Fields of `FileMetaData`."""
_CHUNKS, _PLAIN_BYTES, _GROUP_ROWS, _START, _BYTES, _ORDINAL = 1, 2, 3, 5, 6, 7
"""Fields of `RowGroup`."""
_META, _PLACES = 3, (9, 10, 11)
"""Of `ColumnChunk` what is said of it; fields of that which say where pages begin."""
_KIND, _TEXT, _VALUES, _SIZES, _TEXTS = 1, 6, 5, 16, 1
"""Of the same: the kind of values, that of texts; how many there are, `SizeStatistics` with the bytes of all texts."""
_PATH, _CHUNK_PLAIN, _CHUNK_BYTES = 3, 6, 7
"""Of the same: the column's path, and its bytes before and after compression."""
_ELSEWHERE = {4, 6, 14}
"""Fields that say where indexes of pages and Bloom filters lie; byline writes none."""


class NotByline(Exception):
    """A file has what byline's writer does not write: it can't be taken apart here."""


def _field(struct: Struct, number: int, otherwise: Value = None) -> Value:
    return next((value for at, _, value in struct if at == number), otherwise)


@dataclass(frozen=True)
class Parts:
    """The bytes of a Parquet file, taken apart."""

    content: memoryview
    footer: Struct

    @classmethod
    def of(cls, content: memoryview) -> Parts:
        """Take a file apart. Raises `NotByline`: its footer can't be read."""
        size = int.from_bytes(content[-_TAIL:-4], "little")
        start = len(content) - _TAIL - size
        if start < len(MAGIC) or content[-4:] != MAGIC:
            raise NotByline("no footer")
        try:
            return cls(content, _Reader(bytes(content[start:-_TAIL])).struct())
        except IndexError as problem:
            raise NotByline("a footer that ends early") from problem

    @cached_property
    def groups(self) -> list[Struct]:
        """What the footer says of each row group."""
        _, found = _field(self.footer, GROUPS, (_STRUCT, []))
        return list(found)

    @cached_property
    def rows(self) -> list[int]:
        """Rows of each row group."""
        return [int(_field(group, _GROUP_ROWS)) for group in self.groups]

    @cached_property
    def texts(self) -> int:
        """Bytes of all texts once decoded. Raises `NotByline`: the footer does not say so."""
        found = 0
        for chunk in self._chunks():
            if _field(chunk, _KIND) == _TEXT:
                size = _field(_field(chunk, _SIZES, []), _TEXTS)
                if size is None:
                    raise NotByline("no sizes of texts")
                found += int(size)
        return found

    @cached_property
    def values(self) -> int:
        """Values in all columns."""
        return sum(int(_field(chunk, _VALUES)) for chunk in self._chunks())

    def _chunks(self) -> list[Struct]:
        return [_field(chunk, _META) for group in self.groups for chunk in _field(group, _CHUNKS)[1]]

    @property
    def rest(self) -> Struct:
        """The footer without what depends on the rows."""
        return [field for field in self.footer if field[0] not in {ROWS, GROUPS}]


@dataclass(frozen=True)
class Piece:
    """A row group of a file, by its number, with some of its columns from a row group of another file."""

    file: Parts
    number: int
    instead: Piece | None = None
    """Has the columns that are taken from it, of the same rows, and no others."""

    @property
    def group(self) -> Struct:
        """What the footer of its file says of the row group."""
        return self.file.groups[self.number]


def join(sink: BinaryIO, pieces: Sequence[Piece]) -> int:
    """Write a file of row groups; return its rows.

    Raises `NotByline`: the files differ in more than their rows, or hold what byline does not write.
    """
    first = pieces[0].file
    if any(piece.file.rest != first.rest for piece in pieces):
        raise NotByline("files of several kinds")
    sink.write(MAGIC)
    at, groups, rows = len(MAGIC), [], 0
    for ordinal, piece in enumerate(pieces):
        group = _whole(sink, piece, at) if piece.instead is None else _mixed(sink, piece, piece.instead, at)
        groups.append(_numbered(group, ordinal))
        at += int(_field(group, _BYTES))
        rows += piece.file.rows[piece.number]
    said = {ROWS: rows, GROUPS: (_STRUCT, groups)}
    footer = bytearray()
    _put_struct(footer, [(number, kind, said.get(number, value)) for number, kind, value in first.footer])
    sink.write(bytes(footer) + len(footer).to_bytes(4, "little") + MAGIC)
    return rows


def _whole(sink: BinaryIO, piece: Piece, at: int) -> Struct:
    """Copy a row group to byte `at`; return what is said of it there."""
    start, size = int(_field(piece.group, _START)), int(_field(piece.group, _BYTES))
    sink.write(piece.file.content[start : start + size])
    of, chunks = _field(piece.group, _CHUNKS)
    moved = [_moved_chunk(chunk, at - start) for chunk in chunks]
    return _with(piece.group, {_CHUNKS: (of, moved), _START: at})


def _mixed(sink: BinaryIO, piece: Piece, instead: Piece, at: int) -> Struct:
    """Copy a row group to byte `at`, some of its columns from another one; return what is said of it there.

    For example, of three columns of 40, 10 and 50 bytes the second is taken from elsewhere, where it has 12 bytes: the
    group has 102 bytes, and its third column lies 2 bytes further from the group's beginning than before.
    """
    of, chunks = _field(piece.group, _CHUNKS)
    others = {_path(chunk): chunk for chunk in _field(instead.group, _CHUNKS)[1]}
    start, placed = at, []
    for chunk in chunks:
        other = others.pop(_path(chunk), None)
        content, taken = (piece.file.content, chunk) if other is None else (instead.file.content, other)
        begin, size = _begin(taken), int(_field(_field(taken, _META), _CHUNK_BYTES))
        sink.write(content[begin : begin + size])
        placed.append(_moved_chunk(taken, at - begin))
        at += size
    if others or piece.file.rows[piece.number] != instead.file.rows[instead.number]:
        raise NotByline("columns that the row group does not have")
    plain = sum(int(_field(_field(chunk, _META), _CHUNK_PLAIN)) for chunk in placed)
    said = {_CHUNKS: (of, placed), _PLAIN_BYTES: plain, _START: start, _BYTES: at - start}
    return _with(piece.group, said)


def _path(chunk: Struct) -> tuple[bytes, ...]:
    """Return the path of a column, its kind in front: a column of another kind is another one."""
    meta = _field(chunk, _META)
    return (b"%d" % _field(meta, _KIND), *_field(meta, _PATH)[1])


def _begin(chunk: Struct) -> int:
    """Return where a column's first page begins: the earliest of what is said of its pages."""
    return min(int(value) for number, _, value in _field(chunk, _META) if number in _PLACES)


def _with(struct: Struct, said: dict[int, Value]) -> Struct:
    """Return a struct with other values of some of its fields."""
    return [(number, kind, said.get(number, value)) for number, kind, value in struct]


def _numbered(group: Struct, ordinal: int) -> Struct:
    """Return what is said of a row group as the one of this number in its file."""
    return _with(group, {_ORDINAL: ordinal})


def _moved_chunk(chunk: Struct, by: int) -> Struct:
    if any(number in _ELSEWHERE for number, _, _ in chunk):
        raise NotByline("indexes of pages")
    return [
        (number, kind, _moved_pages(value, by) if number == _META else value) for number, kind, value in chunk
    ]


def _moved_pages(meta: Struct, by: int) -> Struct:
    if by == 0:
        return meta
    return [(number, kind, value + by if number in _PLACES else value) for number, kind, value in meta]


class _Reader:
    """Reads a struct in the compact protocol."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def struct(self) -> Struct:
        content, found, number = self._content, [], 0
        while head := content[self._at]:
            self._at += 1
            step, kind = head >> 4, head & 15
            number = number + step if step else self._whole()
            found.append((number, kind, self._value(kind)))
        self._at += 1
        return found

    def _value(self, kind: int) -> Value:
        if kind in _WHOLE:
            return self._whole()
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind == _STRUCT:
            return self.struct()
        if kind == _LIST:
            return self._list()
        if kind in {_TRUE, _FALSE}:
            return None
        if kind in {_BYTE, _DOUBLE}:
            return self._bytes(1 if kind == _BYTE else _DOUBLE_BYTES)
        raise NotByline(f"a field of kind {kind}")

    def _list(self) -> tuple[int, list[Value]]:
        head = self._content[self._at]
        self._at += 1
        size, kind = head >> 4, head & 15
        if size == _FEW:
            size = self._varint()
        if kind in {_TRUE, _FALSE}:  # in a list, a byte each
            return kind, [self._bytes(1) for _ in range(size)]
        return kind, [self._value(kind) for _ in range(size)]

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return self._content[self._at - size : self._at]

    def _varint(self) -> int:
        byte = self._content[self._at]
        self._at += 1
        found, shift = byte & 127, 0
        while byte > 127:  # the highest bit says that more follow
            byte = self._content[self._at]
            self._at += 1
            shift += 7
            found |= (byte & 127) << shift
        return found

    def _whole(self) -> int:
        found = self._varint()
        return (found >> 1) ^ -(found & 1)


def _put_struct(sink: bytearray, struct: Struct) -> None:
    before = 0
    for number, kind, value in struct:
        step = number - before
        if 0 < step <= _FEW:
            sink.append(step << 4 | kind)
        else:
            sink.append(kind)
            _put_whole(sink, number)
        before = number
        _put(sink, kind, value)
    sink.append(0)


def _put(sink: bytearray, kind: int, value: Value) -> None:
    if kind in _WHOLE:
        _put_whole(sink, value)
    elif kind == _BINARY:
        _put_varint(sink, len(value))
        sink += value
    elif kind == _STRUCT:
        _put_struct(sink, value)
    elif kind == _LIST:
        of, values = value
        if len(values) < _FEW:
            sink.append(len(values) << 4 | of)
        else:
            sink.append(_FEW << 4 | of)
            _put_varint(sink, len(values))
        for one in values:
            if of in {_TRUE, _FALSE}:
                sink += one
            else:
                _put(sink, of, one)
    elif value is not None:
        sink += value


def _put_varint(sink: bytearray, number: int) -> None:
    while number > 127:  # seven bits a byte
        sink.append(number & 127 | 128)
        number >>= 7
    sink.append(number)


def _put_whole(sink: bytearray, number: int) -> None:
    """Write a whole number as zigzag: 0, -1, 1, -2 are 0, 1, 2, 3."""
    _put_varint(sink, number << 1 if number >= 0 else (-number << 1) - 1)

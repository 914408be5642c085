"""Parquet files put together from row groups that lie in others: their bytes are copied, only the footer is made anew.

Nothing in the bytes of a row group says where it lies; the footer does, a Thrift struct in the compact protocol, which
is read here without its schema: numbered fields of known kinds. So a row group that is copied takes no decoding and no
compression, and the file is the one that a writer of all its rows makes, byte for byte.

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
_CHUNKS, _GROUP_ROWS, _START, _BYTES, _ORDINAL = 1, 3, 5, 6, 7
"""Fields of `RowGroup`."""
_META, _PLACES = 3, (9, 10, 11)
"""Of `ColumnChunk` what is said of it; fields of that which say where pages begin."""
_KIND, _TEXT, _VALUES, _SIZES, _TEXTS = 1, 6, 5, 16, 1
"""Of the same: the kind of values, that of texts; how many there are, `SizeStatistics` with the bytes of all texts."""
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


def join(sink: BinaryIO, parts: Sequence[tuple[Parts, int]]) -> int:
    """Write a file of row groups (a file, and the number of a row group of it); return its rows.

    Raises `NotByline`: the files differ in more than their rows, or hold what byline does not write.
    """
    first = parts[0][0]
    if any(one.rest != first.rest for one, _ in parts):
        raise NotByline("files of several kinds")
    sink.write(MAGIC)
    at, groups, rows = len(MAGIC), [], 0
    for ordinal, (one, number) in enumerate(parts):
        group = one.groups[number]
        start, size = int(_field(group, _START)), int(_field(group, _BYTES))
        sink.write(one.content[start : start + size])
        groups.append(_moved(group, at - start, ordinal))
        at += size
        rows += one.rows[number]
    said = {ROWS: rows, GROUPS: (_STRUCT, groups)}
    footer = bytearray()
    _put_struct(footer, [(number, kind, said.get(number, value)) for number, kind, value in first.footer])
    sink.write(bytes(footer) + len(footer).to_bytes(4, "little") + MAGIC)
    return rows


def _moved(group: Struct, by: int, ordinal: int) -> Struct:
    """Return what is said of a row group that lies `by` bytes further on, as the one of this number in its file."""
    found: Struct = []
    for number, kind, value in group:
        if number == _CHUNKS:
            value = (value[0], [_moved_chunk(chunk, by) for chunk in value[1]])  # noqa: PLW2901 - of this field
        elif number == _START:
            value += by  # noqa: PLW2901 - of this field
        elif number == _ORDINAL:
            value = ordinal  # noqa: PLW2901 - of this field
        found.append((number, kind, value))
    return found


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

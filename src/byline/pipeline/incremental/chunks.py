"""Files of blocks in chunks: to read few blocks few chunks are unpacked, and of these whole columns are put together.

A file says which blocks it holds and how many rows each has in every section, then what each chunk takes, then the
chunks: whole blocks, some thousand mentions together or of one larger block. A chunk is the bytes of its sections.

    block  names  mentions      chunk   its sections
    pym    2      3             0       names of pym and ohm, their mentions, what of these is not packed
    ohm    1      1             0
    fox    1      7,000         1       names of fox, …
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from byline.core.sorted_arrays import firsts, look_up
from byline.files import run_files
from byline.files.stretches import Columns, Runs, Stretches

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

CHUNK = 4_000
"""Mentions of a chunk: of 1,000 reading few blocks costs a tenth less, reading many a third more."""
_NUMBER = np.dtype(np.uint32)
_CODEC = pa.Codec("zstd", run_files.ZSTD_LEVEL)


@dataclass(frozen=True)
class Section:
    """Columns of which a chunk holds some rows."""

    columns: Columns
    edges: Ints
    """Where the rows of each block begin, and the last ones end."""
    is_packed: bool = True


def packed(keys: Keys, part: Ints, sections: Sequence[Section]) -> Iterator[tuple[int, bytes]]:
    """Yield each part and the content of its file; blocks of one part follow each other.

    `keys`, `part`: of each block. Chunks are cut by the rows of the last section.
    """
    begin = sections[-1].edges[:-1]
    is_new = firsts(part)
    within = begin - begin[is_new][np.cumsum(is_new) - 1]
    chunks = np.append(np.flatnonzero(is_new | firsts(within // CHUNK)), len(keys))
    parts = np.searchsorted(chunks, np.append(np.flatnonzero(is_new), len(keys)))
    for start, stop in pairwise(parts.tolist()):
        bounds = chunks[start : stop + 1]
        first, last = bounds[0], bounds[-1]
        said, contents = zip(*(_chunk(sections, *pair) for pair in pairwise(bounds.tolist())), strict=True)
        heights = [np.diff(section.edges[first : last + 1]) for section in sections]
        numbers = [[last - first, stop - start], *heights, *said]
        head = [keys[first:last].tobytes(), *(np.array(some, _NUMBER).tobytes() for some in numbers)]
        yield int(part[first]), b"".join([head[1], head[0], *head[2:], *contents])


def _chunk(sections: Sequence[Section], first: int, last: int) -> tuple[list[int], bytes]:
    """Return a chunk of the blocks from one to before another, and what a file says of it.

    That is: how many blocks it holds, the bytes of each section as they lie there, and those of each column.
    """
    cut = [section.columns.cut(*section.edges[[first, last]].tolist()) for section in sections]
    stored = [
        _smaller(content) if section.is_packed else content
        for section, (content, _) in zip(sections, cut, strict=True)
    ]
    sizes = [size for _, sizes in cut for size in sizes]
    return [last - first, *map(len, stored), *sizes], b"".join(stored)


def _smaller(content: bytes) -> bytes:
    """Return bytes packed, or as they are where that takes no more."""
    found: bytes = _CODEC.compress(content, asbytes=True)
    return found if len(found) < len(content) else content


def add(payload: memoryview, wanted: Keys | None, sections: Sequence[Stretches]) -> None:
    """Add the rows of some blocks (sorted keys; null: of all) in a file to sections that are put together."""
    blocks, chunks = np.frombuffer(payload, _NUMBER, 2).tolist()
    at = 2 * _NUMBER.itemsize
    keys = np.frombuffer(payload, np.uint64, blocks, at)
    at += keys.nbytes
    heights = np.frombuffer(payload, _NUMBER, len(sections) * blocks, at).reshape(len(sections), blocks)
    at += heights.nbytes
    columns = [2 * section.width for section in sections]
    of_chunk = 1 + len(sections) + sum(columns)
    table = np.frombuffer(payload, _NUMBER, chunks * of_chunk, at).reshape(chunks, of_chunk)
    at += table.nbytes
    meant = np.ones(blocks, np.bool_) if wanted is None else look_up(wanted, keys)[1]
    start = 0
    for count, *said in table.tolist():
        stop = start + count
        stored, sizes = said[: len(sections)], said[len(sections) :]
        if meant[start:stop].any():
            part = payload[at : at + sum(stored)]
            _add_chunk(part, stored, sizes, heights[:, start:stop], meant[start:stop], sections)
        start = stop
        at += sum(stored)


def _add_chunk(
    content: memoryview,
    stored: Sequence[int],
    sizes: Sequence[int],
    heights: npt.NDArray[np.uint32],
    meant: npt.NDArray[np.bool_],
    sections: Sequence[Stretches],
) -> None:
    """Add the rows of those blocks of a chunk that are meant; `heights`: rows of each block, by section."""
    at, column = 0, 0
    for section, size, rows in zip(sections, stored, heights, strict=True):
        of_columns = sizes[column : column + 2 * section.width]
        whole = sum(of_columns)
        piece = content[at : at + size]
        unpacked = piece if size == whole else _CODEC.decompress(piece, whole, asbytes=True)
        section.add(unpacked, of_columns, int(rows.sum()), runs(meant, rows))
        at += size
        column += 2 * section.width


def runs(meant: npt.NDArray[np.bool_], sizes: npt.NDArray[np.uint32]) -> Runs:
    """Return the rows of those blocks that are meant, from one to before another, given how many each has.

    Blocks of 2, 3, 1 and 4 rows, all but the third meant: rows 0 to 5 and 6 to 10.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], meant.astype(np.int8), [0]])))
    places = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])[edges].tolist()
    return list(zip(places[::2], places[1::2], strict=True))

"""Where a partition's rows are cut into row groups and files: by what stands in the rows, not by counting from the top.

Were every file cut after so many rows, one row more would shift all cuts behind it, and with them the bytes of every
file. So a cut lies before a row whose id, a digest, ends in so many zero bits: one row in 2**bits has such an id, and
another row changes nothing about that. Least and most numbers of rows keep sizes sensible: among few such ids a cut
must come all the same, and of many only some may count. A change can thus move the cuts behind it up to the next one
that both ways agree on, which is one file further with a probability of some hundredths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from byline_schemas import Table

Bits = npt.NDArray[np.uint8]
MIB = 1024 * 1024
GROUP_BYTES = 256 * MIB
"""Texts of a row group: a column of 32-bit offsets holds 2 GiB, and records of some MiB each would pass that."""
FILE_BYTES = 768 * MIB
"""A file is cut when its rows held this much before compression; zstd brings text to well below 512 MiB."""


@dataclass(frozen=True)
class Rule:
    """Rows that a part has at least and at most, and the zero bits of an id before which it may end in between."""

    least: int
    bits: int
    most: int


@dataclass(frozen=True)
class Cuts:
    """The rules of a table's row groups and files; a file ends with a row group."""

    group: Rule
    file: Rule

    @property
    def least_bits(self) -> int:
        """Zero bits below which an id is never cut before."""
        return min(self.group.bits, self.file.bits)

    def holds(self, rows: int, size: int) -> bool:
        """Tell whether so many rows of so many bytes at most are one row group, whatever stands in them."""
        return rows <= min(self.group.least, self.file.least) and size <= GROUP_BYTES


NARROW = Cuts(Rule(4_096, 12, 16_384), Rule(65_536, 16, 524_288))
"""Groups of about 8,000 rows in files of about 131,000, of a hundred bytes each."""
WIDE = Cuts(Rule(2_048, 11, 8_192), Rule(16_384, 14, 131_072))
"""Groups of about 4,000 rows, of texts: some 5 MiB, 2 MiB compressed; in files of about 33,000.

Row groups are what a build that goes on from another one copies or writes anew, so smaller ones are cheaper to keep up
to date. Beside groups of 29,000 rows, 120,000 papers take 0.7 % more room; polars reads all columns of them in a tenth,
PyArrow in a seventh more time, and a few columns in some milliseconds more. The other tables take as much room, polars
as long; PyArrow reads all of them in a sixth to a third more time.
"""
_WIDE_TABLES = {"papers", "quarantine"}
_NO_DIGEST = 1
_BITS_A_DIGIT = 4
_DIGITS = 8
"""Hexadecimal digits of an id, the last ones, that are looked at: the first ones say where a row stands."""


def cuts_of(table: Table) -> Cuts:
    """Return the rules of a table: files of texts hold fewer rows."""
    return WIDE if table.name in _WIDE_TABLES else NARROW


def zero_bits(keys: pl.Series, least: int = 0) -> Bits:
    """Return how many zero bits each id (hexadecimal digits) ends in; 0 for what is none, or has fewer than `least`.

    For example, an id that ends in `…d8` ends in three: d8 is 11011000.
    """
    if least < _BITS_A_DIGIT:
        return _all_zero_bits(keys)
    bits = np.zeros(len(keys), dtype=np.uint8)
    ends = keys.str.ends_with("0" * (least // _BITS_A_DIGIT)).fill_null(value=False).arg_true()
    counted = _all_zero_bits(keys.gather(ends))
    bits[ends.to_numpy()] = np.where(counted >= least, counted, 0)
    return bits


def _all_zero_bits(keys: pl.Series) -> Bits:
    digits = keys.str.tail(_DIGITS).str.to_integer(base=16, dtype=pl.Int64, strict=False)
    number = digits.fill_null(_NO_DIGEST).to_numpy()
    lowest = number & -number
    return np.where(number > 0, np.bitwise_count(lowest - 1), _BITS_A_DIGIT * _DIGITS).astype(np.uint8)


@dataclass
class Place:
    """How far a partition is cut: rows that the open file holds in whole row groups."""

    cuts: Cuts
    file_rows: int = 0

    def group_end(self, sums: npt.NDArray[np.int64], bits: Bits, start: int) -> tuple[int, bool]:
        """Return where the row group that begins at row `start` ends, and whether more rows could move that end.

        `sums`: running sums of the rows' bytes, `bits`: `zero_bits` of their ids. For example, with groups of 2 to 5
        rows, cut before an id of one zero bit or more, or before they pass 10 bytes, and rows of

            bytes  3  3  3  3  30  1  1  1  1
            bits   0  1  0  0   0  0  1  0  0

        the first group is rows 0 to 3 (the id of row 1 comes too early, row 3 would make 12 bytes), the second row 3
        alone, the third row 4 alone, the fourth rows 5 to 8 (the id of row 6 comes too early) and what may follow.
        """
        before = int(sums[start - 1]) if start else 0
        fitting = max(int(np.searchsorted(sums, before + GROUP_BYTES, side="right")), start + 1)
        group, file = self.cuts.group, self.cuts.file
        ends = (
            _next(bits, start + group.least, group.bits),
            _next(bits, start + max(1, file.least - self.file_rows), file.bits),
            start + group.most,
            start + max(1, file.most - self.file_rows),
        )
        end = min(*ends, fitting) if fitting < len(sums) else min(ends)
        return min(end, len(sums)), end > len(sums)

    def file_ends(self, bits: int) -> bool:
        """Tell whether the open file ends before a row whose id ends in so many zero bits."""
        file = self.cuts.file
        return self.file_rows >= file.most or (self.file_rows >= file.least and bits >= file.bits)


def groups_of_file(rule: Cuts, bits: Bits, follows: int | None) -> list[int] | None:
    """Return where the row groups of a file end that holds some rows; null when the file would end elsewhere.

    `bits`: `zero_bits` of the rows' ids, `follows` those of the row behind them (null: none). No bytes cut anything.
    With groups of 2 to 5 rows and files of 4 to 9, cut before an id of one and two zero bits:

        bits  0 0 1 0 0 | 2   two groups, of rows 0 and 1, and 2 to 4: [2, 5]
        bits  0 0 1 0 0 | 1   null: the file goes on
    """
    place = Place(rule)
    known = bits if follows is None else np.append(bits, np.uint8(follows))
    sums, ends = np.zeros(len(known), np.int64), [0]
    while ends[-1] < len(bits):
        start = ends[-1]
        if start and place.file_ends(int(bits[start])):
            return None
        ends.append(place.group_end(sums, known, start)[0])
        place.file_rows = ends[-1]
    is_end = follows is None or place.file_ends(follows)
    return ends[1:] if ends[-1] == len(bits) and is_end else None


def _next(bits: Bits, start: int, least: int) -> int:
    """Return the first row from `start` on with so many zero bits; where there is none, one more than may follow."""
    found = np.flatnonzero(bits[start:] >= least)
    return start + int(found[0]) if len(found) else len(bits) + 1

"""Files that are no UTF-8 text as a whole, told by their first bytes."""

from __future__ import annotations

import numpy as np

HEAD = 4096
"""Bytes of the beginning that are looked at."""

_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_OTHER = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive inside an archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive inside an archive"),
    (b"%PDF-", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
)
_ZERO_SHARE = 0.3
"""Of the bytes at even or at odd places: in UTF-16, text in Latin letters has nearly all of one of them zero."""


def foreign(head: bytes) -> str | None:
    """Return what a file is and how to make a listing of it; null when it may be UTF-8 text."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return f"the file is {name}, not UTF-8; convert it: iconv -f {name} -t UTF-8 FILE > NEW"
    for mark, name in _OTHER:
        if head.startswith(mark):
            return f"the file is {name}, not a listing in UTF-8; unpack it or save its text, plain or as .gz or .zst"
    wide = _wide_without_mark(head)
    return wide and f"the file looks like {wide}, not UTF-8; convert it: iconv -f {wide} -t UTF-8 FILE > NEW"


def _wide_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 and UTF-32 without a byte order mark by where their zeros stand."""
    if len(head) < 8 or b"\0" not in head:
        return None
    zero = np.frombuffer(head[: len(head) // 4 * 4], np.uint8).reshape(-1, 4) == 0
    share = zero.mean(axis=0)
    if share[0] > _ZERO_SHARE and share[1] > _ZERO_SHARE and share[3] < 0.01:
        return "UTF-32BE"
    if share[2] > _ZERO_SHARE and share[3] > _ZERO_SHARE and share[0] < 0.01:
        return "UTF-32LE"
    even, odd = (share[0] + share[2]) / 2, (share[1] + share[3]) / 2
    if odd > _ZERO_SHARE and even < 0.01:
        return "UTF-16LE"
    return "UTF-16BE" if even > _ZERO_SHARE and odd < 0.01 else None

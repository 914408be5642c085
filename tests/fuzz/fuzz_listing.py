"""Mutation fuzzer over listings: no exception, no lost byte, the same records however the file is cut.

    python tests/fuzz/fuzz_listing.py --seconds 60 --seed 1 [--save DIR]

Starts from the real listing and from fabricated ones, mutates lines and bytes, and keeps an input for further mutation
when the parser did something with it that it had not done before (a new kind of record, by reason, parts and line
count). Says how many inputs were tried; ends with 1 at the first failure, whose input it prints or saves.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import polars as pl

from byline.inputs import Limits, Source, plan
from byline.listing import SCHEMA, parse
from byline.reading.slices import read_slices

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # so that it can be started by its path

from tests.fuzz import trying

Row = tuple[object, ...]
LONGEST = 12_000
"""Bytes of an input: enough for dozens of records; shorter ones are tried faster."""
SEED = Path(__file__).parents[2] / "data" / "raw" / "listing.txt"
HEADERS = (
    "LGSep 25, 2023", "cs.LGSept 3, 2021", "LGApr 30, 2019Code", "hep-thAugust 14, 2024", "flu-dyn1 Mar 2020",
    "LG2023-09-25", "CL 14 August 2024", "ZZ31 December 1999New", "LGFeb 30, 2023", "soft 1 Mar 2020", "LG25/09/2023",
    "q-algSept. 3, 2021CodeDataFoo",
)  # fmt: skip
BYLINES = (
    "Slow fires in cold furnacesMira Oakes, Tomas Vell, Ines Quill et al. · ashgrove, lindholm",
    "On BERTZora Pym",
    "pebbles and their ordermira oakes",
    "Über Größe: a study?Åsa Þórsdóttir, J. K. Ó Broin",
)
ABSTRACTS = (
    "We count pebbles. The count is right.",
    "Short",
    "Die Größe $\\leq5$% der Steine.\nOn LGSep 25, 2023 we\nwent home.",
    "one\n\ntwo.",
    "Code: https://example.org/pebbles",
)
FURNITURE = (
    "Load more", "Show 20 more", "Page 2 of 7", "1,234 papers", "17", "Home", "Search", "© 2024 Ashgrove", "Next ›",
)  # fmt: skip
ODD = (
    b"\0", b"\xff", b"\xe9", b"\xa0", b"\xc3", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\x8b", b"\xc2\xa0",
    b"\xe2\x80\xa8", b"\xcc\x81", b"e\xcc\x81", b"\r", b"\n", b"\r\n", b"\n\n", b"\x1b[2J", b"\t", b"  ", b"\x7f",
    b"\xc2\x85", b"et al.", "·".encode(), b"LGSep 25, 2023", b"2023", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80",
    b"x" * 3000, b"\n" * 70, b" \n" * 70,
)  # fmt: skip


def fabricate(rnd: random.Random) -> bytes:
    """Return a listing of fabricated papers."""
    parts = []
    for _ in range(rnd.randint(1, 6)):
        parts += [
            rnd.choice(HEADERS),
            rnd.choice(BYLINES),
            *([rnd.choice(ABSTRACTS)] if rnd.random() < 0.8 else []),
        ]
        parts += rnd.sample(FURNITURE, rnd.randint(1, 3)) if rnd.random() < 0.2 else []
        parts += [""] * rnd.choice((0, 0, 1, 2))
    return rnd.choice(("\n", "\n", "\r\n", "\r")).join(parts).encode()


def mutate(rnd: random.Random, data: bytes, other: bytes) -> bytes:
    """Change a listing in one place, by lines or by bytes."""
    if rnd.random() < 0.4:
        return _mutate_lines(rnd, data.splitlines(keepends=True))
    at, to = sorted((rnd.randint(0, len(data)), rnd.randint(0, len(data))))
    spaces = data[at:to].replace(b" ", rnd.choice((b"\n", b"\xc2\xa0", b"  ")), 5)
    noise = bytes(rnd.randrange(256) for _ in range(rnd.randint(1, 8)))
    changed = (
        data[:at] + rnd.choice(ODD) + data[at:],
        data[:at] + data[min(to, at + rnd.randint(1, 40)) :],
        data[:at] + noise + data[at:],
        data[:at],
        data[at:] + other[: rnd.randint(0, len(other))],
        data[:at] + spaces + data[to:],
        data[:at] + data[at:to][:2000] * rnd.randint(1, 3) + data[to:],
        data.replace(b"\n", rnd.choice((b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"")), rnd.choice((-1, 3))),
    )
    return rnd.choice(changed)


def _mutate_lines(rnd: random.Random, lines: list[bytes]) -> bytes:
    """Drop, shuffle or insert lines."""
    row, end = sorted((rnd.randint(0, len(lines)), rnd.randint(0, len(lines))))
    new = rnd.choice(HEADERS + BYLINES + FURNITURE + ABSTRACTS).encode() + rnd.choice((b"\n", b"\r", b"\r\n"))
    middle = rnd.choice(([], rnd.sample(lines[row:end], end - row), [new, *lines[row:end]]))
    return b"".join(lines[:row] + middle + lines[end:])


def check_frame(data: bytes, frame: pl.DataFrame) -> None:
    """Hold what `parse` promises of one slice."""
    assert dict(frame.schema) == SCHEMA
    end, line = 0, 0
    for row in frame.iter_rows(named=True):
        assert row["byte_start"] == end, "spans lie end to end"
        assert row["byte_end"] > end, "no span is empty"
        end = row["byte_end"]
        assert line < row["first_line"] <= row["last_line"], "lines ascend"
        line = row["last_line"]
        record = data[row["byte_start"] : end]
        assert row["digest"] == blake2b(record, digest_size=10, person=b"record").hexdigest()
        assert (row["reason"] is None) == (row["raw_text"] is None) == (row["detail"] is None)
        assert row["raw_text"] is None or len(row["raw_text"].encode()) <= 1 << 16
        if row["reason"] is None:
            assert all(row[name] for name in ("category_code", "published", "byline"))
        for text in (row["byline"], row["abstract"], row["category_code"], *row["badges"]):
            assert text is None or (text and text == " ".join(unicodedata.normalize("NFC", text).split())), (
                repr(text)
            )
    assert end == len(data), "every byte is in a record"


def records(source: Source, work: Path, slice_bytes: int, limits: Limits) -> list[Row]:
    """Return the records of a file read slice by slice, places counted from the file's beginning."""
    whole = plan(source, work, slice_bytes, limits)
    ends = [0, *(piece.stop for piece in whole.slices)]
    assert ends[:-1] == [piece.start for piece in whole.slices]
    assert ends[-1] == whole.bytes
    rows: list[Row] = [
        (piece.start, piece.stop, piece.first_line, piece.lines, piece.reason, piece.detail)
        for piece in whole.slices
        if piece.reason is not None
    ]
    texts = [piece for piece in whole.slices if piece.reason is None]
    for piece, frame in zip(
        texts, read_slices(texts), strict=True
    ):  # in all forms: a file is cut at the marks of each
        for row in frame.iter_rows(named=True):
            place = (row.pop("byte_start") + piece.start, row.pop("byte_end") + piece.start)
            lines = (
                row.pop("first_line") + piece.first_line - 1,
                row.pop("last_line") + piece.first_line - 1,
            )
            rows.append((*place, *lines, *map(str, row.values())))
    return sorted(rows, key=lambda row: str((row[0], row[1])))


def check(data: bytes, rnd: random.Random, work: Path) -> pl.DataFrame:
    """Hold every promise for one input; return its records."""
    frame = parse([data])
    check_frame(data, frame)
    path = work / "input.txt"
    path.write_bytes(data)
    source = Source("input.txt", path, len(data))
    line, record = rnd.choice((300, 2000, 1 << 20)), rnd.choice((1000, 5000, 4 << 20))
    whole = records(source, work, len(data) + 1, Limits(line=line, record=record))
    block = rnd.choice((30, 500, 1 << 22))
    cut = records(
        source, work, rnd.choice((1, 100, 1000, 10_000)), Limits(line=line, record=record, block=block)
    )
    assert whole == cut, "the same records however the file is cut"
    return frame


def signature(frame: pl.DataFrame) -> set[Row]:
    """Return what kinds of records an input has."""
    kinds = frame.select(
        "reason",
        pl.col("abstract").is_null(),
        pl.col("badges").list.len(),
        pl.col("category_code").str.len_bytes(),
        (pl.col("last_line") - pl.col("first_line")).clip(0, 6).alias("lines"),
        pl.col("byline").str.contains(r"^\p{Ll}").alias("small"),
    )
    return set(kinds.iter_rows())


def fuzz(seconds: float, seed: int, save: Path | None = None, *, bylines: bool = True) -> int:
    """Try inputs for some seconds; return how many. Raises what the first failing one raises."""
    rnd = random.Random(seed)
    segment = _segment() if bylines else None
    real = SEED.read_bytes().splitlines(keepends=True)
    corpus = [b"".join(real), *(b"".join(real[at : at + 9]) for at in range(0, len(real), 9))]
    corpus += [b"", *(fabricate(rnd) for _ in range(30))]
    seen: set[Row] = set()
    tried = 0
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < deadline:
            data = rnd.choice(corpus) if rnd.random() < 0.9 else fabricate(rnd)
            for _ in range(rnd.randint(1, 5)):
                data = mutate(rnd, data, rnd.choice(corpus))
            data = data[:LONGEST]
            try:
                frame = check(data, rnd, Path(folder))
                if segment is not None:
                    segment(frame["byline"])
            except BaseException:
                trying.tell(data, tried, save)
                raise
            tried += 1
            if new := signature(frame) - seen:
                seen |= new
                corpus.append(data)
    print(
        f"{tried} inputs tried in {seconds:g} s with seed {seed}, {len(seen)} kinds of records met: no failure"
    )
    return tried


def _segment() -> Callable[[pl.Series], pl.DataFrame] | None:
    """Return the reader of bylines, where it is there."""
    try:
        from byline.boundary import segment
    except ImportError:
        return None
    return segment


if __name__ == "__main__":
    parser = trying.parser(__doc__)
    parser.add_argument(
        "--listing-only", action="store_true", help="don't segment the bylines that were read"
    )
    options = parser.parse_args()
    fuzz(options.seconds, options.seed, options.save, bylines=not options.listing_only)

"""Fuzzer over stretches of all forms: cut, shuffled, glued at random; no exception, every byte in one row.

    python tests/fuzz/fuzz_forms.py --seconds 60 --seed 1 [--save DIR]

An input is made of the examples of all forms and of cards; lines are dropped, doubled, shuffled, cut and joined. Each
is read whole and cut into slices, which must give the same rows. Says how many inputs were tried; ends with 1 at the
first failure, whose input it prints or saves.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from byline.forms import all_forms, stretches
from byline.inputs import Limits, Source, plan
from byline.pipeline.stages.read import parse_slices

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # so that it can be started by its path

from tests.fuzz import fuzz_listing, trying

LONGEST = 9_000
STRETCH = 700
"""Bytes of a stretch here, so that short inputs hold several."""
_ENDS = (b"\n", b"\r\n", b"\r", b"\n\n", b"")


def pasted(rnd: random.Random) -> bytes:
    """Return some stretches, their lines disturbed here and there."""
    parts: list[bytes] = []
    examples = [form.example.lstrip("\n").encode() for form in all_forms().values()]
    for _ in range(rnd.randint(1, 6)):
        lines = (rnd.choice(examples) if rnd.random() < 0.8 else fuzz_listing.fabricate(rnd)).split(b"\n")
        for _ in range(rnd.choice((0, 0, 1, 3))):
            _disturb(rnd, lines)
        parts.append(rnd.choice(_ENDS[:3]).join(lines) + rnd.choice(_ENDS))
    data = b"".join(parts)
    if rnd.random() < 0.2:
        data = fuzz_listing.mutate(rnd, data, rnd.choice(examples))
    return data[: rnd.choice((LONGEST, rnd.randint(0, LONGEST)))]


def _disturb(rnd: random.Random, lines: list[bytes]) -> None:
    """Drop, double, move, cut, join, blank or shuffle lines."""
    at, other = rnd.randrange(len(lines)), rnd.randrange(len(lines))
    kind = rnd.randrange(7)
    if kind == 0 and len(lines) > 1:
        del lines[at]
    elif kind == 1:
        lines.insert(other, lines[at])
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = lines[at][: rnd.randint(0, len(lines[at]))]
    elif kind == 4:
        lines[at] += lines[other]
    elif kind == 5:
        lines.insert(at, rnd.choice((b"", b" ", b"\t", b"\xc2\xa0", b"\xff", b"\\\\", b"[1]", b"PMID: 1")))
    else:
        rnd.shuffle(lines)


def rows(source: Source, work: Path, slice_bytes: int, block: int = 16 << 20) -> pl.DataFrame:
    """Return the parsed rows of a file, places counted from its beginning."""
    slices = plan(source, work, slice_bytes, Limits(block=block)).slices
    frames = [
        frame.with_columns(
            pl.col("byte_start", "byte_end") + piece.start,
            pl.col("first_line", "last_line") + max(0, piece.first_line - 1),
        )
        for piece, frame in zip(slices, parse_slices(slices), strict=True)
    ]
    return pl.concat(frames) if frames else pl.DataFrame({"byte_start": [], "byte_end": []})


def check(data: bytes, rnd: random.Random, work: Path) -> pl.DataFrame:
    """Hold every promise for one input; return its rows."""
    path = work / "input.txt"
    path.write_bytes(data)
    source = Source("input.txt", path, len(data))
    whole = rows(source, work, len(data) + 1)
    assert [0, *whole["byte_end"]] == [*whole["byte_start"], len(data)], "spans lie end to end"
    cut = rows(source, work, rnd.choice((400, 2_000)), rnd.choice((16 << 20, 1_000)))
    assert cut.equals(whole), "the same rows however the file is cut"
    return whole


def fuzz(seconds: float, seed: int, save: Path | None = None) -> int:
    """Try inputs for some seconds; return how many. Raises what the first failing one raises."""
    rnd, tried, read = random.Random(seed), 0, 0
    before, stretches.STRETCH_BYTES = stretches.STRETCH_BYTES, STRETCH
    deadline = time.monotonic() + seconds
    try:
        with tempfile.TemporaryDirectory() as folder:
            while time.monotonic() < deadline:
                data = pasted(rnd)
                try:
                    found = check(data, rnd, Path(folder))
                except BaseException:
                    trying.tell(data, tried, save)
                    raise
                tried += 1
                read += int(found["reason"].is_null().sum()) if "reason" in found.columns else 0
    finally:
        stretches.STRETCH_BYTES = before
    print(f"{tried} inputs tried in {seconds:g} s with seed {seed}, {read} records read: no failure")
    return tried


if __name__ == "__main__":
    options = trying.parser(__doc__).parse_args()
    fuzz(options.seconds, options.seed, options.save)

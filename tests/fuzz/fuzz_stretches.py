"""Fuzzer over many small stretches: no exception, every byte in one row, every text one that a text may be.

    python -m tests.fuzz.fuzz_stretches 1000000 --seed 1
    python tests/fuzz/fuzz_stretches.py --seconds 60 --seed 1

Stretches are examples of all forms and fabricated cards, disturbed by lines and characters; ten thousand are read at a
call, one behind the other, as a file that was pasted together from many pages. Says how many were read; ends with 1 at
the first failure, having left out stretches as long as it stays, and prints the few that are left.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # so that it can be started by its path

from byline.forms import all_forms
from byline.listing.text import UNFOLDED
from byline.reading.slices import parse_text
from tests.fuzz import fuzz_forms, fuzz_listing

AT_ONCE = 10_000
"""Stretches in one file: what a file costs by itself, 2 s for its patterns, is shared by that many."""
TOLD_EVERY = 5 * AT_ONCE
LONGEST = 600
"""Bytes of a stretch: two or three records."""
SOWN = (
    "\x00", "\x01", "\x1b[2J", "\x7f", "\x85", "\x9b", "\xa0", "\u200b", "\u2028", "\u202e", "\ufeff", "\t", "\f", "  ",
    "&#7;",
    "&nbsp;", "~", "\\", "\\,", "{", "}", "$", "%", ";", ",", " and ", " et al.", "·", "|", "\x1f", "é", "e\u0301",
)  # fmt: skip
ONE_TEXT = ("category_code", "arxiv_id", "doi", "venue", "comments", "abstract", "title")
MANY_TEXTS = ("badges", "listed_links", "authors", "labels")


def stretch(rnd: random.Random, examples: Sequence[bytes]) -> bytes:
    """Return a small stretch, disturbed in some places."""
    whole = rnd.choice(examples) if rnd.random() < 0.7 else fuzz_listing.fabricate(rnd)
    lines = whole.split(b"\n")
    at = rnd.randrange(len(lines))
    lines = lines[at:] if rnd.random() < 0.3 else lines
    for _ in range(rnd.choice((0, 1, 1, 2))):
        fuzz_forms._disturb(rnd, lines)
    data = bytearray(b"\n".join(lines)[:LONGEST])
    for _ in range(rnd.choice((0, 0, 1, 2, 4))):
        at = rnd.randint(0, len(data))
        data[at:at] = rnd.choice(SOWN).encode()
    return bytes(data)


def check(texts: Sequence[bytes]) -> int:
    """Read stretches as one file and hold every promise; return how many records could be read."""
    data = b"\n\n".join(texts) + b"\n"
    frame = parse_text(data)
    assert [0, *frame["byte_end"]] == [*frame["byte_start"], len(data)], "spans lie end to end"
    read = frame.filter(pl.col("reason").is_null())
    odd = [pl.col(name).str.contains(UNFOLDED).any() for name in ONE_TEXT]
    items = pl.element().str.contains(UNFOLDED)
    odd += [pl.col(name).list.eval(items).list.any().any().alias(name) for name in MANY_TEXTS]
    wrong = [name for name, found in read.select(odd).row(0, named=True).items() if found]
    assert not wrong, f"a text holds what none may: {wrong}"
    return read.height


def fuzz(count: int, seed: int, seconds: float = math.inf) -> int:
    """Try so many stretches, or as many as there is time for; return how many records could be read.

    Raises what the first failing one raises.
    """
    rnd, started, records, tried = random.Random(seed), time.monotonic(), 0, 0
    examples = [form.example.lstrip("\n").encode() for form in all_forms().values()]
    while tried < count and time.monotonic() - started < seconds:
        texts = [stretch(rnd, examples) for _ in range(min(AT_ONCE, count - tried))]
        try:
            records += check(texts)
        except BaseException:
            _report(texts)
            raise
        tried += len(texts)
        if tried % TOLD_EVERY == 0:
            print(f"{tried} stretches read, seed {seed}, {records} records", flush=True)
    took = time.monotonic() - started
    print(f"{tried} stretches read in {took:.0f} s, seed {seed}, {records} records: no failure")
    return records


def fails(texts: Sequence[bytes]) -> Exception | None:
    """Return what reading these stretches raises; null when nothing does."""
    try:
        check(texts)
    except Exception as error:
        return error
    return None


def shrunk(texts: Sequence[bytes]) -> list[bytes]:
    """Return few of these stretches that fail together: halves are left out, then quarters, at last single ones."""
    left, size = list(texts), max(1, len(texts) // 2)
    while True:
        for start in range(0, len(left), size):
            fewer = left[:start] + left[start + size :]
            if fewer and fails(fewer):
                left = fewer
                break
        else:
            if size == 1:
                return left
            size //= 2


def _report(texts: Sequence[bytes]) -> None:
    """Print the few stretches that fail together, and why."""
    left = shrunk(texts)
    print(f"{fails(left)!r} on {left!r}", file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int, nargs="?", default=sys.maxsize, help="stretches to read")
    parser.add_argument("--seconds", type=float, default=math.inf)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.count == sys.maxsize and math.isinf(options.seconds):
        parser.error("say how many stretches, or how many seconds")
    fuzz(options.count, options.seed, options.seconds)

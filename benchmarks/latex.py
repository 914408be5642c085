"""LaTeX to Unicode: processor time of all titles and abstracts, what stays as typed, agreement with pylatexenc.

    POLARS_MAX_THREADS=1 python -m benchmarks.latex [--gold DIR] [--oracle 400] [--show N]

The floor is reading the same columns once in search of a backslash. Agreement is counted on abstracts with markup, with
brackets, white space and compatibility letters aside, since the two write scripts and alphabets differently.
"""

from __future__ import annotations

import argparse
import os
import re
import time
import unicodedata
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

from byline.latex import decode

GOLD = Path(os.environ.get("BYLINE_GOLD", "../shared/gold"))
MACRO = r"\\[A-Za-z]"
"""What is left of a command that wasn't read."""
TWINS = str.maketrans("ϵϕ⩽⩾∗′∘−⋯", "εφ≤≥*'°-…")


def comparable(text: str) -> str:
    """Return the text without what the two decoders rightly do differently."""
    plain = unicodedata.normalize("NFKC", text.translate(TWINS).replace("″", "''"))
    return re.sub(r"[\s(){}\[\]^_]", "", plain).casefold()


def agreement(listed: pl.Series, decoded: pl.Series, show: int) -> None:
    """Print how many texts pylatexenc reads alike, and some that it doesn't."""
    from pylatexenc.latex2text import LatexNodes2Text

    oracle = LatexNodes2Text(math_mode="text", keep_comments=True)
    started, alike = time.process_time(), 0
    for text, ours in zip(listed, decoded, strict=True):
        theirs = oracle.latex_to_text(re.sub(r"(?<!\\)%", r"\\%", text))
        same = comparable(theirs) == comparable(ours)
        alike += same
        if not same and show > 0:
            show -= 1
            print(f"listed  {text}\nbyline  {ours}\noracle  {theirs}\n")
    each = (time.process_time() - started) / len(listed)
    print(f"pylatexenc: {alike} of {len(listed)} alike, {1000 * each:.2f} ms each")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--oracle", type=int, default=400)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    frame = pl.read_parquet(options.gold / "arxiv_120k.parquet", columns=["title", "abstract"])
    decode(frame["title"].head(100))
    started = time.process_time()
    marked = {name: frame[name].str.contains(r"[\\$]") for name in frame.columns}
    floor = time.process_time() - started
    for name in frame.columns:
        started = time.process_time()
        decoded = decode(frame[name])
        spent = time.process_time() - started
        left, changed = decoded.str.contains(r"[\\$]").sum(), (decoded != frame[name]).sum()
        print(f"{name}s: {spent:.2f} s, {changed:,} of {frame.height:,} decoded, {left:,} keep some LaTeX as typed,"
              f" {(decode(decoded) != decoded).sum()} change when decoded again")  # fmt: skip
        kept, listed = decoded.filter(marked[name]).str.contains(MACRO).sum(), marked[name].sum()
        print(
            f"  {100 * int(kept) / int(listed):.2f} % of {listed:,} {name}s with LaTeX keep a macro (asked: 2 %)"
        )
    print(f"floor (one search): {floor:.2f} s")
    sample = frame.filter(marked["abstract"])["abstract"].sample(options.oracle, seed=5)
    agreement(sample, decode(sample), options.show)


if __name__ == "__main__":
    main()

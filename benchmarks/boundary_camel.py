"""Words at the border that capitals divide, made from real bylines: how many are read right, which are sure and wrong.

    python -m benchmarks.boundary_camel [--gold DIR] [--mistakes N]

arXiv's tenth that nothing was learned from, each set with its abstracts and without: a second given name before the
first (`RosaPavel Okoye`), two given names made one, titles that end in a word with a capital inside, titles whose last
two words are made one (`BulkBank`), that with a second given name, and that behind a space. From the other sources:
titles that end so.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import polars as pl

from benchmarks.boundary_score import cases
from byline.boundary import segment

Row = tuple[str, list[str], str | None, str]
"""Title, names, abstract, what stands between title and names."""
INSIDE = re.compile(r"[a-z][A-Z][a-z]*\d*$")
"""A title whose last word has a capital inside."""
GIVEN = re.compile(r"([A-Z][a-z]{1,9}) \S")
TWO_GIVEN = re.compile(r"([A-Z][a-z]{1,9})[ -]([A-Z][a-z]{1,9}) ([A-Z][a-z]+)")
LAST_TWO = re.compile(r"(.+ \S+ )([A-Za-z][a-z]{2,}) ([A-Za-z][a-z]{2,})")
SURE = 0.99


def second_given(rows: list[Row], rnd: random.Random) -> list[Row]:
    """Put another author's given name before the first one, in about a third of the rows."""
    two = re.compile(r"[A-Z][a-z]{2,9} \S+")
    given = [name.split()[0] for row in rows for name in row[1] if two.fullmatch(name)]
    return [
        (title, [rnd.choice(given) + names[0], *names[1:]], abstract, between)
        for title, names, abstract, between in rows
        if GIVEN.match(names[0]) and rnd.random() < 0.35
    ]


def joined_given(rows: list[Row]) -> list[Row]:
    """Make the two given names of first authors one."""
    made: list[Row] = []
    for title, names, abstract, between in rows:
        found = TWO_GIVEN.fullmatch(names[0])
        if found:
            made.append((title, [f"{found[1]}{found[2]} {found[3]}", *names[1:]], abstract, between))
    return made


def joined_title(rows: list[Row], rnd: random.Random) -> list[Row]:
    """Make the last two words of titles one, in about a third of the rows; the abstract says it."""
    made: list[Row] = []
    for title, names, abstract, between in rows:
        found = LAST_TWO.fullmatch(title) if rnd.random() < 0.3 else None
        if found:
            word = found[2].capitalize() + found[3].capitalize()
            made.append((f"{found[1]}with {word}", names, f"{abstract} We call it {word}.", between))
    return made


def sets(gold: Path) -> Iterator[tuple[str, list[Row]]]:
    """Make the sets."""
    rnd = random.Random(5)
    arxiv, *others = cases(gold, all_authors=False)
    rows: list[Row] = [
        (title, names, abstract, "")
        for title, names, abstract in zip(arxiv.titles, arxiv.authors, arxiv.abstracts.to_list(), strict=True)
    ]
    two, titles = second_given(rows, rnd), joined_title(rows, rnd)
    both: list[Row] = [(a[0], b[1], a[2], "") for a, b in zip(titles, two, strict=False)]
    for name, made in {
        "second given name": two,
        "two given names made one": joined_given(rows),
        "capital in the title's word": [row for row in rows if INSIDE.search(row[0])],
        "title's words made one": titles,
        "both": both,
        "second given, space": [(t, names, abstract, " ") for t, names, abstract, _ in two[:1500]],
    }.items():
        yield name, made
        yield f"{name}, no abstract", [(t, names, None, between) for t, names, _, between in made]
    elsewhere = [pair for case in others for pair in zip(case.titles, case.authors, strict=True)]
    yield "other sources' titles", [(t, names, None, "") for t, names in elsewhere if INSIDE.search(t)]


def run(gold: Path, mistakes: int) -> None:
    """Read every set and print what came out."""
    print(f"{'set':42s} {'bylines':>7s} {'exact':>7s} {'>=.99':>7s} {'wrong':>5s} {'wrong > .5':>10s}")
    for name, rows in sets(gold):
        texts = pl.Series([title + between + ", ".join(names) for title, names, _, between in rows])
        read = segment(texts, pl.Series([row[2] for row in rows], dtype=pl.String))
        answers = zip(read["title"].to_list(), read["authors"].to_list(), strict=True)
        right = np.array([(row[0], row[1]) == answer for row, answer in zip(rows, answers, strict=True)])
        confidence = read["boundary_confidence"].fill_null(0.0).to_numpy()
        sure, wrong = confidence >= SURE, np.flatnonzero(~right)
        print(
            f"{name:42s} {len(rows):7d} {right.mean():7.2%} {sure.mean():7.2%} {(sure & ~right).sum():5d} "
            f"{(confidence[wrong] > 0.5).sum():10d}"
        )
        for i in wrong[np.argsort(-confidence[wrong], kind="stable")][:mistakes].tolist():
            print(
                f"    {confidence[i]:.3f} …{texts[i][len(rows[i][0]) - 30 :][:70]} => …{(read['title'][i] or '')[-30:]}"
            )


def main() -> None:
    """Run the benchmark."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--gold", type=Path, default=Path(os.environ.get("BYLINE_GOLD", "../shared/gold")))
    ap.add_argument("--mistakes", type=int, default=0, help="print the surest mistakes of each set")
    a = ap.parse_args()
    run(a.gold, a.mistakes)


if __name__ == "__main__":
    main()

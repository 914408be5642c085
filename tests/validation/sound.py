"""A sound dataset that has some of everything: the real listing and fabricated pages of every form, built once."""

from __future__ import annotations

import gzip
from pathlib import Path

from byline.core.options import Options
from byline.forms import all_forms
from byline.pipeline.run import run_build
from byline.snapshots import publishing
from byline.snapshots.lock import build_lock
from tests.conftest import LISTING, for_comparison
from tests.pipeline.fabricated import listing
from tests.reference.papers import lines, metadata

CARDS = (
    "LGJan 2, 2023Code\n"
    "Sparse gates in deep layers: a careful study of wasteAda Lindqvist, Boris Ohm, Cleo Varga et al. · example labs\n"
    "We gate a network's layers one by one and measure how sparse each of them becomes in the end.\n"
    "LGFeb 30, 2021\nOn a day that never wasTomas Vell\nNothing happened on it.\n"
    "CLMarch 3, 2021\n"
    "Pebbles $\\alpha$ and their orderMira Oakes, Tomas Vell, the Pebble Collaboration · Example  Labs, deepmind\n"
    "See https://example.org/pebbles and https://example.org/more for $x\\leq 5$.\n"
    "CLMarch 3, 2021\nPebbles $\\alpha$ and their orderM. Oakes, T. Vell et al.\n"
    "CLMarch 3, 2001\nPebbles $\\alpha$ and their orderMira Oakes, Ines Quill\n"
    "A study of something else entirely, of rivers in the north and of those who count what lies in them.\n"
)
ENTRY = metadata(
    3,
    title="Sparse gates in deep layers: a careful study of waste",
    abstract="  We gate a network's layers one by one and measure how sparse each of them becomes in the end.\n",
    authors_parsed=[
        ["Lindqvist", "Ada", ""],
        ["Ohm", "Boris", ""],
        ["Varga", "Cleo", ""],
        ["van Ostby", "Jon", "Jr."],
    ],
    categories="cs.LG stat.ML",
    doi="10.1234/Gates.3",
)


def build(home: Path) -> Path:
    """Build the dataset in a folder that is there; return the output folder."""
    raw = home / "raw"
    (raw / "2021").mkdir(parents=True)
    (raw / "listing.txt").write_bytes(LISTING.read_bytes())
    (raw / "2021" / "cards.txt.gz").write_bytes(gzip.compress(CARDS.encode(), mtime=0))
    (raw / "more.txt").write_text(listing(5, 30), "utf-8")
    (raw / "again.txt").write_text(listing(5, 4), "utf-8")
    for name, form in all_forms().items():
        (raw / f"{name}.txt").write_text(form.example.lstrip("\n"), "utf-8")
    (home / "arxiv.json").write_bytes(lines([ENTRY, *(metadata(number) for number in range(20, 30))]))
    options = Options(raw=raw, out=home / "out", arxiv=home / "arxiv.json", workers=0)
    with for_comparison():  # the first test takes a deeper look
        run_build(options)
        (raw / "again.txt").write_text(listing(5, 5), "utf-8")
        run_build(options)
    with build_lock(options.out):
        publishing.rollback(options.out)
    return options.out

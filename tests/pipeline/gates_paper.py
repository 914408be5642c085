"""The paper that the tests of `--arxiv` are about: as arXiv's metadata has it, and as a page shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tests.conftest import table
from tests.reference.papers import metadata

NAMES = [
    ["Lindqvist", "Ada", ""],
    ["Ohm", "Boris", ""],
    ["Varga", "Cleo", ""],
    ["{\\O}stby", "J\\'er\\^ome", "Jr."],
]
SHOWN = ["Ada Lindqvist", "Boris Ohm", "Cleo Varga"]
ABSTRACT = "We gate a network's layers one by one and measure how sparse each of them becomes in the end."
TITLE = "Sparse gates in deep layers: a careful study of waste"
ENTRY = metadata(
    3,
    title=TITLE,
    abstract=f"  {ABSTRACT}\n",
    authors_parsed=NAMES,
    categories="cs.LG stat.ML",
    doi="10.1234/Gates.3",
)
OTHERS = [metadata(n) for n in range(20, 30)]


def card(
    title: str = TITLE,
    names: str = "Ada Lindqvist, Boris Ohm, Cleo Varga et al.",
    abstract: str = ABSTRACT,
    day: str = "Jan 2, 2023",
) -> str:
    """Return the paper as a page shows it."""
    return f"LG{day}\n{title}{names}\n{abstract}\n"


LOWER = card(TITLE.lower(), "ada lindqvist, boris ohm, cleo varga et al. \u00b7 mila")
"""A byline whose border nothing in it shows."""


def paper(path: Path) -> dict[str, Any]:
    """Return the paper that the tests are about, with its authors."""
    found = table(path, "papers").filter(pl.col("title").str.contains("(?i)gates in deep")).row(0, named=True)
    authors = table(path, "authorships").filter(pl.col("paper_id") == found["paper_id"]).sort("position")
    return found | {"names": authors["name_as_listed"].to_list(), "sources": authors["source"].to_list()}

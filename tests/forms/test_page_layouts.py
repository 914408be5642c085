"""Layouts of pages as people paste them, in `layouts/*.toml`, with what they say. All people and papers are made up.

A layout has a `name`, its `text`, a table `reads` a record (any columns of parsed rows), the form it is `declared` as,
`strange`: how many of its stretches are neither records nor the page's own (none, unless it says so), and whether it is
read `alone` only: nothing parts it from a card before it.
"""

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.forms import declared
from byline.reading.slices import parse_text

Layout = dict[str, Any]

LAYOUTS: dict[str, Layout] = {
    f"{path.stem}: {layout['name']}": layout
    for path in sorted((Path(__file__).parent / "layouts").glob("*.toml"))
    for layout in tomllib.loads(path.read_text("utf-8"))["layout"]
}
CARD = "LGSep 25, 2023\nOn Owls and their NestsZoe Quill, Yan Rook et al.\nWe look at owls and count them.\n"


def rows(text: str, layout: Layout) -> pl.DataFrame:
    said = {"form": layout["declared"]} if "declared" in layout else {}
    return parse_text(text.encode(), declared.to_text(said))


def read(frame: pl.DataFrame) -> list[Layout]:
    return list(frame.filter(pl.col("reason").is_null()).iter_rows(named=True))


def wanted_of(good: list[Layout], layout: Layout) -> list[Layout]:
    assert len(good) == len(layout["reads"]), [row["title"] for row in good]
    return [{key: row[key] for key in said} for row, said in zip(good, layout["reads"], strict=True)]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_as_it_says(name: str):
    layout = LAYOUTS[name]
    frame = rows(layout["text"].lstrip("\n"), layout)
    assert wanted_of(read(frame), layout) == layout["reads"]
    strange = frame.filter(pl.col("reason").is_not_null() & (pl.col("reason") != "page_furniture"))
    assert strange.height == layout.get("strange", 0)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if place % 3 else [])
        for place, name in enumerate(LAYOUTS)
        if "declared" not in LAYOUTS[name]
    ],
)
def test_a_layout_reads_alike_between_cards_with_other_line_ends(name: str):
    layout = LAYOUTS[name]
    around = "" if layout.get("alone") else CARD
    data = (around + layout["text"].lstrip("\n") + around).replace("\r\n", "\n").replace("\n", "\r\n")
    frame = rows(data, layout)
    good = read(frame)
    if around:
        first, *good, last = good
        assert first["abstract"] == last["abstract"] == "We look at owls and count them."
    assert wanted_of(good, layout) == layout["reads"]
    assert [0, *frame["byte_end"]] == [*frame["byte_start"], len(data.encode())]

"""What must stand in several places stands in all of them (see CONTRIBUTING.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pytest

from byline.forms import reasons as form_reasons
from byline.listing import badges, reasons, words
from byline.papers import merging
from byline.pipeline.stages import settle
from byline_schemas import PAPERS, PARSED
from tests.conftest import ROOT

RESOURCES = ROOT / "src" / "byline" / "resources"
LISTS = [path for path in sorted(RESOURCES.rglob("*")) if path.suffix in {".txt", ".tsv", ".toml"}]

FIRST_SAYS = {"title", "title_tex", "authors_truncated", "boundary_confidence"}
"""Of a paper whose records differ in these, the first record in the order of preference decides."""
BY_RULE = {"published", "published_precision", "has_code"}
"""`merging` has a rule of its own for these."""
PLACE = {"byte_start", "byte_end", "first_line", "last_line", "digest", "reason", "detail", "raw_text"}
"""Where a record stands and why it was not read: no part of what it says."""
PLACED = {"source_file", "source_sha256", "supplied"}
"""What `settle` adds to the rows of a slice before it normalizes them."""
ONLY_READ = {"byline", "listed_links", "name_parts"}
"""Parsed columns that other columns of a settled row are made from."""


def settled() -> set[str]:
    """Return the columns that `settle` has of a record, before it takes those that papers have."""
    columns = PLACE | PLACED | set(PARSED.columns())
    makes = (ROOT / "src/byline/pipeline/stages/settle.py").read_text("utf-8")
    return columns | set(re.findall(r"^        (\w+)=", makes, re.MULTILINE))


def forgotten(papers: Iterable[str], parsed: Iterable[str]) -> Iterator[str]:
    """Yield what was forgotten of the columns of papers and of parsed rows, each with the place where it belongs."""
    of_one_record = set(papers) - set(settle.COUNTED)
    for name in sorted(of_one_record - settled()):
        yield f"papers.{name}: `normalize` in pipeline/stages/settle.py does not make it, nor is it in COUNTED there"
    together = {field for fields in merging.TOGETHER.values() for field in fields}
    ruled = together | set(merging.UNITED) | FIRST_SAYS | BY_RULE
    for name in sorted(of_one_record - ruled):
        yield f"papers.{name}: papers/merging.py has no rule for records that differ in it (TOGETHER, UNITED)"
    compared = {*merging.SAID, *merging.LISTS} | PLACE | ONLY_READ
    for name in sorted(set(parsed) - compared):
        yield f"parsed.{name}: records that differ in it alone are taken for copies (SAID in papers/merging.py)"


def test_no_column_was_forgotten():
    said = list(forgotten(PAPERS.columns(), PARSED.columns()))
    assert not said, "\n".join(["", *said])


def test_a_column_that_is_forgotten_is_said_with_the_places_where_it_belongs():
    every = forgotten([*PAPERS.columns(), "shape"], [*PARSED.columns(), "shape"])
    said = [line for line in every if ".shape:" in line]
    assert [line.partition(":")[0] for line in said] == ["papers.shape", "papers.shape", "parsed.shape"]
    assert ["settle.py" in said[0], "TOGETHER" in said[1], "SAID" in said[2]] == [True] * 3


def test_every_column_that_settled_rows_promise_is_made():
    placed = {name: pl.lit(None).cast(dtype) for name, dtype in settle.SETTLED.items() if name in PLACED}
    missing = sorted(set(settle.SETTLED) - settled())
    assert not missing, f"`normalize` in pipeline/stages/settle.py does not make {', '.join(missing)}"
    rows = settle.normalize(PARSED.empty().with_columns(**placed), None)
    assert rows.schema == pl.Schema(settle.SETTLED)


def codes() -> list[str]:
    """Return every reason code that a source file names."""
    both = {**vars(reasons), **vars(form_reasons)}
    named = [value for name, value in both.items() if name.isupper() and isinstance(value, str)]
    written = (ROOT / "src/byline/boundary/reading.py").read_text("utf-8")
    return sorted({value for value in named if re.fullmatch(r"[a-z][a-z0-9_]*", value)} | set(
        re.findall(r'pl\.lit\("([a-z]+_[a-z_]+)"\)', written)
    ))  # fmt: skip


def test_every_reason_stands_in_the_readme_with_its_way_out():
    documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    missing = [code for code in codes() if code not in documented]
    assert not missing, f"rows are missing in README.md's table of reasons: {', '.join(missing)}"
    assert {"no_header", "no_boundary"} <= set(codes())


def test_every_badge_is_told_from_what_stands_before_and_behind_it():
    known = sorted(words.badges())
    alone = badges.split_badges(pl.Series(known)).to_list()
    assert [badge for badge, found in zip(known, alone, strict=True) if found != [badge]] == []
    beside = badges.split_badges(pl.Series([f"{badge} · Slides|{badge}" for badge in known])).to_list()
    wrong = [
        found
        for badge, found in zip(known, beside, strict=True)
        if found != list(dict.fromkeys([badge, "Slides"]))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.relative_to(RESOURCES).as_posix())
class TestWordLists:
    """Every list of words says what it is, says nothing twice, and is read by someone."""

    def test_says_what_it_is_and_where_from(self, path: Path):
        assert path.read_text("utf-8").startswith("# "), "begin with what the list is, and its source"

    def test_says_nothing_twice(self, path: Path):
        if path.suffix == ".toml":
            return
        lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        assert [line for line, times in Counter(lines).items() if times > 1] == []

    def test_is_read(self, path: Path):
        if path.parent.name == "forms":  # all files of that folder are
            return
        names = {path.name, f'"{path.stem}"'}
        sources = (one.read_text("utf-8") for one in (ROOT / "src" / "byline").rglob("*.py"))
        assert any(name in source for source in sources for name in names), "no module reads it"

    def test_every_row_of_a_table_has_its_columns(self, path: Path):
        if path.suffix != ".tsv":
            return
        rows = enumerate(path.read_text("utf-8").splitlines(), 1)
        widths = {number: line.count("\t") + 1 for number, line in rows if line and not line.startswith("#")}
        width = Counter(widths.values()).most_common(1)[0][0]
        odd = [f"{path.name}:{number}: {found}" for number, found in widths.items() if found != width]
        assert not odd, f"{width} columns, parted by tabs, are expected: {', '.join(odd)}"

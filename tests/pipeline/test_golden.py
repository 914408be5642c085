"""The real listing, field by field, as a person has read it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.conftest import ROOT, table

EXPECTED = [
    json.loads(line)
    for line in (ROOT / "tests/golden/listing_expected.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def published(real_build: Path) -> dict[int, dict[str, Any]]:
    """Return every record with its paper, names and labels, by first line."""
    names = (
        table(real_build, "authorships")
        .sort("position")
        .group_by("paper_id")
        .agg(pl.col("name_as_listed").alias("names"))
    )
    labels = (
        table(real_build, "paper_affiliations").sort("position").group_by("paper_id").agg("label_as_listed")
    )
    rows = (
        table(real_build, "records")
        .join(table(real_build, "papers"), on="paper_id", validate="m:1")
        .join(names, on="paper_id", how="left")
        .join(labels, on="paper_id", how="left")
    )
    return {row["first_line"]: row for row in rows.iter_rows(named=True)}


@pytest.mark.parametrize("expected", EXPECTED, ids=[f"line {e['first_line']}" for e in EXPECTED])
def test_every_field_is_as_the_page_said(published, expected):
    row = published[expected["first_line"]]
    listed_abstract = row["abstract_tex"] or row["abstract"]
    assert row["last_line"] == expected["last_line"]
    assert row["category_code"] == expected["category_code"]
    assert row["category"] == expected["category"]
    assert row["published"].isoformat() == expected["date"]
    assert row["badges"] == expected["badges"]
    assert (row["title_tex"] or row["title"]) == expected["title"]
    assert row["names"] == expected["authors"]
    assert row["author_count"] == len(expected["authors"])
    assert row["authors_truncated"] == expected["authors_truncated"]
    assert (row["label_as_listed"] or []) == expected["affiliations"]
    assert len(listed_abstract) == expected["abstract_chars"]
    assert hashlib.sha256(listed_abstract.encode()).hexdigest() == expected["abstract_sha256"]


def test_the_tables_have_the_rows_that_a_person_counts(real_build):
    counts = {
        name: table(real_build, name).height
        for name in ("papers", "authorships", "authors", "affiliations", "records")
    }
    assert counts == {"papers": 21, "authorships": 61, "authors": 37, "affiliations": 2, "records": 21}


def test_the_two_labels_are_the_two_companies(real_build):
    known = table(real_build, "affiliations").sort("label").select("label", "ror_id", "resolved").rows()
    assert known == [("anthropic", "056y0v115", True), ("deepmind", "00971b260", True)]


def test_latex_of_the_listing_is_readable_and_the_original_is_kept(real_build):
    abstracts = table(real_build, "papers").filter(pl.col("abstract_tex").is_not_null())
    decoded = "\n".join(abstracts["abstract"])
    assert r"\textit{" not in decoded
    assert r"\emph{" not in decoded
    assert "91.2%" in decoded
    assert "≤5%" in decoded.replace("≤ 5", "≤5")


def test_links_end_where_the_link_ends(real_build):
    links = table(real_build, "papers")["links"].explode().drop_nulls()
    assert links.len() > 0
    assert not links.str.contains(r"[.,;:)\]}]$").any()


def test_ids_are_what_they_were_when_this_was_written(real_build):
    """A change here renames every paper and author of everyone who uses the dataset: it takes a contract version."""
    digest = hashlib.sha256()
    for name, key in (("papers", "paper_id"), ("authors", "author_id"), ("records", "record_id")):
        digest.update("".join(table(real_build, name)[key].sort()).encode())
    assert digest.hexdigest() == (ROOT / "tests/golden/ids.sha256").read_text("ascii").strip()

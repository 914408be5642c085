"""A name bucket of too many mentions is resolved in shares: authors, authorships and what is kept are the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from byline import identity
from byline.files import run_files
from byline.identity.sharing import share_of
from byline.pipeline.incremental import mentions as kept_mentions
from byline.pipeline.incremental.kept import TakesFullBuild
from byline.pipeline.stages import sharing
from byline.pipeline.stages.bucket import merged_folder
from byline.pipeline.stages.layout import batch_rows
from byline.pipeline.stages.paper_tables import mentions_path
from byline.pipeline.stages.resolve import ResolveFacts, ResolveTask, resolve_buckets
from tests.identity.evidence import papers

BUCKETS, FILES = 3, 4
FORM = {"block": "b", "kind": "person", "family_key": "pym", "suffix": None}


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the mentions of some papers as `merge` leaves them, and a decision for each way that two can be tied."""
    home = tmp_path_factory.mktemp("merged")
    some = papers().with_columns(paper_id=pl.int_range(pl.len()).cast(pl.String).str.zfill(20))
    described = identity.describe(some)
    bucket = (described["block_key"].to_numpy() % np.uint64(BUCKETS)).astype(np.int64)
    for number in range(FILES):
        here = np.arange(described.height) % FILES == number
        path = mentions_path(merged_folder(home, number))
        run_files.write_groups(path, described.filter(pl.Series(here)), bucket[here], BUCKETS)
    ids = described["paper_id"].unique(maintain_order=True)
    rows = [("same", 0, 3), ("different", 1, 2), ("same", 5, 9), ("different", 4, 40)]
    lines = [f"{verdict},{ids[a]},1,{ids[b]},1," for verdict, a, b in rows]
    (home / "curated").mkdir()
    head = "verdict,paper_id_a,position_a,paper_id_b,position_b,note"
    (home / "curated" / "authors.csv").write_text("\n".join([head, *lines, ""]))
    return home


def written(merged: Path, target: Path, *, decided: bool) -> tuple[ResolveFacts, dict[str, pl.DataFrame]]:
    """Resolve all buckets; return the facts, and each table's rows and the kept ones, sorted."""
    facts = resolve_buckets(
        ResolveTask(
            buckets=tuple(range(BUCKETS)), merged=merged, paper_buckets=FILES, target=target,
            batch_rows=batch_rows(1), curated=merged / "curated" if decided else None, papers=1_000,
            name_buckets=BUCKETS, kept=target / "kept",
        )
    )  # fmt: skip
    found: dict[str, list[pl.DataFrame]] = {}
    for folder, tables in facts.produced:
        for name in tables:
            path = folder / f"{name}.run"
            found.setdefault(name, []).extend(
                run_files.read_group([path], number) for number in range(run_files.count(path))
            )
    kept = [kept_mentions.read_blocks([path], None) for path in sorted((target / "kept").iterdir())]
    frames = [one.frame() for one in kept if one is not None]
    found["kept"] = [one.select(sorted(one.columns)) for one in frames]
    assert len(found["kept"]) == len(kept)
    return facts, {name: _sorted(pl.concat(frames)) for name, frames in found.items() if frames}


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    keys = [name for name in ("author_id", "paper_id", "position") if name in rows.columns]
    return rows.sort(keys)


@pytest.mark.parametrize(
    ("most", "decided"),
    [(200, True), *(pytest.param(*given, marks=pytest.mark.slow) for given in [(1, True), (100, False)])],
)
def test_in_shares_the_same_is_written(merged, tmp_path, monkeypatch, most, decided):
    whole, tables = written(merged, tmp_path / "whole", decided=decided)
    monkeypatch.setattr(sharing, "MENTIONS_AT_ONCE", most)
    monkeypatch.setattr(sharing, "SPREAD_AT_ONCE", 20)
    facts, in_shares = written(merged, tmp_path / "shares", decided=decided)
    assert len(whole.produced) == 1
    assert len(facts.produced) > 1
    assert tables.keys() == in_shares.keys()
    assert all(frame.equals(in_shares[name]) for name, frame in tables.items())
    left = {path.name for path in (tmp_path / "shares").iterdir()}
    assert left == {"kept", *(folder.name for folder, _ in facts.produced)}


def test_shares_hold_whole_parts_and_what_decisions_tie():
    given = ["jo", "ada", "kai", "leo"]
    forms = pl.DataFrame(
        {"form_key": range(4), "given_key": given, "rarity": 1.0, "mentions": [3, 4, 2, 9]},
        schema_overrides={"form_key": pl.UInt64},
    ).with_columns(**{name: pl.lit(value, pl.String) for name, value in FORM.items()})
    nothing = pl.DataFrame(schema={"a": pl.UInt32, "b": pl.UInt32})
    assert share_of(forms, nothing, 6).tolist() == [0, 1, 1, 2]
    assert share_of(forms, nothing, 100).tolist() == [0, 0, 0, 0]
    tied = pl.DataFrame({"a": [0], "b": [3]}, schema=nothing.schema)
    assert share_of(forms, tied, 6).tolist() == [0, 1, 1, 0]


def test_a_name_that_too_many_bear_is_left_to_full_builds(merged, tmp_path, monkeypatch):
    written(merged, tmp_path, decided=False)
    paths = sorted((tmp_path / "kept").iterdir())
    monkeypatch.setattr(kept_mentions, "MENTIONS_AT_MOST", 3)
    with pytest.raises(TakesFullBuild, match="full builds alone"):
        kept_mentions.read_blocks(paths, None)
    none = kept_mentions.read_blocks(paths, pl.Series([1], dtype=pl.UInt64))
    assert none is not None
    assert none.frame().is_empty()


def test_files_of_parts_are_those_of_all_their_shares():
    buckets, parts = 4, 4 * kept_mentions.PER_BUCKET
    there = [3, 5, parts + 3, 2 * parts + 5]
    assert kept_mentions.files_of({3}, there, buckets) == [3, parts + 3]

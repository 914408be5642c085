"""A build keeps what the next one goes on from: stages leave it in the work folder, at the end it takes its place."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.errors import BylineError
from byline.files import fs, run_files
from byline.files.tables import scan_files
from byline.pipeline.incremental import kept, matching, published, revised, standing, tallied
from byline.pipeline.incremental.kept import Head
from byline.pipeline.stages.evidence import summed
from byline.pipeline.stages.matched import Matched
from byline.pipeline.state import Build

log_to = logging.getLogger(__name__)
KEPT = "kept"


def _folder(build: Build) -> Path:
    return build.work / KEPT


def names_path(build: Build, number: int) -> Path:
    """Return where a task leaves the settled names that it counted."""
    return _folder(build) / "counted" / f"{number:06d}.run"


def keys_path(build: Build, number: int) -> Path:
    """Return where a task leaves the keys of the rows that it settled."""
    return _folder(build) / "settled" / f"{number:06d}.run"


def mentions_folder(build: Build) -> Path:
    """Return the folder where resolved mentions are left."""
    return _folder(build) / kept.MENTIONS


def keep_second_looks(build: Build, amended: pl.DataFrame, asked: npt.NDArray[np.uint64]) -> None:
    """Keep what came of the second looks, and the names that were asked for."""
    if build.keeps:
        kept.write_frame(_folder(build), "amended", amended)
        kept.write_frame(_folder(build), "asked", pl.DataFrame({"key": asked}))


def keep(build: Build) -> None:
    """Put what this build kept in the place of what the one before kept; a failure only costs the next build time."""
    home = build.options.cache / kept.FOLDER
    if build.published is None:
        return
    keeps = build.keeps  # asked while what the build before kept is there
    try:
        fs.rmtree(home)
        if not keeps:
            return
        if build.updated is None:
            _write_tables(build)
        _write_head(build)
        if build.tally is not None:
            tallied.write(_folder(build), build.tally.frames())
        fs.mkdir(home.parent)
        fs.replace(_folder(build), home)
    except (BylineError, OSError, pl.exceptions.PolarsError) as problem:
        log_to.warning("nothing is kept for the next build, which will be a full one: %s", problem)
        with suppress(BylineError, OSError):
            fs.rmtree(home)


def _write_head(build: Build) -> None:
    assert build.gates is not None
    assert build.gates.facts is not None
    parts = [int(path.stem) for path in sorted(mentions_folder(build).glob("*.mentions"))]
    kept.write_frame(
        _folder(build), kept.PARTS, pl.DataFrame({"part": parts}, schema=kept.FRAMES[kept.PARTS])
    )
    settings = build.settings()
    revised.keep(_folder(build), build.curated, settings[revised.SETTING])
    kept.write_frame(_folder(build), "published", published.frame_of(build.staged_as))
    head = Head(
        code=build.code,
        snapshot=build.snapshot_id(),
        settings=settings,
        slice_bytes=build.options.slice_bytes,
        name_buckets=build.name_buckets,
        papers=build.papers,
        since_whole=0 if build.updated is None else build.updated.since_whole,
        statuses=dict(build.statuses()),
        reasons=dict(build.reasons()),
        matches=matching.counts(build.matched),
        facts=asdict(build.gates.facts),
    )
    kept.write_head(_folder(build), head)


def _write_tables(build: Build) -> None:
    """Write the tables of a full build from what its stages left."""
    folder = _folder(build)
    facts = kept.frames_of_facts(build.facts)
    keys, otherwise = _keyed(folder, facts["facts"])
    tables = {
        **kept.frames_of_plans(build.plans, build.records, build.seen),
        **facts,
        "names": summed([_rows(path) for path in _left(folder / "counted")]),
        "keys": keys,
        "ties": _ties(build.ties, otherwise),
        kept.BLOCKS: pl.DataFrame(schema=kept.FRAMES[kept.BLOCKS]),
        "affiliations": _affiliations(build),
        **of_corpus(build),
    }
    for name, frame in tables.items():
        kept.write_frame(folder, name, frame)
    for name in ("counted", "settled"):
        fs.rmtree(folder / name)


def of_corpus(build: Build) -> dict[str, pl.DataFrame]:
    """Return the tables `decided`, `namesakes` and `arxiv_ids`, which a build knows of the whole corpus."""
    named = pl.DataFrame({"author_id": sorted(build.namesakes)}, schema=kept.FRAMES["namesakes"])
    ids = (build.matched or Matched.total([])).ids
    return {"decided": standing.frame_of(build.decided), "namesakes": named, "arxiv_ids": ids}


def _left(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.run"))


def _rows(path: Path) -> pl.DataFrame:
    return run_files.read_group([path], 0)


def _keyed(folder: Path, facts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the table `keys` (the rows of each distinct slice once, sorted) and what ties equal records together."""
    number = facts.select(slice_digest="digest").with_row_index("slice")
    schema = {**kept.FRAMES["keys"], "record": pl.String}
    found = [pl.DataFrame(schema=schema)]
    for path in _left(folder / "settled"):
        rows = _rows(path)
        rows = rows.select("row", "record", slice_digest="slice", key=kept.key_numbers(rows["key"]))
        placed = rows.join(number, on="slice_digest", how="inner")
        found.append(placed.select(pl.col(name).cast(kind) for name, kind in schema.items()))
    together = pl.concat(found)
    if together.height != facts["rows"].sum():  # a slice that several files hold
        together = together.unique()
    keys = together.drop("record").sort("key", "slice", "row")
    return keys, kept.read_otherwise(together.select("key", "record"))


def _ties(paths: Sequence[Path], more: pl.DataFrame) -> pl.DataFrame:
    """Return the table `ties` from the run files that `settle` wrote, and more of them."""
    found = [more]
    for path in paths:
        for group in range(run_files.count(path)):
            rows = run_files.read_group([path], group)
            found.append(rows.select("tie", key=kept.key_numbers(rows["paper_key"])))
    return pl.concat(found).unique().sort("tie", "key")


def _affiliations(build: Build) -> pl.DataFrame:
    """Return the table `affiliations`: how many rows of `paper_affiliations` name each."""
    assert build.published is not None
    assert build.sealed is not None
    files = [build.published / file.path for file in build.sealed.tables["paper_affiliations"].files]
    named = scan_files(files, "paper_affiliations").group_by("affiliation_id").agg(labels=pl.len())
    return named.sort("affiliation_id").collect()

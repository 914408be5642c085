"""What arXiv's metadata fills in, measured: a listing cut to three authors beside a file in which a fifth is missing.

    python -m benchmarks.arxiv --gold DIR [--rows 24000] [--identity | --borders] [--json]

DIR holds `arxiv_120k.parquet` (and the identity sets), and beside it `tools/` with the renderers of listing and file.
Titles of a tenth of the records are disturbed: case, dashes, LaTeX, another word, no subtitle, a word less, two letters
changed over. Printed: how many of the papers that are in the file were found, by disturbance; how many were filled
from a wrong entry; how many lists became the whole truth; what builds with and without the file cost, which holds the
listing five times, in processor seconds of all their processes and by the clock, medians of three runs in turn, and
what of it the stages behind the match take, which have more authors to tell apart then; the size of the index that
the build keeps, and of one by itself.
--borders: of bylines written all in lower case how many are doubtful, are made plain by the file, and rightly.
--identity: B-cubed of the identity sets cut to three authors, and with the lists filled in.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import polars as pl

from benchmarks.arxiv_disturb import KINDS, disturbed
from benchmarks.common import process
from benchmarks.identity_gold import AREAS
from byline import boundary
from byline.pipeline.stages.borders import known_borders
from byline.reference.building import build_index
from byline.reference.features import settings
from byline.reference.layout import Index

A = TypeVar("A")
R = TypeVar("R")
DISTURBED = 0.1
LISTED = 3
"""Authors that a page lists before it cuts."""
DROPPED = 0.2
RUNS = 3
"""Builds of each way that are measured, in turn: what else runs on the machine falls on all alike."""
KEPT = Path(".cache") / "arxiv"
"""Where a build keeps the index, in its output's folder."""
BEHIND = ("resolve", "write", "check", "publish")
"""Stages that work on what was filled in."""
SETS = ("acl", "ieee", "openreview", "vis")


def renderer(tools: Path) -> ModuleType:
    """Return the module that renders the metadata file, which knows how the gold's ids are repaired."""
    spec = importlib.util.spec_from_file_location("render_snapshot", tools / "render_snapshot.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def render_file(papers: Path, target: Path, tools: Path, drop: float = 0.0) -> None:
    """Write papers (Parquet) as arXiv's metadata file, a share of them left out."""
    command = [
        sys.executable,
        str(tools / "render_snapshot.py"),
        str(papers),
        str(target),
        "--drop",
        str(drop),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def render_listing(papers: Path, folder: Path, tools: Path) -> None:
    """Write papers (Parquet) as a listing, with its truth."""
    command = [sys.executable, str(tools / "render_listing.py"), str(papers), str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def here(stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
    """Run tasks one after the other."""
    return [work(task) for task in tasks]


def indexed(papers: Path, tools: Path, work: Path) -> Index:
    """Return the index of papers without DROPPED of them; the metadata file is `work / "file.json"`."""
    render_file(papers, work / "file.json", tools, DROPPED)
    return build_index(work / "file.json", work / "index", work / "scratch", here)


def sample(gold: Path, rows: int, seed: int) -> pl.DataFrame:
    """Return papers with `title` as a page has it, `kind` of disturbance (none for most), and `true_title`."""
    papers = pl.read_parquet(gold / "arxiv_120k.parquet")
    papers = papers.sample(min(rows, papers.height), seed=seed, shuffle=True)
    rnd = random.Random(seed)
    kinds = [rnd.choice(list(KINDS)) if rnd.random() < DISTURBED else "none" for _ in range(papers.height)]
    titles = [
        title if kind == "none" else disturbed(title, kind, rnd)
        for title, kind in zip(papers["title"], kinds, strict=True)
    ]
    return papers.with_columns(true_title="title", title=pl.Series(titles), kind=pl.Series(kinds))


def build(raw: Path, out: Path, *more: str) -> process.Cost:
    """Build with the command line; return what it and all its processes took."""
    return process.run(process.build_command(raw, out, *more))


def costs(raw: Path, work: Path, file: str) -> dict[str, float]:
    """Return what builds take without the file, with it, and with the index kept, measured in turn.

    `more_time` is what index, match, and the work on what they filled in add to a build, as a share of it: seconds 9.0
    without and 13.5 with are 0.5. `behind_the_match` is that of the stages behind, by the clock: their own seconds 2.0
    and 2.9 beside 9.0 for all are 0.1.
    """
    ways = {
        "without": ("plain", ()),
        "with": ("filled", ("--arxiv", file)),
        "again": ("kept", ("--arxiv", file)),
    }
    spent: dict[str, list[process.Cost]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for out, _more in ways.values():
            shutil.rmtree(work / out, ignore_errors=True)
        for name, (out, more) in ways.items():
            if name == "again":  # the index is kept, and nothing else
                shutil.copytree(work / "filled" / KEPT, work / out / KEPT)
            spent[name].append(build(raw, work / out, *more))
    cpu = {name: statistics.median(run.cpu for run in runs) for name, runs in spent.items()}
    wall = {name: statistics.median(run.wall for run in runs) for name, runs in spent.items()}
    behind = {name: statistics.median(_behind(run.output) for run in runs) for name, runs in spent.items()}
    return {
        **{f"seconds_{name}": round(seconds, 2) for name, seconds in cpu.items()},
        "more_time": round(cpu["with"] / cpu["without"] - 1, 3),
        "more_time_by_the_clock": round(wall["with"] / wall["without"] - 1, 3),
        "more_time_index_kept": round(cpu["again"] / cpu["without"] - 1, 3),
        "behind_the_match": round((behind["with"] - behind["without"]) / wall["without"], 3),
    }


def _behind(said: str) -> float:
    """Return the seconds that the stages behind the match took, of what a build says (`took 9.1 s (plan 2.0, …)`)."""
    return sum(float(took) for stage, took in re.findall(r"([a-z]+) (\d+\.\d+)[,)]", said) if stage in BEHIND)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def folded(text: str | None) -> str:
    """Return a text in NFC with white space folded."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def found(out: Path, truth: Path) -> pl.DataFrame:
    """Return one row a record of the truth: id, title, what was published of it, and its names."""

    def table(name: str) -> pl.DataFrame:
        return pl.read_parquet(f"{out}/current/{name}/**/*.parquet", hive_partitioning=True)

    names = table("authorships").sort("paper_id", "position").group_by("paper_id").agg(got="name_as_listed")
    records = table("records").select("source_file", pl.col("first_line").cast(pl.Int64), "paper_id")
    papers = table("papers").select("paper_id", "arxiv_id", "authors_source", "match_confidence")
    rows = pl.read_parquet(truth).with_columns(pl.col("first_line").cast(pl.Int64))
    joined = rows.join(records, on=["source_file", "first_line"], how="left")
    return joined.join(papers, on="paper_id", how="left").join(names, on="paper_id", how="left")


def scores(rows: pl.DataFrame, inside: set[str]) -> dict[str, Any]:
    """Return recall, wrong fills and whole lists; `rows`: true_id, kind, arxiv_id, authors_truncated, got, whole."""
    here = rows.filter(pl.col("true_id").is_in(inside))
    hit = pl.col("arxiv_id").eq_missing(pl.col("true_id"))
    wrong = rows.filter(pl.col("arxiv_id").is_not_null() & (pl.col("arxiv_id") != pl.col("true_id")))
    cut = here.filter(pl.col("authors_truncated") & hit)
    whole = [
        [folded(name) for name in got] == [folded(name) for name in true]
        for got, true in zip(cut["got"], cut["whole"], strict=True)
    ]
    by_kind = here.group_by("kind").agg(records=pl.len(), recall=hit.mean()).sort("kind")
    odd = here.filter(pl.col("kind") != "none")
    return {
        "records": rows.height,
        "in_the_file": here.height,
        "recall": here.select(hit.mean()).item(),
        "recall_disturbed": odd.select(hit.mean()).item(),
        "filled": rows["arxiv_id"].count(),
        "wrong": wrong.height,
        "whole_lists": sum(whole) / max(1, len(whole)),
        "by_kind": {kind: round(recall, 4) for kind, _, recall in by_kind.iter_rows()},
        "wrong_ones": wrong.select("true_id", "arxiv_id", "title", "match_confidence").head(5).to_dicts(),
    }


def matching(gold: Path, tools: Path, work: Path, rows: int, seed: int) -> dict[str, Any]:
    """Return what the match finds, and what it costs."""
    papers = sample(gold, rows, seed)
    papers.write_parquet(work / "page.parquet")
    render_listing(work / "page.parquet", work / "listing", tools)
    missing, whole = str(work / "missing.json"), str(work / "whole.json")
    for target, drop in ((missing, DROPPED), (whole, 0.0)):
        render_file(gold / "arxiv_120k.parquet", Path(target), tools, drop)
    raw = work / "listing" / "raw"
    build(raw, work / "out", "--arxiv", missing)
    full_id = renderer(tools).full_id
    ids = pl.Series([full_id(one) for one in papers["id"]])
    about = papers.select("id", "kind", whole="authors").with_columns(true_id=ids).unique("id")
    inside = {json.loads(line)["id"] for line in Path(missing).read_text("utf-8").splitlines()}
    result = scores(found(work / "out", work / "listing" / "truth.parquet").join(about, on="id"), inside)
    result |= costs(raw, work, whole)
    text = Path(whole).stat().st_size
    result["index_share_kept"] = round(_bytes(work / "filled" / KEPT) / text, 4)
    alone = build_index(Path(whole), work / "alone", work / "scratch", here)
    result["index_share"] = round(_bytes(alone.folder) / text, 4)
    return result


def identity(gold: Path, tools: Path, work: Path) -> dict[str, Any]:
    """Return B-cubed by set with lists cut to three authors, and with the lists filled in."""
    papers = pl.read_parquet(gold / "identity_papers.parquet")
    render_listing(gold / "identity_papers.parquet", work / "sets", tools)
    truth = pl.read_parquet(work / "sets" / "truth.parquet")
    table = papers.select("set", "paper", "title", "authors", "venue").join(
        truth.select("set", "paper", date="published"), on=["set", "paper"]
    )
    areas = [AREAS[zlib.crc32(venue.encode()) % len(AREAS)] for venue in table["venue"]]
    # The file's ids follow from the paper's number, as arXiv's follow from the day.
    numbered = table.with_row_index("n").with_columns(
        id=pl.format("{}.{}", pl.col("n") // 90_000 + 2001, pl.col("n") % 90_000 + 10_000),
        abstract=pl.lit("No abstract was given."), category=pl.Series(areas),
    )  # fmt: skip
    numbered.write_parquet(work / "sets.parquet")
    file = work / "sets.json"
    render_file(work / "sets.parquet", file, tools)
    raw = work / "sets" / "raw"
    out = {}
    for name, more in (("cut", ()), ("filled", ("--arxiv", str(file)))):
        build(raw, work / name, *more)
        command = [
            sys.executable, str(tools / "score.py"), str(work / name / "current"), str(work / "sets" / "truth.parquet"),
            "--labels", str(gold / "identity_labels.parquet"), "--json",
        ]  # fmt: skip
        scored = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        out[name] = {
            key: value["f1"] if isinstance(value, dict) else value
            for key, value in scored["identity"].items()
        }
    return out


def borders(gold: Path, tools: Path, work: Path, rows: int, seed: int) -> dict[str, int]:
    """Return how many bylines in lower case are doubtful, are made plain by the file, and rightly."""
    full = gold / "arxiv_120k.parquet"
    index = indexed(full, tools, work)
    papers = pl.read_parquet(full).sample(rows, seed=seed, shuffle=True)
    cut = pl.when(pl.col("authors").list.len() > LISTED).then(pl.lit(" et al.")).otherwise(pl.lit(""))
    listed = pl.col("authors").list.head(LISTED).list.join(", ").str.to_lowercase() + cut
    pages = papers.select(title=pl.col("title").str.to_lowercase(), listed=listed)
    bylines = pages["title"] + pages["listed"]
    read = boundary.segment(bylines)
    doubt = (read["boundary_confidence"].fill_null(0) < settings()["border"]["doubtful"]) | read[
        "reason"
    ].is_not_null()
    rows_of = doubt.arg_true()
    found = known_borders(bylines.gather(rows_of), index)
    right = found["title"] == pages["title"].gather(rows_of).gather(found["line"])
    return {"bylines": rows, "doubtful": len(rows_of), "made_plain": found.height, "right": int(right.sum())}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--rows", type=int, default=24_000)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--identity", action="store_true")
    parser.add_argument("--borders", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    tools = asked.gold.resolve().parent / "tools"
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        if asked.identity:
            result = identity(asked.gold, tools, work)
        else:
            measure = borders if asked.borders else matching
            result = measure(asked.gold, tools, work, asked.rows, asked.seed)
    print(json.dumps(result, indent=None if asked.json else 1, ensure_ascii=False))


if __name__ == "__main__":
    main()

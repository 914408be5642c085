"""Growth of the identity stage: a corpus of recombined names, of any size, resolved bucket by bucket."""

from __future__ import annotations

import datetime
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from byline import identity
from byline.core.threads import one_thread_each
from byline.files import run_files

PAPERS_AT_ONCE = 10_000
BUCKET = 70_000
"""Mentions of a bucket, about."""


def recombined(listed: pl.DataFrame, mentions: int, seed: int) -> pl.DataFrame:
    """Return papers with about so many mentions: given and family names drawn apart, circles of co-authors."""
    draw = np.random.default_rng(seed)
    given, family = listed["given"].drop_nulls(), listed["family"]
    people = mentions // 4
    names = (
        given.gather(draw.integers(0, len(given), people))
        + " "
        + family.gather(draw.integers(0, len(family), people))
    )
    sizes = draw.integers(1, 8, mentions // 4)
    leads = np.repeat(draw.integers(0, people, len(sizes)), sizes)
    who = (leads + draw.integers(0, 12, len(leads))) % people  # neighbours in the list write together
    rows = pl.DataFrame({"paper": np.repeat(np.arange(len(sizes)), sizes), "authors": names.gather(who)})
    papers = rows.group_by("paper", maintain_order=True).agg("authors")
    years = draw.integers(0, 9000, len(sizes))
    titles = listed["title"].gather(draw.integers(0, listed.height, len(sizes)))
    return papers.select(
        "authors",
        paper_id=pl.concat_str(pl.lit(f"{seed}-"), "paper"),
        published=pl.lit(datetime.date(2000, 1, 1)) + pl.duration(days=pl.lit(pl.Series(years))),
        category=pl.lit("cs.LG"),
        title=titles,
        abstract=pl.lit(None, pl.String),
        labels=pl.lit([], dtype=pl.List(pl.String)),
    )


def describe_to(folder: str, part: int, buckets: int) -> int:
    """Write the mentions of some papers, a batch a bucket, as a build does; return how many."""
    papers = pl.read_ipc(Path(folder) / f"papers-{part}.arrow")
    mentions = identity.describe(papers)
    bucket = (mentions["block_key"].to_numpy() % np.uint64(buckets)).astype(np.int64)
    run_files.write_groups(Path(folder) / f"mentions-{part}.run", mentions, bucket, buckets)
    return mentions.height


def resolve_bucket(folder: str, bucket: int) -> tuple[int, float]:
    """Resolve one bucket; return its authors and this process's greatest memory so far, MB."""
    mentions = run_files.read_group(sorted(Path(folder).glob("mentions-*.run")), bucket)
    authors = identity.describe_authors(mentions.with_columns(identity.resolve(mentions)))
    return authors.height, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def warm_up(_: int) -> None:
    """Import and load what a worker needs, as a build's workers have when the first mentions come."""
    one = recombined(pl.DataFrame({"given": ["Ada"], "family": ["Byron"], "title": ["Notes"]}), 40, 1)
    identity.resolve(identity.describe(one))


def run(papers: pl.DataFrame, processes: int = 2) -> dict[str, float]:
    """Describe, resolve and tabulate in a pool; return mentions, authors, seconds, mentions a second and memory."""
    total = int(papers["authors"].list.len().sum())
    buckets = max(2 * processes, -(-total // BUCKET))
    with (
        one_thread_each(),
        TemporaryDirectory() as folder,
        ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool,
    ):
        list(pool.map(warm_up, range(2 * processes)))
        parts = range(0, papers.height, PAPERS_AT_ONCE)
        for part, first in enumerate(parts):
            papers.slice(first, PAPERS_AT_ONCE).write_ipc(Path(folder) / f"papers-{part}.arrow")
        count = len(parts)
        start = time.perf_counter()
        mentions = sum(pool.map(describe_to, [folder] * count, range(count), [buckets] * count))
        done = list(pool.map(resolve_bucket, [folder] * buckets, range(buckets)))
        seconds = time.perf_counter() - start
    return {
        "mentions": mentions,
        "authors": sum(authors for authors, _ in done),
        "seconds": round(seconds, 1),
        "mentions_per_second": round(mentions / seconds),
        "peak_mb_a_process": round(max(memory for _, memory in done)),
    }

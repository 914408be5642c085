"""Stage `resolve`: the mentions of some name buckets → authors and authorships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import polars as pl

from byline import identity
from byline.core.union import components
from byline.decisions import people
from byline.files import fs
from byline.pipeline.incremental.mentions import write_parts
from byline.pipeline.stages.bucket import DECIDED, merged_folder
from byline.pipeline.stages.paper_tables import mentions_path
from byline.pipeline.stages.sharing import InFiles, by_author, in_shares
from byline.pipeline.stages.sorting import hash_order, write_partitions
from byline_schemas import AUTHOR_IDENTIFIERS, AUTHORS, AUTHORSHIPS, published_year


@dataclass(frozen=True)
class ResolveTask:
    """Name buckets to resolve together: one, or several whose blocks a reviewed decision ties to each other."""

    buckets: tuple[int, ...]
    merged: Path
    """Folder of what `merge` wrote."""
    paper_buckets: int
    target: Path
    batch_rows: Mapping[str, int]
    """Rows of a batch by table."""
    curated: Path | None
    papers: int
    """How many the corpus has."""
    name_buckets: int
    kept: Path | None
    """Folder where the resolved mentions are left, for the next build; null when it gets none."""


@dataclass(frozen=True)
class ResolveFacts:
    """What came of some name buckets."""

    produced: list[tuple[Path, dict[str, dict[str | int, int]]]]
    """Folders that were written, with the rows by table and partition value."""
    namesakes: list[str]
    """Authors that show a name which another author's decision withholds."""


def resolve_buckets(task: ResolveTask) -> ResolveFacts:
    """Write authors, authorships and identifiers of these buckets, in a folder for each share of their mentions."""
    described = [mentions_path(merged_folder(task.merged, number)) for number in range(task.paper_buckets)]
    decisions = people.author_decisions(task.curated)
    facts = ResolveFacts([], [])
    # a task that a cluster runs twice must not take the files of the other away
    scratch = task.target / uuid4().hex
    for share in in_shares(described, task.buckets, decisions, scratch / "shares"):
        for mentions in _with_persons(share, decisions, task.papers, scratch):
            _write_share(mentions, task, facts)
            del mentions  # before the next ones are read
        del share
    fs.rmtree(scratch)
    return facts


def _with_persons(
    share: pl.DataFrame | InFiles, decisions: pl.DataFrame, papers: int, scratch: Path
) -> Iterator[pl.DataFrame]:
    """Yield the mentions of a share with their person, all of a person together."""
    if isinstance(share, InFiles):
        who = identity.resolve_spread(share.read, scratch / "coauthors", decisions, papers)
        fs.rmtree(scratch / "coauthors")
        yield from by_author(share, who, scratch / "persons")
    else:
        who = identity.resolve(share, decisions, papers)
        yield share.with_columns(author_id=who["author_id"], identity_confidence=who["identity_confidence"])


def _write_share(mentions: pl.DataFrame, task: ResolveTask, facts: ResolveFacts) -> None:
    """Write what becomes of mentions with their person, and add it to the facts."""
    number = len(facts.produced)
    target = task.target / f"{number:06d}"
    if task.kept is not None:
        write_parts(task.kept, mentions, task.name_buckets, number)
    mentions = mentions.drop(identity.LISTS)  # most of what mentions take, and weighed now
    wanted = people.wanted_names(task.curated)
    mentions = identity.as_wanted(mentions, wanted)
    authors = identity.describe_authors(mentions).select(AUTHORS.columns().keys())
    by_author = hash_order("author_id")
    identifiers = identifiers_of(mentions, task.curated)
    partitions = {
        "authors": write_partitions(target, AUTHORS, authors, by_author, task.batch_rows),
        "authorships": write_partitions(
            target, AUTHORSHIPS, mentions, hash_order("paper_id"), task.batch_rows, published_year()
        ),
        "author_identifiers": write_partitions(
            target, AUTHOR_IDENTIFIERS, identifiers, by_author, task.batch_rows
        ),
    }
    facts.produced.append((target, partitions))
    facts.namesakes.extend(identity.namesakes(mentions, wanted))


def identifiers_of(mentions: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return the identifiers of these authors, each once, with all that says so."""
    said = people.identifiers(decisions)
    found = said.join(mentions.select("paper_id", "position", "author_id"), on=["paper_id", "position"])
    grouped = found.group_by("author_id", "scheme", "value").agg(
        evidence=pl.col("evidence").unique().sort().str.join("; ")
    )
    return grouped.select(AUTHOR_IDENTIFIERS.columns().keys())


def tie_buckets(
    decided: Sequence[tuple[str, int, int]], decisions: pl.DataFrame, buckets: int
) -> list[tuple[int, ...]]:
    """Group the name buckets 0..buckets-1: those that a decision ties together come in one group.

    `decided` holds paper, position and name block of the mentions that were decided upon. Also two that are different
    are looked at together, wherever their blocks lie, so that what is said of them does not depend on buckets.
    """
    there = pl.DataFrame(list(decided), schema=DECIDED, orient="row")
    both = identity.with_both(decisions, there.with_columns(pl.col("block") % buckets), "block")
    homes: dict[int, int] = components(both.select("block_a", "block_b").iter_rows())
    groups: dict[int, list[int]] = {}
    for bucket in range(buckets):
        groups.setdefault(homes.get(bucket, bucket), []).append(bucket)
    return [tuple(group) for group in groups.values()]

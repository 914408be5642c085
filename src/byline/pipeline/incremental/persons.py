"""The persons of the name blocks that a change touches: these are resolved again, all others stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline import identity
from byline.pipeline.incremental.differing import differing
from byline.pipeline.incremental.kept import Kept, TakesFullBuild
from byline.pipeline.incremental.store import Store
from byline_schemas import AUTHORS

MENTION = ["paper_id", "position"]
WHO = ["author_id", "identity_confidence"]


@dataclass(frozen=True)
class Persons:
    """Mentions with their person, and rows of `authors`, that went and came; the blocks that were resolved.

    `before` and `now` are all mentions of these blocks (paper_id, position, author_id).
    """

    blocks: int
    before: pl.DataFrame
    now: pl.DataFrame
    mentions_gone: pl.DataFrame
    mentions_fresh: pl.DataFrame
    authors_gone: pl.DataFrame
    authors_fresh: pl.DataFrame


@dataclass(frozen=True)
class Corpus:
    """What resolving asks beside the mentions."""

    papers: int
    papers_before: int


def resolve(kept: Kept, gone: pl.DataFrame, fresh: pl.DataFrame, corpus: Corpus, target: Path) -> Persons:
    """Resolve the blocks of mentions that went and came; keep all mentions below `target`.

    `gone` and `fresh` are rows of `identity.describe`. Raises `TakesFullBuild`: the corpus grew beyond a size at which
    all persons are weighed otherwise, or what was kept is not what is published.
    """
    if not identity.weighed_alike(corpus.papers_before, corpus.papers):
        raise TakesFullBuild("with so many papers names are weighed otherwise")
    blocks = pl.concat([gone["block_key"], fresh["block_key"]]).unique()
    store = Store(kept, fresh)
    found = []
    for some in store.shares(blocks):
        here = pl.col("block_key").is_in(some.implode())
        now, share = _share(store.of_blocks(some), gone.filter(here), fresh.filter(here), corpus.papers)
        store.put(target, some, now)
        found.append(share)
        del now  # before the next ones are read
    store.close(target)
    frames = [pl.concat(parts) for parts in zip(*found, strict=True)]
    return Persons(blocks.len(), *frames)


def _share(
    before: pl.DataFrame, gone: pl.DataFrame, fresh: pl.DataFrame, papers: int
) -> tuple[pl.DataFrame, tuple[pl.DataFrame, ...]]:
    """Return the mentions of some blocks as they are now, and the frames of `Persons` for these blocks.

    `before` are their mentions as they were.
    """
    leaves = _among(before, gone)
    if leaves.sum() != gone.height:
        raise TakesFullBuild("the mentions that the last build kept are not those of its papers")
    touched = _touched(before, leaves, fresh)
    was, rest, stays = before.filter(touched), before.filter(~touched), before.filter(touched & ~leaves)
    again = _again(stays, fresh, papers)
    now = pl.concat([again, rest])
    mentions = differing(was, again, MENTION)
    affected = pl.concat([one["author_id"] for one in mentions]).unique()
    authors = differing(_authors(was, affected), _authors(again, affected), ["author_id"])
    sides = (one.select(*MENTION, "author_id") for one in (before, now))
    return now, (*sides, *mentions, *authors)


def _among(mentions: pl.DataFrame, some: pl.DataFrame) -> pl.Series:
    """Tell which mentions are among some others."""
    marked = some.select(*MENTION, found=pl.lit(value=True))
    joined = mentions.select(MENTION).join(marked, on=MENTION, how="left", maintain_order="left")
    return joined["found"].fill_null(value=False)


def _touched(before: pl.DataFrame, leaves: pl.Series, fresh: pl.DataFrame) -> pl.Series:
    """Tell which mentions before lie in a part of their block that is touched; `leaves` tells which of them go.

    Parts are told with what goes and what comes in them, so they hold at least what mattered to each other before or
    matters now; a part with neither is as it was.
    """
    names = before.drop(WHO).columns
    part = pl.Series(identity.parts(pl.concat([before.select(names), fresh.select(names)])))
    of_before, of_fresh = part.head(before.height), part.slice(before.height)
    moved = pl.concat([of_before.filter(leaves), of_fresh]).unique()
    return of_before.is_in(moved.implode())


def _again(stays: pl.DataFrame, fresh: pl.DataFrame, papers: int) -> pl.DataFrame:
    """Return the mentions of touched parts with their author: those that stay and those that come."""
    names = stays.drop(WHO).columns
    again = pl.concat([stays.select(names), fresh.select(names)])
    who = identity.resolve(again, None, papers)
    return again.with_columns(who["author_id"], who["identity_confidence"]).select(stays.columns)


def _authors(mentions: pl.DataFrame, some: pl.Series) -> pl.DataFrame:
    of_them = mentions.filter(pl.col("author_id").is_in(some.implode()))
    return identity.describe_authors(of_them).select(AUTHORS.columns().keys()).sort("author_id")

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

    before: pl.DataFrame
    now: pl.DataFrame
    mentions_gone: pl.DataFrame
    mentions_fresh: pl.DataFrame
    authors_gone: pl.DataFrame
    authors_fresh: pl.DataFrame
    blocks: int


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
    before = store.of_blocks(blocks)
    leaves = _among(before, gone)
    if leaves.sum() != gone.height:
        raise TakesFullBuild("the mentions that the last build kept are not those of its papers")
    was, again = _again(before, leaves, fresh, corpus.papers)
    now = pl.concat([before.join(was.select(MENTION), on=MENTION, how="anti", maintain_order="left"), again])
    store.write(target, blocks, now)
    mentions_gone, mentions_fresh = differing(was, again, MENTION)
    affected = pl.concat([mentions_gone["author_id"], mentions_fresh["author_id"]]).unique()
    authors = differing(_authors(before, affected), _authors(now, affected), ["author_id"])
    was, now = (mentions.select(*MENTION, "author_id") for mentions in (before, now))
    return Persons(was, now, mentions_gone, mentions_fresh, *authors, blocks.len())


def _among(mentions: pl.DataFrame, some: pl.DataFrame) -> pl.Series:
    """Tell which mentions are among some others."""
    marked = some.select(*MENTION, found=pl.lit(value=True))
    joined = mentions.select(MENTION).join(marked, on=MENTION, how="left", maintain_order="left")
    return joined["found"].fill_null(value=False)


def _again(
    before: pl.DataFrame, leaves: pl.Series, fresh: pl.DataFrame, papers: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the mentions of the touched parts of blocks as they were, and as they are now, resolved again.

    `leaves` tells which of the mentions before go. Parts are told with what goes and what comes in them, so they hold
    at least what mattered to each other before or matters now; a part with neither is as it was.
    """
    names = before.drop(WHO).columns
    part = pl.Series(identity.parts(pl.concat([before.select(names), fresh.select(names)])))
    of_before, of_fresh = part.head(before.height), part.slice(before.height)
    moved = pl.concat([of_before.filter(leaves), of_fresh]).unique()
    touched = of_before.is_in(moved.implode())
    again = pl.concat([before.filter(touched & ~leaves).select(names), fresh.select(names)])
    who = identity.resolve(again, None, papers)
    again = again.with_columns(who["author_id"], who["identity_confidence"])
    return before.filter(touched), again.select(before.columns)


def _authors(mentions: pl.DataFrame, some: pl.Series) -> pl.DataFrame:
    of_them = mentions.filter(pl.col("author_id").is_in(some.implode()))
    return identity.describe_authors(of_them).select(AUTHORS.columns().keys()).sort("author_id")

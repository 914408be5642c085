"""The persons of the name blocks that a change touches: these are resolved again, all others stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline import identity
from byline.files import fs
from byline.pipeline.incremental.differing import differing
from byline.pipeline.incremental.kept import MENTIONS, Kept, TakesFullBuild
from byline.pipeline.incremental.mentions import part_of, part_path, read_part, write_parts
from byline_schemas import AUTHORS

MENTION = ["paper_id", "position"]
WHO = ["author_id", "identity_confidence"]


@dataclass(frozen=True)
class Persons:
    """Mentions with their person, and rows of `authors`, that went and came; the blocks that were resolved."""

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
    parts = _Parts(kept, blocks, fresh)
    before = parts.of_blocks
    stays = before.join(gone.select(MENTION), on=MENTION, how="anti", maintain_order="left")
    if before.height - stays.height != gone.height:
        raise TakesFullBuild("the mentions that the last build kept are not those of its papers")
    described = pl.concat([stays.drop(WHO), fresh.select(stays.drop(WHO).columns)])
    who = identity.resolve(described, None, corpus.papers)
    now = described.with_columns(who["author_id"], who["identity_confidence"])
    parts.write(target, now)
    mentions_gone, mentions_fresh = differing(before, now, MENTION)
    affected = pl.concat([mentions_gone["author_id"], mentions_fresh["author_id"]]).unique()
    authors = differing(_authors(before, affected), _authors(now, affected), ["author_id"])
    return Persons(mentions_gone, mentions_fresh, *authors, blocks.len())


def _authors(mentions: pl.DataFrame, some: pl.Series) -> pl.DataFrame:
    of_them = mentions.filter(pl.col("author_id").is_in(some.implode()))
    return identity.describe_authors(of_them).select(AUTHORS.columns().keys())


class _Parts:
    """The parts of the kept mentions in which some blocks lie."""

    def __init__(self, kept: Kept, blocks: pl.Series, described: pl.DataFrame) -> None:
        """`described`: rows of `identity.describe`, whose columns the mentions have, too."""
        self._kept = kept
        self._buckets = kept.head.name_buckets
        self._numbers = sorted(set(part_of(blocks.to_numpy(), self._buckets).tolist()))
        none = described.head(0).with_columns(
            author_id=pl.lit(None, pl.String), identity_confidence=pl.lit(None, pl.Float32)
        )
        there = kept.frame("parts")["part"]
        read = [self._read(number) for number in self._numbers if number in there]
        rows = pl.concat([none, *(part.select(none.columns) for part in read)])
        touched = pl.col("block_key").is_in(blocks.implode())
        self.of_blocks = rows.filter(touched)
        """The mentions of the blocks, as they were resolved."""
        self._others = rows.filter(~touched)

    def _read(self, number: int) -> pl.DataFrame:
        found = read_part(self._kept.folder / MENTIONS, number)
        if found is None:
            raise TakesFullBuild("mentions that the last build kept are missing or damaged")
        return found

    def write(self, target: Path, now: pl.DataFrame) -> None:
        """Write the parts with the mentions of the blocks as they are now, and take over all other parts."""
        fs.mkdir(target)
        write_parts(target, pl.concat([self._others, now.select(self._others.columns)]), self._buckets)
        for number in self._kept.frame("parts")["part"]:
            if number not in self._numbers:
                fs.link(part_path(self._kept.folder / MENTIONS, number), part_path(target, number))

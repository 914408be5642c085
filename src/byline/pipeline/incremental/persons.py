"""The persons of the name blocks that a change touches: these are resolved again, all others stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from byline import identity
from byline.pipeline.incremental.differing import differing
from byline.pipeline.incremental.kept import Kept, TakesFullBuild
from byline.pipeline.incremental.mentions import Held
from byline.pipeline.incremental.standing import Standing
from byline.pipeline.incremental.store import Store
from byline_schemas import AUTHOR_IDENTIFIERS, AUTHORS

WHO = ["author_id", "identity_confidence"]


@dataclass(frozen=True)
class Persons:
    """Mentions with their person, and rows of `authors`, that went and came; the blocks that were resolved.

    `before` and `now` are all mentions, then and now, of authors who lost or got one (paper_id, position, author_id).
    """

    blocks: int
    before: pl.DataFrame
    now: pl.DataFrame
    mentions_gone: pl.DataFrame
    mentions_fresh: pl.DataFrame
    authors_gone: pl.DataFrame
    authors_fresh: pl.DataFrame
    identifiers_gone: pl.DataFrame
    identifiers_fresh: pl.DataFrame
    namesakes_gone: pl.Series
    """Authors that showed a name which others withhold."""
    namesakes_fresh: pl.Series


@dataclass(frozen=True)
class Corpus:
    """What resolving asks beside the mentions."""

    papers: int
    papers_before: int


def resolve(
    kept: Kept, gone: pl.DataFrame, fresh: pl.DataFrame, corpus: Corpus, standing: Standing, target: Path
) -> Persons:
    """Resolve the blocks of mentions that went and came; keep all mentions below `target`.

    `gone` and `fresh` are rows of `identity.describe`. Raises `TakesFullBuild`: the corpus grew beyond a size at which
    all persons are weighed otherwise, or what was kept is not what is published.
    """
    if not identity.weighed_alike(corpus.papers_before, corpus.papers):
        raise TakesFullBuild("with so many papers names are weighed otherwise")
    blocks = pl.concat([gone["block_key"], fresh["block_key"], standing.blocks]).unique()
    store = Store(kept)
    found = []
    tied = standing.tied(blocks)
    rest = blocks.filter(~blocks.is_in(pl.concat([blocks.clear(), *tied]).implode()))
    for some in [*tied, *store.shares(rest)]:
        here = pl.col("block_key").is_in(some.implode())
        share = _share(store.of_blocks(some), gone.filter(here), fresh.filter(here), corpus.papers, standing)
        store.put(target, share.mentions_gone, share.mentions_fresh)
        found.append(share.told(standing))
        del share  # before the next ones are read
    store.close(target)
    frames = [pl.concat(parts) for parts in zip(*found, strict=True)]
    return Persons(sum(some.len() for some in tied) + rest.len(), *frames)


@dataclass(frozen=True)
class _Share:
    """The mentions of touched parts, as they were and are; those that went and came. Those that came have `LISTS`."""

    before: pl.DataFrame
    now: pl.DataFrame
    mentions_gone: pl.DataFrame
    mentions_fresh: pl.DataFrame
    authors: pl.Series
    """Authors who lost or got a mention, or one of whose mentions reads otherwise."""

    def told(self, standing: Standing) -> tuple[pl.DataFrame | pl.Series, ...]:
        """Return the frames of `Persons` for these blocks."""
        sides = (self.before, self.now)
        mentions = [self.mentions_gone, self.mentions_fresh.select(self.mentions_gone.columns)]
        theirs = [_of(one, self.authors) for one in sides]
        held = [one.select(*identity.MENTION, "author_id") for one in theirs]
        if standing.says_nothing:
            was, now = (_authors(one) for one in theirs)
            nothing = [AUTHOR_IDENTIFIERS.empty()] * 2, [self.authors.clear()] * 2
            return (*held, *mentions, *differing(was, now, ["author_id"]), *nothing[0], *nothing[1])
        named = [one["author_id"].filter(_among(one, standing.named)) for one in sides]
        affected = pl.concat([self.authors, *(one["author_id"] for one in mentions), *named]).unique()
        said = standing.before, standing.now
        was, now = (by.shown(_of(one, affected)) for by, one in zip(said, sides, strict=True))
        return (
            *held,
            *differing(was, now, identity.MENTION),
            *differing(_authors(was), _authors(now), ["author_id"]),
            *differing(said[0].identifiers(was), said[1].identifiers(now), [*AUTHOR_IDENTIFIERS.key]),
            *(by.namesakes(one) for by, one in zip(said, (was, now), strict=True)),
        )


def _share(held: Held, gone: pl.DataFrame, fresh: pl.DataFrame, papers: int, standing: Standing) -> _Share:
    """Return what comes of the mentions of some blocks, which are `held` as they were."""
    touched = held.of(_touched(held, gone, fresh, standing))
    before = touched.without_lists()
    leaves = _among(before, gone)
    if leaves.sum() != gone.height:
        raise TakesFullBuild("the mentions that the last build kept are not those of its papers")
    again = (~leaves).arg_true()
    stays = before[again]
    together = stays.drop(WHO).hstack(touched.lists(again)).select(fresh.columns)
    who = identity.resolve(pl.concat([together, fresh]), standing.pairs, papers)[WHO]
    was, now = stays.select(WHO), who.head(stays.height)
    elsewhere = was["author_id"] != now["author_id"]
    moved = (elsewhere | (was["identity_confidence"] != now["identity_confidence"])).arg_true()
    left, came = before.filter(leaves), fresh.hstack(who.slice(stays.height))
    changed = together[moved].hstack(now[moved])
    affected = (was.filter(elsewhere), now.filter(elsewhere), left, came)
    return _Share(
        before,
        pl.concat([stays.with_columns(now.get_columns()), came.select(before.columns)]),
        pl.concat([left, stays[moved]]),
        pl.concat([came, changed]),
        pl.concat([one["author_id"] for one in affected]).unique(),
    )


def _among(mentions: pl.DataFrame, some: pl.DataFrame) -> pl.Series:
    """Tell which mentions are among some others."""
    marked = some.select(*identity.MENTION, found=pl.lit(value=True))
    joined = mentions.select(identity.MENTION).join(
        marked, on=identity.MENTION, how="left", maintain_order="left"
    )
    return joined["found"].fill_null(value=False)


def _touched(held: Held, gone: pl.DataFrame, fresh: pl.DataFrame, standing: Standing) -> pl.Series:
    """Return the rows of mentions that lie in a part of their block that is touched: one goes from there or comes.

    Parts are told with what goes and what comes in them, so they hold at least what mattered to each other before or
    matters now; a part with neither, and of which no changed decision speaks, is as it was.
    """
    forms = [one.select("form_key", *identity.FORM) for one in (held.names, gone, fresh)]
    of_name = identity.parts(pl.concat(forms))
    part = np.concatenate([of_name[held.name.to_numpy()], of_name[held.names.height :]])
    comes = np.ones(len(part), np.bool_)
    comes[: held.name.len()] = False
    if standing.homes or not standing.named.is_empty():
        there = pl.concat([held.places(), gone.select(identity.MENTION), fresh.select(identity.MENTION)])
        part = standing.tied_parts(part, there)
        comes |= _among(there, standing.named).to_numpy()
    touched = np.isin(part[: held.name.len()], part[comes])
    return pl.Series(np.flatnonzero(touched).astype(np.uint32))


def _of(mentions: pl.DataFrame, authors: pl.Series) -> pl.DataFrame:
    return mentions.filter(pl.col("author_id").is_in(authors.implode()))


def _authors(mentions: pl.DataFrame) -> pl.DataFrame:
    return identity.describe_authors(mentions).select(AUTHORS.columns().keys()).sort("author_id")

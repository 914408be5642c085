"""Why an author's mentions are together and two authors apart, from what a published snapshot says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline import identity, names
from byline.core.errors import UsageError
from byline.identity.explain import AuthorExplanation, PairExplanation, explain_author, explain_pair
from byline.identity.uncertain import uncertain_pairs
from byline.snapshots.publishing import current
from byline.snapshots.scan import scan_table


@dataclass(frozen=True)
class DoubtfulPair:
    """Two mentions (paper_id, position) that a person should judge, described for the terminal."""

    one: tuple[str, int]
    other: tuple[str, int]
    names: str
    text: str


def explain_authors(out: Path, author_ids: Sequence[str]) -> str:
    """Explain one author, or what keeps two apart. Raises `UsageError` for an id that the snapshot lacks."""
    snapshot = current(out)
    if snapshot is None:
        raise UsageError(f"{out} holds no snapshot yet", "Run `byline build` first.")
    mentions = mentions_around(snapshot, author_ids)
    if len(author_ids) == 1:
        return _author(explain_author(mentions, author_ids[0], _papers(snapshot)), mentions)
    return _pair_of_authors(mentions, author_ids[0], author_ids[1], _papers(snapshot))


def doubtful_pairs(snapshot: Path, limit: int) -> list[DoubtfulPair]:
    """Return the pairs of mentions that a person's word would help most."""
    mentions = _mentions(snapshot, None)
    titles = dict(scan_table(snapshot, "papers").select("paper_id", "title").collect().iter_rows())
    papers, found = _papers(snapshot), []
    for row in uncertain_pairs(mentions, limit, papers).iter_rows(named=True):
        one, other = (row["paper_id_a"], row["position_a"]), (row["paper_id_b"], row["position_b"])
        why = explain_pair(mentions, one, other, papers)
        text = "\n".join(
            [
                f"{row['name_a']} / {row['name_b']}: now {'together' if row['together'] else 'apart'}",
                f"  {titles[one[0]]}",
                f"  {titles[other[0]]}",
                *_weights(why),
            ]
        )
        found.append(DoubtfulPair(one, other, f"{row['name_a']} / {row['name_b']}", text))
    return found


def mentions_around(snapshot: Path, author_ids: Sequence[str]) -> pl.DataFrame:
    """Return the mentions of all name blocks that these authors have a mention in, with author_id."""
    authors = scan_table(snapshot, "authors").select("author_id", "aliases").collect().explode("aliases")
    unknown = set(author_ids) - set(authors["author_id"])
    if unknown:
        raise UsageError(
            f"{min(unknown)}: no such author in {snapshot}",
            "If the id is from an older snapshot, see history/author_redirects.",
        )
    distinct = authors["aliases"].unique()
    block_of = pl.DataFrame({"aliases": distinct, "block": names.parse(distinct)["block"]})
    authors = authors.join(block_of, on="aliases", how="left", validate="m:1")
    blocks = authors.filter(pl.col("author_id").is_in(list(author_ids)))["block"].unique()
    near = authors.filter(pl.col("block").is_in(blocks.implode()))["author_id"].unique()
    mentions = _mentions(snapshot, near)
    return mentions.filter(pl.col("block").is_in(blocks.implode()))


def _papers(snapshot: Path) -> int:
    """Return how many papers a snapshot holds."""
    return int(scan_table(snapshot, "papers").select(pl.len()).collect().item())


def _mentions(snapshot: Path, author_ids: pl.Series | None) -> pl.DataFrame:
    """Return the mentions as the build described them, for papers of these authors or for all."""
    listed = scan_table(snapshot, "authorships")
    papers = scan_table(snapshot, "papers")
    if author_ids is not None:
        wanted = listed.filter(pl.col("author_id").is_in(author_ids.implode())).select("paper_id").unique()
        listed, papers = (frame.join(wanted, on="paper_id", how="semi") for frame in (listed, papers))
    who = (
        listed.select("paper_id", "position", "author_id", "name_as_listed")
        .collect()
        .sort("paper_id", "position")
    )
    lists = who.group_by("paper_id", maintain_order=True).agg(pl.col("name_as_listed").alias("authors"))
    labels = scan_table(snapshot, "paper_affiliations").sort("paper_id", "position").collect()
    labels = labels.group_by("paper_id").agg(pl.col("label_as_listed").alias("labels"))
    columns = ["paper_id", "published", "category", "title", "abstract", "authors_truncated"]
    described = identity.describe(
        papers.select(columns).collect()
        .join(lists, on="paper_id", how="inner", validate="1:1")
        .join(labels, on="paper_id", how="left", validate="1:1")
        .with_columns(pl.col("labels").fill_null([]))
    )  # fmt: skip
    mentions = described.join(
        who.drop("name_as_listed"), on=["paper_id", "position"], how="inner", validate="1:1"
    )
    return mentions.sort("published", "paper_id", "position", nulls_last=True)


def _author(explained: AuthorExplanation, mentions: pl.DataFrame) -> str:
    own = mentions.filter(pl.col("author_id") == explained.author_id)
    lines = [
        f"author {explained.author_id}: {explained.mentions} mention(s), "
        f"{own['published'].min() or 'no date'!s} to {own['published'].max() or 'no date'!s}",
        *(f"  {count:5d} x  {name}" for name, count in explained.forms),
        "",
        "what holds the mentions together"
        if explained.links
        else "all mentions have the same evidence, or there is one",
        *(line for link in explained.links for line in _pair(link)),
    ]
    if explained.rivals:
        lines += ["", "who might be the same person, and is kept apart"]
        lines += [line for rival in explained.rivals for line in _pair(rival)]
    return "\n".join(lines)


def _pair_of_authors(mentions: pl.DataFrame, one: str, other: str, papers: int) -> str:
    """Return the most telling pair of mentions of two authors."""
    sides = [
        mentions.filter(pl.col("author_id") == author).unique(
            "name_as_listed", keep="first", maintain_order=True
        )
        for author in (one, other)
    ]
    keys = [list(side.select("paper_id", "position").head(12).iter_rows()) for side in sides]
    found = [explain_pair(mentions, a, b, papers) for a in keys[0] for b in keys[1]]
    best = max(found, key=lambda pair: (pair.probability is not None, pair.probability or 0.0))
    return "\n".join([f"{one} and {other}: the mentions that are most alike", *_pair(best)])


def _pair(pair: PairExplanation) -> list[str]:
    chance = "never compared" if pair.probability is None else f"{100 * pair.probability:.1f} % one person"
    held = (
        f" (weighed as groups of {pair.group_a} and {pair.group_b} mentions)"
        if pair.group_a + pair.group_b > 2
        else ""
    )
    return [
        f"  {pair.name_a} / {pair.name_b}: {'together' if pair.together else 'apart'}, {chance}{held}",
        *_weights(pair),
    ]


def _weights(pair: PairExplanation) -> list[str]:
    lines = [f"      {pair.why}"] if pair.why else []
    if pair.probability is None:
        return lines
    lines += [
        f"      {piece.weight:+6.2f}  {piece.says}"
        for piece in sorted(pair.evidence, key=lambda e: -abs(e.weight))
    ]
    total = pair.bias + sum(piece.weight for piece in pair.evidence)
    lines.append(
        f"      {pair.bias:+6.2f}  to begin with; {total:+.2f} in all, together above {pair.threshold:+.2f}"
    )
    return lines

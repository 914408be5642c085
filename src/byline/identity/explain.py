"""Why two mentions are one person's or two, and what holds an author together, with the weight of each evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from byline.identity import features, interplay, model
from byline.identity.constraints import CONTRADICTING
from byline.identity.decisions import Decided
from byline.identity.resolver import LARGE, Resolved, weigh
from byline.identity.wording import say

Mention = tuple[str, int]
SHOWN = 8
"""Links and rivals of an author that are shown."""


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: what was seen, and its weight in natural-log odds (above 0 speaks for one person)."""

    feature: str
    says: str
    weight: float


@dataclass(frozen=True)
class PairExplanation:
    """Two mentions, how they ended, and why.

    `evidence` and `bias` add up to the log-odds that both are one person; above `threshold` they pull together.
    `probability` is null when the two were never compared, and `why` says why not. Mentions of one name form that
    share a co-author are weighed as one group: `group_a` and `group_b` are the mentions so weighed.
    """

    name_a: str
    name_b: str
    together: bool
    why: str
    probability: float | None = None
    bias: float = 0.0
    threshold: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    group_a: int = 1
    group_b: int = 1


@dataclass(frozen=True)
class AuthorExplanation:
    """An author: forms of the name and how often each is listed, what holds them together, who might be the same."""

    author_id: str
    mentions: int
    forms: tuple[tuple[str, int], ...]
    links: tuple[PairExplanation, ...]
    rivals: tuple[PairExplanation, ...]


def explain_pair(
    mentions: pl.DataFrame, first: Mention, second: Mention, papers: int = LARGE
) -> PairExplanation:
    """Return why two mentions, each (paper_id, position), are together or apart.

    `mentions`: rows of `describe` that hold the blocks of both; author_id, where given, says how they ended (a person's
    decisions included); `papers` is how many the corpus has. Raises KeyError for a mention that is not there.
    """
    rows = [_row(mentions, mention) for mention in (first, second)]
    blocks = [mentions["block"][row] for row in rows]
    part = mentions.with_row_index("at").filter(pl.col("block").is_in(blocks))
    at = [int(part["at"].index_of(row) or 0) for row in rows]
    resolved = weigh(part.drop("at"), Decided([], []), papers)
    place = np.argsort(resolved.compared.ordered["row"].to_numpy())
    groups = [int(resolved.compared.group[place[i]]) for i in at]
    together = resolved.cluster[groups[0]] == resolved.cluster[groups[1]]
    if "author_id" in mentions.columns:
        together = mentions["author_id"][rows[0]] == mentions["author_id"][rows[1]]
    return _pair(resolved, min(groups), max(groups), together=bool(together))


def explain_author(mentions: pl.DataFrame, author_id: str, papers: int = LARGE) -> AuthorExplanation:
    """Return what holds an author's mentions together and who might be the same person.

    `mentions`: rows of `describe` with author_id, the author's whole blocks among them; `papers` is how many the
    corpus has. Raises KeyError for an unknown id.
    """
    own = mentions.filter(pl.col("author_id") == author_id)
    if own.height == 0:
        raise KeyError(author_id)
    part = mentions.filter(pl.col("block").is_in(own["block"].unique().implode()))
    resolved = weigh(part, Decided([], []), papers)
    compared = resolved.compared
    mine = set(compared.ordered.filter(pl.col("author_id") == author_id)["group"].to_list())
    a, b = compared.ends
    in_a, in_b = np.isin(a, sorted(mine)), np.isin(b, sorted(mine))
    order = np.argsort(-resolved.score, kind="stable")
    links = [i for i in order if in_a[i] and in_b[i]][:SHOWN]
    rivals = [i for i in order if in_a[i] != in_b[i]][:SHOWN]
    counted = own.group_by("name_as_listed").len().sort("len", "name_as_listed", descending=[True, False])
    forms = tuple((str(name), int(number)) for name, number in counted.iter_rows())
    pick = (  # a generator a list, so that each pair is worded once
        tuple(_pair(resolved, int(a[i]), int(b[i]), together=together) for i in chosen)
        for chosen, together in ((links, True), (rivals, False))
    )
    return AuthorExplanation(author_id, own.height, forms, *pick)


def _row(mentions: pl.DataFrame, mention: Mention) -> int:
    found = (
        mentions.select((pl.col("paper_id") == mention[0]) & (pl.col("position") == mention[1]))
        .to_series()
        .arg_true()
    )
    if found.len() == 0:
        raise KeyError(mention)
    return int(found[0])


def _pair(resolved: Resolved, a: int, b: int, *, together: bool) -> PairExplanation:
    compared = resolved.compared
    names = [_name(resolved, group) for group in (a, b)]
    held = [int(compared.table["mentions"][group]) for group in (a, b)]
    if a == b:
        why = "the same form of the name, and a co-author in common (or one mention with itself)"
        return PairExplanation(names[0], names[1], together, why, group_a=held[0], group_b=held[1])
    one, other = compared.ends
    at = np.flatnonzero((one == a) & (other == b))
    if len(at) == 0:
        return PairExplanation(
            names[0], names[1], together, _not_compared(resolved, a, b), group_a=held[0], group_b=held[1]
        )
    shipped = model.load()
    row = compared.row(int(at[0]))
    levels = {name: int(level[at[0]]) for name, level in resolved.levels.items()}
    evidence = tuple(
        Evidence(name, say(name, row), shipped.weight(name, levels[name])) for name in features.SHAPE
    ) + _interplay(shipped.trees, {name: value[at[:1]] for name, value in resolved.values.items()})
    threshold = shipped.threshold[0 if row["form"] == row["form_b"] else 1]
    score = float(resolved.score[at[0]]) + threshold
    evidence += _constraint(score, shipped.bias + sum(piece.weight for piece in evidence), row)
    pulls = "pulls them together" if score > threshold else "keeps them apart"
    why = f"the evidence {pulls}" + (
        "" if (score > threshold) == together else ", the rest of their groups decides otherwise"
    )
    return PairExplanation(
        names[0],
        names[1],
        together,
        why,
        float(1 / (1 + np.exp(-score))),
        shipped.bias,
        threshold,
        evidence,
        *held,
    )


def _interplay(trees: interplay.Trees, values: dict[str, interplay.Floats]) -> tuple[Evidence, ...]:
    """Return what pieces of evidence say together beyond their own weights, by which pieces."""
    return tuple(
        Evidence("interplay", f"taken together: {', '.join(kinds)}", float(weight[0]))
        for kinds, weight in interplay.by_kind(trees, values).items()
    )


def _constraint(score: float, logit: float, row: dict[str, Any]) -> tuple[Evidence, ...]:
    """Return what `constrained` made of a pair, as a piece of evidence; none where it left it alone."""
    if abs(score - max(-model.CLIP, min(model.CLIP, logit))) < 1e-6:
        return ()
    more = score - logit  # so that the pieces add up to what decides
    if row["one_paper"]:
        return (Evidence("one_paper", "both stand on one paper", more),)
    if row["mid"] in CONTRADICTING:
        return (Evidence("middle", "the middle names contradict, and too little else is shared", more),)
    if row["reach"] & row["archives_b"] == 0 and not row["rarity"]:
        return (Evidence("far", "a common name in unrelated fields, and nothing is shared", more),)
    return (Evidence("rival", "the initial fits another name about as well", more),)


def _name(resolved: Resolved, group: int) -> str:
    return str(resolved.compared.ordered.filter(pl.col("group") == group)["name"][0])


def _not_compared(resolved: Resolved, a: int, b: int) -> str:
    table, related = resolved.compared.table, resolved.compared.related
    low, high = sorted((int(table["form"][a]), int(table["form"][b])))
    if low == high or related.filter((pl.col("form_a") == low) & (pl.col("form_b") == high)).height:
        return "the names fit, but are so common here that only mentions that share something are compared"
    return "no person is taken to carry both names"

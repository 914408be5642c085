"""Mentions of whole blocks to persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.identity import confidence, features, interplay, model
from byline.identity.anchors import author_ids
from byline.identity.cluster import NEVER, Graph, cluster
from byline.identity.compare import Compared, compare
from byline.identity.constraints import constrained, contradicted
from byline.identity.decisions import Decided, applied
from byline.identity.forms import Middle
from byline.identity.held import Spread
from byline.identity.parting import shares
from byline.identity.prior import FormPrior

Floats = npt.NDArray[np.float64]
WEIGHT = 0.5
"""A group of n mentions counts n to this power in an average: more than one mention, less than n independent ones."""
EVIDENCE = (
    "paper_id", "position", "published", "block", "kind", "family_key", "given_key", "suffix", "rarity", "own_key",
    "coauthors", "terms", "category", "organisations", "form_key", "block_key",
)  # fmt: skip
"""The columns of `describe` that are weighed; the rest only says how a name is shown."""
AT_ONCE = 150_000
"""Mentions up to which all are resolved at once: only a very common name has more, which is taken apart."""
PAIRS_AT_ONCE = 1 << 18
"""Pairs whose evidence is held at a time, some 400 bytes each."""
CERTAIN = 0.999
"""The confidence where a person decided."""


@dataclass(frozen=True)
class Resolved:
    """Everything that was weighed: for `resolve`, for explaining, and for training."""

    compared: Compared
    score: Floats
    """Log-odds less the threshold of each compared pair; ONE_PAPER for two authors of one paper."""
    cluster: npt.NDArray[np.int64]
    """The cluster of each group."""
    papers: int
    """How many the corpus has."""

    @cached_property
    def levels(self) -> dict[str, features.Levels]:
        """The levels that the model weighs, see `features`: made anew like `values`."""
        return features.levels(self.compared, self.papers)

    @cached_property
    def values(self) -> dict[str, Floats]:
        """What the model's trees ask for, see `interplay`: much to hold for every pair, so made anew to explain one."""
        return interplay.values(self.compared, self.papers)


LARGE = 1_000_000
"""Papers taken for the corpus where nobody says how many it has."""


def resolve(
    mentions: pl.DataFrame, decisions: pl.DataFrame | None = None, papers: int = LARGE
) -> pl.DataFrame:
    """Return the author of each mention of whole blocks, and how sure that is.

    `mentions`: rows of `describe`, in any order, of any set of whole blocks. `papers`: how many the whole corpus has;
    nothing else of it but the blocks at hand matters. `decisions`: a person's word is final, `same` ends together,
    `different` apart (see `conflicts`); both mentions of a `same` must be among the mentions to be joined, others are
    passed over.

    | frame | column | type | what it says |
    |---|---|---|---|
    | `decisions` | `verdict` | String | same or different |
    | `decisions` | `paper_id_a`, `position_a`, `paper_id_b`, `position_b` | String, UInt16 | the two mentions |
    | result | `author_id` | String | see `author_ids`; row-aligned with `mentions` |
    | result | `identity_confidence` | Float32 | probability that the mention is of that author |
    """
    if mentions.height == 0:
        return pl.DataFrame(schema={"author_id": pl.String, "identity_confidence": pl.Float32})
    if mentions.height <= AT_ONCE:
        return _resolved(mentions, decisions, papers)
    alone = Decided.read(mentions.select("paper_id", "position"), decisions).alone
    rows, found = [], []
    for share in shares(mentions, alone, AT_ONCE):
        rows.append(share)
        found.append(_resolved(mentions.select(EVIDENCE)[share], decisions, papers))
    return pl.concat(found)[np.argsort(np.concatenate(rows))]


def resolve_spread(
    read: Callable[[], Iterator[pl.DataFrame]], scratch: Path, decisions: pl.DataFrame | None, papers: int
) -> pl.DataFrame:
    """Return what `resolve` does of mentions that are too many to be held at once, in the order in which they are read.

    `read`: yields them, some at a time, the same at each call; `scratch`: a folder for what is put aside.
    """
    return _resolved(Spread(read, scratch), decisions, papers)


def _resolved(mentions: pl.DataFrame | Spread, decisions: pl.DataFrame | None, papers: int) -> pl.DataFrame:
    """Return what `resolve` does, for mentions that are weighed at once."""
    if isinstance(mentions, pl.DataFrame):
        decided = Decided.read(mentions, decisions)
        resolved = weigh(mentions.select(EVIDENCE), decided, papers)
    else:
        some = decisions is not None and not decisions.is_empty()
        decided = Decided.read(mentions.places(), decisions) if some else Decided([], [])
        resolved = weigh(mentions, decided, papers)
    compared = resolved.compared
    label = resolved.cluster[compared.group]
    levels = confidence.levels(compared, resolved.score, resolved.cluster, papers)
    # four decimals: what another machine's exponential function does with the last bit is not to be seen
    probability = np.round(model.load().confidence(levels), 4)[compared.group]
    rows = compared.ordered["row"].to_numpy()
    label, touched = applied(label, rows, decided)
    probability = np.where(touched, CERTAIN, probability)
    back = np.argsort(rows)
    found = pl.DataFrame(
        {
            "author_id": author_ids(compared.ordered, label),
            "identity_confidence": pl.Series(probability, dtype=pl.Float32),
        }
    )
    return found[back]


def weigh(
    mentions: pl.DataFrame | Spread, decided: Decided, papers: int, using: model.Model | None = None
) -> Resolved:
    """Compare, score and cluster the mentions of whole blocks, of a corpus of so many papers."""
    using = using or model.load()
    compared = compare(mentions, decided.alone)
    score = constrained(compared, _scores(compared, papers, using))
    return Resolved(compared, score, clustered(compared, score), papers)


def _scores(compared: Compared, papers: int, using: model.Model) -> Floats:
    """Return what the model says of each pair, some pairs at a time: their evidence takes far more than its sum."""
    score = np.empty(compared.pairs.height)
    for start in range(0, len(score), PAIRS_AT_ONCE):
        part = replace(compared, pairs=compared.pairs.slice(start, PAIRS_AT_ONCE))
        levels = features.levels(part, papers)
        together = interplay.says(using.trees, interplay.values(part, papers))
        score[start : start + PAIRS_AT_ONCE] = using.score(levels, together, part.same_form)
    return score


def clustered(compared: Compared, score: Floats) -> npt.NDArray[np.int64]:
    """Return the cluster of each group, given the score of each pair.

    Two authors of one paper never share one, nor do forms whose full middle names contradict, also
    not through a third form.
    """
    form = compared.table["form"].to_numpy()
    prior = FormPrior(compared, score)
    weight = compared.table["mentions"].to_numpy().astype(np.float64) ** WEIGHT
    barred = compared.pairs["one_paper"].to_numpy() | contradicted(compared, {Middle.OTHER})
    return cluster(Graph(form, weight, *compared.ends, np.where(barred, NEVER, score), prior))

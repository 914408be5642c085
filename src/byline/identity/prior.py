"""What stands for pairs of groups that were not compared: the average of the same two forms' that share nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.sorted_arrays import look_up, pair_keys
from byline.identity.cluster import NEVER, ONE_PAPER
from byline.identity.compare import Compared
from byline.identity.groups import Ints
from byline.identity.linkage import Floats

UNKNOWN = -3.0
"""Where no pair of two forms was compared without shared co-authors."""


class FormPrior:
    """The scores of pairs of forms, by form number."""

    def __init__(self, compared: Compared, score: Floats) -> None:
        """Average the `score` of compared pairs that share no co-author, by the two forms."""
        form, related = compared.table["form"].to_numpy(), compared.related
        one, other = (form[end] for end in compared.ends)
        forms = self.forms = int(form.max()) + 1
        base = pl.DataFrame({"key": pair_keys(one, other, forms), "score": score})
        plain = base.filter(compared.pairs["full"].is_null() & (pl.col("score") > ONE_PAPER / 2))
        # in hundredths, as whole numbers (weights have two decimals): a sum that no order and no machine changes
        whole = (pl.col("score") * 100).round().cast(pl.Int64).sum() / (100.0 * pl.len())
        mean = plain.group_by("key").agg(score=whole).sort("key")
        everything = pl.concat(
            [related.select(key=pl.col("form_a") * forms + pl.col("form_b")), base.select("key")]
        ).unique()
        filled = (
            everything.join(mean, on="key", how="left")
            .with_columns(pl.col("score").fill_null(UNKNOWN))
            .sort("key")
        )
        self.keys: npt.NDArray[np.int64] = filled["key"].to_numpy()
        self.scores: Floats = filled["score"].to_numpy()

    def __call__(self, form: Ints) -> Floats:
        """Return the scores between groups of these forms, along the last axis; NEVER where no person carries both."""
        if form.ndim == 1:  # one large component: few forms, many groups
            distinct, place = np.unique(form, return_inverse=True)
            return self._between(distinct)[np.ix_(place, place)]
        return self._between(form)

    def _between(self, form: Ints) -> Floats:
        wanted = pair_keys(form[..., :, None], form[..., None, :], self.forms)
        at, known = look_up(self.keys, wanted)
        return np.where(known, self.scores[at], NEVER)

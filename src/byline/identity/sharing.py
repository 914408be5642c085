"""Which forms of names are resolved together, where all mentions of their blocks are too many to be held at once."""

from __future__ import annotations

import polars as pl

from byline.identity.groups import Ints, components
from byline.identity.parting import packed, parts


def share_of(forms: pl.DataFrame, tied: pl.DataFrame, most: int) -> Ints:
    """Return the share that each form's mentions are resolved in, 0 to the greatest, from what is known of forms alone.

    Shares hold whole parts (`parting`), several up to `most` mentions or a single one, so that what is said of each
    mention is what it would be with all at hand. Parts that a person's decision ties come in one share.

    | frame | column | type | what it says |
    |---|---|---|---|
    | `forms` | `form_key`, the columns of `forms.FORM`, `rarity` | | the distinct forms of names, of whole blocks |
    | `forms` | `mentions` | UInt32 | how many mentions carry it |
    | `tied` | `a`, `b` | UInt32 | rows of two forms with mentions that a decision names in one line |
    """
    part = parts(forms)
    count = int(part.max(initial=0)) + 1
    part = components(count, part[tied["a"].to_numpy()], part[tied["b"].to_numpy()])[part]
    return packed(part, forms["mentions"].cast(pl.Float64).to_numpy(), most)

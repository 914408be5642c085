"""Which forms of names are resolved together, where all mentions of their blocks are too many to be held at once."""

from __future__ import annotations

import numpy as np
import polars as pl

from byline.identity.groups import Ints, components
from byline.identity.parting import parts


def share_of(forms: pl.DataFrame, tied: pl.DataFrame, most: int) -> Ints:
    """Return the share that each form's mentions are resolved in, 0 to the greatest, from what is known of forms alone.

    Shares hold whole parts (`parting`), several up to `most` mentions or a single one, so that what is said of each
    mention is what it would be with all at hand. Parts that a person's decision ties come in one share.

    | frame | column | type | what it says |
    |---|---|---|---|
    | `forms` | `form_key`, the columns of `forms.FORM`, `rarity` | | the distinct forms of names, of whole blocks |
    | `forms` | `mentions` | UInt32 | how many mentions carry it |
    | `tied` | `a`, `b` | UInt32 | rows of two forms with mentions that a decision names in one line |

    Parts of 3, 4, 2 and 9 mentions, at most 6: shares {3}, {4, 2}, {9}.
    """
    part = parts(forms)
    count = int(part.max(initial=0)) + 1
    part = components(count, part[tied["a"].to_numpy()], part[tied["b"].to_numpy()])[part]
    distinct, place = np.unique(part, return_inverse=True)
    sizes = np.bincount(place, weights=forms["mentions"].to_numpy())
    share = np.zeros(len(distinct), dtype=np.int64)
    held, number = 0.0, 0
    for at, size in enumerate(sizes.tolist()):
        if held and held + size > most:
            held, number = 0.0, number + 1
        share[at] = number
        held += size
    found: Ints = share[place]
    return found

"""What of some blocks can be resolved by itself: a very common name a few parts at a time, and what a change touches.

Two mentions matter to each other only where one person may carry both forms of the name, or where their forms are
counted together: those of one first letter are. Forms tied so, directly or through others, are a part of their block.

    J. Pym, Jo Pym      one letter           part 1
    K. Jo Pym           drops to Jo Pym      part 1, and so K. Pym and Kai Pym
    Ada Pym, A. Pym     one letter           part 2

How forms relate (`forms.related`) is not asked: nearly all that relate begin with one letter. Those that may not are
nicknames, whose long form begins otherwise (Bob, Robert), first names left out, and spellings with a mute H in front
(Hana, Ana); for these it is enough that the names agree.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import hash64
from byline.identity import spellings
from byline.identity.forms import FORM
from byline.identity.groups import Ints, components
from byline.names import first_given

Keys = npt.NDArray[np.uint64]


def parts(mentions: pl.DataFrame) -> Ints:
    """Return the part that each mention lies in, a number that says nothing else.

    `mentions`: rows of `describe`, of whole blocks, in any order.
    """
    if mentions.is_empty():
        return np.zeros(0, dtype=np.int64)
    _, row, form = np.unique(mentions["form_key"].to_numpy(), return_index=True, return_inverse=True)
    forms = mentions.select(FORM)[row]
    first, full = first_given(forms["given_key"])
    letter = spellings.long_forms(first).str.slice(0, 1)
    forms = forms.with_columns(
        first=first, is_full=full.fill_null(value=False), key=pl.Series(hash64(forms["block"], "block"))
    )
    # letters are nodes behind the forms, to which forms are tied as to other forms
    _, node = np.unique(_keyed(forms, letter), return_inverse=True)
    everything = np.arange(forms.height)
    ties = [(everything, forms.height + node.astype(np.int64)), _dropped(forms), *_spelled(forms, letter)]
    one, other = (np.concatenate(ends) for ends in zip(*ties, strict=True))
    found: Ints = components(int(other.max()) + 1, one, other)[form]
    return found


def _dropped(forms: pl.DataFrame) -> tuple[Ints, Ints]:
    """Return the pairs of a form with a second given name and one that has this as its first: one for each name."""
    full = forms["is_full"].arg_true().to_numpy().astype(np.int64)
    known, at = np.unique(_keyed(forms, forms["first"])[full], return_index=True)
    names = forms.select(second=spellings.second(), half=spellings.half())
    found = []
    for name in names.get_columns():
        some = np.flatnonzero((name != "").fill_null(value=False).to_numpy())
        wanted = _keyed(forms[some], name.gather(some))
        place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
        met = known[place] == wanted if len(known) else np.zeros(len(some), dtype=np.bool_)
        found.append((some[met], full[at[place[met]]]))
    one, other = (np.concatenate(ends) for ends in zip(*found, strict=True))
    return one, other


def _spelled(forms: pl.DataFrame, letter: pl.Series) -> list[tuple[Ints, Ints]]:
    """Return the pairs of forms whose first names agree in some way though they may begin with two letters.

    `letter`: the one with which the long form of each first name begins.
    """
    written = forms["given_key"].str.replace_all("[- .]", "")
    begins = [(name.str.slice(0, 1) != letter).fill_null(value=True) for name in (forms["first"], written)]
    nickname = (begins[0] | begins[1]) & forms["is_full"]
    mute = forms["first"].str.starts_with("h").fill_null(value=False) & forms["is_full"]
    ways = forms.select(
        single=spellings.single(), skeleton=spellings.skeleton(), start=pl.col("first").str.slice(0, 3)
    )
    long_enough = (ways["single"].str.len_chars() >= spellings.LEAST).fill_null(value=False)
    anybody = forms["is_full"]
    return [
        _agreeing(forms, ways["single"], (nickname | mute) & long_enough, anybody & long_enough),
        *(_agreeing(forms, name, nickname, anybody) for name in (ways["skeleton"], ways["start"], written)),
    ]


def _agreeing(forms: pl.DataFrame, names: pl.Series, some: pl.Series, others: pl.Series) -> tuple[Ints, Ints]:
    """Return pairs that tie all forms of `others` whose names, and blocks, are those of one of `some`."""
    rows = others.arg_true().to_numpy().astype(np.int64)
    keys = _keyed(forms[rows], names.gather(rows))
    rows = rows[known := np.isin(keys, keys[some.gather(rows).to_numpy()])]
    keys = keys[known]
    order = np.argsort(keys, kind="stable")
    met = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    return rows[order][met], rows[order][met + 1]


def _keyed(forms: pl.DataFrame, names: pl.Series) -> Keys:
    """Return a hash of the block of each form and a name."""
    keys: Keys = forms["key"].to_numpy() ^ hash64(names, "relation")
    return keys


def shares(mentions: pl.DataFrame, together: pl.Series | None, most: int) -> Iterator[Ints]:
    """Yield the rows of mentions that are resolved together: whole parts, about `most` rows of several small ones.

    The parts of the rows `together`, those that a person decided upon, come in one share.
    """
    part = parts(mentions)
    if together is not None:
        tied = np.unique(part[together.to_numpy()])
        part = np.where(np.isin(part, tied), tied[0], part)
    share = packed(part, np.ones(len(part)), most)
    order = np.argsort(share, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(share[order])) + 1)


def packed(part: Ints, sizes: npt.NDArray[np.float64], most: int) -> Ints:
    """Return the share of each row, from 0 on: whole parts, several up to `most` together or a single larger one.

    `part`, `sizes`: the part that a row lies in, and what it counts. Parts of 3, 4, 2 and 9, at most 6: shares {3},
    {4, 2}, {9}.
    """
    _, place = np.unique(part, return_inverse=True)
    share, held, number = [], 0.0, 0
    for size in np.bincount(place, weights=sizes).tolist():
        if held and held + size > most:
            held, number = 0.0, number + 1
        share.append(number)
        held += size
    found: Ints = np.array(share, dtype=np.int64)[place]
    return found

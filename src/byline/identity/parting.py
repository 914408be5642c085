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
    forms = forms.with_columns(first=first, is_full=full, key=pl.Series(hash64(forms["block"], "block")))
    # letters are nodes behind the forms, to which forms are tied as to other forms
    letters = _letters(forms)
    pairs = [*letters, _dropped(forms), _with_mute_h(forms)]
    one, other = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    found: Ints = components(int(other.max()) + 1, one, other)[form]
    return found


def _letters(forms: pl.DataFrame) -> list[tuple[Ints, Ints]]:
    """Return the forms tied to the letters of their block with which the first name and its long form begin."""
    written = forms["given_key"].str.strip_chars_start("- .")
    names = (forms["first"], spellings.long_forms(forms["first"]), written)
    keys = np.concatenate([_keyed(forms, name.str.slice(0, 1)) for name in names])
    _, node = np.unique(keys, return_inverse=True)
    form = np.arange(forms.height)
    return [(form, forms.height + letter) for letter in np.split(node.astype(np.int64), len(names))]


def _dropped(forms: pl.DataFrame) -> tuple[Ints, Ints]:
    """Return the pairs of a form with a second given name and one that has this as its first: one for each name."""
    full = forms["is_full"].fill_null(value=False).arg_true().to_numpy().astype(np.int64)
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


def _with_mute_h(forms: pl.DataFrame) -> tuple[Ints, Ints]:
    """Return the pairs of forms whose first names are one without doubled letters and h, where one begins with h."""
    spelled = forms.select(spellings.single()).to_series()
    doubled = forms["is_full"] & (spelled.str.len_chars() >= spellings.LEAST)
    rows = doubled.fill_null(value=False).arg_true()
    keys = _keyed(forms[rows], spelled.gather(rows))
    mute = forms["first"].gather(rows).str.starts_with("h").to_numpy()
    some = np.flatnonzero(np.isin(keys, keys[mute]))
    some = some[np.argsort(keys[some], kind="stable")]
    met = np.flatnonzero(keys[some][1:] == keys[some][:-1])
    place = rows.to_numpy().astype(np.int64)[some]
    return place[met], place[met + 1]


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
    order = np.argsort(part, kind="stable")
    _, begin = np.unique(part[order], return_index=True)
    ends = [*begin[1:].tolist(), len(order)]
    start = 0
    for at, end in zip(begin.tolist(), ends, strict=True):
        if end - start > most and at > start:
            yield np.sort(order[start:at])
            start = at
    yield np.sort(order[start:])

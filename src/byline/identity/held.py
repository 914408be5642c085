"""The mentions that are compared: all in hand, or, where one name has too many, what all steps ask of each, and files.

Of a mention most is lists (co-authors, words, organisations), which are read once or twice and put together by group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from byline.files import run_files
from byline.identity import forms as name_forms
from byline.identity.groups import MENTIONS_AT_ONCE, Ints, canonical, coauthor_rows

NAMED = ("kind", "family_key", "given_key", "suffix")
"""Columns that say a name, the same for all mentions of a form: looked at once a form."""
SAID = ("published", "category", "terms", "organisations")
"""Columns that are put together by group."""
KEYS = ("paper_id", "position", "published", "form_key", "block_key", "rarity")
"""Columns that are held of every mention."""
Said = Iterator[tuple[Ints, pl.DataFrame]]


class InHand:
    """Mentions that are all at hand.

    | attribute | what it holds |
    |---|---|
    | `ordered` | the mentions in canonical order, without lists and names, see `canonical` |
    | `named` | one of each form, with its number: the columns of `forms.FORM`, `rarity`, `form` |
    | `coauthors` | frames of `coauthor_rows`, the rows of one co-author in one frame |
    """

    def __init__(self, mentions: pl.DataFrame) -> None:
        """`mentions`: rows of `describe`, in any order."""
        self._mentions = mentions
        self.ordered = canonical(mentions.drop(NAMED))
        form, first = np.unique(self.ordered["form"].to_numpy(), return_index=True)
        some = mentions.select(*name_forms.FORM, "rarity")[self.ordered["row"].gather(first)]
        self.named = some.with_columns(form=pl.Series(form))
        self.coauthors: Iterable[pl.DataFrame] = [coauthor_rows(self.ordered, mentions["coauthors"])]

    def said(self) -> Said:
        """Yield the columns `SAID` of all mentions."""
        yield np.argsort(self.ordered["row"].to_numpy()), self._mentions.select(SAID)


class Spread:
    """Mentions that lie in files, of which some are read at a time; the attributes are those of `InHand`."""

    def __init__(self, read: Callable[[], Iterator[pl.DataFrame]], scratch: Path) -> None:
        """`read`: yields the mentions, the same at each call; `scratch`: a folder for who their co-authors are."""
        self._read = read
        keys, named = [], []
        for mentions in read():
            keys.append(mentions.select(KEYS))
            named.append(mentions.select("form_key", *name_forms.FORM, "rarity").unique("form_key"))
        self.ordered = canonical(pl.concat(keys))
        del keys
        self._at = np.argsort(self.ordered["row"].to_numpy())
        distinct = pl.concat(named).unique("form_key").sort("form_key")
        self.named = distinct.drop("form_key").with_columns(
            form=pl.int_range(distinct.height, dtype=pl.Int64, eager=True)
        )
        self.coauthors: Iterable[pl.DataFrame] = _Parted(self._coauthors(), self.ordered.height, scratch)

    def places(self) -> pl.DataFrame:
        """Return paper_id and position of the mentions, in the order in which they are read."""
        return self.ordered.select("paper_id", "position")[self._at]

    def _some(self) -> Iterator[tuple[Ints, pl.DataFrame]]:
        start = 0
        for mentions in self._read():
            yield self._at[start : start + mentions.height], mentions
            start += mentions.height

    def said(self) -> Said:
        """Yield the columns `SAID` of some mentions at a time."""
        for at, mentions in self._some():
            yield at, mentions.select(SAID)

    def _coauthors(self) -> Iterator[pl.DataFrame]:
        for at, mentions in self._some():
            own = mentions.select("own_key", row=pl.int_range(pl.len(), dtype=pl.UInt32))
            rows = coauthor_rows(own, mentions["coauthors"])
            yield rows.with_columns(at=pl.Series(at.astype(np.uint32)).gather(rows["at"]))


class _Parted:
    """Rows of co-authors in files, with a group for each part of the co-authors."""

    def __init__(self, rows: Iterable[pl.DataFrame], mentions: int, folder: Path) -> None:
        self._parts = -(-mentions // MENTIONS_AT_ONCE)
        self._paths = []
        for number, some in enumerate(rows):
            path = folder / f"coauthors-{number:06d}.run"
            part = some["key"].to_numpy() % np.uint32(self._parts)
            run_files.write_groups(path, some, part.astype(np.int64), self._parts)
            self._paths.append(path)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for part in range(self._parts):
            yield run_files.read_group(self._paths, part)


Held = InHand | Spread

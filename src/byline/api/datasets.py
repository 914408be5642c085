"""Published data from Python: load it, check it, follow ids."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from os import PathLike
from typing import TYPE_CHECKING

import polars as pl

from byline.core.options import is_address, local_path
from byline.snapshots.dataset import Dataset, open_dataset
from byline.snapshots.successors import Successor, resolve

if TYPE_CHECKING:
    from byline.validation import Report

Output = str | PathLike[str]
"""A folder that builds publish into, one snapshot's folder, or the address of such a folder on an object store."""

DEFAULT = "data/processed"

_copies = ExitStack()
"""Copies of datasets on object stores: lazy frames read them later, so they stay until the process ends."""
atexit.register(_copies.close)


def dataset(out: Output = DEFAULT) -> Dataset:
    """Return the current snapshot, the pointer resolved once: several tables of it belong together.

    Args:
        out: Where it was published. What lies on an object store is copied to a temporary folder first.

    Returns:
        The dataset: `.path`, `.snapshot_id`, `.tables`, `.load(table)`, `.to_pandas(table)`.

    Raises:
        DataError: Nothing is published there, or its manifest is damaged.

    Example:
        >>> d = dataset(out)
        >>> papers, authors = d.load("papers"), d.load("authors")
    """
    text = str(out)
    if not is_address(text):
        return open_dataset(local_path(text))
    from byline.storage.copies import local_copy  # noqa: PLC0415 - object stores are an extra

    return open_dataset(_copies.enter_context(local_copy(text)))


def load(table: str, out: Output = DEFAULT) -> pl.LazyFrame:
    """Return a table of the current snapshot as a lazy polars frame, its partition key a column.

    Args:
        table: papers, authors, authorships, author_identifiers, affiliations, paper_affiliations, records or
            quarantine.
        out: Where it was published; for several tables of one snapshot use `dataset`.

    Raises:
        DataError: Nothing is published there.
        UsageError: There is no such table.

    Example:
        >>> load("papers", out).filter(pl.col("year") == 2023).select("title").collect().height
        4
    """
    return dataset(out).load(table)


def validate(out: Output = DEFAULT, *, deep: bool = True) -> Report:
    """Check a dataset against the contract; changes nothing.

    Args:
        out: An output folder (its current snapshot is checked), one snapshot's folder, or an address.
        deep: Whether single rows are checked, too.

    Returns:
        The report: `.ok`, `.findings` (each with rule, table, row and text), `.text()`, `.json()`, `.junit()`.

    Raises:
        DataError: Nothing is published there.

    Example:
        >>> validate(out).ok
        True
    """
    from byline.validation import validate as check  # noqa: PLC0415 - a second of imports that loading need not pay

    text = str(out)
    if not is_address(text):
        return check(local_path(text), deep=deep)
    from byline.storage.copies import local_copy  # noqa: PLC0415 - object stores are an extra

    with local_copy(text) as folder:
        return check(folder, deep=deep).at(text)


def follow(ids: str | list[str], out: Output = DEFAULT) -> list[Successor]:
    """Return where ids of authors or papers that were published earlier lead today.

    Args:
        ids: One id or several.
        out: Where they were published.

    Returns:
        One answer an id: `.old`, `.what` (author, paper, unknown), `.how` (current, merged, split, renamed, gone,
        unknown), `.now` (ids of today).

    Example:
        >>> follow("0" * 20, out)[0].how
        'unknown'
    """
    return resolve(dataset(out), [ids] if isinstance(ids, str) else ids)

"""The dataset that a command reads: a folder, or a temporary copy of what lies on an object store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from byline.snapshots.dataset import Dataset


@contextmanager
def opened(out: str) -> Iterator[Dataset]:
    """Yield the current snapshot of an output folder or address.

    Raises `DataError`: nothing is published there.
    """
    from byline.snapshots.dataset import open_dataset

    with fetched(out) as folder:
        yield open_dataset(folder)


@contextmanager
def fetched(out: str) -> Iterator[Path]:
    """Yield the folder of an output; of one on an object store a temporary copy: its current snapshot and history.

    Raises `DataError`: nothing was published at the address.
    """
    from byline.core.options import is_address, local_path

    if not is_address(out):
        yield local_path(out)
        return
    from byline.storage.remote import local_copy

    with local_copy(out) as folder:
        yield folder


@contextmanager
def reported(out: str, number: int) -> Iterator[Path]:
    """Yield the folder of an output with its reports of runs; of one on an object store a copy of the latest."""
    from tempfile import TemporaryDirectory

    from byline.core.options import is_address, local_path

    if not is_address(out):
        yield local_path(out)
        return
    from byline.storage.reports import fetch_reports

    with TemporaryDirectory(prefix="byline-") as folder:
        fetch_reports(out, Path(folder), number)
        yield Path(folder)


def which(argument: str | None, out: str | None) -> str:
    """Return the dataset that a command means: its argument, or what `--out` says, or the default.

    Raises `UsageError`: both are given and differ.
    """
    from byline.core.errors import UsageError

    if argument is not None and out is not None and argument != out:
        raise UsageError(
            f"two datasets are named: {argument} and {out}", "Name one, as argument or with --out."
        )
    return argument or out or "data/processed"

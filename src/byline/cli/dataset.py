"""The dataset that a command reads: a folder, or a temporary copy of what lies on an object store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from byline.cli.options import DATASET

if TYPE_CHECKING:
    from byline.snapshots.dataset import Dataset


@contextmanager
def opened(
    out: str,
    *,
    tables: Collection[str] | None = None,
    others: Sequence[str] = (),
    before: bool = False,
) -> Iterator[Dataset]:
    """Yield the current snapshot of an output folder or address; the arguments are those of `fetched`.

    Raises `DataError`: nothing is published there.
    """
    from byline.snapshots.dataset import open_dataset

    with fetched(out, tables=tables, others=others, before=before) as folder:
        yield open_dataset(folder)


def fetched(
    out: str,
    *,
    tables: Collection[str] | None = None,
    others: Sequence[str] = (),
    before: bool = False,
) -> AbstractContextManager[Path]:
    """Yield the folder of an output; of one on an object store a temporary copy: its current snapshot and history.

    The arguments say what is copied, as in `storage.copies.local_copy`.

    Raises `DataError`: nothing was published at the address.
    """

    def copy() -> AbstractContextManager[Path]:
        from byline.storage.copies import local_copy

        return local_copy(out, tables=tables, others=others, before=before)

    return _near(out, copy)


def outlined(out: str) -> AbstractContextManager[Path]:
    """Yield the folder of an output; of one on an object store a copy of its history and the names of its snapshots.

    Raises `DataError`: nothing was published at the address.
    """

    def copy() -> AbstractContextManager[Path]:
        from byline.storage.copies import history_copy

        return history_copy(out)

    return _near(out, copy)


def reported(out: str, number: int) -> AbstractContextManager[Path]:
    """Yield the folder of an output with its reports of runs; of one on an object store a copy of the latest."""

    def copy() -> AbstractContextManager[Path]:
        from byline.storage.reports import reports_copy

        return reports_copy(out, number)

    return _near(out, copy)


@contextmanager
def _near(out: str, copy: Callable[[], AbstractContextManager[Path]]) -> Iterator[Path]:
    """Yield the folder of an output, or the copy that is made of one on an object store."""
    from byline.core.options import is_address, local_path

    place = copy() if is_address(out) else nullcontext(local_path(out))
    with place as folder, _readable(out):
        yield folder


@contextmanager
def _readable(out: str) -> Iterator[None]:
    """Say of files that are none of byline's tables, whatever their manifest says, that they can't be read."""
    from polars import exceptions

    from byline.core.errors import DataError

    try:
        yield
    except (exceptions.PolarsError, exceptions.PanicException) as problem:
        reason = next(iter(str(problem).splitlines()), "")
        raise DataError(
            f"{out}: its tables can't be read ({type(problem).__name__}: {reason})",
            "`byline validate` says what is wrong with them; if it finds nothing, please report this with --debug.",
        ) from problem


def here(raw: str) -> Path:
    """Return the folder of raw listings of a command that reads single files of it.

    Raises `UsageError`: it is an address.
    """
    from byline.core.errors import UsageError
    from byline.core.options import is_address, local_path

    if is_address(raw):
        raise UsageError(
            f"raw files are read from this machine, not from {raw}",
            "Copy what you ask about and give its folder with --raw DIR; --out may stay an address.",
        )
    return local_path(raw)


def which(argument: str | None, out: str | None) -> str:
    """Return the dataset that a command means: its argument, or what `--out` says, or the default.

    Raises `UsageError`: both are given and differ.
    """
    from byline.core.errors import UsageError

    if argument is not None and out is not None and argument != out:
        raise UsageError(
            f"two datasets are named: {argument} and {out}", "Name one, as argument or with --out."
        )
    return argument or out or DATASET

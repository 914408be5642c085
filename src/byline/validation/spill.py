"""Where the rules between tables put rows aside: run files in a folder of the build."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import polars as pl

from byline.files import fs, run_files


@contextmanager
def aside(folder: Path) -> Iterator[RunSpill]:
    """Yield a spill below a folder of its own, which is removed at the end."""
    own = folder / uuid4().hex
    try:
        yield RunSpill(own)
    finally:
        shutil.rmtree(own, ignore_errors=True)


class RunSpill:
    """Keeps rows by name and place in run files below a folder; a batch a place (`schemas.integrity.Spill`)."""

    def __init__(self, folder: Path) -> None:
        """Nothing is written before the first `put`."""
        self._folder = folder
        self._files: Counter[str] = Counter()

    def part(self, name: str) -> RunSpill:
        """Return a spill in a folder of its own."""
        return RunSpill(self._folder / name)

    def put(self, name: str, rows: pl.DataFrame, place: pl.Series, places: int) -> None:
        """Add rows under a name, each at its place: 0 to `places` - 1."""
        run_files.write_groups(self._path(name, self._files[name]), rows, place.to_numpy(), places)
        self._files[name] += 1

    def take(self, name: str, place: int) -> pl.LazyFrame:
        """Return the rows of a place, in the order in which they were put; something must have been."""
        paths = [self._path(name, number) for number in range(self._files[name])]
        with fs.guard("read", self._folder):  # else a broken disk would look like a broken dataset
            return run_files.read_group(paths, place).lazy()

    def _path(self, name: str, number: int) -> Path:
        return self._folder / name / f"{number:06d}.run"

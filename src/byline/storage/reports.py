"""The reports of runs on an object store: `history/runs/*.json` below the output's address, as on a disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from byline.core.errors import OutputError
from byline.files import fs
from byline.files.scratch import scratch
from byline.snapshots import history, runs
from byline.snapshots.runs import Run
from byline.storage.place import Place, open_place

PREFIX = f"{history.FOLDER}/{runs.FOLDER}"


def push_report(url: str, run: Run) -> None:
    """Write the report of a run that has ended, and remove the oldest beyond `runs.KEEP`."""
    place = open_place(url, OutputError)
    place.write(f"{PREFIX}/{run.run}.json", f"{run.to_json()}\n".encode())
    for key in _keys(place)[: -runs.KEEP]:
        place.delete(key)


@contextmanager
def reports_copy(url: str, number: int) -> Iterator[Path]:
    """Yield a temporary copy of an output that holds the latest reports alone."""
    place = open_place(url, OutputError)
    with scratch() as out:
        for key in _keys(place)[-number:]:
            found = place.read(key)
            if found is not None:
                fs.write_atomic(runs.folder_of(out) / PurePosixPath(key).name, found[0])
        yield out


def _keys(place: Place) -> list[str]:
    """Return the keys of the reports, oldest first."""
    return [entry.key for entry in place.list(PREFIX) if runs.is_name(PurePosixPath(entry.key).name)]

"""How tallies of the published files are kept (`report.tallies`): in one file, so that all of it is of one build.

What is kept of a piece is known by the piece's bytes; so a file of another build is as good, and one that is missing,
torn or altered is as none: then all is read again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from itertools import accumulate, pairwise
from pathlib import Path

import polars as pl

from byline.files import run_files
from byline.report.tallies import FRAMES

NAME = "tallies"


def write(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """Write tallies (`report.tallies.FRAMES`): how many bytes each table takes, in a line of JSON, and the tables."""
    tables = [run_files.small(run_files.to_arrow(frames[name])).to_pybytes() for name in FRAMES]
    head = json.dumps([len(table) for table in tables]).encode()
    run_files.write_checked(folder / NAME, b"\n".join([head, b"".join(tables)]))


def read(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tallies that lie in a folder; nothing where they are missing or can't be believed."""
    payload = run_files.read_checked(folder / NAME)
    if payload is None:
        return {}
    head, _, content = bytes(payload).partition(b"\n")
    places = pairwise(accumulate(json.loads(head), initial=0))
    found = {
        name: pl.read_ipc(io.BytesIO(content[start:stop]))
        for name, (start, stop) in zip(FRAMES, places, strict=True)
    }
    alike = all(found[name].schema == pl.Schema(schema) for name, schema in FRAMES.items())
    return found if alike else {}

"""The faults that a person has read: `read.toml`. An entry says exactly which fault it means."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from benchmarks.mutation.faults import Place, places

ROOT = Path(__file__).parents[2]
READ = Path(__file__).parent / "read.toml"


def known(read: Path = READ) -> dict[tuple[str, Place], str]:
    """Return the reason by file and place of each fault that was read and found to change nothing.

    `read.toml` holds `[[fault]]` tables: path, function, line (its text), change, reason, and `nth` where a function
    has the same change on equal lines more than once.
    """
    found: dict[tuple[str, Place], str] = {}
    for one in tomllib.loads(read.read_text("utf-8")).get("fault", []):
        place = Place(one["function"], one["line"], one["change"], one.get("nth", 1))
        key = (one["path"], place)
        if key in found:
            raise ValueError(f"{read}: {key} stands there twice")
        if not one["reason"].strip():
            raise ValueError(f"{read}: {key} has no reason")
        found[key] = one["reason"]
    return found


def stale(entries: Mapping[tuple[str, Place], str], root: Path = ROOT) -> list[tuple[str, Place]]:
    """Return the entries that mean no fault any more: their line, their function or their file is gone."""
    paths = {path for path, _ in entries}
    there = {
        (path, place)
        for path in paths
        if (root / path).exists()
        for place in places((root / path).read_text("utf-8"))
    }
    return [key for key in entries if key not in there]

"""A person's word that the log is as it is: what was lost of it can't be had again, and need not be reported for ever.

`history/settled.json` holds how many bytes and lines the log had, their SHA-256, and what was current then. Of these
lines nothing is asked any more, and the next one continues from that snapshot. The word holds for that log alone: when
a byte of it changes or goes, everything is reported again, and that the word does not hold, too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from byline.core.decoding import from_json
from byline.core.errors import DataError
from byline.core.shapes import Count, Text, shaped
from byline.files import beneath, fs
from byline.snapshots import history
from byline.snapshots.history import Entry

NAME = "settled.json"
MAX_BYTES = 64 * 1024
_WAY_OUT = "Remove it; `byline log --settle` writes a new one."


@dataclass(frozen=True)
class Settled:
    """The part of a log that a person has settled."""

    bytes: Count
    lines: Count
    sha256: Text
    snapshot: Text
    """What was current when it was settled."""
    when: Text


NOTHING = Settled(0, 0, "", "", "")
"""Where nothing was settled: every line is asked about."""


def settle(out: Path) -> Settled:
    """Settle the log of an output folder as it is; the caller holds its lock.

    Raises `DataError`: nothing is published there, or a line of the log can't be read.
    """
    current = history.pointed(out)
    if current is None:
        raise DataError(f"{out}: nothing is published there", "There is no history to settle.")
    content = history.content(out)
    said = Settled(
        len(content), len(history.log(out)), sha256(content).hexdigest(), current, history.timestamp()
    )
    text = json.dumps(asdict(said), sort_keys=True, indent=2) + "\n"
    fs.write_atomic(out / history.FOLDER / NAME, text.encode())
    return said


def settled(out: Path) -> Settled:
    """Return what is settled of the log, `NOTHING` where no word was given.

    Raises `DataError`: the word can't be read, or was given of another log.
    """
    path = out / history.FOLDER / NAME
    try:
        said = shaped(from_json(beneath.read_file(path, MAX_BYTES)), Settled)
    except FileNotFoundError:
        return NOTHING
    except (OSError, ValueError) as problem:
        raise DataError(f"{path}: not what `byline log --settle` writes ({problem})", _WAY_OUT) from problem
    if sha256(history.content(out)[: said.bytes]).hexdigest() != said.sha256:
        raise DataError(f"{path}: it was written of another log than the one that is there", _WAY_OUT)
    return said


def explains(said: Settled, entries: Sequence[Entry], current: str) -> bool:
    """Tell whether what is current needs no line: it was when the log was settled, and nothing was published since."""
    return said.snapshot == current and said.lines == len(entries)

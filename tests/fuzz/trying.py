"""What the fuzzers of files share: their options, and what is said of an input that failed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

SHOWN = 9_000
"""Bytes of a failing input that are printed where it is not saved."""


def parser(about: str | None) -> argparse.ArgumentParser:
    """Return the options of a fuzzer: how long, with what seed, and where a failing input goes."""
    found = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--seconds", type=float, default=60)
    found.add_argument("--seed", type=int, default=1)
    found.add_argument("--save", type=Path, help="folder for a failing input")
    return found


def tell(data: bytes, tried: int, save: Path | None) -> None:
    """Print the input that failed after so many were tried, or save it in a folder."""
    print(f"input {tried + 1} failed ({len(data)} bytes)", file=sys.stderr)
    if save is None:
        print(repr(data[:SHOWN]), file=sys.stderr)
        return
    save.mkdir(parents=True, exist_ok=True)
    (save / f"failing-{tried + 1}.bin").write_bytes(data)

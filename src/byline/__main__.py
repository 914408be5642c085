"""The entry point: errors become messages and exit codes, tracebacks appear only when asked for."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; never returns."""
    os.environ.setdefault("BYLINE_LEAN_IMPORTS", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from byline.cli import run  # noqa: PLC0415 - after the environment is set

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

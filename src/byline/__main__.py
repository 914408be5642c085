"""The entry point: errors become messages and exit codes, tracebacks appear only when asked for."""

from __future__ import annotations

import os
import sys

from byline.core import cycles, threads

ONE_THREAD = {"build", "add", "parse"}
"""Commands whose work processes share, or that have little of it; the others read whole tables."""


def main() -> None:
    """Run the command line; never returns."""
    cycles.seldom()
    os.environ.setdefault("BYLINE_LEAN_IMPORTS", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # to look for some reads what is installed: 10 ms
    if ONE_THREAD.intersection(sys.argv[1:2]):
        threads.one_here(os.environ)
    from byline.cli import run  # noqa: PLC0415 - after the environment is set

    end_when_asked()
    code = run(sys.argv[1:])
    cycles.never_again()
    sys.exit(code)


def end_when_asked() -> None:
    """Let a SIGTERM end the command as an interrupt does: with a word, what is temporary removed. Twice kills."""
    import signal  # noqa: PLC0415 - as above

    from byline.core.errors import Terminated  # noqa: PLC0415

    def end(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        raise Terminated

    signal.signal(signal.SIGTERM, end)


if __name__ == "__main__":
    main()

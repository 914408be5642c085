"""How the command line is run, and how failures turn into exit codes."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import typer

from byline.cli.plain import plain_call
from byline.core import logs
from byline.core.display import clean
from byline.core.errors import BylineError, Terminated

USAGE = 2
DEFECT = 1
INTERRUPTED, TERMINATED = 130, 143
ENDED = {INTERRUPTED: "interrupted", TERMINATED: "ended by SIGTERM"}

_ACCEPT = re.compile(r"--accept-([a-z_-]+)")


def run(arguments: Sequence[str]) -> int:
    """Run the command line; return the exit code of the contract."""
    return guarded(lambda: _called(written_out(arguments)))


def _called(words: Sequence[str]) -> int | None:
    """Call the command that the words name."""
    plainly = plain_call(words)
    if plainly is None:
        from byline.cli.app import app

        return cast("int | None", app(words, standalone_mode=False, prog_name="byline"))
    try:
        plainly()
    except typer.Exit as end:
        return end.exit_code
    return 0


def guarded(command: Callable[[], int | None]) -> int:
    """Run a command; say what failed in a person's words, and return the exit code of the contract."""
    try:
        code = int(command() or 0)
    except BylineError as failure:
        return _failed(clean(str(failure)), failure.exit_code, failure)
    except typer.TyperException as failure:
        failure.show()  # type: ignore[attr-defined]  # typer declares it on the subclass that it raises
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Terminated:
        code = TERMINATED
    except BrokenPipeError:  # the reader of our output has gone: nobody to tell
        sys.stderr.close()
        return 0
    except BaseException as defect:  # the last line of defence: no traceback unless asked for
        if not isinstance(defect, Exception) and type(defect).__name__ != "PanicException":  # polars' own
            raise
        return _unforeseen(defect)
    if code in ENDED:  # typer turns an interrupt into its code, without a word
        return _failed(f"{ENDED[code]}; nothing was published that was not published before", code)
    return code


def _unforeseen(problem: BaseException) -> int:
    """Say what nothing further down has words for: a full disk, too few file handles, or a defect."""
    from byline.files.fs import WAYS_OUT, failure

    if isinstance(problem, OSError) and problem.errno in WAYS_OUT:
        told = failure("use", Path(problem.filename or "the disk"), problem)
        return _failed(clean(str(told)), told.exit_code, told)
    what = f"{type(problem).__name__}: {problem}"
    return _failed(clean(f"a defect of byline: {what}\n  Please report it; --debug shows where."), DEFECT)


def written_out(arguments: Sequence[str]) -> list[str]:
    """Obey what holds for every command, wherever it stands, and return the rest, `--accept-GATE` as `--accept GATE`.

    Raises `UsageError`: `--log-format` without text or json.
    """
    debug, log_format = False, None
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, _, value = word.partition("=")
        if word == "--debug":
            debug = True
        elif name == "--log-format":
            log_format = value or next(words, "")
        elif gate := _ACCEPT.fullmatch(word):
            rest += ["--accept", gate[1].replace("-", "_")]
        else:
            rest.append(word)
    _obey(debug=debug, log_format=log_format)
    return rest


def _obey(*, debug: bool, log_format: str | None) -> None:
    if debug:
        os.environ["BYLINE_DEBUG"] = "1"
    if log_format is not None:
        os.environ["BYLINE_LOG_FORMAT"] = log_format
        os.environ.setdefault("BYLINE_LOG", "info")
    logs.set_up(os.environ.get("BYLINE_LOG_FORMAT", "text"), os.environ.get("BYLINE_LOG", ""))


def _failed(message: str, code: int, failure: BylineError | None = None) -> int:
    if os.environ.get("BYLINE_DEBUG") == "1":
        traceback.print_exc()
    logs.tell_failure(message, code, failure)
    return code

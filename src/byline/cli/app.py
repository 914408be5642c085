"""The typer application, and how failures turn into exit codes."""

from __future__ import annotations

import enum
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from byline.cli.add import add
from byline.cli.arxiv_index import arxiv_index
from byline.cli.build import build
from byline.cli.diff import diff
from byline.cli.explain import explain
from byline.cli.export import export
from byline.cli.forms import forms
from byline.cli.init import init
from byline.cli.log import log
from byline.cli.parse import parse
from byline.cli.path import path
from byline.cli.prune import prune
from byline.cli.report import report
from byline.cli.resolve import resolve
from byline.cli.review import review
from byline.cli.rollback import rollback
from byline.cli.sql import sql
from byline.cli.validate import validate
from byline.core import logs
from byline.core.display import clean
from byline.core.errors import BylineError, Terminated

USAGE = 2
DEFECT = 1
INTERRUPTED, TERMINATED = 130, 143
ENDED = {INTERRUPTED: "interrupted", TERMINATED: "ended by SIGTERM"}

_ACCEPT = re.compile(r"--accept-([a-z_-]+)")

app = typer.Typer(
    name="byline",
    help="Pasted paper listings in, analysis-ready Parquet out.",
    epilog="Exit codes: 0 done; 1 the data broke the contract or a gate, nothing published; 2 wrong usage; "
    "3 another build holds the lock; 4 the output can't be written; 130 interrupted; 143 ended by SIGTERM.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class LogFormat(enum.StrEnum):
    """How log lines are written."""

    text = "text"
    json = "json"


def _version(asked: bool) -> None:
    if asked:
        from byline.core.code_digest import code_version

        typer.echo(f"byline {code_version()}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show version and code digest."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    log_format: Annotated[
        LogFormat | None,
        typer.Option(
            help="Log to standard error, as text or as JSON lines for programs; BYLINE_LOG sets the level."
        ),
    ] = None,
) -> None:
    """Pasted paper listings in, analysis-ready Parquet out."""  # debug, log_format: obeyed by `written_out`


COMMANDS: dict[Callable[..., None], str] = {
    parse: "what a paste says; nothing is written",
    build: "publish a snapshot of all raw listings",
    add: "keep a paste in the raw folder, then build",
    init: "make a project folder of your own",
    forms: "the forms of listings that are read",
    explain: "why a record or an author is as it is",
    review: "decide what is doubtful; later builds obey",
    export: "tables, bibliography, database, network",
    sql: "ask the current snapshot in SQL",
    report: "one offline page on the current snapshot",
    path: "the folder of the current snapshot",
    validate: "check a dataset against the contract",
    diff: "what changed between two snapshots",
    log: "what was published, when and why",
    resolve: "where old ids lead today",
    rollback: "make an earlier snapshot current again",
    prune: "remove old snapshots",
    arxiv_index: "make the index of arXiv's metadata that --arxiv takes",
}
"""With a summary that fits a line of 80 characters; in the order of `byline --help`: make, look, take, look after."""

for command, summary in COMMANDS.items():
    app.command(short_help=summary)(command)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; return the exit code of the contract."""
    return guarded(lambda: app(written_out(arguments), standalone_mode=False, prog_name="byline"))


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

"""The typer application: every command, with its summary."""

from __future__ import annotations

import enum
from collections.abc import Callable
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

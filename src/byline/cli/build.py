"""`byline build`: the main job, in this process."""

from __future__ import annotations

import enum
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from byline.cli.outcome import Format


class EngineName(enum.StrEnum):
    """Where the work runs."""

    local = "local"
    dask = "dask"


def build(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Files that are the whole input; - for standard input."),
    ] = None,
    raw: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="Folder of raw listings (.txt, .gz, .zst, any depth), a file, -, or s3://…"
        ),
    ] = "data/raw",
    out: Annotated[
        str, typer.Option(metavar="DIR", help="Folder that holds snapshots and `current`, or s3://…")
    ] = "data/processed",
    curated: Annotated[
        Path | None,
        typer.Option(help="Folder of reviewed decisions.  [default: `curated` beside the raw folder]"),
    ] = None,
    ror: Annotated[
        Path | None, typer.Option(help="Official ROR dump (zip or JSON) to resolve organisations against.")
    ] = None,
    arxiv: Annotated[
        Path | None,
        typer.Option(
            help="arXiv's metadata file (.json, .json.gz, .zip), or an index of it: fills in what pages cut."
        ),
    ] = None,
    form: Annotated[
        str | None, typer.Option(help="Form of the named files; `byline forms` lists them.", metavar="FORM")
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Date of their papers that give none.", metavar="YYYY[-MM[-DD]]")
    ] = None,
    venue: Annotated[str | None, typer.Option(help="Venue of their papers that give none.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Category of their papers that give none.", metavar="CODE")
    ] = None,
    engine: Annotated[EngineName, typer.Option(help="Where the work runs.")] = EngineName.local,
    address: Annotated[
        str | None, typer.Option(help="Scheduler of the Dask cluster, for --engine dask.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="Processes that work, this one among them.  [default: by size and cores]"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Do everything but publishing: for CI on raw files.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            help="Override this gate for this build (also --accept-GATE); recorded in the history. Repeatable.",
            metavar="GATE",
        ),
    ] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait while another build runs.")] = 0.0,
    slice_mib: Annotated[
        int, typer.Option(min=1, help="MiB of text that a task reads; bounds a worker's memory.")
    ] = 16,
    work: Annotated[
        Path | None,
        typer.Option(
            help="Scratch folder for object stores, kept for the next build.  [default: a temporary one]"
        ),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="After publishing, remove old snapshots but the N latest (see `byline prune`).  [default: none goes]",
        ),
    ] = None,
    metrics: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the run's metrics there, for Prometheus' text-file collector (FILE.prom).",
        ),
    ] = None,
    output: Annotated[
        Format,
        typer.Option("--format", help="text for people, json for programs, junit and github for CI."),
    ] = Format.text,
    incremental: Annotated[
        bool,
        typer.Option(
            "--incremental/--full",
            help="Work on what changed alone, going on from the last build of this kind: the same bytes for less.",
        ),
    ] = False,
    keep_work: Annotated[
        bool, typer.Option("--keep-work", help="Leave the work folder behind, to look at.")
    ] = False,
) -> None:
    """Read the raw listings and publish a snapshot; when nothing is new, say so and do nothing.

    Records that can't be read go into the table `quarantine`, with the reason; the run goes on. A run that would break
    a rule or trip a gate publishes nothing and leaves `current` as it was; what it could not read is kept in
    .unpublished/quarantine.jsonl of the output folder until the next build.

    In CI:  byline build --check --format github
    """
    from byline.cli.bar import for_terminal
    from byline.cli.given import given
    from byline.cli.outcome import places, say
    from byline.core.options import MIB, Options
    from byline.forms.declared import declared_of
    from byline.storage.dispatch import build_anywhere

    with given(raw, files or []) as what:
        said = declared_of(what.files, form=form, published=published, venue=venue, category=category)
        options = replace(
            Options.at(what.raw, out),
            files=what.files,
            declared=said,
            curated=curated,
            ror=ror,
            arxiv=arxiv,
            engine=engine.value,
            address=address,
            workers=workers,
            slice_bytes=slice_mib * MIB,
            check_only=check,
            accept=frozenset(accept or ()),
            wait=wait,
            keep=keep,
            metrics=metrics,
            incremental=incremental,
            keep_work=keep_work,
            work=work,
        )
        place = places(what.raw, what.files)
        say(lambda: build_anywhere(options, for_terminal()), output, out, place)

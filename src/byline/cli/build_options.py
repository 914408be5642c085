"""The options of `byline build`, in groups: what is read, what is said of it, how the work runs, what is published."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from byline.cli.outcome import Format


class EngineName(enum.StrEnum):
    """Where the work runs."""

    local = "local"
    dask = "dask"


# What is read.

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help="Files that are the whole input; - for standard input."),
]
Raw = Annotated[
    str,
    typer.Option(
        metavar="DIR", help="Folder of raw listings (.txt, .gz, .zst, any depth), a file, -, or s3://…"
    ),
]
Curated = Annotated[
    Path | None,
    typer.Option(help="Folder of reviewed decisions.  [default: `curated` beside the raw folder]"),
]
Ror = Annotated[
    Path | None, typer.Option(help="Official ROR dump (zip or JSON) to resolve organisations against.")
]
Arxiv = Annotated[
    Path | None,
    typer.Option(
        help="arXiv's metadata file (.json, .json.gz, .zip), or an index of it: fills in what pages cut."
    ),
]

# What is said of the named files.

Form = Annotated[
    str | None, typer.Option(help="Form of the named files; `byline forms` lists them.", metavar="FORM")
]
Published = Annotated[
    str | None, typer.Option(help="Date of their papers that give none.", metavar="YYYY[-MM[-DD]]")
]
Venue = Annotated[str | None, typer.Option(help="Venue of their papers that give none.")]
Category = Annotated[
    str | None, typer.Option(help="Category of their papers that give none.", metavar="CODE")
]

# How the work runs.

Engine = Annotated[EngineName, typer.Option(help="Where the work runs.")]
Address = Annotated[str | None, typer.Option(help="Scheduler of the Dask cluster, for --engine dask.")]
Workers = Annotated[
    int | None,
    typer.Option(min=0, help="Processes that work, this one among them.  [default: by size and cores]"),
]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait while another build runs.")]
SliceMib = Annotated[
    int, typer.Option(min=1, help="MiB of text that a task reads; bounds a worker's memory.")
]
Work = Annotated[
    Path | None,
    typer.Option(
        help="Scratch folder for object stores, kept for the next build.  [default: a temporary one]"
    ),
]
KeepWork = Annotated[bool, typer.Option("--keep-work", help="Leave the work folder behind, to look at.")]
Incremental = Annotated[
    bool,
    typer.Option(
        "--incremental/--full",
        help="Work on what changed alone, going on from the last build, or on all: the bytes are the same.",
    ),
]

# What is published, and what is told.

Out = Annotated[str, typer.Option(metavar="DIR", help="Folder that holds snapshots and `current`, or s3://…")]
Check = Annotated[bool, typer.Option("--check", help="Do everything but publishing: for CI on raw files.")]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        help="Override this gate for this build (also --accept-GATE); recorded in the history. Repeatable.",
        metavar="GATE",
    ),
]
Keep = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="After publishing, remove old snapshots but the N latest (see `byline prune`).  [default: none goes]",
    ),
]
Metrics = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write the run's metrics there, for Prometheus' text-file collector (FILE.prom).",
    ),
]
Output = Annotated[
    Format,
    typer.Option("--format", help="text for people, json for programs, junit and github for CI."),
]

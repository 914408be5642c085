"""`byline add`: a paste into the raw folder under a name of its own, then a build."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from byline.cli.options import DATASET, RAW
from byline.core.display import clean


def add(
    paste: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A file with the paste; - for standard input.")
    ],
    raw: Annotated[Path, typer.Option(metavar="DIR", help="Folder of raw listings.")] = Path(RAW),
    out: Annotated[
        str, typer.Option(metavar="DIR", help="Folder that holds snapshots and `current`.")
    ] = DATASET,
    name: Annotated[
        str | None, typer.Option(help="Name of the new raw file.  [default: the file's, or the day's]")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="GATE", help="Override this gate for this build. Repeatable.")
    ] = None,
) -> None:
    """Put a paste into the raw folder and publish: for who pastes daily.

    The paste is kept whatever the build says; a paste that is there already is not added again.

        xclip -o | byline add -
    """
    from byline.cli.outcome import summary
    from byline.cli.watching import for_terminal
    from byline.core.options import Options
    from byline.inputs.keeping import keep_paste
    from byline.storage.dispatch import build_anywhere

    content = sys.stdin.buffer.read() if paste == "-" else _content(Path(paste))
    path, is_new = keep_paste(raw, content, name if name is not None or paste == "-" else Path(paste).name)
    typer.echo(clean(f"kept as {path}" if is_new else f"{path} holds this paste already"))
    options = replace(Options.at(str(raw), out), accept=frozenset(accept or ()))
    typer.echo(summary(build_anywhere(options, for_terminal()), out))


def _content(path: Path) -> bytes:
    from byline.core.errors import UsageError

    try:
        return path.read_bytes()
    except OSError as problem:
        raise UsageError(
            f"{path}: {problem.strerror}", "Name a file that can be read, or - for standard input."
        ) from None

"""`byline arxiv-index`: make the index of arXiv's metadata by itself, to keep or to hand on."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer


def arxiv_index(
    file: Annotated[Path, typer.Argument(help="arXiv's metadata file: .json, .json.gz or .zip.")],
    to: Annotated[Path, typer.Option(help="Folder for the index; it must be empty or not exist.")],
    workers: Annotated[int | None, typer.Option(min=0, help="Processes.  [default: one a core]")] = None,
) -> None:
    """Make the index that `byline build --arxiv` takes; a quarter of the file's size, in Parquet.

    `byline build --arxiv FILE` makes its own and keeps it; of a plain FILE without the abstracts, which it reads there.
    """
    from byline.cli.watching import for_terminal
    from byline.core.errors import UsageError
    from byline.pipeline.engines.local import local_engine, workers_for
    from byline.reference.building import build_index

    if not file.is_file():
        raise UsageError(f"{file}: no such file", "Give arXiv's metadata file.")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} is not an empty folder", "Name another with --to.")
    progress = for_terminal()
    progress.stage("index", "reading arXiv's metadata")
    scratch = to.with_name(f".{to.name}.work")
    try:
        with local_engine(workers_for(file.stat().st_size, workers), progress) as mapper:
            index = build_index(file, to, scratch, mapper)
    except BaseException:
        shutil.rmtree(to, ignore_errors=True)
        raise
    finally:
        progress.close()
        shutil.rmtree(scratch, ignore_errors=True)
    typer.echo(f"{index.source.papers} papers, changed up to {index.source.newest}: {to}")

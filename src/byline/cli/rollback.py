"""`byline rollback`: make an earlier snapshot current again."""

from __future__ import annotations

from typing import Annotated

import typer

from byline.cli.options import DATASET, OutputOption, WaitOption


def rollback(
    to: Annotated[
        str | None,
        typer.Argument(help="Snapshot id (see byline log).  [default: the one before the current one]"),
    ] = None,
    out: OutputOption = DATASET,
    wait: WaitOption = 0.0,
) -> None:
    """Switch `current` back to an earlier snapshot, in one atomic step, and write that into the history.

    The snapshot's files are compared with its manifest first. The next build publishes from the raw files
    again: to keep what you rolled back from staying away, fix the raw files or the curated decisions.
    """
    from byline.core.options import is_address, local_path
    from byline.snapshots import publishing
    from byline.snapshots.lock import build_lock

    if is_address(out):
        from byline.storage.remote import rollback_remotely

        name = rollback_remotely(out, to)
    else:
        folder = publishing.holding(local_path(out))
        with build_lock(folder, wait):
            name = publishing.rollback(folder, to).name
    typer.echo(f"{out}/current is snapshot {name}")

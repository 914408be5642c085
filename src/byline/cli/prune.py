"""`byline prune`: remove old snapshots."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from byline.cli.options import DATASET, OutputOption, WaitOption


def prune(
    out: OutputOption = DATASET,
    keep: Annotated[
        int, typer.Option(min=1, help="Keep this many latest snapshots, the current one among them.")
    ] = 10,
    older_than: Annotated[
        float,
        typer.Option(min=0, max=36_500, help="Remove only what has not been current for this many days."),
    ] = 0.0,
    grace: Annotated[
        float,
        typer.Option(
            min=0, max=876_000, help="Hours for which what was current stays, for who still reads it."
        ),
    ] = 24.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    wait: WaitOption = 0.0,
) -> None:
    """Remove old snapshots by count and age; never the current one, and none that was current a moment ago.

    The history keeps its lines, each with the code version that built its snapshot: what is removed can be built again
    from the same raw files with that.
    """
    from byline.core.options import is_address, local_path
    from byline.snapshots import prune, publishing
    from byline.snapshots.lock import build_lock

    age, spared = timedelta(days=older_than), timedelta(hours=grace)
    if is_address(out):
        from byline.storage.copies import prune_remotely

        removed = prune_remotely(out, keep=keep, older_than=age, grace=spared, dry_run=dry_run)
    else:
        folder = publishing.holding(local_path(out))
        with build_lock(folder, wait):
            removed = prune.prune(folder, keep=keep, older_than=age, grace=spared, dry_run=dry_run)
    for snapshot_id in removed:
        typer.echo(f"{'would remove' if dry_run else 'removed'} {snapshot_id}")
    if not removed:
        typer.echo("nothing to remove")

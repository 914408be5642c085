"""`byline path`: the folder of the current snapshot, the pointer resolved once."""

from __future__ import annotations

from typing import Annotated

import typer


def path(
    out: Annotated[str, typer.Argument(help="Output folder, or s3://…")] = "data/processed",
) -> None:
    """Print the folder of the current snapshot, for scripts that read several tables.

    `current` may move while you read. Resolve it once and read below the folder that this prints, so that
    papers and authors come from one snapshot:

        D=$(byline path) && duckdb -c "SELECT count(*) FROM read_parquet('$D/papers/*/*.parquet')"
    """
    from byline.core.errors import DataError
    from byline.core.options import is_address, local_path
    from byline.snapshots import publishing

    if is_address(out):
        from byline.storage.pointer import current_address

        typer.echo(current_address(out))
        return
    folder = publishing.current(local_path(out))
    if folder is None:
        raise DataError(f"{out} has no published snapshot", "Publish one: byline build, or make run.")
    typer.echo(str(folder.resolve()))

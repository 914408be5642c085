"""`byline path`: the folder of the current snapshot, the pointer resolved once."""

from __future__ import annotations

import typer

from byline.cli.options import DatasetArgument, SameAsArgument


def path(
    dataset: DatasetArgument = None,
    out: SameAsArgument = None,
) -> None:
    """Print the folder of the current snapshot, for scripts that read several tables.

    `current` may move while you read. Resolve it once and read below the folder that this prints, so that
    papers and authors come from one snapshot:

        D=$(byline path) && duckdb -c "SELECT count(*) FROM read_parquet('$D/papers/*/*.parquet')"
    """
    from byline.cli.dataset import which
    from byline.core.errors import DataError
    from byline.core.options import is_address, local_path
    from byline.snapshots import publishing

    place = which(dataset, out)
    if is_address(place):
        from byline.storage.pointer import current_address

        typer.echo(current_address(place))
        return
    folder = publishing.current(local_path(place))
    if folder is None:
        raise DataError(f"{place} has no published snapshot", "Publish one: byline build, or make run.")
    typer.echo(str(folder.resolve()))
